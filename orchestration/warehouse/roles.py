"""The database's roles and what each may do outside single tables: made, repaired and checked here.

owner makes the tables, pipeline fills and scores them, mart_owner owns the views of `marts` and mart_whole those
whose figures need every row; bi_reader and personal logins (of GROUPS) read them. Not here: what is declared
(`role_facts.py`), the statements (`role_changes.py`), grants on tables and views (the migrations, dbt), personal
logins (`login_roles.py`), and the operating system's users (`embedded/user.py`).
"""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from orchestration.warehouse.role_changes import Change, mend
from orchestration.warehouse.role_facts import EVERYBODY, GROUPS, MAKERS, ROLES, declared, standing

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
Connection = psycopg.Connection[Any]


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
    mended = mend(conn, found.facts, wanted, lambda fact: not fact.startswith((*_OF_DATABASE, *_OF_MARTS)))
    changes += [change for change in mended if change.role not in made]
    return changes + ([] if is_superuser else _act_as(conn))


def ensure_database_rights(conn: Connection) -> list[Change]:
    """Close the database to everybody but our roles: no connecting, no temporary tables, no `public`."""
    found = standing(conn, has_tables=False)
    wanted = declared(found, may_log_in=True, bypasses=True)  # of the database alone, which neither changes
    changes = mend(conn, found.facts, wanted, lambda fact: fact.startswith(_OF_DATABASE))
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
    return mend(conn, found.facts, declared(found, may_log_in=may_log_in, bypasses=bypasses), lambda _: True)


def are_right(conn: Connection, *, may_log_in: bool = True) -> bool:
    """Whether nothing needs mending, in one statement; for a migrated database, as any role."""
    found = standing(conn)
    bypasses = may_log_in or found.facts.get(("pipeline", "bypassrls")) == "true"
    return found.facts == declared(found, may_log_in=may_log_in, bypasses=bypasses)


def set_password(conn: Connection, role: str, verifier: str) -> None:
    """Set the role's password from a SCRAM verifier: the password itself enters no statement and no log."""
    conn.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _make(conn: Connection, role: str) -> bool:
    """Whether the role had to be made."""
    if conn.execute("select from pg_roles where rolname = %s", [role]).rowcount:
        return False
    conn.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    return True


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


_NOT_ACTED_AS = """
    select name from unnest(%s::text[]) as name
    where not (pg_has_role(current_user, name, 'usage') and pg_has_role(current_user, name, 'set'))"""
# A reader who could lock or write: the pipeline's locks are advisory; large objects and messages need no table.
_OPEN_FUNCTIONS = """
    select oid::regprocedure::text, proname from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
        and (
            proname ~ '^pg_(try_)?advisory_'
            or proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'pg_logical_emit_message')
        )
        and has_function_privilege('public', oid, 'execute')
    order by 1"""
