"""A scored school to back up, and homes to restore it into: what the tests of backups share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from orchestration.settings import Settings
from orchestration.warehouse.backup.make import Made, make_backup
from orchestration.warehouse.backup.restore import Restored, restore_backup
from orchestration.warehouse.connections import Warehouse
from tests.integration.runs import School

OURS = "nspname !~ '^pg_' and nspname not in ('information_schema', 'public')"


class Beside(Settings):
    """Settings of the tests' server, whose publications lie in the home of one school."""

    place: Path

    @property
    def publications(self) -> Path:
        return self.place / "publications"


def silent(_: str, **__: object) -> None:
    """Nobody looks on."""


ANYBODY: dict[str, Any] = {"by": "qingyuan", "allow": lambda _: None, "tell": silent}


def backed_up(school: School, folder: Path, by: str = "qingyuan") -> Made:
    """A backup of the school, whose database is one of several in the tests' server."""
    own = Beside(_env_file=None, home=school.server.home, place=school.home)
    return make_backup(own, folder, by=by, tell=silent, database=school.database)


def restored(home: Path, path: Path, **more: Any) -> Restored:
    """The backup in the embedded server of the home."""
    own = Settings(_env_file=None, home=home)
    return restore_backup(own, path, **{**ANYBODY, **more})


@contextmanager
def as_operator(warehouse: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """A connection that reads everything, as the embedded server's superuser."""
    login = {**warehouse.logins["owner"], "user": "postgres"} if warehouse.embedded else None
    with psycopg.connect(**login) if login else warehouse.connect("owner") as conn:  # type: ignore[arg-type]
        yield conn


def rows(conn: psycopg.Connection[Any]) -> dict[str, list[bytes]]:
    """Every row of every ordinary table as COPY writes it, in order."""
    names = conn.execute(
        "select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = "
        f"relnamespace where relkind = 'r' and {OURS} order by 1"
    ).fetchall()
    found = {}
    for (name,) in names:
        with conn.cursor().copy(f"copy {name} to stdout") as copy:  # type: ignore[call-overload]
            found[name] = sorted(bytes(row) for row in copy)
    return found


RIGHTS = f"""
    select distinct rolname, nspname || '.' || relname, right_name,
        has_table_privilege(rolname, pg_class.oid, right_name)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    cross join pg_roles cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as right_name
    where {OURS} and relkind in ('r', 'p', 'v') and rolname !~ '^pg_|^college_' order by 1, 2, 3"""
POLICIES = "select * from pg_policies order by schemaname, tablename, policyname"
SECURED = f"""
    select nspname || '.' || relname, relkind::text, relowner::regrole::text, relrowsecurity, reloptions
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where {OURS} and relkind <> 'i' order by 1"""
# A view's text may read otherwise (`in` as `= any`), its columns may not.
VIEWS = f"""
    select attrelid::regclass::text, row_number() over (partition by attrelid order by attnum),
        attname, format_type(atttypid, atttypmod), attnotnull
    from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
    where {OURS} and attnum > 0 and not attisdropped and relkind <> 'i' order by 1, 2"""
COMMENTS = "select objoid::regclass::text, objsubid, description from pg_description where objoid > 16384 order by 1, 2"
CONSTRAINTS = f"""
    select nspname, conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid)
    from pg_constraint join pg_namespace on pg_namespace.oid = connamespace where {OURS} order by 2, 3"""
TRIGGERS = """
    select tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
    from pg_trigger where not tgisinternal order by 1, 2"""
FUNCTIONS = f"""
    select pg_proc.oid::regprocedure::text, proowner::regrole::text, prosecdef, prosrc,
        has_function_privilege('pipeline', pg_proc.oid, 'execute'),
        has_function_privilege('bi_reader', pg_proc.oid, 'execute')
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace where {OURS} order by 1"""
INDEXES = (
    f"select indexname, indexdef from pg_indexes where {OURS.replace('nspname', 'schemaname')} order by 2"
)
LOOKS = (RIGHTS, POLICIES, SECURED, VIEWS, COMMENTS, CONSTRAINTS, TRIGGERS, FUNCTIONS, INDEXES)
