"""A run says whether the quarter may be published and why not, keeps issues up, and shows what is contested."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings
from orchestration.stewardship.disputed import Cell
from orchestration.stewardship.objections import raise_objection
from orchestration.stewardship.persons import set_person
from orchestration.warehouse.connections import open_warehouse
from orchestration.warehouse.log import SYSTEM
from tests.integration.runs import School, theirs_ignored
from tests.integration.stewardship.rows import issue

QUARTER, AT = "2025Q4", "demo"


@pytest.fixture(scope="module")
def school(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    open_warehouse(settings, "gated", template=with_marts)
    place = School(settings, "gated", tmp_path_factory.mktemp("gated"))
    place.deliver([QUARTER])
    return place


@pytest.fixture(scope="module")
def first(school: School) -> Any:
    return gate(school.succeed(QUARTER))


@pytest.fixture(scope="module")
def contested(school: School, catalogue: Catalogue, first: Any) -> Any:
    """The gate's check of a run after a unit objected, under settings that make every version a new one."""
    with school.warehouse.connect() as conn:
        conn.commit()
        unit, framework, item = conn.execute(
            "select subject_code, framework, item from marts.fct_item_score where state = 'reported'"
            " and subject_kind = 'unit' and deduction is null order by score, 1, 3 limit 1"
        ).fetchone() or ("", "", "")
        set_person(conn, SYSTEM, "zhao", unit, ["object"], institution=AT, catalogue=catalogue)
        at = catalogue.at(QUARTER)
        cell = Cell(AT, QUARTER, framework, unit, item)
        today = date.today()  # noqa: DTZ011 - what the database takes for today is a day apart at most
        raise_objection(conn, "zhao", cell, "…", catalogue=at, today=today, zone="Asia/Shanghai")
    other = School(school.server.model_copy(update={"min_coverage": 0.79}), school.database, school.home)
    return gate(other.succeed(QUARTER))


def gate(result: Any) -> Any:
    (check,) = (
        event.event_specific_data
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
        and event.event_specific_data.check_name == "publication_gate"
    )
    return check


def sentences(check: Any, kind: str) -> list[tuple[str, str, str]]:
    records = (record.data for record in check.metadata[kind].records)
    return [(one["institution"], one["quarter"], one["sentence"]) for one in records]


def test_all_departments_in_the_gate_is_open_and_names_unread_points(first: Any) -> None:
    assert first.passed
    assert sentences(first, "reasons") == []
    warnings = sentences(first, "warnings")
    assert {(place, quarter) for place, quarter, _ in warnings} == {(AT, QUARTER)}
    assert sum("签阅" in sentence for _, _, sentence in warnings) == 28


def test_an_objection_shuts_it_and_the_check_only_warns(contested: Any) -> None:
    assert not contested.passed
    assert contested.severity.value == "WARN"
    assert not contested.blocking
    ((place, quarter, sentence),) = sentences(contested, "reasons")
    assert (place, quarter) == (AT, QUARTER)
    assert "尚未裁定" in sentence
    assert "1 个季度中有 1 个" in contested.description


def test_both_scores_were_computed_in_that_run_and_stand_on_the_page(school: School, contested: Any) -> None:
    ((unit, with_cell, without, seen, beside),) = school.rows(
        "select subject_code, score_with, score_without, score_version, contested_version from marts.fct_objection",
        role="bi_reader",
    )
    assert without > with_cell
    now = school.rows("select score_version from ops.current_version")
    assert now == [(seen,)]
    assert school.rows("select min_coverage from ops.score_version where score_version = %s", beside) == [
        (0.79,)
    ]
    page = (school.page / QUARTER / "current" / "heat_map.zh-CN.html").read_text(encoding="utf-8")
    assert page.count("复核中：计入时总分") == 1
    assert f"计入时总分{with_cell:.1f}，不计入时{without:.1f}" in page
    assert f"id=d-{unit} " in page


def test_a_run_and_the_night_escalate_what_is_overdue_once(school: School, contested: Any) -> None:
    yesterday = date.today() - timedelta(days=2)  # noqa: DTZ011
    escalated = "select count(*) from audit.entry where action = 'issue.escalated'"
    with school.warehouse.connect() as conn:
        issue(conn, "overdue", institution=AT, quarter=QUARTER, due_on=yesterday)
    school.succeed(QUARTER)
    assert school.rows(escalated) == [(1,)]
    with school.warehouse.connect() as conn:
        issue(conn, "overdue too", institution=AT, quarter=QUARTER, due_on=yesterday)
    with theirs_ignored():
        job = school.definitions(with_scores=False).resolve_job_def("upkeep")
        for _ in range(2):
            assert job.execute_in_process().success
    assert school.rows(escalated) == [(2,)]


def test_a_department_that_is_missing_is_named_with_who_may_waive(
    school: School, catalogue: Catalogue, contested: Any
) -> None:
    """In another quarter, from which one department's file was taken away."""
    unit = next(row for row in catalogue.units if row.reports_as is None)
    with school.warehouse.connect() as conn:
        set_person(conn, SYSTEM, "sun", unit.code, ["approve"], institution=AT, catalogue=catalogue)
    paths: list[Path] = school.deliver(["2025Q3"])
    gone = next(path for path in paths if path.name.startswith("audit."))
    gone.unlink()
    check = gate(school.succeed("2025Q3"))
    assert not check.passed
    ((_, quarter, sentence),) = sentences(check, "reasons")
    department = next(row for row in catalogue.departments if row.code == "audit")
    assert quarter == "2025Q3"
    assert department.name_zh in sentence
    assert "sun" in sentence
