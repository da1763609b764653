"""Colours that wait: a person of another unit confirms or refuses them; scoring reads what was confirmed."""

import threading
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from orchestration.core.periods import half_year_of
from orchestration.core.quarters import following
from orchestration.stewardship.confirmations import Total, confirm, list_waiting, note_waiting, refuse
from orchestration.stewardship.errors import StewardshipError
from tests.integration.scored import Scoring, catalogue_of, deliver
from tests.integration.test_scoring_colours import QUARTER, SCHOOL, TREE, cells, tables

TODAY, ZONE = date(2026, 11, 23), "Asia/Shanghai"
RED, GRAVE = (Total(SCHOOL, QUARTER, TREE, unit) for unit in ("red", "grave"))


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    """A school with two red totals and a grave case that wait for a person, and the persons."""
    deliver(unscored.warehouse, tables(), SCHOOL, QUARTER, cells())
    unscored.run({QUARTER: catalogue_of(tables())})
    with unscored.warehouse.connect() as conn:
        conn.execute(
            "insert into ops.person (code, institution, unit, rights) values"
            " ('head', %(s)s, 'plain', '{confirm}'), ('second', %(s)s, 'plain', '{confirm}'),"
            " ('own', %(s)s, 'red', '{confirm}'), ('clerk', %(s)s, 'plain', '{enter}'),"
            " ('stranger', 'elsewhere', 'plain', '{confirm}')",
            {"s": SCHOOL},
        )
    return unscored


@pytest.fixture
def conn(scoring: Scoring) -> Any:
    with scoring.warehouse.connect() as conn:
        yield conn
        conn.rollback()


def waiting(conn: psycopg.Connection) -> list[tuple[str, str, str]]:
    found = list_waiting(conn, SCHOOL, [QUARTER], ZONE)
    return [(one.subject_code, one.band, one.band_pending) for one in found]


def test_what_waits_is_noted_once_with_its_day(conn: psycopg.Connection) -> None:
    begun = note_waiting(conn, SCHOOL, [QUARTER], TODAY)
    assert [(one.subject_code, one.band_pending, one.pending_on) for one in begun] == [
        ("grave", "yellow", TODAY),
        ("red", "red", TODAY),
        ("silent_bad", "red", TODAY),
    ]
    assert [one[0] for one in waiting(conn)] == ["grave", "red", "silent_bad"]
    conn.execute("update quality.confirmation_pending set band = 'blue' where subject_code = 'grave'")
    before = conn.execute("select xmin, * from quality.confirmation_pending where subject_code = 'red'")
    kept = before.fetchall()
    note_waiting(conn, SCHOOL, [QUARTER], date(2026, 12, 1))
    rows = conn.execute(
        "select subject_code, band, pending_on from quality.confirmation_pending"
        " where subject_code <> 'silent_bad' order by subject_code"
    ).fetchall()
    assert rows == [("grave", "yellow", date(2026, 12, 1)), ("red", "red", TODAY)]
    after = conn.execute("select xmin, * from quality.confirmation_pending where subject_code = 'red'")
    assert after.fetchall() == kept


@pytest.mark.parametrize(
    ("person", "reason", "why"),
    [
        ("own", "confirmation_of_own_unit", "by another unit"),
        ("clerk", "right_missing", "may not: confirm"),
        ("stranger", "other_institution", "may not: confirm"),
    ],
)
def test_nobody_of_the_unit_and_only_with_the_right(
    conn: psycopg.Connection, person: str, reason: str, why: str
) -> None:
    for act in (
        lambda: confirm(conn, person, RED, today=TODAY, zone=ZONE),
        lambda: refuse(conn, person, RED, "no", today=TODAY, zone=ZONE),
    ):
        with pytest.raises(StewardshipError) as refused:
            act()
        assert refused.value.reason == reason
    with pytest.raises(InsufficientPrivilege, match=why):
        conn.execute(
            "insert into quality.confirmation (institution, period, framework, subject_kind, subject_code, band,"
            " score_version, pending_since, pending_on, verdict, decided_by, decided_on)"
            " values (%s, %s, %s, 'unit', 'red', 'red', 'v', now(), '2026-11-01', 'confirmed', %s, '2026-11-02')",
            [SCHOOL, QUARTER, TREE, person],
        )


