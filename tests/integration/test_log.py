"""The log: its chain by hand, what the database refuses, and what `verify` finds when it was forced all the same."""

import hashlib
import threading
from datetime import UTC, datetime

import psycopg
import pytest

from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.log import Break, Chain, Entry

FORCED = "alter table audit.entry disable trigger user"


def entry(number: int, **content: object) -> Entry:
    return Entry("p1", "issue.opened", "one", "2026Q3", "issue", str(number), content)


@pytest.fixture
def conn(warehouse: Warehouse) -> psycopg.Connection:
    """A connection as owner; the test's links vanish with it."""
    with warehouse.connect("owner") as conn:
        yield conn
        conn.rollback()


def test_an_empty_log_is_sound(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        assert log.verify(conn) == Chain(0, "0" * 64)


def test_two_links_by_hand(conn: psycopg.Connection) -> None:
    log.append(conn, [entry(1, b="中", a=None), Entry(log.SYSTEM, "x.y", None, None, "path", "p")])
    rows = conn.execute("select * from audit.entry order by number").fetchall()
    micro = [round((row[1] - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000) for row in rows]
    first = hashlib.sha256(
        f"1:1,16:{micro[0]},2:p1,12:issue.opened,3:one,6:2026Q3,5:issue,1:1,20:".encode()
        + '{"a":null,"b":"中"},'.encode()
        + b"64:"
        + b"0" * 64
        + b","
    ).hexdigest()
    second = hashlib.sha256(
        f"1:2,16:{micro[1]},8:qingyuan,3:x.y,-,-,4:path,1:p,2:{{}},64:{first},".encode()
    ).hexdigest()
    assert [row[-2:] for row in rows] == [("0" * 64, first), (first, second)]
    assert log.verify(conn) == Chain(2, second)


def test_nothing_active_reaches_the_log(conn: psycopg.Connection) -> None:
    log.append(conn, [entry(1, found="\x1b[2J=1+1<b>\0\u202e", cells=["a\nb"])])
    content = conn.execute("select content from audit.entry").fetchone()
    assert content == ('{"cells":["a b"],"found":"\ufffd[2J=1+1<b>\ufffd\ufffd"}',)


@pytest.mark.parametrize("role", ["pipeline", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "update audit.entry set actor = 'p2'",
        "delete from audit.entry",
        "truncate audit.entry",
        "merge into audit.entry using (values (1)) as one on true when matched then delete",
    ],
)
def test_no_role_changes_an_entry(warehouse: Warehouse, role: str, statement: str) -> None:
    with warehouse.connect(role) as conn:
        log.append(conn, [entry(1)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement)
        conn.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into audit.entry (actor, action, object_kind, object_id, content) values ('a', 'b', 'c', 'd', '{}')",
        "alter table audit.entry disable trigger user",
        "set session_replication_role = replica",
        "drop table audit.entry",
        "create table audit.other (a int)",
    ],
)
def test_the_pipeline_reaches_the_log_by_the_function_alone(warehouse: Warehouse, statement: str) -> None:
    with warehouse.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


def test_even_the_owner_inserts_a_true_link(conn: psycopg.Connection) -> None:
    log.append(conn, [entry(1)])
    conn.execute(
        "insert into audit.entry values (7, '2020-01-01', 'p2', 'a', null, null, 'k', 'i', '{}', 'false', 'false')"
    )
    assert log.verify(conn).broken is None
    assert conn.execute(
        "select max(number), min(extract(year from at)) > 2020 from audit.entry"
    ).fetchone() == (
        2,
        True,
    )


@pytest.mark.parametrize(
    ("forced", "broken"),
    [
        ("update audit.entry set actor = 'p2' where number = 2", Break(2, "hash")),
        ("update audit.entry set at = at + interval '1 microsecond' where number = 3", Break(3, "hash")),
        ("update audit.entry set institution = '' where number = 2", Break(2, "hash")),
        ("update audit.entry set institution = 'on', quarter = 'e2026Q3' where number = 1", Break(1, "hash")),
        ("delete from audit.entry where number = 2", Break(2, "number")),
        ("delete from audit.entry where number = 1", Break(1, "number")),
        ("update audit.entry set number = 9 where number = 3", Break(3, "number")),
        ("update audit.entry set hash = repeat('a', 64) where number = 1", Break(1, "hash")),
        ("update audit.entry set previous = repeat('a', 64) where number = 3", Break(3, "previous")),
    ],
)
def test_the_first_broken_link_is_named(conn: psycopg.Connection, forced: str, broken: Break) -> None:
    log.append(conn, [entry(1), entry(2), entry(3), entry(4)])
    conn.execute(FORCED)
    conn.execute(forced)
    assert log.verify(conn).broken == broken


def test_entries_of_one_transaction_vanish_with_it(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        before = log.verify(conn)
        log.append(conn, [entry(1)])
        conn.rollback()
        assert log.verify(conn) == before


def test_many_at_once_make_one_chain(warehouse: Warehouse) -> None:
    def write() -> None:
        for number in range(20):
            with warehouse.connect() as conn:
                conn.execute("select 1")  # the transaction, and its first look, are older than the wait
                log.append(conn, [entry(number), entry(number)])

    with warehouse.connect() as conn:
        before = log.verify(conn).length
    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with warehouse.connect() as conn:
        chain = log.verify(conn)
    assert (chain.length - before, chain.broken) == (160, None)
