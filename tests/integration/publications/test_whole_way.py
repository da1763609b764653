"""From delivered workbooks to a final revision and the next one, through Dagster, on a school of four units."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import Settings
from orchestration.stewardship.persons import set_person
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.log import SYSTEM
from tests.integration.publications.few_units import few_units
from tests.integration.runs import School, reasons

FIRST, LAST, PERIOD, AT = "2026Q1", "2026Q2", "2026H1", "demo"


@pytest.fixture(scope="module")
def school(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """Both quarters run; audit's file of the first was refused. `li` may publish."""
    folder = tmp_path_factory.mktemp("published")
    server = settings.model_copy(update={"catalogue": few_units(settings.catalogue, folder / "catalogue")})
    warehouse = open_warehouse(server, "published", template=with_marts)
    place = School(server, "published", folder / "home")
    place.deliver([FIRST, LAST])
    place.succeed(FIRST, LAST)
    with warehouse.connect() as conn:
        rows = read_catalogue(server.catalogue)
        for person, rights in (("li", ["publish"]), ("wang", [])):
            set_person(conn, SYSTEM, person, "F02", rights, institution=AT, catalogue=rows)
    return place


@pytest.fixture(scope="module")
def refused(school: School) -> Any:
    """A final publication while a department is missing."""
    return school.publish("half_year", PERIOD, by="li")


@pytest.fixture(scope="module")
def first(school: School, refused: Any) -> Path:
    """The first revision, after the mended file came."""
    school.deliver([FIRST], mended=True)
    school.succeed(FIRST)
    result = school.publish("half_year", PERIOD, by="li")
    assert result.success, reasons(result)
    return folder(school) / "r1"


@pytest.fixture(scope="module")
def second(school: School, first: Path) -> Path:
    """The next revision, after a department delivered other figures for the last quarter."""
    other = School(school.server, school.database, school.home / "other")
    other.deliver([LAST], seed=8)
    name = f"{AT}/{LAST}/audit.xlsx"
    (school.home / "inbox" / name).write_bytes((other.home / "inbox" / name).read_bytes())
    school.succeed(LAST)
    result = school.publish("half_year", PERIOD, by="li")
    assert result.success, reasons(result)
    return folder(school) / "r2"


def folder(school: School) -> Path:
    return school.settings.publications / AT / PERIOD / "diagnosis"


def test_a_shut_gate_stops_it_before_anything_is_written(school: School, refused: Any) -> None:
    assert not refused.success
    assert not folder(school).exists()
    (check,) = (
        event.event_specific_data
        for event in refused.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
    )
    assert (check.check_name, check.passed, check.severity.value) == ("publication_gate", False, "ERROR")
    sentences = [record.data["sentence"] for record in check.metadata["reasons"].records]
    assert len(sentences) == 1
    assert "审计" in sentences[0]
    assert school.rows("select count(*) from ops.publication") == [(0,)]


def test_the_first_revision_has_every_document_in_every_form(first: Path) -> None:
    names = {path.name for path in first.iterdir()}
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    subjects = {(one["subject_kind"], one["subject_code"]) for one in manifest["documents"].values()}
    assert ("institution", AT) in subjects
    assert {code for kind, code in subjects if kind == "unit"} == {"C05", "C07", "F01", "F02"}
    assert {code for kind, code in subjects if kind == "lead_unit"} == {"F01", "F02"}
    assert {kind for kind, _ in subjects} == {"institution", "post", "lead_unit", "unit"}
    stems = {name.removesuffix(".docx") for name in names if name.endswith(".docx")}
    assert len(stems) == len(subjects)
    for stem in stems:
        assert {f"{stem}.zh-CN.html", f"{stem}.en.html"} <= names
    assert {"figures.xlsx", "figures.json"} <= names
    assert not {name for name in names if name.startswith("changes")}


def test_it_rests_on_the_quarters_as_readers_see_them(school: School, first: Path) -> None:
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    versions = {one["score_version"] for one in manifest["score_versions"]}
    kept = {
        name
        for (name,) in school.rows(
            "select score_version from ops.score_version where published_at is not null"
        )
    }
    assert versions <= kept
    assert {one["quarter"] for one in manifest["submissions"]} == {FIRST, LAST}
    assert len(manifest["submissions"]) == 14


def test_each_copy_is_listed_and_a_unit_s_own_comes_first(school: School, first: Path) -> None:
    listed = school.rows(
        "select rule, count(*), count(distinct visible_on), min(visible_on) from marts.fct_distribution"
        " where revision = 1 group by rule"
    )
    days = {rule: (count, different, day) for rule, count, different, day in listed}
    assert (days["own"][0], days["own"][1]) == (4, 1)
    assert {rule for rule in days if rule != "own"} == {"lead_unit", "leader", "standing_committee"}
    assert all(days[rule][2] > days["own"][2] for rule in days if rule != "own")
    seen = school.rows("select distinct recipient_kind from marts.fct_distribution", role="bi_reader")
    assert seen == [("unit",)]


def test_the_same_again_is_unchanged(school: School, first: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder(school).rglob("*")}
    result = school.publish("half_year", PERIOD, by="li")
    assert result.success, reasons(result)
    assert {path: path.stat().st_mtime_ns for path in folder(school).rglob("*")} == before


def test_who_has_no_right_is_told_so(school: School, first: Path) -> None:
    result = school.publish("half_year", PERIOD, by="wang")
    assert not result.success
    (failed,) = (event.step_failure_data for event in result.all_events if event.is_step_failure)
    assert failed.user_failure_data.description == "“wang”没有“发布”（publish）的权限。"


def test_other_data_make_the_next_revision_and_say_why(second: Path, first: Path) -> None:
    found = json.loads((second / "changes.json").read_text(encoding="utf-8"))
    assert [(one["what"], one["quarter"], one["department"]) for one in found["why"]] == [
        ("submission_replaced", LAST, "audit")
    ]
    assert found["figures"]
    assert {"changes.zh-CN.html", "changes.en.html"} <= {path.name for path in second.iterdir()}
    assert not (first / "changes.json").exists()


def test_the_ledger_agrees_with_what_lies_there(school: School, second: Path) -> None:
    from orchestration.publishing.publications.check import check_publications

    with school.warehouse.connect() as conn:
        assert check_publications(conn, school.settings.publications) == {}
    told = school.rows("select revision, is_latest from marts.fct_publication order by 1", role="bi_reader")
    assert told == [(1, False), (2, True)]
