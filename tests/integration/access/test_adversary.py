"""Every kind of login tries everything: whatever the server says, it says no foreign row.

Foreign is what `reading.RULES` says, by hand, that the login may not see; figures and texts of such rows are looked for
in every row, notice, error and plan that the login gets. Not here: what is tried (`attacks`).
"""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from orchestration.warehouse.access.differences import find_differences
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.role_facts import READERS
from tests.integration.access.attacks import CHANGES, FILES, FUNCTIONS, OURS, RELATIONS, THROUGH, Attack
from tests.integration.access.institutions import fill
from tests.integration.access.members import logged_in, members, superuser
from tests.integration.access.reading import RULES, Reader
from tests.integration.access.test_rows import LOGINS, Rows, marts_of, read
from tests.integration.scored import Scoring

KINDS = ("bi_reader", "q_bi", "q_unit", "q_leader", "q_post", "q_steward", "q_auditor", "q_nobody")
SECRET = "said there by pipeline"  # stands in the statement of a session that works beside
TELLING = re.compile(r"\d+\.\d{4,}|.*\bt?here\b.*", re.DOTALL)


@pytest.fixture(scope="module")
def filled(unscored: Scoring) -> Iterator[Warehouse]:
    fill(unscored.warehouse)
    with superuser(unscored.warehouse) as conn, conn.transaction():
        conn.execute("set local session_replication_role = replica")
        conn.execute(
            "update scores.item_score set source_file = concat_ws('/', 'cell', institution, subject_kind, subject_code)"
        )
    with members(unscored.warehouse, {login: LOGINS[login] for login in KINDS if login != "bi_reader"}):
        yield unscored.warehouse


@pytest.fixture(scope="module")
def everything(filled: Warehouse) -> dict[str, Rows]:
    with filled.connect() as conn:
        return {mart: read(conn, mart) for mart in marts_of(conn)}


