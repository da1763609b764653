"""What 100,000 units cost: one quarter scored by dbt as a run does it, beside one SQL script written by hand.

`python -m tests.bench_size [UNITS]`, `python -m tests.bench size`; `make bench` ends with it. Both write the same
rows in the same server, and the figures are compared, so that the ratio of their seconds means something. Asserts
no time: machines differ.
"""

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.assets.dbt_runner import NO_UNIT_TESTS, build, prepare
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue, store_catalogue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.versions import close_scope, open_scope, scoring_lock
from tests.size.quarter import QUARTER, deliver, grown

BY_HAND = Path(__file__).parent / "size" / "by_hand.sql"
TABLES = ("item_score", "indicator_score")
SAMPLE = """
    select pg_current_wal_insert_lsn() - '0/0', temp_bytes from pg_stat_database
    where datname = current_database()"""


@dataclass
class Bench:
    """The server's own counters beside the clock; prints a line a stage."""

    warehouse: Warehouse

    def counters(self) -> tuple[float, float, float]:
        """Now: seconds, bytes of log written, bytes of temporary files."""
        with self.warehouse.connect("owner") as conn:
            row = conn.execute(SAMPLE).fetchone()
        assert row
        return time.perf_counter(), float(row[0]), float(row[1])

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        before = self.counters()
        yield
        self.say(what, before)

    def say(self, what: str, before: tuple[float, float, float]) -> None:
        seconds, log, temporary = (now - then for now, then in zip(self.counters(), before, strict=True))
        write(f"  {what:44} {seconds:7.2f} s  log {log / 1e6:7.0f} MB  temporary {temporary / 1e6:7.0f} MB")

    def rows(self, schema: str) -> None:
        """Rows and bytes, with indexes, of the quarter's scores in `schema`."""
        with self.warehouse.connect("owner") as conn:
            for table in TABLES:
                part = f"{schema}.{table}" + ("_" + QUARTER.lower() if schema == "scores" else "")
                found = conn.execute(
                    f"select count(*), coalesce((select sum(pg_total_relation_size(relid)) from "
                    f"pg_partition_tree('{part}')), pg_total_relation_size('{part}')) from {part}"
                ).fetchone()
                assert found
                write(f"  {schema}.{table:24} {found[0]:11,} rows  {float(found[1]) / 1e6:7.0f} MB")


def main(units: int = 100_000) -> None:
    home = Path(tempfile.mkdtemp(prefix="qingyuan-size-"))
    home.chmod(0o755)
    settings = Settings(_env_file=None, home=home / "home")
    try:
        measure(settings, units)
    finally:
        embedded.stop(settings.home, discard=True)
        shutil.rmtree(home)


def measure(settings: Settings, units: int) -> None:
    warehouse = open_warehouse(settings)
    bench = Bench(warehouse)
    catalogue = grown(read_catalogue(settings.catalogue).at(QUARTER), units)
    write(f"{units:,} units, quarter {QUARTER}")
    with bench.stage("make the quarter"), warehouse.connect() as conn:
        deliver(conn, store_catalogue(conn, catalogue), catalogue)
    prepare(settings.dbt_project, settings.home)
    ours = by_dbt(bench, settings, catalogue)
    theirs = by_hand(bench)
    bench.rows("scores")
    bench.rows("by_hand")
    write(f"  dbt {ours:.1f} s, by hand {theirs:.1f} s: x {ours / theirs:.2f} (at most 1.5)")
    write(
        f"  our own memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB (at most 1000)"
    )
    write(f"  rows that differ: {differing(warehouse)}")


def by_dbt(bench: Bench, settings: Settings, catalogue: Any) -> float:
    """Seconds of what dbt's models took; the whole of a run's scoring step is printed."""
    prepared = prepare(settings.dbt_project, settings.home)
    with scoring_lock(bench.warehouse) as conn:
        with bench.stage("dbt: name the version, analyze"):
            scopes = open_scope(conn, {QUARTER: catalogue}, settings, "size")
        started = before = bench.counters()
        tests = 0.0
        for event in build(
            prepared, ["--select", "tag:scoring", *NO_UNIT_TESTS], bench.warehouse.dbt_environment()
        ):
            if event["info"]["name"] in ("LogModelResult", "LogTestResult"):
                bench.say(f"dbt: {event['data']['node_info']['node_name']}", before)
                now = bench.counters()
                tests += now[0] - before[0] if event["info"]["name"] == "LogTestResult" else 0
                before = now
        seconds = time.perf_counter() - started[0]
        bench.say("dbt: all", started)
        with bench.stage("dbt: prune"):
            close_scope(conn, scopes)
    write(f"  of it tests {tests:.2f} s")
    return seconds - tests


def by_hand(bench: Bench) -> float:
    """Seconds of the script, one line a stage; a stage is what follows a line `-- stage:`."""
    started = time.perf_counter()
    preparation, *stages = BY_HAND.read_text(encoding="utf-8").split("-- stage: ")
    with bench.warehouse.connect("owner") as conn:
        conn.execute(preparation.replace("{quarter}", QUARTER))
        conn.commit()
        started = time.perf_counter()
        for stage in stages:
            name, body = stage.split("\n", 1)
            with bench.stage(f"by hand: {name}"):
                conn.execute(body.replace("{quarter}", QUARTER))
        conn.commit()
        return time.perf_counter() - started


def differing(warehouse: Warehouse) -> int:
    """Rows of the two that have no equal, texts as they are and figures to 1e-9, on the other side."""
    rows = 0
    with warehouse.connect("owner") as conn:
        for table in TABLES:
            columns = conn.execute(
                "select attname, atttypid = 'float8'::regtype from pg_attribute "
                "where attrelid = %s::regclass and attnum > 0 and not attisdropped",
                [f"by_hand.{table}"],
            )
            same = ", ".join(f"round({name}::numeric, 9)" if is_float else name for name, is_float in columns)
            one, other = (f"select {same} from {schema}.{table}" for schema in ("scores", "by_hand"))
            found = conn.execute(
                f"select count(*) from (({one} except all {other}) union all ({other} except all {one})) as lone"
            ).fetchone()
            assert found
            rows += int(found[0])
    return rows


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
