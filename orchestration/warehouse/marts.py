"""Whether the views of `marts` and `warnings` are the ones this code describes: built when their SQL changed.

A rebuild waits for every open reader, so a quarter's run does not do it. Not here: building them (dbt).
"""

from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors, sql

from orchestration.warehouse.basis import files_hash

_MARTS = (
    "models/marts/*.sql",
    "models/marts/*.yml",
    "models/marts/parts/*.sql",
    "models/warnings/*.sql",
    "models/warnings/*.yml",
    "models/warnings/parts/*.sql",
    "macros/*.sql",
    "macros/marts/*.sql",
    "macros/warnings/*.sql",
    "macros/materializations/view.sql",
    "dbt_project.yml",
)
_RETIRED = """
    select relname from pg_class
    where relnamespace = 'marts'::regnamespace and relkind = 'v' and relname ~ '^retired_[0-9]+$'
"""


def marts_are_built(conn: psycopg.Connection[Any], dbt_project: Path) -> bool:
    """Whether every mart and `warnings.cause` stand and were built from the files as they are now."""
    models = dbt_project / "models"
    names = ["warnings.cause", *(f"marts.{path.stem}" for path in sorted(models.glob("marts/*.sql")))]
    row = conn.execute(
        "select exists (select from ops.marts_built where code_hash = %s) and not exists ("
        "  select from unnest(%s::text[]) as view where to_regclass(view) is null)",
        [_hash(dbt_project), names],
    ).fetchone()
    return row is not None and bool(row[0])


def note_marts(conn: psycopg.Connection[Any], dbt_project: Path) -> None:
    """Note that the marts were built from the files as they are now; in the caller's transaction.

    Views that had to make way for another of their name (`macros/marts/make_way.sql`) go, once no other needs them.
    """
    _drop_retired(conn)
    conn.execute(
        "insert into ops.marts_built (code_hash) values (%s) "
        "on conflict (is_only) do update set code_hash = excluded.code_hash, built_at = now()",
        [_hash(dbt_project)],
    )


def _drop_retired(conn: psycopg.Connection[Any]) -> None:
    """One may stand on another, so as long as one of them goes."""
    left = {name for (name,) in conn.execute(_RETIRED)}
    while gone := {name for name in left if _is_dropped(conn, name)}:
        left -= gone


def _is_dropped(conn: psycopg.Connection[Any], view: str) -> bool:
    try:
        with conn.transaction():
            conn.execute(sql.SQL("drop view {}").format(sql.Identifier("marts", view)))
    except errors.DependentObjectsStillExist:
        return False
    return True


def _hash(dbt_project: Path) -> str:
    return files_hash(dbt_project, _MARTS)
