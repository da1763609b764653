"""Two stewards at one issue at the same time, on connections of their own: one wins, the other is told."""

import threading
import time
from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from orchestration.stewardship.claims import approve, refuse
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.issues import acknowledge, hand_back, reject
from orchestration.stewardship.objections import withdraw_objection
from orchestration.stewardship.waivers import ask_waiver
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import a_submission, an_issue, state_of, told

Act = Callable[[psycopg.Connection, int], object]


def ask(conn: psycopg.Connection, issue: int) -> int:
    return ask_waiver(conn, "clerk", issue, "other", "why", "2026Q4", today=date(2026, 11, 20))


ACTS: dict[str, Act] = {
    "acknowledge": lambda conn, issue: acknowledge(conn, "clerk", issue),
    "return": lambda conn, issue: hand_back(conn, "officer", issue),
    "reject": lambda conn, issue: reject(conn, "second_officer", issue, "the rule is wrong"),
    "approve": lambda conn, issue: approve(conn, "officer", issue),
    "refuse": lambda conn, issue: refuse(conn, "other_ward", issue, "no"),
}
WON = {"acknowledge": "acknowledged", "return": "returned", "reject": "rejected", "approve": "waived"}


def issue_of(warehouse: Warehouse) -> int:
    """A committed issue with a waiver asked for."""
    with warehouse.connect() as conn:
        issue = an_issue(conn)
        ask(conn, issue)
    return issue


@pytest.mark.parametrize("second", ["acknowledge", "return", "reject", "approve"])
@pytest.mark.parametrize("first", WON)
def test_who_waited_for_the_other_is_told(settled: Warehouse, first: str, second: str) -> None:
    issue = issue_of(settled)
    outcome: list[str] = []

    def act() -> None:
        with settled.connect() as conn:
            try:
                ACTS[second](conn, issue)
                outcome.append("done")
            except StewardshipError as refused:
                outcome.append(refused.reason)

    with settled.connect() as winner:
        ACTS[first](winner, issue)
        other = threading.Thread(target=act)
        other.start()
        wait_for_blocked(settled, winner, other)
    other.join()
    with settled.connect() as conn:
        assert outcome == ["changed_meanwhile"]
        assert state_of(conn, issue) == WON[first]
        assert [action for _, action in told(conn, issue)] == ["issue.waiver_asked", f"issue.{WON[first]}"]


@pytest.mark.parametrize("attempt", range(5))
def test_of_many_at_once_one_wins(settled: Warehouse, attempt: int) -> None:
    """Whatever the order: one rejects, five are told, and the log says what was done."""
    issue = issue_of(settled)
    start = threading.Barrier(6)
    won: list[str] = []
    refusals: list[str] = []

    def act(name: str) -> None:
        with settled.connect() as conn:
            start.wait()
            try:
                reject(conn, name, issue, "the rule is wrong")
                won.append(name)
            except StewardshipError as refused:
                refusals.append(refused.reason)

    threads = [threading.Thread(target=act, args=(name,)) for name in ("officer", "second_officer") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with settled.connect() as conn:
        assert (len(won), len(refusals)) == (1, 5)
        assert set(refusals) <= {"changed_meanwhile", "not_from_here"}
        assert told(conn, issue)[1:] == [(won[0], "issue.rejected")]
        assert log.verify(conn).broken is None


def test_one_of_two_requests_for_a_waiver(settled: Warehouse) -> None:
    with settled.connect() as conn:
        issue = an_issue(conn)
    outcome: list[str] = []

    def act() -> None:
        with settled.connect() as conn:
            try:
                ask(conn, issue)
            except StewardshipError as refused:
                outcome.append(refused.reason)

    with settled.connect() as winner:
        ask(winner, issue)
        other = threading.Thread(target=act)
        other.start()
        wait_for_blocked(settled, winner, other)
    other.join()
    assert outcome == ["waiver_asked_already"]


def test_one_of_two_decisions_on_an_objection(settled: Warehouse) -> None:
    with settled.connect() as conn:
        row = conn.execute(
            "insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department,"
            " reason, raised_by, due_on, submission) values ('s1', '2026Q3', 'care', 'U1', 'I1', 'U1', 'money', 'why',"
            " 'ward', '2026-12-01', %s) returning id",
            [a_submission(conn)],
        ).fetchone()
        assert row
    outcome: list[str] = []

    def act() -> None:
        with settled.connect() as conn:
            try:
                withdraw_objection(conn, "second_ward", row[0])
            except StewardshipError as refused:
                outcome.append(str(refused))

    with settled.connect() as winner:
        withdraw_objection(winner, "ward", row[0])
        other = threading.Thread(target=act)
        other.start()
        wait_for_blocked(settled, winner, other)
    other.join()
    assert outcome == [f"Objection {row[0]} has been settled by “ward”: withdrawn."]


def wait_for_blocked(warehouse: Warehouse, winner: psycopg.Connection, other: threading.Thread) -> None:
    """Until somebody waits for the winner's transaction; the other must not have ended before."""
    waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
    deadline = time.monotonic() + 60
    with warehouse.connect("owner", autocommit=True) as looking:
        while not looking.execute(waiting, [winner.info.backend_pid]).fetchone():
            assert other.is_alive()
            assert time.monotonic() < deadline
