"""What is due on a channel at a moment: which notices one message would tell of, and whether one may go out now.

Everything that is due goes into one message. Not here: claiming and sending (`sender`), the words (`wording`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg

from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.outbox import DAILY, Kind

# A channel that is set up tells what happened the day before, and not what lay about for months.
LOOK_BACK = timedelta(days=1)
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Due:
    """The notices of one message: their numbers; how many a kind, and how many may have been told before."""

    notices: tuple[int, ...]
    kinds: Mapping[Kind, int]
    doubtful: int


def last_digest(channel: Channel, now: datetime, zone: ZoneInfo) -> datetime:
    """The latest time of the channel's daily message, not after `now`."""
    local = now.astimezone(zone)
    at = datetime.combine(local.date(), channel.digest_at, zone)
    return at if at <= local else datetime.combine(local.date() - timedelta(days=1), channel.digest_at, zone)


def due(conn: Connection, channel: Channel, now: datetime, zone: ZoneInfo) -> Due:
    """The notices that are due on the channel, though it may have to wait (`may_send`)."""
    rows = conn.execute(_DUE, _values(channel, now, zone)).fetchall()
    kinds = Counter[Kind](kind for _, kind, is_doubtful in rows if not is_doubtful)
    return Due(tuple(number for number, _, _ in rows), kinds, len(rows) - kinds.total())


def move_on(conn: Connection, channel: Channel, now: datetime, zone: ZoneInfo) -> None:
    """Look no further back than to the oldest notice that is not told yet, or a day: what is told grows for years."""
    conn.execute(_MOVE_ON, _values(channel, now, zone))


def _values(channel: Channel, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    return {
        "channel": channel.name,
        "kinds": list(channel.kinds),
        "daily": list(DAILY),
        "institutions": None if channel.institutions is None else list(channel.institutions),
        "now": now,
        "look_back": LOOK_BACK,
        "digest": last_digest(channel, now, zone),
    }


def may_send(conn: Connection, channel: Channel, now: datetime) -> bool:
    """Whether the channel's pause is over and its minute has room."""
    values = {"channel": channel.name, "now": now, "minute": timedelta(minutes=1), "most": channel.per_minute}
    row = conn.execute(_MAY_SEND, values).fetchone()
    return row is not None and bool(row[0])


def anything_due(conn: Connection, channels: Iterable[Channel], now: datetime, zone: ZoneInfo) -> bool:
    """Whether a sender started now would have something to send."""
    return any(may_send(conn, one, now) and due(conn, one, now, zone).notices for one in channels)


# An attempt tells of nothing later than itself, so those from before `since` are of no use here either. One without
# an outcome counts as doubtful: either its sender is at it, or died.
_UNTOLD: LiteralString = """
    with channel as (
        select coalesce(
            (select since from ops.notice_channel where name = %(channel)s), %(now)s - %(look_back)s) as since
    ), told as materialized (
        select told.notice, bool_or(attempt.outcome = 'sent') as is_sent, max(attempt.started_at) as tried_at
        from channel
        join ops.notice_attempt as attempt on attempt.started_at >= channel.since
        join ops.notice_told as told on told.attempt = attempt.id
        where attempt.channel = %(channel)s
        group by told.notice
    ), untold as (
        select notice.id, notice.kind, notice.at, told.tried_at
        from channel
        join ops.notice on notice.at >= channel.since
        left join told on told.notice = notice.id
        where notice.at <= %(now)s
            and notice.kind = any(%(kinds)s)
            and (%(institutions)s::text[] is null or notice.institution = any(%(institutions)s))
            and told.is_sent is not true
    )"""
_SELECT: LiteralString = """
    select id, kind, tried_at is not null as is_doubtful from untold
    where coalesce(tried_at, case when kind = any(%(daily)s) then at end, '-infinity') < %(digest)s
    order by id"""
_UPDATE: LiteralString = """
    update ops.notice_channel
    set since = greatest(since, least((select min(at) from untold), %(now)s - %(look_back)s))
    where name = %(channel)s"""
_DUE: LiteralString = _UNTOLD + _SELECT
_MOVE_ON: LiteralString = _UNTOLD + _UPDATE
_MAY_SEND: LiteralString = """
    select
        not exists (select from ops.notice_channel where name = %(channel)s and retry_at > %(now)s)
        and (
            select count(*) from ops.notice_attempt
            where channel = %(channel)s and started_at > %(now)s - %(minute)s and started_at <= %(now)s
        ) < %(most)s"""
