"""Another house altogether, in the same code: a hospital, two departments, other kinds, another tree and colours."""

import shutil

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.runs import School
from tests.unit import small_catalogue

QUARTERS = ["2026Q2", "2026Q3"]


@pytest.fixture(scope="module")
def hospital(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    folder = tmp_path_factory.mktemp("hospital")
    catalogue = small_catalogue.write(folder / "catalogue")
    open_warehouse(settings, "hospital", template=with_marts)
    place = School(settings.model_copy(update={"catalogue": catalogue}), "hospital", folder / "home")
    place.deliver(QUARTERS)
    place.succeed(*QUARTERS)
    return place


def test_its_departments_are_received(hospital: School) -> None:
    states = hospital.rows("select quarter, department, state from raw.submission order by 1, 2")
    assert states == [(q, d, "accepted") for q in QUARTERS for d in ("money", "safety")]


def test_its_tree_is_scored(hospital: School) -> None:
    nodes = hospital.rows(
        "select distinct quarter, framework, subject_kind, subject_code, indicator, level"
        " from marts.fct_indicator_score where subject_kind <> 'institution' order by 1, 2, 3, 4, 5"
    )
    units = [("X", 0), ("X1", 1), ("X11", 2), ("X2", 1)]
    posts = [("Y", 0), ("Y1", 1)]
    assert nodes == [
        (quarter, framework, kind, subject, *node)
        for quarter in QUARTERS
        for framework, kind, subjects, tree in (
            ("care", "unit", ("U1", "U2", "U3"), units),
            ("work", "office_holder", ("B1", "B2"), posts),
        )
        for subject in subjects
        for node in tree
    ]
    bands = {band for (band,) in hospital.rows("select distinct band from marts.fct_indicator_score")}
    assert bands <= {"good", "poor", "insufficient", None}  # none where nothing was due
    assert bands & {"good", "poor"}


def test_its_heat_map_is_published(hospital: School) -> None:
    page = hospital.home / "publications" / "s1" / "2026Q3" / "current" / "heat_map.zh-CN.html"
    html = page.read_text(encoding="utf-8")
    assert all(name in html for name in ("第一医院", "内科", "外科", "用药规范", "数据不足"))


def test_its_file_is_refused_alone(hospital: School) -> None:
    inbox = hospital.home / "inbox" / "s1" / "2026Q3"
    for path in inbox.glob("money.*"):
        path.unlink()
    (inbox / "money.xlsx").write_bytes(b"not a workbook")
    hospital.succeed("2026Q3")
    states = hospital.rows(
        "select department, number, state from raw.submission where quarter = '2026Q3' order by 1, 2"
    )
    assert states == [("money", 1, "accepted"), ("money", 2, "refused"), ("safety", 1, "accepted")]
    shutil.rmtree(inbox)
    # Nothing delivered any more: what was accepted still stands.
    before = hospital.figures()
    hospital.succeed("2026Q3")
    assert hospital.figures() == before
