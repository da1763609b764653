"""The ledger of warnings: what was found in evaluated quarters is kept, and folded into rows that open and end.

The rows follow from all that is kept, so that evaluating again, or another quarter first, changes nothing. One writer
at a time (`warnings_lock`), in the caller's transaction. Not here: the fold (`episodes`), tasks, notices (`evaluate`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from orchestration.core.calendar import WorkCalendar
from orchestration.stewardship.warnings.episodes import Evaluated, Standing, Step, episodes, steps
from orchestration.stewardship.warnings.words import Words
from orchestration.warehouse.warning_causes import COLUMNS, Cause

Connection = psycopg.Connection[Any]
Row = dict[str, Any]
Done = Literal["opened", "reopened", "updated", "ended"]
# What a warning has of its last cause.
MEASURED = ("fingerprint", *(name for name in COLUMNS if name != "quarter"), *Words._fields)
_MOVED = (
    "first_quarter",
    "last_quarter",
    "due_on",
    "unit",
    *COLUMNS[COLUMNS.index("severity") :],
    *Words._fields,
)


@dataclass(frozen=True)
class Change:
    """What became of a warning; `row` as it is now, without its days."""

    number: int
    done: Done
    row: Row


@dataclass(frozen=True)
class Office:
    """The day it is in the office, and its working days."""

    today: date
    calendar: WorkCalendar


def warnings_lock(conn: Connection) -> None:
    """Wait for every other writer of the ledger; held until the transaction ends."""
    conn.execute("select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext('warnings'))")


def record(
    conn: Connection,
    institution: str,
    found: Mapping[Evaluated, Sequence[tuple[Cause, Words]]],
    office: Office,
) -> list[Change]:
    """Keep what was found in the quarters instead of what was found before, and bring the rows up to it.

    Under `warnings_lock`. The changes come with those that ended first; a second call with the same finds none.
    """
    first = min(one.quarter for one in found)
    touched = _touched(conn, institution, first)
    _keep(conn, institution, found)
    touched |= _touched(conn, institution, first)
    evaluated = [Evaluated(*row) for row in conn.execute(_EVALUATED, [institution])]
    causes, rows = _of_fingerprints(conn, touched)
    changes = [
        change
        for fingerprint in sorted(touched)
        for step in steps(
            episodes(evaluated, causes[fingerprint].keys()), map(_standing, rows[fingerprint].values())
        )
        for change in _changed(step, causes[fingerprint], rows[fingerprint], office)
    ]
    # Those that end first, new ones last: of one fingerprint only one row may be open.
    known = sorted((one for one in changes if one.done != "opened"), key=lambda one: one.done != "ended")
    opened = [one for one in changes if one.done == "opened"]
    with conn.cursor() as cursor:
        cursor.executemany(_filled(_UPDATE, _MOVED), [_values(one, office) for one in known])
        numbers = _inserted(cursor, [_values(one, office) for one in opened])
    return [*known, *(replace(one, number=number) for one, number in zip(opened, numbers, strict=True))]


def _touched(conn: Connection, institution: str, first: str) -> set[str]:
    """Fingerprints whose rows may change when quarters from `first` on are evaluated."""
    rows = conn.execute(_TOUCHED, {"institution": institution, "first": first})
    return {fingerprint for (fingerprint,) in rows}


def _keep(
    conn: Connection, institution: str, found: Mapping[Evaluated, Sequence[tuple[Cause, Words]]]
) -> None:
    quarters = [one.quarter for one in found]
    conn.execute(
        "delete from quality.warning_cause where institution = %s and quarter = any(%s)",
        [institution, quarters],
    )
    names = ("fingerprint", *COLUMNS, *Words._fields)
    statement = sql.SQL("insert into quality.warning_cause ({}) values ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join([sql.Placeholder()] * len(names))
    )
    with conn.cursor() as cursor:
        cursor.executemany(_EVALUATE, [(institution, *one) for one in found])
        cursor.executemany(
            statement,
            [
                (cause.fingerprint, *vars(cause).values(), *words)
                for own in found.values()
                for cause, words in own
            ],
        )


def _of_fingerprints(
    conn: Connection, fingerprints: set[str]
) -> tuple[defaultdict[str, dict[str, Row]], defaultdict[str, dict[int, Row]]]:
    """fingerprint → quarter → cause, and fingerprint → number → warning."""
    causes: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    rows: defaultdict[str, dict[int, Row]] = defaultdict(dict)
    with conn.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(
            "select * from quality.warning_cause where fingerprint = any(%s)", [list(fingerprints)]
        ):
            causes[row["fingerprint"]][row["quarter"]] = row
        for row in cursor.execute(
            "select * from quality.warning where fingerprint = any(%s)", [list(fingerprints)]
        ):
            rows[row["fingerprint"]][row["id"]] = row
    return causes, rows


def _standing(row: Row) -> Standing:
    return Standing(row["id"], row["first_quarter"], row["last_quarter"], row["ended_at"] is None)


def _changed(
    step: Step, causes: Mapping[str, Row], rows: Mapping[int, Row], office: Office
) -> Iterator[Change]:
    """The step as a change of a row; nothing where the row is so already."""
    before = None if step.row is None else rows[step.row.number]
    if step.episode is None:
        if before is not None and before["ended_at"] is None:
            yield Change(before["id"], "ended", {**before, "is_open": False})
        return
    cause, is_open = causes[step.episode.last], step.episode.is_open
    now = {name: cause[name] for name in MEASURED}
    now |= {"first_quarter": step.episode.first, "last_quarter": step.episode.last, "is_open": is_open}
    was_open = before is not None and before["ended_at"] is None
    now["due_on"] = _due(before if was_open else None, cause, office)
    if before is None:
        yield Change(0, "opened", now)
    elif was_open and not is_open:
        yield Change(before["id"], "ended", {**now, "due_on": before["due_on"]})
    elif is_open and not was_open:
        yield Change(before["id"], "reopened", now)
    else:
        if not is_open:
            now["due_on"] = before["due_on"]
        if any(before[name] != now[name] for name in _MOVED):
            yield Change(before["id"], "updated", now)


def _due(before: Row | None, cause: Row, office: Office) -> date | None:
    """The day until which it is to be mended: counted from when it opened; a worse colour never gives more time."""
    workdays = cause["deadline_workdays"]
    anew: date | None = None if workdays is None else office.calendar.add_workdays(office.today, workdays)
    if before is None:
        return anew
    due_on: date | None = before["due_on"]
    if (before["severity"], before["deadline_workdays"]) == (cause["severity"], workdays):
        return due_on
    return None if anew is None else min(anew, due_on or anew)


def _inserted(cursor: psycopg.Cursor[Any], rows: Sequence[Row]) -> list[int]:
    """The numbers of new rows, in order."""
    if not rows:
        return []
    cursor.executemany(
        _filled(_INSERT, ("first_quarter", "last_quarter", "due_on", *MEASURED)), rows, returning=True
    )
    numbers = [number for (number,) in cursor.fetchall()]
    while cursor.nextset():
        numbers += [number for (number,) in cursor.fetchall()]
    return numbers


def _filled(statement: LiteralString, names: Sequence[str]) -> sql.Composed:
    columns, values = map(sql.Identifier, names), map(sql.Placeholder, names)
    return sql.SQL(statement).format(sql.SQL(", ").join(columns), sql.SQL(", ").join(values))


def _values(change: Change, office: Office) -> Row:
    return {**change.row, "id": change.number, "today": office.today}


_INSERT: LiteralString = """
    insert into quality.warning (opened_on, ended_at, ended_on, {})
    values (%(today)s, case when not %(is_open)s then now() end, case when not %(is_open)s then %(today)s::date end, {})
    returning id"""
_UPDATE: LiteralString = """
    update quality.warning set
        updated_at = now(),
        ended_at = case when not %(is_open)s then coalesce(ended_at, now()) end,
        ended_on = case when not %(is_open)s then coalesce(ended_on, greatest(opened_on, %(today)s::date)) end,
        ({}) = row({})
    where id = %(id)s"""
_EVALUATED: LiteralString = """
    select quarter, is_settled from quality.warning_quarter where institution = %s"""
_EVALUATE: LiteralString = """
    insert into quality.warning_quarter (institution, quarter, is_settled) values (%s, %s, %s)
    on conflict (institution, quarter) do update
        set is_settled = excluded.is_settled, evaluated_at = excluded.evaluated_at"""
# What a settled quarter before them has ended is beyond their reach.
_TOUCHED: LiteralString = """
    with floor as (
        select coalesce(max(quarter), '') as quarter
        from quality.warning_quarter
        where institution = %(institution)s and is_settled and quarter < %(first)s
    )
    select fingerprint from quality.warning_cause, floor
    where institution = %(institution)s and warning_cause.quarter >= floor.quarter
    union
    select fingerprint from quality.warning, floor
    where institution = %(institution)s and (ended_at is null or last_quarter >= floor.quarter)"""
