"""Access put right: the statements that mend a difference, where there are any, and their entries in the log.

What was mended enters the log as `access.mended`, with what differed. Not here: making roles and logins
(`warehouse.roles`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, sql

from orchestration.warehouse.access.differences import Difference, find_differences
from orchestration.warehouse.log import SYSTEM, Entry, append

Connection = psycopg.Connection[Any]
_WAIT = "5s"  # for readers of a table whose policies are mended
_TURN = 7_163_411_904  # one mender at a time
_NOT_NOW = (
    errors.InsufficientPrivilege,
    errors.LockNotAvailable,
    errors.UndefinedObject,
    errors.UndefinedTable,
)


class Kept(NamedTuple):
    """What was mended, and what still differs."""

    mended: Sequence[Difference] = ()
    left: Sequence[Difference] = ()


def mend_access(conn: Connection, actor: str = SYSTEM) -> Kept:
    """Put right what this connection's role may, and log it, in one transaction.

    As owner: tables, functions and marts; as a superuser: memberships and attributes of roles too.
    """
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(%s)", [_TURN])
        conn.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(_WAIT)))
        found = find_differences(conn)
        tried = [difference for difference in found if _mend(conn, difference)]
        left = find_differences(conn)
        mended = [difference for difference in tried if difference not in left or difference.is_built_anew]
        append(conn, [_entry(difference, actor) for difference in mended])
    shut = {difference.object for difference in mended if difference.is_built_anew}
    return Kept(mended, [difference for difference in left if difference.object not in shut])


def _mend(conn: Connection, difference: Difference) -> bool:
    """All of its statements or none; False where there are none, or they may not be made, or not now."""
    statements = list(_STATEMENTS.get(difference.kind, _nothing)(difference))
    try:
        with conn.transaction():
            for statement in statements:
                conn.execute(statement.encode())
    except _NOT_NOW:
        return False
    return bool(statements)


def _entry(difference: Difference, actor: str) -> Entry:
    content = {
        name: value and " ".join(value.split())
        for name, value in difference._asdict().items()
        if name != "object"
    }
    return Entry(actor, "access.mended", None, None, "access", difference.object, content)


# SQL of names that the server quoted itself and of texts that it read back; `ops.declared_access` is owner's alone.
def _grant(one: Difference) -> Iterator[str]:
    if default := re.fullmatch(r"default (\w+) of (\w+)(?: in (.+))?", one.object):
        things, maker, schema = default.groups()
        first = f"alter default privileges for role {maker}" + (f" in schema {schema}" if schema else "")
        yield f"{first} revoke all on {things} from {one.name}"
        if one.declared:
            yield f"{first} grant {one.declared} on {things} to {one.name}"
        return
    on = one.object if re.match("(schema|function|database) ", one.object) else f"table {one.object}"
    yield f"revoke all on {on} from {one.name} cascade"
    if one.declared:
        yield f"grant {one.declared} on {on} to {one.name}"


def _owner(one: Difference) -> Iterator[str]:
    if one.is_built_anew:
        yield from _view(one)
    elif one.declared:
        what = one.object if one.object.startswith("schema ") else f"table {one.object}"
        yield f"alter {what} owner to {one.declared}"


def _row_security(one: Difference) -> Iterator[str]:
    yield f"alter table {one.object} {'enable' if one.declared else 'disable'} row level security"
    yield f"alter table {one.object} {'force' if one.declared == 'forced' else 'no force'} row level security"


def _policy(one: Difference) -> Iterator[str]:
    yield f"drop policy if exists {one.name} on {one.object}"
    if one.declared:
        yield f"create policy {one.name} on {one.object} {one.declared}"


def _options(one: Difference) -> Iterator[str]:
    if one.found:
        names = ", ".join(option.split("=")[0] for option in one.found.split(", "))
        yield f"alter view {one.object} reset ({names})"
    if one.declared:
        yield f"alter view {one.object} set ({one.declared})"


def _view(one: Difference) -> Iterator[str]:
    if one.is_built_anew:  # until then it is shut: row security of the tables decides
        yield f"alter view {one.object} owner to mart_owner"
        yield "update ops.marts_built set code_hash = ''"


def _member(one: Difference) -> Iterator[str]:
    yield f"""
        do $body$ declare maker regrole; begin
            for maker in
                select grantor from pg_auth_members
                where roleid = {_text(one.object)}::regrole and member = {_text(one.name)}::regrole
            loop
                execute format('revoke %s from %s granted by %s cascade',
                    {_text(one.object)}, {_text(one.name)}, maker);
            end loop;
        end $body$"""  # noqa: S608 - names quoted as literals


def _attribute(one: Difference) -> Iterator[str]:
    for attribute in (one.found or "").split(", "):
        yield f"alter role {one.object} no{attribute}"


def _elsewhere(one: Difference) -> Iterator[str]:
    if one.name:
        what = "function" if "(" in one.object else "table"
        yield f"revoke all on {what} {one.object} from {one.name} cascade"


def _nothing(one: Difference) -> Iterator[str]:
    yield from ()


def _text(name: str) -> str:
    return sql.Literal(name).as_string()


_STATEMENTS: Mapping[str, Callable[[Difference], Iterator[str]]] = {
    "grant": _grant,
    "owner": _owner,
    "row_security": _row_security,
    "policy": _policy,
    "options": _options,
    "view": _view,
    "member": _member,
    "attribute": _attribute,
    "elsewhere": _elsewhere,
}
