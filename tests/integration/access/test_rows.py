"""Each mart, read by each login: exactly the rows that the login may see, each as who sees everything sees it."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.rows import dict_row

from orchestration.warehouse.connections import Warehouse
from tests.integration.access.institutions import fill
from tests.integration.access.members import Membership, logged_in, members
from tests.integration.access.reading import RULES, Reader
from tests.integration.access.subjects import HERE, THERE
from tests.integration.scored import Scoring

LOGINS: dict[str, list[Membership]] = {
    "bi_reader": [("bi_reader", None, None)],
    "q_bi": [("bi_reader", HERE, None)],
    "q_unit": [("unit_reader", HERE, "U1")],
    "q_lead_unit": [("unit_reader", THERE, "U2")],
    "q_acting_unit": [("unit_reader", HERE, "U3")],
    "q_leader": [("leader_reader", HERE, "P1")],
    "q_post": [("portrait_reader", HERE, "P1")],
    "q_posts": [("portrait_reader", THERE, None)],
    "q_steward": [("steward", HERE, "rules")],
    "q_auditor": [("auditor", None, None)],
    "q_auditor_here": [("auditor", HERE, None)],
    "q_both": [("unit_reader", HERE, "U1"), ("steward", THERE, "records")],
    "q_nobody": [],
}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def filled(unscored: Scoring) -> Iterator[Warehouse]:
    fill(unscored.warehouse)
    own = {login: held for login, held in LOGINS.items() if login != "bi_reader"}
    with members(unscored.warehouse, own):
        yield unscored.warehouse


@pytest.fixture(scope="module")
def everything(filled: Warehouse) -> dict[str, Rows]:
    """Every row there is. A rate's figures leave out what is for no login: they are those of the built-in reader."""
    with filled.connect() as conn, filled.connect("bi_reader") as reader:
        return {
            mart: read(reader if mart == "fct_rectification_rate" else conn, mart) for mart in marts_of(conn)
        }


def read(conn: psycopg.Connection[Any], mart: str) -> Rows:
    """Every row that this connection gets; none where it may not name the mart."""
    try:
        rows = conn.cursor(row_factory=dict_row).execute(
            sql.SQL("select * from {}").format(sql.Identifier("marts", mart))
        )
    except errors.InsufficientPrivilege:
        return []
    return rows.fetchall()


def marts_of(conn: psycopg.Connection[Any]) -> list[str]:
    names: LiteralString = (
        "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'v' order by 1"
    )
    return [name for (name,) in conn.execute(names)]


def in_order(rows: Rows) -> list[str]:
    return sorted(map(repr, rows))


def test_every_mart_has_a_rule_and_rows(everything: dict[str, Rows]) -> None:
    assert set(everything) == set(RULES)
    assert [mart for mart, rows in everything.items() if not rows] == []


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_sees_its_rows_and_no_others(
    filled: Warehouse, everything: dict[str, Rows], login: str
) -> None:
    issues = {row["issue"]: row for row in everything["fct_validation_issue"]}
    reader = Reader(LOGINS[login])
    connection = (
        filled.connect("bi_reader", autocommit=True) if login == "bi_reader" else logged_in(filled, login)
    )
    with connection as conn:
        for mart, rows in everything.items():
            may = [
                row
                for row in rows
                if RULES[mart](reader, issues[row["issue"]] if mart == "fct_issue_event" else row)
            ]
            assert in_order(read(conn, mart)) == in_order(may), mart
