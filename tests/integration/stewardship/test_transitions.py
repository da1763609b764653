"""The database's transitions of an issue are those of `core.states`, and it refuses every other."""

import psycopg
import pytest

from orchestration.core.states import STATES, TRANSITIONS, State
from orchestration.warehouse.connections import Warehouse

INSERT = (
    "insert into quality.issue (fingerprint, rule, severity, message_zh, message_en, todo_zh, todo_en, state)"
    " values ('f', 'r', 'warn', '', '', '', '', %s) returning id"
)


def test_both_tables_are_one(warehouse: Warehouse) -> None:
    with warehouse.connect() as conn:
        rows = conn.execute("select from_state, to_state from quality.transition").fetchall()
    assert set(rows) == {(state, to) for (state, _), to in TRANSITIONS.items()}


@pytest.mark.parametrize("to", STATES)
@pytest.mark.parametrize("state", STATES)
def test_the_database_refuses_what_is_not_in_the_table(warehouse: Warehouse, state: State, to: State) -> None:
    with warehouse.connect("owner") as conn:
        conn.execute("alter table quality.issue disable trigger user")
        issue = conn.execute(INSERT, [state]).fetchone()
        conn.execute("alter table quality.issue enable trigger user")
        stays = state == to
        # `waived` needs a waiver besides: see test_second_person.
        is_allowed = stays or (
            to != "waived" and to in {t for (s, _), t in TRANSITIONS.items() if s == state}
        )
        if is_allowed:
            conn.execute("update quality.issue set state = %s where id = %s", [to, *issue])
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"does not go|no approved waiver"):
                conn.execute("update quality.issue set state = %s where id = %s", [to, *issue])
        conn.rollback()


@pytest.mark.parametrize("state", sorted(set(STATES) - {"open"}))
def test_an_issue_begins_open(warehouse: Warehouse, state: State) -> None:
    with warehouse.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(INSERT, [state])
