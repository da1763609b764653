"""Notices and channels as they stand, for whoever looks after them. Not here: addresses, which nobody is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

from orchestration.messages import Language
from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.due import due
from orchestration.stewardship.notices.outbox import Kind

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Notice:
    """One notice; `told` and `doubtful` name the channels that told of it, and those that perhaps did."""

    id: int
    kind: Kind
    institution: str
    key: str
    at: datetime
    told: list[str]
    doubtful: list[str]


@dataclass(frozen=True)
class Standing:
    """A channel: how it is set up, how many notices are due now, when it last sent, and its pause after failures."""

    channel: str
    kinds: tuple[Kind, ...]
    institutions: tuple[str, ...] | None
    language: Language
    digest_at: str
    per_minute: int
    link: str
    due: int
    sent_at: datetime | None
    failures: int
    retry_at: datetime | None


def list_notices(conn: Connection, *, most: int) -> list[Notice]:
    """The latest notices, newest last; `most` of them."""
    with conn.cursor(row_factory=class_row(Notice)) as cursor:
        return cursor.execute(_NOTICES, [most]).fetchall()[::-1]


def list_channels(
    conn: Connection, channels: Iterable[Channel], now: datetime, zone: ZoneInfo
) -> list[Standing]:
    """Every channel of the file, in its order."""
    return [_standing(conn, channel, len(due(conn, channel, now, zone).notices)) for channel in channels]


def _standing(conn: Connection, channel: Channel, count: int) -> Standing:
    row = conn.execute(_STANDING, {"channel": channel.name}).fetchone()
    sent_at, failures, retry_at = row or (None, 0, None)
    return Standing(
        channel.name, channel.kinds, channel.institutions, channel.language, f"{channel.digest_at:%H:%M}",
        channel.per_minute, channel.link, count, sent_at, failures, retry_at,
    )  # fmt: skip


_NOTICES: LiteralString = """
    select notice.id, kind, institution, key, at,
        coalesce(array_agg(distinct channel order by channel) filter (where outcome = 'sent'), '{}') as told,
        coalesce(array_agg(distinct channel order by channel) filter (where outcome = 'unknown'), '{}')
            as doubtful
    from (select * from ops.notice order by id desc limit %s) as notice
    left join ops.notice_told as told on told.notice = notice.id
    left join ops.notice_attempt as attempt on attempt.id = told.attempt
    group by notice.id, kind, institution, key, at
    order by notice.id desc"""
_STANDING: LiteralString = """
    select
        (select max(finished_at) from ops.notice_attempt where channel = %(channel)s and outcome = 'sent'),
        failures, retry_at
    from ops.notice_channel where name = %(channel)s"""
