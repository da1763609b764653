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
    values = {
        "channel": channel.name,
        "kinds": list(channel.kinds),
        "daily": list(DAILY),
        "institutions": None if channel.institutions is None else list(channel.institutions),
        "now": now,
        "look_back": LOOK_BACK,
        "digest": last_digest(channel, now, zone),
    }
    rows = conn.execute(_DUE, values).fetchall()
    kinds = Counter[Kind](kind for _, kind, is_doubtful in rows if not is_doubtful)
    return Due(tuple(number for number, _, _ in rows), kinds, len(rows) - kinds.total())


def may_send(conn: Connection, channel: Channel, now: datetime) -> bool:
    """Whether the channel's pause is over and its minute has room."""
    values = {"channel": channel.name, "now": now, "minute": timedelta(minutes=1), "most": channel.per_minute}
    row = conn.execute(_MAY_SEND, values).fetchone()
    return row is not None and bool(row[0])


def anything_due(conn: Connection, channels: Iterable[Channel], now: datetime, zone: ZoneInfo) -> bool:
    """Whether a sender started now would have something to send."""
    return any(may_send(conn, one, now) and due(conn, one, now, zone).notices for one in channels)


# An attempt without an outcome counts as doubtful: either its sender is at it, or died.
_DUE: LiteralString = """
    select notice.id, notice.kind, max(attempt.started_at) is not null as is_doubtful
    from ops.notice
    left join ops.notice_told as told on told.notice = notice.id
        and told.attempt in (select id from ops.notice_attempt where channel = %(channel)s)
    left join ops.notice_attempt as attempt on attempt.id = told.attempt
    where notice.at <= %(now)s
        and notice.at >= coalesce(
            (select since from ops.notice_channel where name = %(channel)s), %(now)s - %(look_back)s)
        and notice.kind = any(%(kinds)s)
        and (%(institutions)s::text[] is null or notice.institution = any(%(institutions)s))
    group by notice.id
    having bool_and(attempt.outcome is distinct from 'sent')
        and coalesce(
            max(attempt.started_at), case when notice.kind = any(%(daily)s) then notice.at end, '-infinity'
        ) < %(digest)s
    order by notice.id"""
_MAY_SEND: LiteralString = """
    select
        not exists (select from ops.notice_channel where name = %(channel)s and retry_at > %(now)s)
        and (
            select count(*) from ops.notice_attempt
            where channel = %(channel)s and started_at > %(now)s - %(minute)s and started_at <= %(now)s
        ) < %(most)s"""
