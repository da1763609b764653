"""The database's roles and what each may do outside single tables: made, repaired and checked here.

owner makes the tables, pipeline fills and scores them, mart_owner owns the views of `marts` and mart_whole those
whose figures need every row; bi_reader and personal logins (of GROUPS) read them. Not here: grants on tables dbt
does not own (the migrations), and the operating system's users (`embedded/user.py`).
"""

from typing import Any, LiteralString

import psycopg
from psycopg import sql

# Given to personal logins: none of them logs in itself.
GROUPS: tuple[LiteralString, ...] = ("unit_reader", "leader_reader", "portrait_reader", "steward", "auditor")
ROLES: tuple[LiteralString, ...] = ("owner", "pipeline", "mart_owner", "mart_whole", "bi_reader", *GROUPS)
_READER_CONNECTIONS = 20
# A reader may change these for a session; what holds is that it was granted SELECT on marts and nothing else.
_READER_SETTINGS: dict[LiteralString, LiteralString] = {
    "default_transaction_read_only": "on",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "search_path": "marts",
    "TimeZone": "UTC",
}
Connection = psycopg.Connection[Any]


def ensure_roles(conn: Connection, *, may_log_in: bool) -> frozenset[str]:
    """Make or mend the roles of the whole server, and say which were made anew.

    `may_log_in`: owner and pipeline come in by themselves.

    Without it (an external server) the connection's user is made a member and acts as them.
    """
    present = {
        name
        for (name,) in conn.execute("select rolname from pg_roles where rolname = any(%s)", [list(ROLES)])
    }
    for role in ROLES:
        if role not in present:
            conn.execute(sql.SQL("create role {} noinherit").format(sql.Identifier(role)))
    logs_in = sql.SQL("login" if may_log_in else "nologin")
    conn.execute(sql.SQL("alter role owner inherit {}").format(logs_in))
    conn.execute(sql.SQL("alter role pipeline inherit {}").format(logs_in))
    conn.execute("alter role mart_owner nologin inherit")
    conn.execute("alter role mart_whole nologin inherit")
    conn.execute(f"alter role bi_reader login noinherit connection limit {_READER_CONNECTIONS:d}")
    for name, value in _READER_SETTINGS.items():
        conn.execute(
            sql.SQL("alter role bi_reader set {} = {}").format(sql.Identifier(name), sql.Literal(value))
        )
    conn.execute("grant mart_owner, mart_whole to owner, pipeline with inherit true, set true")
    is_superuser, bypasses = _own_rights(conn)
    if not is_superuser:
        conn.execute(
            "grant owner, pipeline, mart_owner, mart_whole to current_user with inherit true, set true"
        )
    if is_superuser or bypasses:  # without it a policy lets pipeline through, four times slower
        conn.execute("alter role pipeline bypassrls")
    return frozenset(ROLES) - present


def ensure_database_rights(conn: Connection) -> None:
    """Close the database to everybody but our roles: no connecting, no temporary tables, no `public`."""
    database = sql.Identifier(conn.info.dbname)
    for statement in (
        "revoke all on database {} from public",
        f"grant connect on database {{}} to owner, pipeline, bi_reader, {', '.join(GROUPS)}",
        "grant create, temporary on database {} to owner",
        "grant temporary on database {} to pipeline",
    ):
        conn.execute(sql.SQL(statement).format(database))
    conn.execute("revoke all on schema public from public")
    if _own_rights(conn)[0]:  # only a superuser may change what Postgres itself gave to everybody
        conn.execute(_CLOSE_FUNCTIONS)


def ensure_reading(conn: Connection) -> None:
    """Give bi_reader SELECT on what is in `marts` now and what will be; after the migrations."""
    conn.execute(f"grant usage on schema marts to bi_reader, {', '.join(GROUPS)}")
    conn.execute("grant select on all tables in schema marts to bi_reader")
    # dbt makes a view as pipeline and then hands it to mart_owner: either may be the maker.
    for maker in ("mart_owner", "pipeline"):
        conn.execute(
            sql.SQL(
                "alter default privileges for role {} in schema marts grant select on tables to bi_reader"
            ).format(sql.Identifier(maker))
        )


def set_password(conn: Connection, role: LiteralString, verifier: str) -> None:
    """Set the role's password from a SCRAM verifier: the password itself enters no statement and no log."""
    conn.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def are_right(conn: Connection) -> bool:
    """Whether nothing needs mending, in one statement; for a migrated database, as any role."""
    settings = sorted(f"{name}={value}" for name, value in _READER_SETTINGS.items())
    row = conn.execute(_CHECK, {"settings": settings, "connections": _READER_CONNECTIONS}).fetchone()
    return row is not None and bool(row[0])


def _own_rights(conn: Connection) -> tuple[bool, bool]:
    row = conn.execute("select rolsuper, rolbypassrls from pg_roles where rolname = current_user").fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


# A reader who could lock or write: the pipeline's locks are advisory, and large objects need no table.
_CLOSE_FUNCTIONS = """
do $body$
declare
    routine regprocedure;
begin
    for routine in
        select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and (proname ~ '^pg_(try_)?advisory_' or proname in ('lo_creat', 'lo_create', 'lo_from_bytea'))
            and has_function_privilege('public', oid, 'execute')
    loop
        execute format('revoke execute on function %s from public', routine);
        execute format('grant execute on function %s to owner, pipeline', routine);
    end loop;
end $body$
"""

_CHECK = """
select
    (select array_agg(setting order by setting collate "C") from pg_roles, unnest(rolconfig) as setting
     where rolname = 'bi_reader' and rolcanlogin and rolconnlimit = %(connections)s) = %(settings)s::text[]
    and (
        select count(*) from pg_roles where rolname in ('owner', 'pipeline', 'mart_owner') and rolinherit
    ) = 3
    and pg_has_role('pipeline', 'mart_owner', 'set')
    and not has_database_privilege('public', current_database(), 'temporary')
    and not has_schema_privilege('public', 'public', 'usage')
    and has_database_privilege('bi_reader', current_database(), 'connect')
    and has_schema_privilege('bi_reader', 'marts', 'usage')
    and not exists (
        select from pg_class
        where relnamespace = 'marts'::regnamespace and relkind in ('r', 'p', 'v', 'm')
            and not has_table_privilege('bi_reader', oid, 'select')
    )
    and (
        select count(*) from pg_default_acl, aclexplode(defaclacl)
        where defaclnamespace = 'marts'::regnamespace and defaclobjtype = 'r' and privilege_type = 'SELECT'
            and grantee = 'bi_reader'::regrole and defaclrole in ('mart_owner'::regrole, 'pipeline'::regrole)
    ) = 2
"""
