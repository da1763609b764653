"""What a login may read by its memberships: `ops.readable`, asked by each login in turn."""

from collections.abc import Iterator
from typing import LiteralString

import pytest
from psycopg import errors, sql

from orchestration.warehouse.connections import Warehouse
from tests.integration.access.members import Membership, logged_in, members, superuser

# Of two institutions, the first with two quarters; a catalogue holds rows of every institution.
VERSIONS = (("c1", "2026Q2", "QY"), ("c2", "2026Q3", "QY"), ("c3", "2026Q3", "ZZ"))
PORTFOLIOS = (
    ("c1", "QY", "P01", "C01"),
    ("c2", "QY", "P01", "C02"),
    ("c2", "QY", "P01", None),
    ("c2", "QY", "P02", "C03"),
    ("c2", "ZZ", "P01", "C04"),
    ("c3", "ZZ", "P01", "C05"),
)
POSTS = (("c1", "QY", "P00"), ("c2", "QY", "P01"), ("c2", "ZZ", "P09"), ("c3", "ZZ", "P07"))
MEMBERS: dict[str, list[Membership]] = {
    "one_bi": [("bi_reader", "QY", None)],
    "one_unit": [("unit_reader", "QY", "C07")],
    "of_two": [("unit_reader", "QY", "C07"), ("steward", "ZZ", "audit")],
    "a_leader": [("leader_reader", "QY", "P01")],
    "one_post": [("portrait_reader", "QY", "P02")],
    "all_posts": [("portrait_reader", "QY", None)],
    "an_auditor": [("auditor", None, None)],
    "of_nothing": [],
}
READ: dict[str, set[tuple[str | None, str, str | None]]] = {
    "one_bi": {("QY", "all", None)},
    "one_unit": {("QY", "institution", "QY"), ("QY", "unit", "C07")},
    "of_two": {
        ("QY", "institution", "QY"), ("QY", "unit", "C07"),
        ("ZZ", "institution", "ZZ"), ("ZZ", "department", "audit"),
    },
    "a_leader": {("QY", "institution", "QY"), ("QY", "unit", "C02")},
    "one_post": {("QY", "institution", "QY"), ("QY", "office_holder", "P02")},
    "all_posts": {("QY", "institution", "QY"), ("QY", "office_holder", "P00"), ("QY", "office_holder", "P01")},
    "an_auditor": {(None, "log", None)},
    "of_nothing": set(),
}  # fmt: skip
_READABLE: LiteralString = "select institution, kind, code from ops.readable"
_ADD: LiteralString = (
    "insert into ops.membership (login, role, institution, code, granted_by)"
    " values (%s, %s, %s, %s, 'qingyuan')"
)


@pytest.fixture(scope="module")
def two(warehouse: Warehouse) -> Iterator[Warehouse]:
    """Current versions of two institutions, and the logins; only here may they read the view itself."""
    with warehouse.connect("owner") as conn, conn.cursor() as cursor:
        for name, quarter, institution in VERSIONS:
            cursor.execute("insert into catalogue.version (catalogue_hash) values (%s)", [name])
            cursor.execute(
                "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, "
                "min_coverage, provisional) values (%s, %s, %s, %s, '', 0, false)",
                [name, institution, quarter, name],
            )
            cursor.execute(
                "insert into ops.current_version (institution, quarter, score_version) values (%s, %s, %s)",
                [institution, quarter, name],
            )
        cursor.executemany(
            "insert into catalogue.portfolios (catalogue_hash, institution, post, unit) values (%s, %s, %s, %s)",
            PORTFOLIOS,
        )
        cursor.executemany(
            "insert into catalogue.posts (catalogue_hash, institution, code) values (%s, %s, %s)", POSTS
        )
        cursor.execute("grant usage on schema ops to public")
        cursor.execute("grant select on ops.readable to public")
        cursor.execute("grant execute on function ops.readable_by(name) to public")
    with members(warehouse, MEMBERS):
        yield warehouse


@pytest.mark.parametrize("login", MEMBERS)
def test_a_login_reads_what_its_memberships_give(two: Warehouse, login: str) -> None:
    with logged_in(two, login) as conn:
        assert set(conn.execute(_READABLE).fetchall()) == READ[login]


def test_the_built_in_reader_reads_all(two: Warehouse) -> None:
    with two.connect("bi_reader") as conn:
        assert conn.execute(_READABLE).fetchall() == [(None, "all", None)]


def test_who_acts_as_a_group_reads_nothing(two: Warehouse) -> None:
    with logged_in(two, "one_unit") as conn:
        conn.execute("set role unit_reader")
        assert conn.execute(_READABLE).fetchall() == []
    with logged_in(two, "one_bi") as conn:
        conn.execute("set role bi_reader")  # a login of its own, that reads everything
        assert conn.execute(_READABLE).fetchall() == []
    with superuser(two) as conn:
        for role in ("unit_reader", "auditor", "mart_owner", "mart_whole"):
            conn.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
            assert conn.execute(_READABLE).fetchall() == []


def test_of_another_login_nobody_learns_anything(two: Warehouse) -> None:
    with logged_in(two, "one_unit") as conn:
        for other in ("bi_reader", "one_post", "an_auditor"):
            assert conn.execute("select ops.readable_by(%s)", [other]).fetchall() == []


def test_nothing_is_read_by_what_ended(two: Warehouse) -> None:
    with logged_in(two, "one_post") as conn, two.connect() as pipeline:
        end = "update ops.membership set ended_by = 'qingyuan', ended_at = now() where login = 'one_post'"
        with pipeline.transaction(force_rollback=True):
            pipeline.execute(end)
            assert len(conn.execute(_READABLE).fetchall()) == 2
        with pipeline.transaction():
            pipeline.execute(end)
        assert conn.execute(_READABLE).fetchall() == []
        pipeline.execute(_ADD, ["one_post", "portrait_reader", "QY", "P02"])  # given again: a row of its own
        pipeline.commit()
        assert set(conn.execute(_READABLE).fetchall()) == READ["one_post"]


@pytest.mark.parametrize(
    "row",
    [
        ("one_unit", "unit_reader", "QY", "C07"),  # held already
        ("an_auditor", "auditor", None, None),
        ("x", "unit_reader", None, "C07"),
        ("x", "unit_reader", "QY", None),
        ("x", "leader_reader", "QY", None),
        ("x", "steward", None, "audit"),
        ("x", "portrait_reader", None, None),
        ("x", "bi_reader", None, "C07"),
        ("x", "auditor", "QY", "C07"),
        ("x", "pipeline", None, None),
        ("unit_reader", "unit_reader", "QY", "C07"),
        ("mart_owner", "bi_reader", None, None),
        ("bi_reader", "auditor", None, None),
    ],
)
def test_a_membership_is_whole(two: Warehouse, row: tuple[str, str, str | None, str | None]) -> None:
    with two.connect() as conn, pytest.raises((errors.CheckViolation, errors.UniqueViolation)):
        conn.execute(_ADD, row)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ops.membership",
        "update ops.membership set login = 'x'",
        "insert into ops.readable (kind) values ('all')",
    ],
)
def test_what_was_granted_is_not_rewritten(two: Warehouse, statement: LiteralString) -> None:
    with (
        two.connect() as conn,
        pytest.raises((errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)),
    ):
        conn.execute(statement)
