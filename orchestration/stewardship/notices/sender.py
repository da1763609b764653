"""The sender: claims what is due on a channel, sends one message of it, notes what became of it.

A claim is committed before anything is sent. Whoever finds one without an outcome, while nobody has the channel's
turn, finds that its sender died: what it told of goes into the next daily message, and is not sent again by
itself. So nothing is lost, and no message goes out twice. Not here: what is due (`due`), how it goes out (`post`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, LiteralString
from zoneinfo import ZoneInfo

import psycopg

from orchestration.stewardship.notices.answers import Answer, Outcome
from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.due import LOOK_BACK, Due, due, may_send, move_on
from orchestration.stewardship.notices.errors import NoticeError
from orchestration.stewardship.notices.wording import message, trial

# After 1, 2, 4, 8, 16, 32 minutes, then each hour: a receiver that is up again after an hour hears within the next.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
Connection = psycopg.Connection[Any]
State = Literal["idle", "waiting", "busy"]


@dataclass(frozen=True)
class Sent:
    """What a sender did on a channel.

    `idle`: nothing was due. `waiting`: something is, and the channel's pause or its full minute holds it.
    `busy`: another sender has the channel's turn. Else as `Answer` says; `mistake` where the address does not fit.
    """

    channel: str
    outcome: Outcome | State
    notices: int = 0
    code: int | None = None
    mistake: NoticeError | None = None


def send_due(conn: Connection, channels: Iterable[Channel], now: datetime, zone: ZoneInfo) -> list[Sent]:
    """Send on each channel what is due at `now`, one message at most; `conn` commits by itself."""
    return [_on(conn, channel, now, zone) for channel in channels]


def _on(conn: Connection, channel: Channel, now: datetime, zone: ZoneInfo) -> Sent:
    with _turn(conn, channel) as mine:
        if not mine:
            return Sent(channel.name, "busy")
        _begin(conn, channel, now)
        found = due(conn, channel, now, zone)
        if not found.notices:
            return Sent(channel.name, "idle")
        if not may_send(conn, channel, now):
            return Sent(channel.name, "waiting", len(found.notices))
        return _send(conn, channel, found, now, zone)


def try_channel(channel: Channel) -> Sent:
    """Send a test message now; nothing is noted."""
    from orchestration.stewardship.notices.post import post, understand

    try:
        answer = post(understand(channel), trial(channel))
    except NoticeError as mistake:
        return Sent(channel.name, "refused", mistake=mistake)
    return Sent(channel.name, answer.outcome, code=answer.code)


def _send(conn: Connection, channel: Channel, found: Due, now: datetime, zone: ZoneInfo) -> Sent:
    from orchestration.stewardship.notices.post import post, understand

    try:
        plugin = understand(channel)
    except NoticeError as mistake:
        _finish(conn, channel, _claim(conn, channel, found, now), Answer("refused"), now)
        return Sent(channel.name, "refused", len(found.notices), mistake=mistake)
    attempt = _claim(conn, channel, found, now)
    answer = post(plugin, message(channel, found))
    _finish(conn, channel, attempt, answer, now)
    if answer.outcome == "sent":
        move_on(conn, channel, now, zone)
    return Sent(channel.name, answer.outcome, len(found.notices), answer.code)


@contextmanager
def _turn(conn: Connection, channel: Channel) -> Iterator[bool]:
    """Whether this sender has the channel's turn: a lock of its connection, free again when the process is gone."""
    row = conn.execute(_TAKE, [channel.name]).fetchone()
    mine = row is not None and bool(row[0])
    try:
        yield mine
    finally:
        if mine:
            conn.execute(_GIVE, [channel.name])


def _begin(conn: Connection, channel: Channel, now: datetime) -> None:
    """The channel is known, and attempts of senders that died have an outcome."""
    conn.execute(_KNOW, [channel.name, now - LOOK_BACK])
    conn.execute(_ABANDON, [now, channel.name])


def _claim(conn: Connection, channel: Channel, found: Due, now: datetime) -> int:
    with conn.transaction():
        row = conn.execute(_ATTEMPT, [channel.name, len(found.notices), now]).fetchone()
        assert row is not None  # noqa: S101 - an insert returns its row
        conn.execute(_TELL, [row[0], list(found.notices)])
        return int(row[0])


def _finish(conn: Connection, channel: Channel, attempt: int, answer: Answer, now: datetime) -> None:
    with conn.transaction():
        conn.execute(_OUTCOME, [now, answer.outcome, attempt])
        if answer.outcome == "sent":
            conn.execute(_WELL, [channel.name])
            return
        if answer.outcome == "refused":
            conn.execute(_UNTELL, [attempt])
        conn.execute(
            _PAUSE, {"name": channel.name, "now": now, "first": _FIRST_PAUSE, "longest": _LONGEST_PAUSE}
        )


_TAKE: LiteralString = "select pg_try_advisory_lock(hashtextextended('notices:' || %s, 0))"
_GIVE: LiteralString = "select pg_advisory_unlock(hashtextextended('notices:' || %s, 0))"
_KNOW: LiteralString = "insert into ops.notice_channel (name, since) values (%s, %s) on conflict do nothing"
_ABANDON: LiteralString = """
    update ops.notice_attempt set finished_at = %s, outcome = 'unknown' where channel = %s and outcome is null"""
_ATTEMPT: LiteralString = """
    insert into ops.notice_attempt (channel, notices, started_at) values (%s, %s, %s) returning id"""
_TELL: LiteralString = "insert into ops.notice_told (attempt, notice) select %s, unnest(%s::bigint[])"
_UNTELL: LiteralString = "delete from ops.notice_told where attempt = %s"
_OUTCOME: LiteralString = "update ops.notice_attempt set finished_at = %s, outcome = %s where id = %s"
_WELL: LiteralString = "update ops.notice_channel set failures = 0, retry_at = null where name = %s"
_PAUSE: LiteralString = """
    update ops.notice_channel
    set failures = failures + 1, retry_at = %(now)s + least(%(first)s * 2 ^ least(failures, 10), %(longest)s)
    where name = %(name)s"""
