"""Made-up schools in one warehouse: catalogue, deliveries, scores, and the causes that rules find, quarter by quarter.

Not here: what was planted (`history`), how often it was found (`findings`).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import psycopg

from orchestration.core.catalogue.models import Catalogue, WarningRule
from orchestration.core.quarters import last_day, previous
from orchestration.warehouse.warning_scope import fill_warning_scope, joined_by_hash
from tests.integration.scored import Scoring, catalogue_of
from tests.integration.small_catalogue import DEPARTMENT, NAMES, TREE, small
from tests.study.history import (
    GRAVE,
    LATE_DEPARTMENT_OWES,
    NEGATIVE,
    POINTS,
    POSITIVE,
    QUARTERS,
    UNITS,
    School,
)

OTHER = "others"
LOOKED_ON = 12  # days after the quarter's last: three before it is scored
HISTORY = 8


class Found(NamedTuple):
    """A cause: the school, the quarter, the rule and its kind, and the unit or department."""

    school: str
    quarter: str
    rule: str
    kind: str
    subject: str


def catalogue(schools: Sequence[School], rules: Sequence[WarningRule]) -> Catalogue:
    """Six points of four positive items, and two negative ones, one of them grave, for every school alike."""
    negative = {"method": "count_deduct", "deduct_per_case": 5, "max_deduction": 10, "point": POINTS[0]}
    tables = small(
        nodes={"T": ("", 1), **dict.fromkeys(POINTS, ("T", 1))},
        items=[
            *({"code": code, "point": code[:-1], "method": "ratio", "weight": 1} for code in POSITIVE),
            {"code": NEGATIVE, **negative},
            {"code": GRAVE, "grave": "true", **negative},
        ],
        units=dict.fromkeys(UNITS, "1"),
        caps=[{"code": "K", "when": "grave_item", "at_most_band": "yellow",
               "needs_confirmation": "true"}],
    )  # fmt: skip
    tables["departments"].append({"code": OTHER, **NAMES})
    for item in tables["items"]:
        item["department"] = OTHER if item["code"] == LATE_DEPARTMENT_OWES else DEPARTMENT
    tables["institutions"] = [{"code": school.code, **NAMES} for school in schools]
    tables["units"] = [{**row, "institution": school.code} for school in schools for row in tables["units"]]
    return catalogue_of(tables).model_copy(update={"warning_rules": tuple(rules)})


def score(scoring: Scoring, schools: Sequence[School], made: Catalogue, at_once: int) -> None:
    """Deliver and score all quarters, so many in one run; history is what it was, the catalogue being the same."""
    with scoring.warehouse.connect() as conn:
        for at in range(len(QUARTERS)):
            _deliver(conn, schools, at)
        conn.execute("select ops.analyze_quarter(quarter) from unnest(%s::text[]) as quarter", [QUARTERS])
    for first in range(0, len(QUARTERS), at_once):
        scoring.run(dict.fromkeys(QUARTERS[first : first + at_once], made))
    with scoring.warehouse.connect() as conn:
        for back in range(1, HISTORY):
            pairs = [(quarter, previous(quarter, back)) for quarter in QUARTERS]
            conn.cursor().executemany(_RESTATED, pairs)


def causes(scoring: Scoring, made: Catalogue) -> list[Found]:
    """What the rules find, each quarter looked at by itself shortly before it is scored."""
    found: list[Found] = []
    with scoring.warehouse.connect() as conn:
        for quarter in QUARTERS:
            fill_warning_scope(conn, {quarter: made}, last_day(quarter) + timedelta(days=LOOKED_ON))
            with joined_by_hash(conn):
                rows = conn.execute(_CAUSES).fetchall()
            found += [Found(*row) for row in rows]
        conn.rollback()
    return found


def _deliver(conn: psycopg.Connection[Any], schools: Sequence[School], at: int) -> None:
    quarter = QUARTERS[at]
    conn.execute("select ops.open_quarter(%s)", [quarter])
    ids: dict[tuple[str, str], int] = {}
    for school in schools:
        late = any(event.kind == "late" and event.quarter == at for event in school.events)
        for department in (DEPARTMENT,) if late else (DEPARTMENT, OTHER):
            row = conn.execute(_SUBMISSION, [school.code, quarter, department, school.code]).fetchone()
            assert row
            ids[school.code, department] = row[0]
    with conn.cursor() as cursor, cursor.copy(_OBSERVATION) as copy:
        for school in schools:
            for unit, item, value in school.cells[at]:
                department = OTHER if item == LATE_DEPARTMENT_OWES else DEPARTMENT
                if (school.code, department) in ids:
                    base = 100 if item in POSITIVE else None
                    where = (quarter, ids[school.code, department], school.code, department)
                    copy.write_row((*where, TREE, "unit", unit, item, value, base, "f.csv", "B2"))


_CAUSES = "select institution, quarter, rule, kind, subject_code from warnings.cause"
_SUBMISSION = """
    insert into raw.submission (institution, quarter, department, number, state, sha256)
    values (%s, %s, %s, 1, 'accepted', %s) returning id"""
_OBSERVATION = """
    copy raw.observation (quarter, submission, institution, department, framework, subject_kind, subject_code, item,
        value, denominator, source_file, source_cell) from stdin"""
_RESTATED = """
    insert into ops.restated_version (institution, quarter, catalogue_quarter, restates, score_version)
    select institution, quarter, %s, score_version, score_version from ops.current_version where quarter = %s"""
