"""What a dashboard's queries cost each kind of reader where a hundred schools have twelve quarters, row security on.

`python -m tests.bench readers`, `python -m tests.bench_readers [HOME]`: a home that is named is made where it is not
there, and kept. One school is scored by runs, the others have its rows (`tests/size/schools.py`); the queries are those
of `docs/bi/queries`, each sent over TCP. Of a query: milliseconds that a reader waits, half of them and 19 of 20, and
those of the server's own processor. Asserts no time: machines differ.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from psycopg import Connection

from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import Warehouse, open_warehouse
from tests.integration.access.members import Membership, logged_in, members
from tests.size.schools import multiply, name

QUERIES = Path(__file__).parents[1] / "docs" / "bi" / "queries"
QINGYUAN = str(Path(sys.executable).with_name("qingyuan"))
FIRST, LAST = "2023Q4", "2026Q3"
SCHOOL = name(50)
READERS: Mapping[str, Membership] = {
    "bench_school": ("bi_reader", SCHOOL, None),
    "bench_unit": ("unit_reader", SCHOOL, "C05"),
    "bench_leader": ("leader_reader", SCHOOL, "P05"),
}
REPETITIONS = 20
LIMIT = 300  # milliseconds
# Of the whole: rows of marts as they are counted, and every school's colours of one quarter.
ALL_SCHOOLS = {
    "(all schools' roots)": f"""
        select institution, band, count(*) from marts.fct_indicator_score
        where quarter = '{LAST}' and level = 0 and subject_kind = 'unit' group by institution, band""",
    "(quarters to choose)": "select distinct quarter from marts.dim_quarter",
}
SIZE = """
    select parent, sum(pg_total_relation_size(relid)) / 1e6, sum(reltuples)
    from unnest(array['scores.indicator_score', 'scores.item_score', 'quality.issue', 'quality.rectification',
        'quality.warning']) as parent
    cross join lateral pg_partition_tree(parent::regclass) as parts
    join pg_class on oid = parts.relid and isleaf
    group by parent order by parent"""


def main(kept: str = "") -> None:
    """Prints a line for each query, with three figures for each reader."""
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="qingyuan-readers-"))
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o755)
    settings = Settings(_env_file=None, home=folder / "home")
    try:
        warehouse = opened(settings)
        with members(warehouse, {login: [held] for login, held in READERS.items()}):
            measure(warehouse)
    finally:
        embedded.stop(settings.home, discard=not kept)
        if not kept:
            shutil.rmtree(folder)


def opened(settings: Settings) -> Warehouse:
    """The hundred schools, made unless the home has them, with the marts as they are now."""
    environment = {**os.environ, "QINGYUAN_HOME": str(settings.home), "QINGYUAN_LANGUAGE": "en"}

    def qingyuan(*command: str) -> None:
        subprocess.run([QINGYUAN, *command], env=environment, check=True, stdout=subprocess.DEVNULL)

    if not settings.home.exists():
        qingyuan("sample", "--quarters", f"{FIRST}:{LAST}", "--seed", "7")
        qingyuan("backfill", FIRST, LAST)
    warehouse = open_warehouse(settings)
    with warehouse.connect("owner") as conn:
        row = conn.execute("select count(distinct institution) from ops.current_version").fetchone()
        if row == (1,):
            multiply(conn)
        conn.execute("delete from ops.membership where login = any(%s)", [list(READERS)])
        for relation, megabytes, rows in conn.execute(SIZE):
            write(f"{relation:28} {rows:12,.0f} rows {megabytes:8,.0f} MB")
    return warehouse


def measure(warehouse: Warehouse) -> None:
    queries = {path.stem: path.read_text(encoding="utf-8") for path in sorted(QUERIES.glob("*.sql"))}
    bound = {stem: text.replace("'demo'", f"'{SCHOOL}'") for stem, text in queries.items()}
    readers = {"bi_reader": warehouse.connect("bi_reader", autocommit=True)}
    readers |= {login: logged_in(warehouse, login) for login in READERS}
    write(f"{'':24}" + "".join(f"{login:>30}" for login in readers))
    write(f"{'ms':24}" + f"{'p50    p95    cpu  rows':>30}" * len(readers))
    slowest = 0.0
    for stem, text in (bound | ALL_SCHOOLS).items():
        line = f"{stem:24}"
        for conn in readers.values():
            half, most, processor, rows = cost(conn, text)
            slowest = max(slowest, half)
            line += f"{half:12.0f} {most:6.0f} {processor:6.0f} {rows:4d}"
        write(line)
    write(f"the slowest p50 is {slowest:.0f} ms: x{slowest / LIMIT:.2f} of at most {LIMIT}")
    for conn in readers.values():
        conn.close()


def cost(conn: Connection[Any], query: str) -> tuple[float, float, float, int]:
    """Milliseconds of half and of 19 of 20, the server's processor's own in the mean, and rows of the answer."""
    server = psutil.Process(conn.info.backend_pid)
    conn.prepare_threshold = None  # a BI tool's queries are planned each time
    rows = len(conn.execute(query).fetchall())  # what a page of a dashboard that was opened before finds
    waited: list[float] = []
    before = sum(server.cpu_times()[:2])
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        conn.execute(query).fetchall()
        waited.append(1000 * (time.perf_counter() - began))
    processor = 1000 * (sum(server.cpu_times()[:2]) - before) / REPETITIONS
    return statistics.median(waited), sorted(waited)[-2], processor, rows


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:2])
