"""Thousands of issues at once: recorded with their events, listed, met again, fixed. One file of as many: bench."""

from datetime import date

from expectations import contract_of
from orchestration.intake.frames.spots import Spot
from orchestration.intake.issues import ledger
from orchestration.intake.issues.changes import Opening
from orchestration.intake.issues.issue import Fault, Scope, issues_of
from orchestration.intake.issues.texts import Wording
from orchestration.stewardship.listing import list_issues
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import SCHOOL, a_submission, calendar

MANY = 2_000


def test_two_thousand_issues_at_once(settled: Warehouse) -> None:
    """As many of one rule in one file are one issue: so this is files, not one."""
    faults = [
        Fault(
            "not_a_number",
            "quarantine",
            "intake.not_a_number",
            Spot(f"{number // 100}.csv", "care", f"B{number}", "care", f"U{number}", "I1", found="查"),
            is_cell=True,
        )
        for number in range(MANY)
    ]
    scope, workdays = Scope(SCHOOL, "2026Q3", "money"), contract_of("money").workdays
    opening = Opening(date(2026, 10, 9), calendar(), workdays)
    issues = issues_of(faults, scope, Wording())
    with settled.connect() as conn:
        first, second = a_submission(conn), a_submission(conn)
        log.append(conn, ledger.record(conn, issues, first, opening))
        assert len(list_issues(conn, quarter="2026Q3", rule="not_a_number")) == MANY
        assert ledger.record(conn, issues, second, opening) == []
        fixed = ledger.fix_absent(conn, scope, issues[1:], second)
        log.append(conn, fixed)
        assert len(fixed) == 1
        log.append(conn, ledger.fix_absent(conn, scope, [], second))
        assert conn.execute(
            "select count(*) from quality.issue where quarter = '2026Q3' and state = 'fixed'"
        ).fetchone() == (MANY,)
        assert log.verify(conn).broken is None
        conn.rollback()
