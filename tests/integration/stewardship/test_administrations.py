"""System, security and audit administration in every combination, in the product and in the database alone."""

import itertools
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from orchestration.core.states import ADMINISTRATIONS, RIGHTS
from orchestration.messages import LANGUAGES
from orchestration.stewardship.administrations import needs_security
from orchestration.stewardship.claims import approve
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.persons import find_person, retire_person, set_person, who_may
from orchestration.warehouse.log import SYSTEM
from tests.integration.stewardship.desk import SCHOOL, an_issue, school

Connection = psycopg.Connection[Any]
_INSERT = "insert into ops.person (code, unit, rights, is_active) values ('new', 'U1', %s, %s)"
_CHECK = (
    "alter table ops.person add constraint person_enters_or_approves_check"
    " check (not (is_active and rights @> array['enter', 'approve'])) not valid"
)
_GRANT = (
    "insert into ops.membership (login, role, institution, code, granted_by)"
    " values (%s, 'unit_reader', %s, 'U1', %s) returning granted_by"
)
_END = "update ops.membership set ended_by = %s, ended_at = now() where login = %s and ended_at is null"


def put(conn: Connection, by: str, code: str, *rights: str, at: str | None = SCHOOL) -> None:
    set_person(conn, by, code, "U1", rights, institution=at, catalogue=school())


def reason(conn: Connection, by: str, code: str, *rights: str, at: str | None = SCHOOL) -> str:
    with pytest.raises(StewardshipError) as refused, conn.transaction():
        put(conn, by, code, *rights, at=at)
    assert all(refused.value.sentence(language) for language in LANGUAGES)
    return refused.value.reason


def told(conn: Connection, code: str) -> list[str]:
    rows = conn.execute(
        "select content from audit.entry where object_kind = 'person' and object_id = %s order by number",
        [code],
    )
    return [content for (content,) in rows]


@pytest.mark.parametrize(
    "held", [held for size in range(4) for held in itertools.combinations(ADMINISTRATIONS, size)]
)
def test_two_administrations_are_told_and_three_refused(conn: Connection, held: tuple[str, ...]) -> None:
    if len(held) == 3:
        assert reason(conn, SYSTEM, "new", "publish", *held) == "administers_all"
        assert find_person(conn, "new") is None
        with pytest.raises(CheckViolation, match="two_administrations"):
            conn.execute(_INSERT, [list(held), True])
        return
    put(conn, SYSTEM, "new", "publish", *held)
    (content,) = told(conn, "new")
    names = '"administrations":["' + '","'.join(held) + '"],'
    assert (names in content) == (len(held) == 2)
    assert ("administrations" in content) == (len(held) == 2)


@pytest.mark.parametrize("pair", list(itertools.combinations(RIGHTS, 2)))
def test_who_enters_never_approves(conn: Connection, pair: tuple[str, str]) -> None:
    """Of all pairs of rights one is refused."""
    if set(pair) == {"enter", "approve"}:
        assert reason(conn, SYSTEM, "new", *pair) == "enters_and_approves"
        with pytest.raises(CheckViolation, match="enters_or_approves"):
            conn.execute(_INSERT, [list(pair), True])
    else:
        put(conn, SYSTEM, "new", *pair)
        assert set(find_person(conn, "new").rights) == set(pair)


def test_one_registered_with_both_before_approves_nothing_and_may_be_mended(settled: Any) -> None:
    with settled.connect("owner") as conn:
        conn.execute("alter table ops.person drop constraint person_enters_or_approves_check")
        conn.execute(_INSERT, [["enter", "approve"], True])
        conn.execute(_CHECK)  # as the migration does in a home that has such persons
        issue = an_issue(conn)
        with pytest.raises(StewardshipError, match="who enters never approves"), conn.transaction():
            approve(conn, "new", issue)
        with pytest.raises(InsufficientPrivilege, match="enters and never approves"), conn.transaction():
            conn.execute("select quality.acting('new', 'approve', 's1')")
        assert conn.execute("select code from quality.acting('new', 'enter', 's1')").fetchone() == ("new",)
        assert "new" not in who_may(conn, "approve", SCHOOL, not_of=None)
        with conn.transaction(force_rollback=True):
            retire_person(conn, SYSTEM, "new")
        put(conn, SYSTEM, "new", "approve")
        assert conn.execute("select code from quality.acting('new', 'approve', 's1')").fetchone() == ("new",)
        conn.rollback()


def test_a_retired_one_s_row_stays_as_it_was(conn: Connection) -> None:
    """Desk's `retired` holds both: no act is left to it, and nothing about its row needs to change."""
    assert conn.execute("update ops.person set unit = 'U3' where code = 'retired'").rowcount == 1
    with pytest.raises(CheckViolation, match="enters_or_approves"):
        conn.execute("update ops.person set is_active = true where code = 'retired'")


