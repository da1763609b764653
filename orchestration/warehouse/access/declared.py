"""What was declared, noted in `ops.declared_access`: by the migrations as the server reads it back, and of marts as the
dbt project has it. Only the role owner writes there.

A note holds all that is needed to make the fact anew. Not here: comparing (`differences`), making anew (`mend`).
"""

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg

from orchestration.warehouse.access.standing import DBT_SCHEMAS, MACHINES, STANDING

Connection = psycopg.Connection[Any]
_GIVEN = {"machines": list(MACHINES), "dbt_schemas": list(DBT_SCHEMAS)}

# Privileges of readers on relations are never noted: they come from the dbt project or from nowhere. Of all, none.
_NOTE_MIGRATIONS: LiteralString = f"""
    with noted as (select * from ops.declared_access where false), {STANDING}
    insert into ops.declared_access (source, kind, object, name, value)
    select 'migrations', kind, object, name, value from standing
    where split_part(object, '.', 1) <> all(%(dbt_schemas)s) and (
        kind <> 'grant' or name = any(%(machines)s) or object like 'function %%' and name <> 'public'
    )"""  # noqa: S608 - of constants alone
# What a view of mart_whole says is known when it was made.
_NOTE_VIEWS: LiteralString = f"""
    with noted as (select * from ops.declared_access where false), {STANDING}
    insert into ops.declared_access (source, kind, object, name, value)
    select 'dbt', kind, object, name, value from standing
    where kind = 'view' and split_part(object, '.', 1) = any(%(dbt_schemas)s)"""  # noqa: S608 - of constants alone
# Which transaction wrote a view's words: while it is the same one, they are.
_MARK_VIEWS: LiteralString = """
    insert into ops.declared_access (source, kind, object, name, value)
    select source, 'code', object, '', pg_rewrite.xmin::text
    from ops.declared_access
    join pg_rewrite on ev_class = to_regclass(object)
    where kind = 'view' and source = %s"""


def is_noted(conn: Connection, code: str) -> bool:
    """Whether what the migrations declare was noted from this very code; where they were all run."""
    found = conn.execute("select from ops.declared_access where kind = 'code' and value = %s", [code])
    return found.rowcount == 1


def note_migrations(conn: Connection, code: str) -> None:
    """Note what the migrations left, as owner and in their transaction."""
    conn.execute("delete from ops.declared_access where source = 'migrations'")
    conn.execute(_NOTE_MIGRATIONS, _GIVEN)
    conn.execute(_MARK_VIEWS, ["migrations"])
    conn.execute("insert into ops.declared_access values ('migrations', 'code', '', '', %s)", [code])


def note_marts(conn: Connection, manifest: Mapping[str, Any]) -> None:
    """Note what dbt's manifest declares of every mart, as owner: before they are built, so that it is so at once."""
    conn.execute("delete from ops.declared_access where source = 'dbt' and kind <> 'view'")
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into ops.declared_access (source, kind, object, name, value) values ('dbt', %s, %s, %s, %s)",
            _mart_facts(manifest),
        )


def note_views(conn: Connection) -> None:
    """Note what the marts say that decide by themselves who sees a row, as owner: after they were built."""
    conn.execute("delete from ops.declared_access where source = 'dbt' and kind in ('view', 'code')")
    conn.execute(_NOTE_VIEWS, _GIVEN)
    conn.execute(_MARK_VIEWS, ["dbt"])


def _mart_facts(manifest: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Owner, readers and options of each view that dbt makes: rows (kind, object, name, value)."""
    facts = []
    for node in manifest["nodes"].values():
        config = node["config"]
        if node["resource_type"] != "model" or config["materialized"] != "view":
            continue
        view = f"{node['schema']}.{node['alias']}"
        facts.append(("owner", view, "", config.get("owner", "mart_owner")))
        facts += [("grant", view, reader, "select") for reader in config["grants"].get("select", ())]
        if config.get("security_barrier", True):
            facts.append(("options", view, "", "security_barrier=true"))
    return facts
