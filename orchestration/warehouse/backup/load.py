"""A dump into an empty database, as it was: owners, grants, row security, rows; then compared with the manifest.

Not here: which database that is and what becomes of it (`restore.py`), roles (`roles.py`).
"""

import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from orchestration.warehouse.backup.archive import DUMP, Backup
from orchestration.warehouse.backup.content import Content, differences, read_content
from orchestration.warehouse.backup.errors import BackupError
from orchestration.warehouse.backup.logins import Connection, Login, connect
from orchestration.warehouse.backup.programs import listing, restored

# All or nothing: who looks finds an empty database or a full one, also after a kill.
_LOAD = ("--exit-on-error", "--single-transaction", "--no-password", "--no-tablespaces")
_OPTIONS = "-cmaintenance_work_mem=256MB -csynchronous_commit=off"
# Schemas with their grants come first: who takes over a table must be allowed to have one there.
_SCHEMA = re.compile(r"^\d+; \d+ \d+ (SCHEMA -|ACL - SCHEMA) (?!public )")
# What `roles.ensure_database_rights` does; to do it here one would have to be the server's superuser.
_NOT_OURS = re.compile(r"^\d+; \d+ \d+ (ACL|COMMENT) (pg_catalog|- SCHEMA public|- EXTENSION) ")


def load(backup: Backup, login: Login) -> None:
    """Load the dump into the database of the login. Raises BackupError; then nothing of it is there."""
    entries = [line for line in listing(backup.read(DUMP)) if re.match(r"^\d+;", line)]
    schemas = [line for line in entries if _SCHEMA.match(line)]
    others = [line for line in entries if not _SCHEMA.match(line) and not _NOT_OURS.match(line)]
    target = f"--dbname={make_conninfo(dbname=login['dbname'])}"
    own = {**login, "options": f"{login.get('options', '')} {_OPTIONS}".strip()}
    with tempfile.TemporaryDirectory() as folder:
        for number, lines in enumerate((schemas, others)):
            wanted = _written(Path(folder) / str(number), lines)
            restored(backup.read(DUMP), own, [*_LOAD, f"--use-list={wanted}", target])


def _written(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def compare(backup: Backup, login: Login, each: Callable[[int, int], None]) -> Content:
    """What the database holds, which is what the manifest tells; BackupError with the first difference else."""
    told = Content.of(backup.manifest["content"])
    with connect(login) as conn, conn.transaction():
        conn.execute("set transaction isolation level repeatable read read only")
        found = read_content(conn, each)
    if differing := list(differences(told, found)):
        raise BackupError("differs", count=len(differing), first=differing[0])
    return found


def is_free(conn: Connection) -> bool:
    """Whether nobody would miss the database: nothing was ever delivered, scored or run, and nobody registered."""
    tables = conn.execute(_USED).fetchall()
    return not any(conn.execute(f"select from {name} limit 1").fetchone() is not None for (name,) in tables)


def empty(conn: Connection) -> None:
    """Take away our own schemas of a database that `is_free`; BackupError where something else is in it."""
    with conn.transaction():
        for (name,) in conn.execute(_SCHEMAS).fetchall():
            conn.execute(f"drop schema {name} cascade")
        row = conn.execute(_LEFT).fetchone()
        if row is not None:
            raise BackupError("database_not_empty", database=conn.info.dbname, found=row[0])


def tidy(conn: Connection) -> None:
    """Let the server know its new tables."""
    conn.add_notice_handler(_hear_nothing)
    conn.execute("analyze")


def _hear_nothing(_: psycopg.errors.Diagnostic) -> None:
    """That the server's own tables are not ours to look through is known."""


_USED = """
    select format('%I.%I', nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r' and (nspname in ('raw', 'scores') or
        (nspname, relname) in (('ops', 'person'), ('ops', 'run'), ('ops', 'score_version')))
    order by 1"""
_SCHEMAS = """
    select quote_ident(nspname) from pg_namespace
    where nspowner = (select oid from pg_roles where rolname = 'owner')"""
_LEFT = """
    select format('%I.%I', nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' limit 1"""