def test_the_operator_registers_until_somebody_administers_security(conn: Connection) -> None:
    put(conn, SYSTEM, "first", "object")
    assert '"no_security_administrator":true' in told(conn, "first")[0]
    assert reason(conn, "officer", "other", "object") == "right_missing"
    put(conn, SYSTEM, "warden", "security", "audit")
    assert reason(conn, SYSTEM, "other", "object") == "security_acts"
    assert reason(conn, SYSTEM, "other", "object", at=None) == "security_acts"
    put(conn, "warden", "other", "object")
    assert "no_security" not in told(conn, "other")[0]
    assert reason(conn, "warden", "warden", "object") == "person_sets_itself"
    assert reason(conn, "warden", "everywhere", "object", at=None) == "security_of_one"
    put(conn, SYSTEM, "other", "object")  # as it is already: nothing is written, so nothing is refused
    assert reason(conn, "stranger", "other", "sign") == "right_missing"


def test_a_warden_keeps_to_its_institution(conn: Connection) -> None:
    conn.execute(
        "insert into ops.person (code, institution, unit, rights) values ('far', 's2', 'U1', '{security}')"
    )
    assert reason(conn, "far", "new", "object") == "other_institution"
    put(conn, SYSTEM, "new", "object")  # nobody administers security here
    conn.execute("update ops.person set institution = null where code = 'far'")
    put(conn, "far", "new", "sign")
    put(conn, "far", "everywhere", "sign", at=None)
    assert needs_security(conn, "far", None) == {}
    conn.execute(
        "insert into ops.person (code, institution, unit, rights) values ('near', 's1', 'U1', '{security}')"
    )
    assert (
        reason(conn, "near", "everywhere", "sign") == "security_of_one"
    )  # it is of every institution so far


def test_the_operator_retires_the_only_warden_and_no_other(conn: Connection) -> None:
    put(conn, SYSTEM, "warden", "security")
    put(conn, "warden", "second", "security")
    for code in ("warden", "first"):
        put(conn, "second", "first", "object")
        with pytest.raises(StewardshipError, match="Name one with --as"):
            retire_person(conn, SYSTEM, code)
    retire_person(conn, "warden", "second")
    retire_person(conn, SYSTEM, "warden")
    assert told(conn, "warden")[-1] == '{"only_security_administrator":true}'
    put(conn, SYSTEM, "next", "security")


@pytest.mark.parametrize(
    ("by", "at", "is_granted"),
    [
        ("warden", "s1", True),
        ("warden", "s2", False),
        ("anyplace", "s1", True),
        ("anyplace", "s2", True),
        ("left", "s1", False),
        ("officer", "s1", False),
        ("nobody", "s1", False),
        (SYSTEM, "s1", False),
    ],
)
def test_the_database_asks_who_grants_and_who_ends(
    conn: Connection, by: str, at: str, is_granted: bool
) -> None:
    conn.execute(_GRANT, ["before", at, SYSTEM])
    conn.execute(
        "insert into ops.person (code, institution, unit, rights, is_active) values"
        " ('warden', 's1', 'U1', '{security}', true), ('left', 's1', 'U1', '{security}', false),"
        " ('anyplace', null, 'U1', '{security}', true)"
    )
    acts = ((_GRANT, ["after", at, by]), (_END, [by, "before"]))
    for statement, values in acts:
        if is_granted:
            assert conn.execute(statement, values).rowcount == 1
        else:
            with (
                pytest.raises(InsufficientPrivilege, match="does not administer security"),
                conn.transaction(),
            ):
                conn.execute(statement, values)


def test_the_operator_grants_while_nobody_administers_security(conn: Connection) -> None:
    assert conn.execute(_GRANT, ["one", "s1", SYSTEM]).rowcount == 1
    assert conn.execute(_END, [SYSTEM, "one"]).rowcount == 1
    with pytest.raises(InsufficientPrivilege, match="ended once"):
        conn.execute("update ops.membership set ended_by = 'qingyuan' where login = 'one'")


def test_a_membership_of_every_institution_takes_a_warden_of_every_institution(conn: Connection) -> None:
    grant = "insert into ops.membership (login, role, granted_by) values ('one', 'auditor', %s)"
    put(conn, SYSTEM, "warden", "security")
    for by in ("warden", SYSTEM):
        with pytest.raises(InsufficientPrivilege, match="does not administer security"), conn.transaction():
            conn.execute(grant, [by])
    conn.execute("update ops.person set institution = null where code = 'warden'")
    assert conn.execute(grant, ["warden"]).rowcount == 1