@pytest.fixture(scope="module")
def busy(filled: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """A session of the pipeline's whose statement others may not see, nor end."""
    with filled.connect(autocommit=True) as conn:
        conn.execute(f"select '{SECRET}'".encode())
        yield conn


def foreign(everything: dict[str, Rows], login: str) -> set[str]:
    """Figures and texts of rows that the login may not see, and of none that it may."""
    issues = {row["issue"]: row for row in everything["fct_validation_issue"]}
    reader = Reader(LOGINS[login])
    own: set[str] = set()
    others: set[str] = {SECRET}
    for mart, rows in everything.items():
        for row in rows:
            may = RULES[mart](reader, issues[row["issue"]] if mart == "fct_issue_event" else row)
            (own if may else others).update(str(value) for value in row.values())
    seen = "\n".join(own)
    return {value for value in others if TELLING.fullmatch(value) and len(value) > 6 and value not in seen}


def leaked(attack: Attack, canaries: set[str]) -> list[tuple[str, set[str]]]:
    """Which answer told which canary."""
    found = []
    texts = {canary for canary in canaries if not re.fullmatch(r"[\d.]+", canary)}
    for statement, told in attack.heard:
        figures = set(re.findall(r"\d+\.\d{4,}", told)) & canaries
        if figures or (texts and any(text in told for text in texts)):
            found.append((statement, figures | {text for text in texts if text in told}))
    return found


def enter(filled: Warehouse, login: str) -> psycopg.Connection[Any]:
    return filled.connect("bi_reader", autocommit=True) if login == "bi_reader" else logged_in(filled, login)


@pytest.fixture(scope="module")
def known(filled: Warehouse) -> dict[str, list[str]]:
    """What there is to be tried: relations, marts, functions, roles."""
    with superuser(filled) as conn:
        relations = conn.execute(RELATIONS).fetchall()
        return {
            "relations": [name for name, _ in relations],
            "ours": [name for name, schema in relations if schema in OURS],
            "marts": [name for name, schema in relations if schema == "marts"],
            "functions": [call for (call,) in conn.execute(FUNCTIONS, [list(OURS)])],
            "roles": [name for (name,) in conn.execute("select rolname from pg_roles order by 1")],
        }  # fmt: skip


def test_canaries_are_many(everything: dict[str, Rows]) -> None:
    for login in KINDS:
        assert len(foreign(everything, login)) > (20 if login == "bi_reader" else 200), login


@pytest.mark.parametrize("login", KINDS)
def test_no_answer_tells_a_foreign_row(
    filled: Warehouse, everything: dict[str, Rows], known: dict[str, list[str]], busy: Any, login: str
) -> None:
    canaries = foreign(everything, login)
    with enter(filled, login) as conn:
        attack = Attack(conn)
        for relation in known["relations"]:
            attack.attempt(f"select * from {relation}")
        for relation in known["ours"]:
            attack.attempt(f"copy {relation} to stdout")
        for mart in known["marts"]:
            attack.attempt(f"copy (select * from {mart}) to stdout")
            attack.attempt(f"explain (analyze, verbose, buffers, settings) select * from {mart}")
            attack.attempt(f"select 1 / (length(m::text) - length(m::text)) from {mart} as m")
            attack.attempt(f"select * from {mart} as m where ('x' || cast(m as text)) ~ '^(((y' limit 1")
        for statement in (*known["functions"], *FILES, *THROUGH):
            attack.attempt(statement)
        attack.attempt("set row_security = off")
        for mart in known["marts"]:
            attack.attempt(f"select * from {mart}")
        assert leaked(attack, canaries) == []
    assert busy.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("login", KINDS)
def test_no_login_becomes_another(
    filled: Warehouse, everything: dict[str, Rows], known: dict[str, list[str]], login: str
) -> None:
    canaries = foreign(everything, login)
    with enter(filled, login) as conn:
        attack = Attack(conn)
        for role in (*known["roles"], "none"):
            ways = (
                f"set role {role}", f"set session authorization {role}",
                f"select set_config('role', '{role}', false)",
                f"select set_config('session_authorization', '{role}', false)",
                f"select set_config('qingyuan.login', '{role}', false)",
            )  # fmt: skip
            became = [attack.attempt(way) for way in ways]
            if any(became):
                acting = conn.execute("select current_user::text").fetchone()
                assert acting in ((login,), *((group,) for group in READERS)), role
                for mart in ("fct_item_score", "fct_period_score", "fct_log_entry"):
                    attack.attempt(f"select * from marts.{mart}")
                conn.execute("reset role")
        for database in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(**{**filled.logins["bi_reader"], "dbname": database})  # type: ignore[arg-type]
        assert leaked(attack, canaries) == []


@pytest.mark.parametrize("login", KINDS)
def test_no_login_changes_anything(filled: Warehouse, login: str) -> None:
    counts = "select (select count(*) from ops.membership), (select max(hash) from audit.entry)"
    with superuser(filled) as hand:
        before = (find_differences(hand), hand.execute(counts).fetchone())
        with enter(filled, login) as conn:
            attack = Attack(conn)
            assert [statement for statement in CHANGES if attack.attempt(statement)] == []
        assert (find_differences(hand), hand.execute(counts).fetchone()) == before


def test_pooled_connections_in_turn(filled: Warehouse, everything: dict[str, Rows]) -> None:
    """Readers take turns on the same two connections of a pooler, with statements whose plans are kept."""
    turns = ("q_unit", "q_steward", "q_bi", "q_nobody", "q_leader", "q_post")
    seen: dict[str, set[str]] = {}
    with superuser(filled) as hand:
        hand.execute("create role q_pooler login noinherit password 'a password of tests'")
        hand.execute(f"grant connect on database {filled.database} to q_pooler".encode())
        hand.execute(f"grant {', '.join(turns)} to q_pooler with inherit false, set true".encode())
        try:
            with logged_in(filled, "q_pooler") as first, logged_in(filled, "q_pooler") as second:
                for turn in range(4 * len(turns)):
                    login, conn = turns[turn * 5 % len(turns)], (first, second)[turn % 2]
                    conn.execute(f"set role {login}".encode())
                    attack = Attack(conn)
                    rows = [
                        repr(row)
                        for mart in ("fct_item_score", "heat_map", "fct_period_score")
                        for _ in range(2)
                        for row in conn.execute(f"select * from marts.{mart}".encode(), prepare=True)
                    ]
                    attack.heard.append((login, "\n".join(rows)))
                    assert leaked(attack, foreign(everything, login)) == []
                    assert seen.setdefault(login, set(rows)) == set(rows)
                    conn.execute("reset role")
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        conn.execute("select * from marts.fct_item_score")
        finally:
            hand.execute("drop owned by q_pooler; drop role q_pooler")
    assert {login for login, rows in seen.items() if rows} == set(turns) - {"q_nobody"}
