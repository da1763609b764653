"""A warm quarter's dbt step beside the same compiled statements sent over one connection: `tests.bench` calls it.

Takes a warehouse whose quarter has been delivered. Each repetition scores a version nobody has scored: the
coverage threshold, part of a version's name, moves by a hair. Not here: whole commands (`tests.bench`).
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from psycopg import sql

from orchestration.assets.dbt_runner import NO_UNIT_TESTS, build, prepare
from orchestration.settings import Settings
from orchestration.warehouse.catalogue import checked_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.versions import Connection, open_scope, scoring_lock

MODELS = {"int_item_scores": "item_score", "int_indicator_scores": "indicator_score"}
REPETITIONS = 5


def compare(home: Path, quarter: str) -> tuple[float, float]:
    """Median seconds of the dbt step and of its statements alone, over the same quarter."""
    own = Settings(home=home)
    warehouse = open_warehouse(own)
    prepared = prepare(own.dbt_project, own.home)
    compiled = _compiled(warehouse, own, home / "bench")
    steps: list[float] = []
    statements: list[float] = []
    for number in range(REPETITIONS + 1):
        changed = own.model_copy(update={"min_coverage": own.min_coverage + 1e-9 * (number + 1)})
        with scoring_lock(warehouse) as lock:
            open_scope(lock, {quarter: checked_catalogue(own.catalogue, quarter)}, changed, f"bench {number}")
            started = time.perf_counter()
            for _ in build(
                prepared, ["--select", "tag:scoring", *NO_UNIT_TESTS], warehouse.dbt_environment()
            ):
                pass
            between = time.perf_counter()
            with warehouse.connect() as conn:
                _send(conn, compiled)
            steps.append(between - started)
            statements.append(time.perf_counter() - between)
    # The first is cold.
    return statistics.median(steps[1:]), statistics.median(statements[1:])


def _compiled(warehouse: Warehouse, own: Settings, target: Path) -> Path:
    """The folder of the compiled scoring models and their tests."""
    project = str(own.dbt_project)
    dbt = str(Path(sys.executable).with_name("dbt"))
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(target)]
    subprocess.run(
        [
            dbt,
            "--quiet",
            "compile",
            "--select",
            "tag:scoring",
            "test_type:data",
            *places,
            "--log-path",
            str(target),
        ],
        env={**os.environ, **warehouse.dbt_environment()},
        check=True,
    )
    return target / "compiled" / "qingyuan"


def _send(conn: Connection, compiled: Path) -> None:
    """What dbt sends that reads or writes rows, in its order, without dbt."""
    for name in ("nestloop", "mergejoin", "sort"):
        conn.execute(sql.SQL("set local {} = off").format(sql.Identifier(f"enable_{name}")))
    for model, table in MODELS.items():
        target = sql.Identifier("scores", table)
        conn.execute(
            sql.SQL(
                "delete from {} where quarter in (select quarter from ops.scoring_scope)"
                " and score_version in (select score_version from ops.scoring_scope)"
            ).format(target)
        )
        names = sql.SQL(", ").join(
            sql.Identifier(name)
            for (name,) in conn.execute(
                "select column_name from information_schema.columns"
                " where table_schema = 'scores' and table_name = %s and column_name <> 'shelf'"
                " order by ordinal_position",
                [table],
            )
        )
        body = (compiled / "models" / "intermediate" / f"{model}.sql").read_text("utf-8").encode()
        insert = sql.SQL("insert into {} ({}) select {} from (").format(target, names, names)
        conn.execute(insert.as_string(conn).encode() + body + b") as scored")
    for test in sorted((compiled / "tests").glob("*.sql")):
        conn.execute(test.read_text("utf-8").encode())
