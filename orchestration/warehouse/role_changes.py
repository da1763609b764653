"""Facts of roles put right, one statement or two each, and told in a sentence.

Not here: what the facts are (`role_facts.py`), when they are looked at (`roles.py`).
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from orchestration.messages import Language, text
from orchestration.warehouse.role_facts import EVERYBODY, Facts

_ATTRIBUTES = ("login", "inherit", "bypassrls", "superuser", "createdb", "createrole", "replication")
Connection = psycopg.Connection[Any]


class Change(NamedTuple):
    """What was put right: `found` None where there was nothing, `declared` None where nothing is to be."""

    role: str
    fact: str
    found: str | None = None
    declared: str | None = None

    def sentence(self, language: Language) -> str:
        """What was mended, for a person."""
        kind, _, name = self.fact.partition(" ") if " " in self.fact else (self.fact, "", self.fact)
        if self.fact in (*_ATTRIBUTES, "connection limit"):
            kind, name = "attribute", self.fact
        elif name.startswith("here "):
            kind, name = "setting_here", name.removeprefix("here ")
        nothing = text("roles.nothing", language)
        role = text("roles.everybody", language) if self.role == EVERYBODY else self.role
        given = {"found": self.found or nothing, "declared": self.declared or nothing}
        return text(f"roles.{kind}", language, role=role, name=name.removeprefix("of "), **given)


def mend(conn: Connection, found: Facts, wanted: Facts, concerns: Callable[[str], bool]) -> list[Change]:
    """Put right what differs among the facts of concern, all of it or nothing; what was done."""
    changes = [
        Change(role, fact, found.get((role, fact)), wanted.get((role, fact)))
        for role, fact in sorted({*found, *wanted})
        if concerns(fact) and found.get((role, fact)) != wanted.get((role, fact))
    ]
    with conn.transaction():
        for change in changes:
            for statement in _statements(conn, change):
                conn.execute(statement)
    return changes


def _statements(conn: Connection, change: Change) -> Iterator[sql.Composed]:
    role = sql.SQL("public") if change.role == EVERYBODY else sql.Identifier(change.role)
    kind, _, name = change.fact.partition(" ")
    if change.fact in _ATTRIBUTES:
        word = change.fact if change.declared == "true" else f"no{change.fact}"
        yield sql.SQL("alter role {} {}").format(role, sql.SQL(word))
    elif change.fact == "connection limit":
        yield sql.SQL("alter role {} connection limit {}").format(
            role, sql.Literal(int(change.declared or -1))
        )
    elif kind == "setting":
        yield _setting(conn, role, name, change.declared)
    elif kind == "member":
        yield from _membership(conn, change.role, name.removeprefix("of "), change.declared)
    else:
        where = sql.Identifier(name or conn.info.dbname)
        on = sql.SQL("{} {}").format(sql.SQL("schema" if kind == "schema" else "database"), where)
        yield sql.SQL("revoke all on {} from {}").format(on, role)
        if change.declared:
            yield sql.SQL("grant {} on {} to {}").format(sql.SQL(change.declared), on, role)


def _setting(conn: Connection, role: sql.Composable, name: str, value: str | None) -> sql.Composed:
    here, _, own = name.partition(" ")
    if here == "here":
        database = sql.Identifier(conn.info.dbname)
        return sql.SQL("alter role {} in database {} reset {}").format(role, database, sql.Identifier(own))
    if value is None:
        return sql.SQL("alter role {} reset {}").format(role, sql.Identifier(name))
    return sql.SQL("alter role {} set {} = {}").format(role, sql.Identifier(name), sql.Literal(value))


def _membership(conn: Connection, member: str, group: str, options: str | None) -> Iterator[sql.Composed]:
    """Taken from whoever gave it, then given as it is to be."""
    names = {"group": sql.Identifier(group), "member": sql.Identifier(member)}
    for (giver,) in conn.execute(_GIVERS, {"group": group, "member": member}).fetchall():
        revoke = sql.SQL("revoke {group} from {member} granted by {giver} cascade")
        yield revoke.format(giver=sql.Identifier(giver), **names)
    if options is not None:
        acts = sql.SQL("true" if "set" in options else "false")
        yield sql.SQL("grant {group} to {member} with admin false, inherit true, set {acts}").format(
            acts=acts, **names
        )


_GIVERS = """
    select pg_get_userbyid(grantor) from pg_auth_members
    where roleid = (select oid from pg_roles where rolname = %(group)s)
        and member = (select oid from pg_roles where rolname = %(member)s)"""
