"""Causes by hand where the catalogue changes between two quarters, and who may look at them.

A weighs as much as B in 2026Q1 and nine times as much in 2026Q2. Unit `same` has 60 and 100 in both: its total is 80,
then 64, but 64 and 64 under the later weights. `fell` has 95, then 60; `worse` 75, then 60. Red waits for a person.
"""

from datetime import date

import psycopg
import pytest

from orchestration.core.catalogue.models import Catalogue, WarningRule
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import Restatement, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock
from orchestration.warehouse.warning_scope import fill_warning_scope
from tests.integration.scored import NOT_BESIDE, Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import DEPARTMENT, SCHOOL, TREE, small

BEFORE, NOW = "2026Q1", "2026Q2"
VALUES = {"same": ((60, 100), (60, 100)), "fell": ((95, 95), (60, 60)), "worse": ((75, 75), (60, 60))}
CLOSED = date(2026, 7, 20)
RULES = tuple(
    WarningRule(code=kind, kind=kind, name_zh="规则", name_en="Rule", **more)  # type: ignore[arg-type]
    for kind, more in {
        "fell": {"threshold": 8},
        "colour_worsened": {"threshold": 7},
        "department_late": {"threshold": 10, "severity": "blue"},
    }.items()
)
Rows = list[tuple[object, ...]]


def tables(quarter: str) -> Tables:
    return small(
        nodes={"T": ("", 1), "A": ("T", 9 if quarter == NOW else 1), "B": ("T", 1)},
        items=[{"code": code, "point": code.upper(), "method": "ratio", "weight": 1} for code in "ab"],
        units=dict.fromkeys(VALUES, "1"),
    )


def catalogues() -> dict[str, Catalogue]:
    return {
        quarter: catalogue_of(tables(quarter)).model_copy(update={"warning_rules": RULES})
        for quarter in (BEFORE, NOW)
    }


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    for at, quarter in enumerate((BEFORE, NOW)):
        cells: Cells = {
            (TREE, unit, item): (x, 100, None)
            for unit, values in VALUES.items()
            for item, x in zip("ab", values[at], strict=True)
        }
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells)
    unscored.run(catalogues())
    return unscored


def restate(scoring: Scoring) -> None:
    with scoring_lock(scoring.warehouse) as conn:
        wanted = [Restatement(SCHOOL, BEFORE, NOW)]
        if put_restated_in_scope(conn, wanted, catalogues(), scoring.settings):
            failed = scoring.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
            assert not failed, failed
            mark_as_whole(conn)


def causes(scoring: Scoring, columns: str, today: date = CLOSED, institution: str | None = None) -> Rows:
    with scoring.warehouse.connect() as conn, conn.transaction(force_rollback=True):
        fill_warning_scope(conn, {NOW: catalogues()[NOW]}, today, institution)
        return conn.execute(
            f"select rule, subject_code, {columns} from warnings.cause order by rule, subject_code"
        ).fetchall()


def test_a_changed_weight_is_no_fall(scoring: Scoring) -> None:
    assert causes(scoring, "score") == [], "a history under another method is none"
    restate(scoring)
    assert causes(scoring, "previous_score, score, value") == [
        ("colour_worsened", "fell", pytest.approx(95), pytest.approx(60), pytest.approx(35)),
        ("colour_worsened", "worse", pytest.approx(75), pytest.approx(60), pytest.approx(15)),
        ("fell", "fell", pytest.approx(95), pytest.approx(60), pytest.approx(35)),
        ("fell", "worse", pytest.approx(75), pytest.approx(60), pytest.approx(15)),
    ]


def test_a_colour_that_waits_has_worsened_and_weighs_what_is_shown(scoring: Scoring) -> None:
    restate(scoring)
    shown = [row for row in causes(scoring, "previous_band, band, severity") if row[0] == "colour_worsened"]
    assert shown == [
        ("colour_worsened", "fell", "green", "yellow", "yellow"),
        ("colour_worsened", "worse", "yellow", "yellow", "yellow"),
    ]


def test_only_what_is_in_scope_is_looked_at(scoring: Scoring) -> None:
    restate(scoring)
    assert causes(scoring, "score", institution=SCHOOL)
    assert causes(scoring, "score", institution="other") == []
    with scoring.warehouse.connect() as conn:
        assert conn.execute("select from warnings.cause").fetchall() == []


def test_a_department_is_late_until_something_is_accepted(scoring: Scoring) -> None:
    with scoring.warehouse.connect("owner") as conn, conn.transaction(force_rollback=True):
        conn.execute("update raw.submission set state = 'refused' where quarter = %s", [NOW])
        late = "select subject_kind, subject_code, value from warnings.cause where kind = 'department_late'"
        for today, expected in (
            (date(2026, 7, 10), []),
            (date(2026, 7, 11), [("department", DEPARTMENT, 11.0)]),
        ):
            fill_warning_scope(conn, {NOW: catalogues()[NOW]}, today)
            assert conn.execute(late).fetchall() == expected


def test_nobody_looks_from_outside(scoring: Scoring) -> None:
    for refused in ("warnings.cause", "ops.warning_scope", "ops.warning_rule"):
        with (
            scoring.warehouse.connect("bi_reader") as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute(f"select from {refused}")
