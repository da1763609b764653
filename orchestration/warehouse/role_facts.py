"""What the roles of the server are to be, and what they are: facts, all read in one statement.

A fact is a role's attribute, a setting, a membership, or what it may do with the database and with schemas.
Not here: putting right what differs (`roles.py`), rights on tables, views and functions.
"""

from collections.abc import Mapping
from typing import Any, LiteralString, NamedTuple

import psycopg

# Given to personal logins: none of them logs in itself.
GROUPS: tuple[LiteralString, ...] = ("unit_reader", "leader_reader", "portrait_reader", "steward", "auditor")
READERS: tuple[LiteralString, ...] = ("bi_reader", *GROUPS)
MAKERS: tuple[LiteralString, ...] = ("mart_owner", "mart_whole")
ROLES: tuple[LiteralString, ...] = ("owner", "pipeline", *MAKERS, *READERS)
EVERYBODY: LiteralString = "public"
READER_CONNECTIONS, LOGIN_CONNECTIONS = 20, 5
# A reader may change these for a session; what holds is that it was granted SELECT on marts and nothing else.
READER_SETTINGS: dict[LiteralString, LiteralString] = {
    "default_transaction_read_only": "on",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "idle_session_timeout": "30min",
    "search_path": "marts",
    "TimeZone": "UTC",
}
_BARE = dict.fromkeys(("login", "superuser", "createdb", "createrole", "replication", "bypassrls"), "false")
Connection = psycopg.Connection[Any]
Facts = Mapping[tuple[str, str], str]
"""(role, fact) → value, without those that are not there; the role `public` is everybody."""


class Standing(NamedTuple):
    """What is so; and of the logins that are not as they are to be, the roles of their memberships in force."""

    facts: Facts
    logins: Mapping[str, frozenset[str]]


def standing(conn: Connection, *, has_tables: bool = True) -> Standing:
    """What is so now of our own roles, and of those logins alone that are not as they are to be: there may be many.

    `has_tables`: whether there are memberships yet.
    """
    given = {
        "roles": list(ROLES),
        "readers": list(READERS),
        "settings": [f"{name}={value}" for name, value in READER_SETTINGS.items()],
        "connections": LOGIN_CONNECTIONS,
    }
    facts, logins = {}, {}
    for role, fact, value in conn.execute(_WITH_LOGINS if has_tables else _WITHOUT_LOGINS, given):
        if fact == "memberships":
            logins[role] = frozenset(value.split())
        else:
            facts[role, fact] = value
    return Standing(facts, logins)


def declared(found: Standing, *, may_log_in: bool, bypasses: bool) -> Facts:
    """What is to be so, of the roles of `ROLES` and of those logins that there are roles for.

    `may_log_in`: owner and pipeline come in by themselves; `bypasses`: pipeline stands above row security.
    """
    facts: dict[tuple[str, str], str] = {}
    for role in ROLES:
        facts |= _of(role, {**_BARE, "inherit": "true", "connection limit": "-1"})
    for role in ("owner", "pipeline"):
        facts |= _of(
            role,
            {"login": str(may_log_in).lower(), **{f"member of {name}": "inherit, set" for name in MAKERS}},
        )
    facts["pipeline", "bypassrls"] = str(bypasses).lower()
    facts["owner", "database"], facts["pipeline", "database"] = (
        "CONNECT, CREATE, TEMPORARY",
        "CONNECT, TEMPORARY",
    )
    facts |= _of("bi_reader", {**_reader(READER_CONNECTIONS), "inherit": "false"})
    for role in READERS:
        facts |= _of(role, {"schema marts": "USAGE", "database": "CONNECT"})
    for login, held in found.logins.items():
        if login not in ROLES and (login, "login") in found.facts:
            facts |= _of(login, login_facts(held))
    return facts


def login_facts(held: frozenset[str]) -> dict[str, str]:
    """Of a personal login with memberships of these roles in force; of none: it no longer comes in."""
    facts = {**_BARE, "inherit": "true", **_reader(LOGIN_CONNECTIONS), "login": str(bool(held)).lower()}
    return {**facts, **{f"member of {group_of(role)}": "inherit" for role in held}}


def group_of(role: str) -> str:
    """The group whose relations a membership of `role` opens.

    A BI login of one institution is no member of bi_reader, which logs in: whoever has the rights of a login sees
    its statements and may end its sessions.
    """
    return "unit_reader" if role == "bi_reader" else role


def _reader(connections: int) -> dict[str, str]:
    settings = {f"setting {name}": value for name, value in READER_SETTINGS.items()}
    return {"login": "true", "connection limit": str(connections), **settings}


