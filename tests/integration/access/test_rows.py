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
    "q_ended": [("leader_reader", HERE, "P1")],
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


def may_see(login: str, everything: dict[str, Rows], mart: str) -> Rows:
    """Of what there is in a mart, the login's rows, by the rule made by hand."""
    issues = {row["issue"]: row for row in everything["fct_validation_issue"]}
    reader, rule = Reader(LOGINS[login]), RULES[mart]
    return [
        row
        for row in everything[mart]
        if rule(reader, issues[row["issue"]] if mart == "fct_issue_event" else row)
    ]


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_sees_its_rows_and_no_others(
    filled: Warehouse, everything: dict[str, Rows], login: str
) -> None:
    connection = (
        filled.connect("bi_reader", autocommit=True) if login == "bi_reader" else logged_in(filled, login)
    )
    with connection as conn:
        for mart in everything:
            assert in_order(read(conn, mart)) == in_order(may_see(login, everything, mart)), mart


@pytest.mark.parametrize("login", ["q_unit", "q_auditor_here"])
def test_no_condition_is_tried_on_rows_of_others(
    filled: Warehouse, everything: dict[str, Rows], login: str
) -> None:
    """A condition that fails on a value tells that the value is there; one column alone, so that it goes down far."""
    with logged_in(filled, login) as conn:
        for mart, rows in everything.items():
            own = may_see(login, everything, mart)
            for column in rows[0]:
                others = {str(row[column]) for row in rows} - {str(row[column]) for row in own}
                if others and has_right(conn, mart):
                    assert conn.execute(failing(mart, column), [sorted(others)]).fetchone() == (0,), (
                        mart,
                        column,
                    )


def has_right(conn: psycopg.Connection[Any], mart: str) -> bool:
    return conn.execute("select has_table_privilege(%s, 'select')", [f"marts.{mart}"]).fetchone() == (True,)


def failing(mart: str, column: str) -> sql.Composed:
    """The number of rows with one of the values; a division by zero where the condition meets one of them."""
    return sql.SQL(
        "select count(*) from {} where 1 / case when {}::text = any(%s) then 0 else 1 end > 1"
    ).format(sql.Identifier("marts", mart), sql.Identifier(column))


def test_what_ended_shows_nothing_from_then_on(filled: Warehouse, everything: dict[str, Rows]) -> None:
    end: LiteralString = "update ops.membership set ended_by = %s, ended_at = now() where login = %s"
    with logged_in(filled, "q_ended") as conn, filled.connect(autocommit=True) as office:
        assert read(conn, "fct_indicator_score")
        office.execute(end, ["qingyuan", "q_ended"])
        assert {mart for mart in everything if read(conn, mart)} == set()


def test_who_acts_as_the_group_sees_nothing(filled: Warehouse, everything: dict[str, Rows]) -> None:
    with logged_in(filled, "q_unit") as conn:
        conn.execute("set role unit_reader")
        assert {mart for mart in everything if read(conn, mart)} == set()
