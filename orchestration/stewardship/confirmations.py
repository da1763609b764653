"""Colours that wait for a person: confirmed or refused by somebody of another unit, with both days kept.

`ops.confirmation` is what scoring reads, so that a confirmed colour stands with the next run. A decision holds until
the colour that would stand changes. Not here: which colours wait (`band_pending` of the scores).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from orchestration.stewardship.desk import required
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import acting
from orchestration.warehouse.log import Entry, append

Connection = psycopg.Connection[Any]
Verdict = Literal["confirmed", "refused"]


@dataclass(frozen=True)
class Total:
    """Whose colour waits: an institution's or a unit's in one tree, over a quarter, a half-year or a year."""

    institution: str
    period: str
    framework: str
    subject_code: str

    @property
    def subject_kind(self) -> str:
        """`institution` or `unit`, as marts say it."""
        return "institution" if self.subject_code == self.institution else "unit"


@dataclass(frozen=True)
class Waiting:
    """A colour that waits: `band` is shown now, `band_pending` would stand; no decision on it holds."""

    institution: str
    period: str
    framework: str
    subject_kind: str
    subject_code: str
    score: float | None
    band: str
    band_pending: str
    score_version: str
    pending_since: datetime
    pending_on: date


def note_waiting(conn: Connection, institution: str, quarters: list[str], today: date) -> list[Waiting]:
    """Keep since when which colours of the quarters wait; those that began to wait with this call."""
    where = {"institution": institution, "quarters": quarters, "today": today}
    conn.execute(_GONE, where)
    noted = conn.execute(_NOTE, where).rowcount
    if not noted:
        return []
    return [one for one in _waiting(conn, institution, quarters, "UTC") if one.pending_since == _now(conn)]


def list_waiting(conn: Connection, institution: str, periods: list[str], zone: str) -> list[Waiting]:
    """The colours of the periods that wait for a decision, by period and subject; `zone` is the office's."""
    return _waiting(conn, institution, periods, zone)


def confirm(conn: Connection, person: str, total: Total, *, today: date, zone: str) -> Waiting:
    """Confirm the colour that waits, as somebody of another unit; it stands with the next run of its quarter."""
    return _decide(conn, person, total, "confirmed", None, today, zone)


def refuse(conn: Connection, person: str, total: Total, reason: str, *, today: date, zone: str) -> Waiting:
    """Refuse it with a reason: the colour that is shown stays, until another would stand."""
    return _decide(conn, person, total, "refused", required(reason), today, zone)


def _decide(
    conn: Connection, person: str, total: Total, verdict: Verdict, reason: str | None, today: date, zone: str
) -> Waiting:
    actor = acting(conn, person, "confirm", total.institution)
    if total.subject_kind == "unit" and actor.unit == total.subject_code:
        raise StewardshipError("confirmation_of_own_unit", person=person, unit=actor.unit)
    # Of two who decide at once the second waits, and finds that nothing waits any longer.
    conn.execute(
        "select pg_advisory_xact_lock(hashtext('qingyuan confirmation'), hashtext(%s))",
        ["/".join(vars(total).values())],
    )
    waiting = next(
        (
            one
            for one in _waiting(conn, total.institution, [total.period], zone)
            if (one.framework, one.subject_code) == (total.framework, total.subject_code)
        ),
        None,
    )
    if waiting is None:
        raise StewardshipError("nothing_waits", subject=total.subject_code, period=total.period)
    values = {**vars(waiting), "verdict": verdict, "reason": reason, "person": person, "today": today}
    conn.execute(_DECISION, values)
    if verdict == "confirmed":
        conn.execute(_STANDS, values)
    append(conn, [_entry(person, waiting, verdict, reason)])
    return waiting


def _waiting(conn: Connection, institution: str, periods: list[str], zone: str) -> list[Waiting]:
    mart, period = (
        ("fct_indicator_score", "quarter")
        if all("Q" in period for period in periods)
        else ("fct_period_score", "period")
    )
    # After an upgrade there are no marts until the next run.
    if conn.execute("select to_regclass('marts.' || %s) is null", [mart]).fetchone() == (True,):
        return []
    statement = sql.SQL(_WAITING).format(mart=sql.Identifier("marts", mart), period=sql.Identifier(period))
    with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            statement, {"institution": institution, "periods": periods, "zone": zone}
        ).fetchall()


