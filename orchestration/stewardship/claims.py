"""Claims that nothing was due in a cell: approved or refused by a second person of another department.

Not here: how a claim is read and held against earlier approvals (`intake`).
"""

from typing import Any

import psycopg

from orchestration.core.states import UNMENDED, Act, State
from orchestration.stewardship.desk import Case, allow, entry, find, move, required, take
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.stewardship.persons import acting
from orchestration.stewardship.waivers import approve_waiver, refuse_waiver, second_person
from orchestration.warehouse.log import SYSTEM, append

CLAIM = "not_applicable_claimed"
Connection = psycopg.Connection[Any]
_CELLS = """
    insert into quality.cell_decision
        (institution, quarter, framework, subject_code, item, decision, decided_by, issue)
    select distinct %(institution)s, %(quarter)s, cell.framework, cell.subject_code, cell.item, 'not_applicable',
        %(person)s, %(issue)s::bigint
    from raw.cell as cell
    where
        cell.quarter = %(quarter)s and cell.submission = %(submission)s and cell.state = 'claimed'
        and (cell.subject_code, cell.item) in (
            select subject_code, item from quality.issue_cell where issue = %(issue)s
            union all
            select subject_code, item from quality.issue where id = %(issue)s
        )
    on conflict do nothing"""


def approve(conn: Connection, person: str, issue: int, note: str | None = None) -> State:
    """Approve what waits on the issue: its claim, or the waiver that was asked for."""
    if find(conn, issue).rule == CLAIM and not _has_request(conn, issue):
        return approve_claim(conn, person, issue, note)
    return approve_waiver(conn, person, issue, note)


def refuse(conn: Connection, person: str, issue: int, note: str) -> State:
    """Refuse what waits on the issue: its claim, or the waiver that was asked for."""
    if find(conn, issue).rule == CLAIM and not _has_request(conn, issue):
        return refuse_claim(conn, person, issue, note)
    return refuse_waiver(conn, person, issue, note)


def approve_claim(conn: Connection, person: str, issue: int, note: str | None = None) -> State:
    """The cells count as not applicable; looked at again with that, the issue has passed and is fixed."""
    case = _claim(conn, person, issue, "pass")
    if case.state not in UNMENDED:
        raise StewardshipError(
            "not_from_here", issue=issue, state=Term(f"state.{case.state}"), act=Term("act.pass")
        )
    cells = conn.execute(
        _CELLS, {**vars(case), "issue": case.id, "submission": case.last_submission, "person": person}
    )
    if not cells.rowcount:
        raise StewardshipError("claim_under_review", issue=case.id)
    to = move(conn, case, "pass")
    approved = entry(case, person, "claim.approved", cells=cells.rowcount, note=note)
    append(conn, [approved, entry(case, SYSTEM, "issue.fixed", **{"from": case.state, "to": to})])
    return to


def refuse_claim(conn: Connection, person: str, issue: int, note: str) -> State:
    """The cells stay missing and the issue goes back to its department."""
    case = _claim(conn, person, issue, "return")
    said = required(note)
    to = move(conn, case, "return")
    refused = entry(case, person, "claim.refused", note=said)
    append(conn, [refused, entry(case, person, "issue.returned", **{"from": case.state, "to": to})])
    return to


def _claim(conn: Connection, person: str, issue: int, act: Act) -> Case:
    """The issue of a claim, locked, for a second person of another department."""
    found = find(conn, issue)
    if found.rule != CLAIM:
        raise StewardshipError("no_claim", issue=issue)
    actor = acting(conn, person, "approve", found.institution)
    second_person(actor, found, None)
    case = take(conn, found)
    allow(case, act)
    return case


def _has_request(conn: Connection, issue: int) -> bool:
    asked = "select from quality.waiver where issue = %s and decided_at is null"
    return bool(conn.execute(asked, [issue]).rowcount)
