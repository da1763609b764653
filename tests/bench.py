"""What a run costs, as ratios measured in one go on this machine: `make bench`.

Not a test: machines differ and are noisy, so nothing here asserts a time. The limits printed beside the
figures are those of the product's own promises.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests import (
    bench_analysis,
    bench_instant,
    bench_preview,
    bench_publish,
    bench_readers,
    bench_returns,
    bench_size,
    bench_warnings,
)
from tests.bench_step import compare

QUARTERS = "2024Q4:2026Q3"
QINGYUAN = str(Path(sys.executable).with_name("qingyuan"))
FLOOR = "import dagster, dbt.cli.main, great_expectations"


class Cost:
    """Seconds and peak memory (bytes, all Python processes of the command together) of one command."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        started = time.perf_counter()
        process = psutil.Popen(
            command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.peak = 0
        while process.poll() is None:
            self.peak = max(self.peak, memory(process))
            try:
                process.wait(0.05)
            except psutil.TimeoutExpired:
                continue
        self.seconds = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{process.stderr.read()}")


def memory(process: psutil.Process) -> int:
    """Resident bytes of `process` and its children, PostgreSQL's own processes left out."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            if "postgres" not in one.name():
                total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def median(costs: list[Cost]) -> float:
    return statistics.median(cost.seconds for cost in costs)


def main(only: str = "") -> None:
    """What commands, 10,000 failing cells and 100,000 units cost; `only` names one of PARTS."""
    for name, part in PARTS.items():
        if only in ("", name):
            part()


def commands() -> None:
    with tempfile.TemporaryDirectory(prefix="qingyuan-bench-") as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "QINGYUAN_HOME": folder + "/home", "QINGYUAN_LANGUAGE": "en"}
        try:
            measure(environment)
        finally:
            subprocess.run([QINGYUAN, "db", "stop"], env=environment, check=False)


def measure(environment: Mapping[str, str]) -> None:
    floor = [Cost([sys.executable, "-c", FLOOR], environment) for _ in range(3)]
    subprocess.run([QINGYUAN, "sample", "--quarters", QUARTERS, "--seed", "7"], env=environment, check=True)
    Cost([QINGYUAN, "run", "2024Q4"], environment)  # prepares server, tables, manifest
    cold = [Cost([QINGYUAN, "run", quarter], environment) for quarter in ("2025Q1", "2025Q2", "2025Q3")]
    again = Cost([QINGYUAN, "run", "2025Q3"], environment)
    step, statements = compare(Path(environment["QINGYUAN_HOME"]), "2025Q3")
    backfill = fresh_backfill(environment)
    row("import floor (dagster, dbt, GX)", median(floor), floor)
    row("cold run of one quarter", median(cold), cold, median(cold) / median(floor), "2.5 x floor")
    row("the same again, nothing to do", again.seconds, [again], again.seconds / median(floor), "")
    row("backfill of 8 quarters", backfill.seconds, [backfill], backfill.seconds / median(cold), "3 x cold")

    sys.stdout.write(f"{'a warm dbt step, of one quarter':34} {step:7.2f} s\n")
    over = step - statements
    sys.stdout.write(
        f"{'its statements over one connection':34} {statements:7.2f} s  +{over:.2f} s  at most +2 s\n"
    )


def fresh_backfill(environment: Mapping[str, str]) -> Cost:
    """Eight quarters nobody has scored: a home of its own, its server, tables and manifest prepared."""
    home = Path(environment["QINGYUAN_HOME"]).with_name("backfill")
    own = {**environment, "QINGYUAN_HOME": str(home)}
    try:
        subprocess.run(
            [QINGYUAN, "sample", "--quarters", "2024Q3:2026Q3", "--seed", "7"], env=own, check=True
        )
        Cost([QINGYUAN, "run", "2024Q3"], own)
        return Cost([QINGYUAN, "backfill", "2024Q4", "2026Q3"], own)
    finally:
        subprocess.run([QINGYUAN, "db", "stop"], env=own, check=False)


def row(what: str, seconds: float, costs: list[Cost], ratio: float = 1.0, limit: str = "") -> None:
    peak = max(cost.peak for cost in costs) / 1e6
    sys.stdout.write(f"{what:34} {seconds:7.2f} s  x{ratio:5.2f}  {peak:6.0f} MB  {limit}\n")


PARTS = {
    "commands": commands,
    "analysis": bench_analysis.main,
    "instant": bench_instant.main,
    "publish": bench_publish.main,
    "preview": bench_preview.main,
    "readers": bench_readers.main,
    "returns": bench_returns.main,
    "size": bench_size.main,
    "warnings": bench_warnings.main,
}

if __name__ == "__main__":
    main(*sys.argv[1:2])
