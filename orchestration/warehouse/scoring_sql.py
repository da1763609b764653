"""The models that score, as plain statements: how a caller's own transaction scores a version without dbt.

dbt compiles them once when the project is prepared (`assets.dbt_runner`) and keeps them beside the manifest. They
read a temporary scope, so they neither wait for the pipeline's scope and its lock nor disturb them.
Not here: naming a version and what it rests on (`versions`), switching readers.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from orchestration.warehouse.errors import WarehouseError

NOT_PARSED = ("catalogue", "target", "logs")
STATEMENTS = "scoring.json"
# What lies in the folder: if it grows, a folder that has less of it is not taken for whole.
_KEPT = f"compiled.json whole.msgpack {STATEMENTS}"
# What the statements are compiled for, and their scope there. Between two marks they speak of the quarters in scope.
NO_DATABASE = "no_database"
_SCOPE, _OWN_SCOPE = '"ops"."scoring_scope"', "pg_temp.scoring_scope"
_QUARTERS = re.compile(r"/\* in scope: (\S+) \*/.*?/\* so far \*/", re.DOTALL)
_SETTING = re.compile(r"\bset local (\w+)")
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class ScoringModel:
    """A model's table, the settings its planner wants (`set local …`), and its rows as a select."""

    schema: str
    table: str
    settings: tuple[str, ...]
    select: str


def prepared_folder(project: Path, home: Path) -> Path:
    """Where the parsed project lies: of the same files and the same dbt, the same folder."""
    dbt = f"{version('dbt-core')} {version('dbt-postgres')}"
    digest = hashlib.sha256(f"{dbt} {project} {_KEPT}".encode())
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.is_file() and relative.parts[0] not in NOT_PARSED:
            digest.update(f"\0{relative.as_posix()}\0".encode() + path.read_bytes())
    return home / "dbt" / digest.hexdigest()[:16]


def keep_models(folder: Path, models: Iterable[ScoringModel]) -> None:
    """Write the models, in the order in which they are run, into the folder of the prepared project."""
    (folder / STATEMENTS).write_text(json.dumps([vars(model) for model in models]), encoding="utf-8")


def read_models(project: Path, home: Path) -> tuple[ScoringModel, ...]:
    """The models of the project as it is now, in the order in which they are run.

    Raises WarehouseError where dbt was never asked to prepare it: any run of the pipeline does.
    """
    try:
        kept = json.loads((prepared_folder(project, home) / STATEMENTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WarehouseError("scoring_not_prepared") from None
    return tuple(ScoringModel(**{**model, "settings": tuple(model["settings"])}) for model in kept)


def score(conn: Connection, models: Sequence[ScoringModel], versions: Sequence[str]) -> None:
    """Write the rows of those of `versions` that have none yet and mark them as whole.

    What the pipeline does in several transactions under its lock, but for dbt's tests of the rows.
    """
    conn.execute(_EMPTY_SCOPE)
    quarters = {quarter for (quarter,) in conn.execute(_FILL_SCOPE, [list(versions)])}
    if not quarters:
        return
    conn.execute("analyze pg_temp.scoring_scope")
    named = ", ".join(sql.Literal(quarter).as_string(conn) for quarter in sorted(quarters))
    for model in models:
        # By name, as the materialization puts them there: then the planner knows how many rows to expect.
        rows = _QUARTERS.sub(rf"\1 in ({named})", model.select).replace(_SCOPE, _OWN_SCOPE)
        with _planned(conn, model.settings):
            conn.execute(_insert(conn, model).encode() + rows.encode() + b") as scored")
    conn.execute(_MARK_AS_WHOLE, [list(versions)])


@contextmanager
def _planned(conn: Connection, settings: Sequence[str]) -> Iterator[None]:
    """What the planner is told for one statement, taken back after it."""
    for setting in settings:
        conn.execute(setting.encode())
    yield
    for name in _SETTING.findall(";".join(settings)):
        conn.execute(sql.SQL("set local {} to default").format(sql.Identifier(name)))


def _insert(conn: Connection, model: ScoringModel) -> str:
    """The head of the statement: into the table's columns, but for the shelf, which is the ordinary one."""
    table = sql.Identifier(model.schema, model.table)
    columns = conn.execute(_COLUMNS, [table.as_string(conn)])
    names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in columns)
    return sql.SQL("insert into {} ({}) select {} from (").format(table, names, names).as_string(conn)


_EMPTY_SCOPE: LiteralString = """
    create temporary table if not exists pg_temp.scoring_scope
        (like ops.scoring_scope including defaults) on commit drop;
    delete from pg_temp.scoring_scope"""
_FILL_SCOPE: LiteralString = """
    insert into pg_temp.scoring_scope
        (institution, quarter, score_version, catalogue_hash, min_coverage, provisional)
    select institution, quarter, score_version, catalogue_hash, min_coverage, provisional
    from ops.score_version
    where score_version = any(%s) and scored_at is null
    returning quarter"""
_COLUMNS: LiteralString = """
    select attname from pg_attribute
    where attrelid = %s::regclass and attnum > 0 and not attisdropped and attname <> 'shelf'
    order by attnum"""
_MARK_AS_WHOLE: LiteralString = """
    update ops.score_version set scored_at = now() where score_version = any(%s) and scored_at is null"""