def test_a_refusal_holds_until_another_colour_would_stand(conn: psycopg.Connection) -> None:
    note_waiting(conn, SCHOOL, [QUARTER], TODAY)
    for reason in ("", " \n"):
        with pytest.raises(StewardshipError) as refused:
            refuse(conn, "head", RED, reason, today=TODAY, zone=ZONE)
        assert refused.value.reason == "note_absent"
    refuse(conn, "head", RED, "counted twice", today=TODAY, zone=ZONE)
    assert [one[0] for one in waiting(conn)] == ["grave", "silent_bad"]
    for act in (confirm, lambda *given, **named: refuse(*given, "again", **named)):
        with pytest.raises(StewardshipError) as refused:
            act(conn, "second", RED, today=TODAY, zone=ZONE)
        assert refused.value.reason == "nothing_waits"
    # Another colour would have stood in between: the same one waits anew.
    conn.execute("delete from quality.confirmation_pending where subject_code = 'red'")
    conn.execute(
        "insert into quality.confirmation_pending (institution, period, framework, subject_kind, subject_code,"
        " band, pending_since, pending_on) values (%s, %s, %s, 'unit', 'red', 'red', now() + interval '1 s', %s)",
        [SCHOOL, QUARTER, TREE, TODAY],
    )
    assert [one[0] for one in waiting(conn)] == ["grave", "red", "silent_bad"]
    for statement in (
        "update quality.confirmation set reason = 'x'",
        "delete from quality.confirmation",
    ):
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(statement)


def test_what_was_confirmed_stands_with_the_next_run(scoring: Scoring) -> None:
    """Both days are kept, the version's basis moves, and the quarter is red with nothing left to confirm."""
    scoring = scoring.copy()
    with scoring.warehouse.connect() as conn:
        note_waiting(conn, SCHOOL, [QUARTER], date(2026, 11, 20))
        confirm(conn, "head", RED, today=TODAY, zone=ZONE)
        refuse(conn, "second", GRAVE, "struck off by the court", today=TODAY, zone=ZONE)
    (before,) = (scope.score_version for scope in scoring.run({QUARTER: catalogue_of(tables())}))
    nodes = scoring.nodes(QUARTER)
    red, grave = (nodes["unit", unit, "T"] for unit in ("red", "grave"))
    assert (red["band"], red["band_pending"], red["score_version"]) == ("red", None, before)
    assert (grave["band"], grave["band_pending"]) == ("green", "yellow")
    with scoring.warehouse.connect() as conn:
        assert waiting(conn) == [("silent_bad", "yellow", "red")]
        assert note_waiting(conn, SCHOOL, [QUARTER], TODAY) == []
        rows = conn.execute(
            "select subject_code, band, state, pending_on, decided_on, reason from marts.fct_confirmation"
            " order by subject_code"
        ).fetchall()
        told = conn.execute("select actor, action, object_id from audit.entry order by number").fetchall()
    assert rows == [
        ("grave", "yellow", "refused", date(2026, 11, 20), TODAY, "struck off by the court"),
        ("red", "red", "confirmed", date(2026, 11, 20), TODAY, None),
        ("silent_bad", "red", "waiting", date(2026, 11, 20), None, None),
    ]
    assert told == [("head", "colour.confirmed", "unit/red"), ("second", "colour.refused", "unit/grave")]


def test_a_period_s_colour_waits_since_its_last_quarter_was_scored(scoring: Scoring) -> None:
    """It stands at once: period scores are views over quarters and confirmations."""
    scoring, last = scoring.copy(), following(QUARTER)
    period = half_year_of(last)
    deliver(scoring.warehouse, tables(), SCHOOL, last, cells())
    scoring.run({quarter: catalogue_of(tables()) for quarter in (QUARTER, last)})
    with scoring.warehouse.connect() as conn:
        (red,) = (
            one for one in list_waiting(conn, SCHOOL, [period], ZONE) if one.subject_code == RED.subject_code
        )
        switched = conn.execute("select max(switched_at) from ops.current_version").fetchone()
        assert (red.band_pending, red.pending_since) == ("red", switched[0])
        total = Total(SCHOOL, period, TREE, RED.subject_code)
        # It cannot have been decided on before it waited.
        confirm(conn, "head", total, today=date(2020, 1, 1), zone=ZONE)
        stands = conn.execute(
            "select band, band_pending from marts.fct_period_score"
            " where period = %s and subject_code = 'red' and level = 0",
            [period],
        ).fetchone()
        assert stands == ("red", None)
        assert conn.execute(
            "select state, decided_on = pending_on from marts.fct_confirmation"
        ).fetchone() == (
            "confirmed",
            True,
        )
        with pytest.raises(StewardshipError) as refused:
            refuse(conn, "second", total, "no", today=TODAY, zone=ZONE)
        assert refused.value.reason == "nothing_waits"


def test_of_two_at_once_one_decides(scoring: Scoring) -> None:
    scoring = scoring.copy()
    start, outcomes = threading.Barrier(4), []

    def act(person: str, *, is_confirmed: bool) -> None:
        with scoring.warehouse.connect() as conn:
            start.wait()
            try:
                if is_confirmed:
                    confirm(conn, person, RED, today=TODAY, zone=ZONE)
                else:
                    refuse(conn, person, RED, "no", today=TODAY, zone=ZONE)
                outcomes.append("done")
            except StewardshipError as refused:
                outcomes.append(refused.reason)

    threads = [
        threading.Thread(target=act, args=(person,), kwargs={"is_confirmed": is_confirmed})
        for person in ("head", "second")
        for is_confirmed in (True, False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["nothing_waits"] * 3]
