"""What passes between a file that is closed in the inbox and its score in the mart, with the daemon running.

`python -m tests.bench instant [drops]`: a real daemon and code server, as `make dev` starts them without its web
pages; each file comes by rename or is written slowly, in turn. Asserts no time: machines differ.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from expectations.documents import CONTENT, contracts_hash
from orchestration.samples.write import write_samples
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from tests.integration.daemon import RUN, Daemon

QUARTER, DROPS, WRITING = "2026Q3", 12, 3.0
WATCHED = 20.0
STEPS = ("extract", "scores", "marts", "warnings", "heat_map", "warning_board")


def main(drops: str = str(DROPS)) -> None:
    """Drops so many files, one after the other; prints where the seconds went."""
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-instant-"))
    folder.chmod(0o755)
    settings = Settings(_env_file=None, home=folder / "home")
    daemon = Daemon(settings)
    try:
        measure(daemon, folder, int(drops))
    finally:
        daemon.stop()
        embedded.stop(settings.home, discard=True)
        shutil.rmtree(folder, ignore_errors=True)


def measure(daemon: Daemon, folder: Path, drops: int) -> None:
    catalogue = read_catalogue(daemon.settings.catalogue)
    inbox = daemon.settings.home / "inbox"
    write_samples(inbox, catalogue, [QUARTER], 7)
    daemon.settings.contract_pages.mkdir()  # as if they were written, so that nothing else runs
    codes = [row.code for row in catalogue.departments]
    (daemon.settings.contract_pages / CONTENT).write_text(contracts_hash(codes), encoding="utf-8")
    os.environ["QINGYUAN_DAGSTER_URL"] = daemon.warehouse.dagster_url()
    daemon.start()
    daemon.until(lambda: _is_idle(daemon), "the first run")
    watching(daemon)
    institution = catalogue.institutions[0].code
    places = sorted((inbox / institution / QUARTER).glob("*.xlsx"))
    costs = []
    for drop in range(drops):
        place = places[drop % len(places)]
        write_samples(folder / "new", catalogue, [QUARTER], 100 + drop)
        new = folder / "new" / institution / QUARTER / place.name
        before, worked = _submissions(daemon), _cpu(daemon)
        closed = (renamed if drop % 2 else written)(new, place)
        daemon.until(lambda: _submissions(daemon) > before and _is_idle(daemon), "the score")  # noqa: B023
        costs.append({**spent(daemon, closed, by_rename=bool(drop % 2)), "CPU": _cpu(daemon) - worked})
    report(costs)


def renamed(new: Path, place: Path) -> float:
    """Comes whole, as a copy under another name that is renamed."""
    beside = place.with_name(f".{place.name}.part")
    shutil.copyfile(new, beside)
    beside.replace(place)
    return time.time()


def written(new: Path, place: Path) -> float:
    """Comes slowly, in pieces, under its own name."""
    content = new.read_bytes()
    step = len(content) // 10 + 1
    with place.open("wb") as stream:
        for start in range(0, len(content), step):
            stream.write(content[start : start + step])
            stream.flush()
            os.fsync(stream.fileno())
            time.sleep(WRITING / 10)
    return time.time()


def spent(daemon: Daemon, closed: float, *, by_rename: bool) -> dict[str, float]:
    """Seconds by what they went to, of the last run."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(daemon.home)) as instance:
        (record,) = instance.get_run_records(dg.RunsFilter(job_name="quarter"), limit=1)
        stats: Any = instance.get_run_stats(record.dagster_run.run_id)
        steps = [one for one in instance.get_run_step_stats(record.dagster_run.run_id) if one.start_time]
    ((switched,),) = daemon.rows(
        "select extract(epoch from max(switched_at))::float8 from ops.current_version"
    )
    created = record.create_timestamp.timestamp()
    first = min(step.start_time for step in steps)
    costs = {
        "quiet time": 2.0,
        "sensor": created - closed - 2.0,
        "queue": stats.launch_time - created,
        "process, imports": stats.start_time - stats.launch_time,
        "resources": first - stats.start_time,
    }
    ends = first
    for name in STEPS:
        own = [step for step in steps if step.step_key.startswith(name)]
        if own:
            last = max(step.end_time for step in own)
            costs[name], ends = last - ends, last
    return {
        **costs,
        "end": stats.end_time - ends,
        "file closed → score": switched - closed,
        "file closed → page": stats.end_time - closed,
    }


def watching(daemon: Daemon) -> None:
    """What it costs that nothing happens."""
    daemon.until(lambda: not daemon.processes(RUN), "the end of the first runs")
    before = _cpu(daemon, runs=False)
    time.sleep(WATCHED)
    share = (_cpu(daemon, runs=False) - before) / WATCHED
    sys.stdout.write(f"watching an inbox in which nothing happens: {share:.1%} of a core\n")


def report(costs: list[Mapping[str, float]]) -> None:
    sys.stdout.write(f"{len(costs)} files{'':16}{'p50':>8}{'p95':>8}{'most':>8}\n")
    for name in costs[-1]:
        own = sorted(cost.get(name, 0.0) for cost in costs)
        p95 = own[max(0, -(-len(own) * 95 // 100) - 1)]
        limit = "  limit 30" if name == "file closed → score" else ""
        sys.stdout.write(f"{name:24}{statistics.median(own):8.2f}{p95:8.2f}{own[-1]:8.2f}{limit}\n")


def _is_idle(daemon: Daemon) -> bool:
    """Whether the last submissions are scored and the run that scored them ended."""
    return bool(
        daemon.rows(
            "select 1 from ops.current_version join ops.run using (score_version) where finished_at is not null"
        )
    ) and not daemon.rows("select 1 from dagster.runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')")


def _submissions(daemon: Daemon) -> int:
    return int(daemon.rows("select count(*) from raw.submission")[0][0])


def _cpu(daemon: Daemon, *, runs: bool = True) -> float:
    """Seconds of processor time of the daemon, the code server and their runs so far; not PostgreSQL's.

    A run that ended is counted when its parent noticed, which may be at the next run.
    """
    total = 0.0
    for process in daemon.processes():
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
        total += times.children_user + times.children_system if runs else 0.0
    return total


if __name__ == "__main__":
    main(*sys.argv[1:])
