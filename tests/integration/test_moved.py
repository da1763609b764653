"""A quarter's basis that moved away from the version that readers see: what was accepted, decided, confirmed."""

from typing import Any, LiteralString

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.moved import moves
from orchestration.warehouse.versions import open_scope, scoring_lock
from tests.integration.scored import catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

QUARTER, OTHER = "2026Q3", "2026Q1"
TABLES = small(
    nodes={"T": ("", 1), "M": ("T", 1)},
    items=[{"code": "share", "point": "M", "method": "ratio", "weight": 1}],
    units={"U1": "1", "U2": "1"},
)
CELLS = {(TREE, unit, "share"): (80, 100, None) for unit in ("U1", "U2")}
SWITCH: LiteralString = """
    insert into ops.current_version (institution, quarter, score_version, evaluated_version)
    values (%(institution)s, %(quarter)s, %(version)s, %(version)s)
    on conflict (institution, quarter) do update
        set (score_version, evaluated_version) = (excluded.score_version, excluded.evaluated_version)"""


class School:
    """A school whose versions become current without being scored: what they rest on is all that counts here."""

    def __init__(self, warehouse: Warehouse, settings: Settings) -> None:
        self.warehouse, self.settings = warehouse, settings
        self.catalogue: Catalogue = catalogue_of(TABLES)

    def switch(self, quarter: str = QUARTER) -> None:
        with scoring_lock(self.warehouse) as conn:
            for scope in open_scope(conn, {quarter: self.catalogue}, self.settings, "a run"):
                where = {"institution": scope.institution, "quarter": scope.quarter}
                conn.execute(SWITCH, {**where, "version": scope.score_version})

    def moved(self) -> dict[str, list[tuple[str, str | None]]]:
        owing = {item.department for item in self.catalogue.items}
        with self.warehouse.connect() as conn:
            found = moves(conn, lambda institution, quarter, department: department in owing)
        return {quarter: [(move.kind, move.department) for move in own] for quarter, own in found.items()}

    def execute(self, statement: LiteralString, *values: Any) -> None:
        with self.warehouse.connect() as conn:
            conn.execute(statement, values)


@pytest.fixture(scope="module")
def school(warehouse: Warehouse, settings: Settings) -> School:
    school = School(warehouse, settings)
    assert school.moved() == {}
    deliver(warehouse, TABLES, SCHOOL, QUARTER, CELLS)
    school.execute("insert into ops.person (code, unit) values ('p1', 'U2')")
    with warehouse.connect("owner") as conn:  # how a decision comes about is tested with stewardship
        conn.execute("alter table quality.cell_decision disable trigger user")
    return school


def test_accepted_submissions(school: School) -> None:
    ((department,),) = {(item.department,) for item in school.catalogue.items}
    assert school.moved() == {QUARTER: [("submission", department)]}  # accepted, and no version yet
    school.switch()
    assert school.moved() == {}
    deliver(school.warehouse, TABLES, SCHOOL, OTHER, CELLS)
    deliver(school.warehouse, TABLES, SCHOOL, QUARTER, CELLS)
    assert school.moved() == {quarter: [("submission", department)] for quarter in (OTHER, QUARTER)}
    school.switch(OTHER)
    assert school.moved() == {QUARTER: [("submission", department)]}
    school.switch()
    school.execute(
        "insert into raw.submission (institution, quarter, department, number, state, sha256)"
        " select institution, quarter, department, number + 1, 'refused', 'x' from raw.submission"
        " where quarter = %s order by number desc limit 1",
        QUARTER,
    )
    school.execute(
        "insert into raw.submission (institution, quarter, department, number, state, sha256)"
        " values (%s, %s, 'no such one', 1, 'accepted', 'x')",
        *(SCHOOL, QUARTER),
    )
    assert school.moved() == {}


def test_a_version_that_was_switched_to_and_not_evaluated(school: School) -> None:
    """Its run died in between: warnings are made up for."""
    school.switch()
    assert school.moved() == {}
    school.execute("update ops.current_version set evaluated_version = null where quarter = %s", QUARTER)
    assert school.moved() == {QUARTER: [("version", None)]}
    school.execute("update ops.current_version set evaluated_version = score_version")
    assert school.moved() == {}


@pytest.mark.parametrize(
    ("kind", "make", "change", "undo"),
    [
        (
            "decision",
            "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision)"
            " values (%s, %s, %s, 'U1', 'share', 'not_applicable')",
            "update quality.cell_decision set decision = 'under_review'",
            "delete from quality.cell_decision",
        ),
        (
            "confirmation",
            "insert into ops.confirmation"
            " (institution, period, framework, subject_kind, subject_code, band, confirmed_by)"
            " values (%s, %s, %s, 'unit', 'U1', 'red', 'p1')",
            "update ops.confirmation set band = 'yellow'",
            "delete from ops.confirmation",
        ),
    ],
)
def test_what_persons_decide(
    school: School, kind: str, make: LiteralString, change: LiteralString, undo: LiteralString
) -> None:
    school.switch()
    school.execute(make, SCHOOL, QUARTER, TREE)
    assert school.moved() == {QUARTER: [(kind, None)]}
    school.switch()
    assert school.moved() == {}
    school.execute(change)
    assert school.moved() == {QUARTER: [(kind, None)] * 2}  # one came, another went
    school.switch()
    school.execute(undo)
    assert school.moved() == {QUARTER: [(kind, None)]}
    school.switch()
    assert school.moved() == {}
