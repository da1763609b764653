"""The log: who did what, when and why. Entries are linked by hashes; the database refuses every change of one.

Not here: the table and its triggers (migration 0007), what is worth an entry (who calls `append`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import psycopg

from orchestration.core.inert import inert

# The actor where no person acted.
SYSTEM = "qingyuan"
_BEGINNING = "0" * 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 5000
_LINKS = """
    select number, at, actor, action, institution, quarter, object_kind, object_id, content, previous, hash
    from audit.entry order by number"""
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Entry:
    """One act: `actor` is a person's code or SYSTEM, `action` such as `issue.opened`, `content` plain JSON values."""

    actor: str
    action: str
    institution: str | None
    quarter: str | None
    object_kind: str
    object_id: str
    content: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """The first link that does not hold: its number, and what about it."""

    number: int
    what: Literal["number", "previous", "hash"]


@dataclass(frozen=True)
class Chain:
    """The log as a whole: how many links, the last one's hash (64 zeros when there is none), the first break."""

    length: int
    head: str
    broken: Break | None = None


def append(conn: Connection, entries: Sequence[Entry]) -> None:
    """Add entries in the caller's transaction, as its last step: writers of the log wait for each other."""
    if not entries:
        return
    rows = [{**asdict(entry), "content": canonical(entry.content)} for entry in entries]
    conn.execute("select audit.append(%s)", [json.dumps(rows)])


def canonical(content: Mapping[str, object]) -> str:
    """`content` as one JSON text: keys in order, no blanks, and no character that steers what shows it."""
    return json.dumps(_inert(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _inert(value: object) -> object:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Mapping):
        return {str(key): _inert(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(part) for part in value]
    return value


def verify(conn: Connection) -> Chain:
    """Walk the log from its first link and compute every hash anew; stops at the first that does not hold."""
    length, head = 0, _BEGINNING
    for number, at, *fields, previous, told in _links(conn):
        if number != length + 1:
            return Chain(length, head, Break(length + 1, "number"))
        if previous != head:
            return Chain(length, head, Break(number, "previous"))
        if told != _hash(number, at, (*fields, previous)):
            return Chain(length, head, Break(number, "hash"))
        length, head = number, told
    return Chain(length, head)


def _links(conn: Connection) -> Iterator[tuple[Any, ...]]:
    """Every entry in order, a batch at a time: the log may be long."""
    with conn.transaction(), conn.cursor(name="links") as cursor:
        cursor.itersize = _BATCH
        yield from cursor.execute(_LINKS)


def _hash(number: int, at: datetime, fields: Sequence[str | None]) -> str:
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    body = "".join(map(_field, (str(number), str(microseconds), *fields)))
    return hashlib.sha256(body.encode()).hexdigest()


def _field(value: str | None) -> str:
    return "-," if value is None else f"{len(value.encode())}:{value},"