def _now(conn: Connection) -> datetime:
    row = conn.execute("select now()").fetchone()
    assert row is not None  # noqa: S101 - a select without a table has a row
    return row[0]  # type: ignore[no-any-return]


def _entry(person: str, waiting: Waiting, verdict: Verdict, reason: str | None) -> Entry:
    quarter = waiting.period if "Q" in waiting.period else None
    content = {
        "period": waiting.period, "framework": waiting.framework, "band": waiting.band,
        "band_pending": waiting.band_pending, "score_version": waiting.score_version,
        "pending_on": waiting.pending_on, "reason": reason,
    }  # fmt: skip
    said = {name: value for name, value in content.items() if value is not None}
    subject = f"{waiting.subject_kind}/{waiting.subject_code}"
    return Entry(person, f"colour.{verdict}", waiting.institution, quarter, "colour", subject, said)


_GONE: LiteralString = """
    delete from quality.confirmation_pending as pending
    where
        institution = %(institution)s and period = any(%(quarters)s)
        and not exists (
            select from marts.fct_indicator_score as shown
            where
                (shown.institution, shown.quarter, shown.framework, shown.subject_kind, shown.subject_code,
                    shown.band_pending)
                = (pending.institution, pending.period, pending.framework, pending.subject_kind,
                    pending.subject_code, pending.band)
                and shown.level = 0
        )"""
_NOTE: LiteralString = """
    insert into quality.confirmation_pending
        (institution, period, framework, subject_kind, subject_code, band, pending_on)
    select institution, quarter, framework, subject_kind, subject_code, band_pending, %(today)s
    from marts.fct_indicator_score
    where institution = %(institution)s and quarter = any(%(quarters)s) and level = 0 and band_pending is not null
    on conflict do nothing"""
# A period's colour waits since its last quarter was scored. A decision on the same colour holds that was made since.
_WAITING: LiteralString = """
    select
        shown.institution, shown.{period} as period, shown.framework, shown.subject_kind, shown.subject_code,
        shown.score, shown.band, shown.band_pending, shown.score_version,
        coalesce(pending.pending_since, switched.at) as pending_since,
        coalesce(pending.pending_on, (switched.at at time zone %(zone)s)::date) as pending_on
    from {mart} as shown
    left join quality.confirmation_pending as pending
        on
            (pending.institution, pending.period, pending.framework, pending.subject_kind, pending.subject_code,
                pending.band)
            = (shown.institution, shown.{period}, shown.framework, shown.subject_kind, shown.subject_code,
                shown.band_pending)
    cross join lateral (
        select max(switched_at) as at from ops.current_version as scored
        where
            scored.institution = shown.institution
            and shown.{period} in (
                scored.quarter, left(scored.quarter, 4),
                left(scored.quarter, 4) || case when right(scored.quarter, 1) in ('1', '2') then 'H1' else 'H2' end
            )
    ) as switched
    where
        shown.institution = %(institution)s and shown.{period} = any(%(periods)s) and shown.level = 0
        and shown.band_pending is not null
        and not exists (
            select from quality.confirmation as decision
            where
                (decision.institution, decision.period, decision.framework, decision.subject_kind,
                    decision.subject_code, decision.band)
                = (shown.institution, shown.{period}, shown.framework, shown.subject_kind, shown.subject_code,
                    shown.band_pending)
                and (pending.pending_since is null or decision.decided_at >= pending.pending_since)
        )
    order by shown.{period}, shown.framework, shown.subject_kind, shown.subject_code"""
_DECISION: LiteralString = """
    insert into quality.confirmation (institution, period, framework, subject_kind, subject_code, band,
        score_version, pending_since, pending_on, verdict, reason, decided_by, decided_on)
    values (%(institution)s, %(period)s, %(framework)s, %(subject_kind)s, %(subject_code)s, %(band_pending)s,
        %(score_version)s, %(pending_since)s, %(pending_on)s, %(verdict)s, %(reason)s, %(person)s,
        greatest(%(today)s, %(pending_on)s))"""
_STANDS: LiteralString = """
    insert into ops.confirmation
        (institution, period, framework, subject_kind, subject_code, band, confirmed_by)
    values (%(institution)s, %(period)s, %(framework)s, %(subject_kind)s, %(subject_code)s, %(band_pending)s,
        %(person)s)
    on conflict (institution, period, framework, subject_kind, subject_code) do update
        set band = excluded.band, confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at"""