def _of(role: str, facts: Mapping[str, str]) -> dict[tuple[str, str], str]:
    return {(role, fact): value for fact, value in facts.items()}


# Sets are compared by containment both ways. `group_of` says which group a membership takes.
_OTHERWISE: LiteralString = """
    login as (
        select
            login, string_agg(distinct role, ' ') filter (where ended_at is null) as held,
            coalesce(array_agg(distinct case role when 'bi_reader' then 'unit_reader' else role end || ' inherit')
                filter (where ended_at is null), '{}') as groups
        from membership where login <> all(%(roles)s::text[]) group by login
    ),
    here as (select * from pg_database where datname = current_database()),
    granted as (
        select grantee from here, aclexplode(datacl)
        union
        select grantee from pg_namespace, aclexplode(nspacl) where nspname in ('marts', 'public')
    ),
    given as (
        select
            member, array_agg(concat_ws(' ', roles.rolname, case when inherit_option then 'inherit' end,
                case when set_option then 'set' end, case when admin_option then 'admin' end)) as groups
        from pg_auth_members join pg_roles as roles on roles.oid = roleid
        where member in (select oid from pg_roles where rolname in (select login from login))
        group by member
    ),
    otherwise as (
        select login.login, login.held
        from login
        left join pg_roles on rolname = login.login
        left join given on member = oid
        where
            (oid is null and held is not null)
            or rolcanlogin <> (held is not null) or not rolinherit or rolconnlimit <> %(connections)s
            or rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
            or rolconfig is null
            or not (rolconfig @> %(settings)s::text[] and rolconfig <@ %(settings)s::text[])
            or not (login.groups @> coalesce(given.groups, '{}') and login.groups <@ coalesce(given.groups, '{}'))
            or oid in (select grantee from granted)
            or oid in (select setrole from pg_db_role_setting where setdatabase = (select here.oid from here))
    ),"""
_FACTS: LiteralString = """
    own as (
        select * from pg_roles where rolname = any(%(roles)s) or rolname in (select login from otherwise)
    )
    select rolname, fact, value
    from own cross join lateral (values
        ('login', rolcanlogin::text), ('inherit', rolinherit::text), ('bypassrls', rolbypassrls::text),
        ('superuser', rolsuper::text), ('createdb', rolcreatedb::text), ('createrole', rolcreaterole::text),
        ('replication', rolreplication::text), ('connection limit', rolconnlimit::text)
    ) as attribute (fact, value)
    union all
    select rolname, 'setting ' || split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)
    from own, unnest(rolconfig) as setting
    union all
    select rolname, 'setting here ' || split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)
    from own
    join pg_db_role_setting on setrole = own.oid, unnest(setconfig) as setting
    where setdatabase = (select oid from pg_database where datname = current_database())
    union all
    select
        own.rolname, 'member of ' || given.rolname,
        concat_ws(', ', case when bool_or(inherit_option) then 'inherit' end,
            case when bool_or(set_option) then 'set' end, case when bool_or(admin_option) then 'admin' end)
    from own
    join pg_auth_members on member = own.oid
    join pg_roles as given on given.oid = roleid
    group by own.rolname, given.rolname
    union all
    select coalesce(rolname, 'public'), 'database', string_agg(distinct privilege_type, ', ' order by privilege_type)
    from pg_database
    cross join aclexplode(coalesce(datacl, acldefault('d', datdba))) as given
    left join own on own.oid = grantee
    where datname = current_database() and (rolname is not null or grantee = 0)
    group by rolname
    union all
    select
        coalesce(rolname, 'public'), 'schema ' || nspname,
        string_agg(distinct privilege_type, ', ' order by privilege_type)
    from pg_namespace
    cross join aclexplode(coalesce(nspacl, acldefault('n', nspowner))) as given
    left join own on own.oid = grantee
    where
        nspname in ('marts', 'public')
        and (grantee = 0 or rolname = any(%(readers)s) or rolname <> all(%(roles)s))
    group by rolname, nspname
    union all
    select login, 'memberships', coalesce(held, '') from otherwise"""

_WITH_LOGINS: LiteralString = (
    f"with membership as (select login, role, ended_at from ops.membership), {_OTHERWISE} {_FACTS}"  # noqa: S608 - constants
)
_WITHOUT_LOGINS: LiteralString = (
    "with membership as (select null::text as login, null::text as role, null::timestamptz as ended_at where false),"
    f"{_OTHERWISE} {_FACTS}"
)
