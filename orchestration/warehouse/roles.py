"""The database's roles and what each may do outside single tables: made, repaired and checked here.

owner makes the tables, pipeline fills and scores them, mart_owner owns the views of `marts` and mart_whole those
whose figures need every row; bi_reader and personal logins (of GROUPS) read them. Not here: what is declared
(`role_facts.py`), grants on tables and views (the migrations, dbt), personal logins' passwords (`passwords.py`),
and the operating system's users (`embedded/user.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql

from orchestration.messages import Language, text
from orchestration.warehouse.role_facts import EVERYBODY, GROUPS, MAKERS, ROLES, Facts, declared, standing

__all__ = [
    "GROUPS",
    "ROLES",
    "Change",
    "are_right",
    "ensure_database_rights",
    "ensure_reading",
    "ensure_roles",
]
_OF_DATABASE = ("database", "schema public", "setting here")
_OF_MARTS = ("schema marts",)
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
        nothing = text("roles.nothing", language)
        role = text("roles.everybody", language) if self.role == EVERYBODY else self.role
        given = {"found": self.found or nothing, "declared": self.declared or nothing}
        return text(f"roles.{kind}", language, role=role, name=name.removeprefix("of "), **given)


def ensure_roles(conn: Connection, *, may_log_in: bool) -> list[Change]:
    """Make or mend the roles of the whole server, and say what was done.

    `may_log_in`: owner and pipeline come in by themselves.

    Without it (an external server) the connection's user is made a member and acts as them.
    """
    changes = [Change(role, "made") for role in ROLES if _make(conn, role)]
    is_superuser, bypasses = _own_rights(conn)
    found = standing(conn, has_tables=False)
    # Without it a policy lets pipeline through, four times slower.
    stands_above = found.facts["pipeline", "bypassrls"] == "true"
    wanted = declared(found, may_log_in=may_log_in, bypasses=is_superuser or bypasses or stands_above)
    made = {change.role for change in changes}
    mended = _mend(conn, found.facts, wanted, lambda fact: not fact.startswith((*_OF_DATABASE, *_OF_MARTS)))
    changes += [change for change in mended if change.role not in made]
    return changes + ([] if is_superuser else _act_as(conn))


def ensure_database_rights(conn: Connection) -> list[Change]:
    """Close the database to everybody but our roles: no connecting, no temporary tables, no `public`."""
    found = standing(conn, has_tables=False)
    wanted = declared(found, may_log_in=True, bypasses=True)  # of the database alone, which neither changes
    changes = _mend(conn, found.facts, wanted, lambda fact: fact.startswith(_OF_DATABASE))
    if not _own_rights(conn)[0]:  # only a superuser may change what Postgres itself gave to everybody
        return changes
    opened = conn.execute(_OPEN_FUNCTIONS).fetchall()
    for signature, _ in opened:
        conn.execute(f"revoke execute on function {signature} from public".encode())
        conn.execute(f"grant execute on function {signature} to owner, pipeline".encode())
    names = ", ".join(dict.fromkeys(name for _, name in opened))
    return changes + ([Change(EVERYBODY, "functions", names)] if names else [])


def ensure_reading(conn: Connection, *, may_log_in: bool) -> list[Change]:
    """Let readers into `marts`, where dbt grants each relation to those it is for; and mend personal logins.

    After the migrations.
    """
    # Given by default until there were readers of less than everything; either may be the maker of a mart.
    for maker in ("mart_owner", "pipeline"):
        conn.execute(
            sql.SQL(
                "alter default privileges for role {} in schema marts revoke all on tables from bi_reader"
            ).format(sql.Identifier(maker))
        )
    found = standing(conn)
    bypasses = found.facts["pipeline", "bypassrls"] == "true"
    return _mend(conn, found.facts, declared(found, may_log_in=may_log_in, bypasses=bypasses), lambda _: True)


def are_right(conn: Connection, *, may_log_in: bool = True) -> bool:
    """Whether nothing needs mending, in one statement; for a migrated database, as any role."""
    found = standing(conn)
    bypasses = may_log_in or found.facts.get(("pipeline", "bypassrls")) == "true"
    return found.facts == declared(found, may_log_in=may_log_in, bypasses=bypasses)


def set_password(conn: Connection, role: str, verifier: str) -> None:
    """Set the role's password from a SCRAM verifier: the password itself enters no statement and no log."""
    conn.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def mend_role(conn: Connection, role: str, found: Facts, wanted: Facts) -> list[Change]:
    """Put right the facts of one role."""
    return _mend(
        conn,
        {key: value for key, value in found.items() if key[0] == role},
        {key: value for key, value in wanted.items() if key[0] == role},
        lambda _: True,
    )


def _make(conn: Connection, role: str) -> bool:
    """Whether the role had to be made."""
    if conn.execute("select from pg_roles where rolname = %s", [role]).rowcount:
        return False
    conn.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    return True


def _mend(conn: Connection, found: Facts, wanted: Facts, concerns: Callable[[str], bool]) -> list[Change]:
    """Put right what differs among the facts of concern, all of it or nothing."""
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


def _act_as(conn: Connection) -> list[Change]:
    """On an external server the connection's user acts as those roles of ours that make and fill tables."""
    roles: Sequence[LiteralString] = ("owner", "pipeline", *MAKERS)
    lacking = [name for (name,) in conn.execute(_NOT_ACTED_AS, [list(roles)])]
    for name in lacking:
        conn.execute(
            sql.SQL("grant {} to current_user with inherit true, set true").format(sql.Identifier(name))
        )
    return [Change(conn.info.user, f"member of {name}", None, "inherit, set") for name in lacking]


def _own_rights(conn: Connection) -> tuple[bool, bool]:
    row = conn.execute("select rolsuper, rolbypassrls from pg_roles where rolname = current_user").fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


_GIVERS = """
    select grantor::regrole::text from pg_auth_members
    where roleid = (select oid from pg_roles where rolname = %(group)s)
        and member = (select oid from pg_roles where rolname = %(member)s)"""
_NOT_ACTED_AS = """
    select name from unnest(%s::text[]) as name
    where not (pg_has_role(current_user, name, 'usage') and pg_has_role(current_user, name, 'set'))"""
# A reader who could lock or write: the pipeline's locks are advisory, and large objects need no table.
_OPEN_FUNCTIONS = """
    select oid::regprocedure::text, proname from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
        and (proname ~ '^pg_(try_)?advisory_' or proname in ('lo_creat', 'lo_create', 'lo_from_bytea'))
        and has_function_privilege('public', oid, 'execute')
    order by 1"""
