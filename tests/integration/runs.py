"""A school to run: its inbox, its database, its publications. Runs go through Dagster, as the command line's do.

`School.start` is one run in a process of its own, for tests that kill it.
"""

import math
import os
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

from orchestration.partitions import range_tags
from orchestration.samples.write import write_mended, write_samples
from orchestration.settings import Settings
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import Role, Warehouse, open_warehouse
from tests.integration.processes import start

SEED = 7
# What a rerun may not touch. ops.run is not among them: every run is noted.
WRITTEN = (
    "raw.submission",
    "raw.cell",
    "raw.observation",
    "quality.issue",
    "scores.item_score",
    "scores.indicator_score",
    "ops.score_version",
    "ops.current_version",
)


@dataclass(frozen=True)
class School:
    """A database in the server of `server`, and a folder of its own for everything else."""

    server: Settings
    database: str
    home: Path

    @property
    def settings(self) -> Settings:
        return self.server.model_copy(update={"home": self.home})

    @cached_property
    def warehouse(self) -> Warehouse:
        return open_warehouse(self.server, self.database)

    @property
    def page(self) -> Path:
        return self.home / "publications" / "demo"

    def copy(self, home: Path) -> "School":
        """The same school as it stands, in a database of its own; `home` must be a copy of this one's."""
        database = f"t_{uuid4().hex[:12]}"
        open_warehouse(self.server, database, template=self.database)
        return School(self.server, database, home)

    def deliver(
        self, quarters: Sequence[str], *, mended: bool = False, seed: int = SEED, by: str = ""
    ) -> list[Path]:
        """Puts the sample's files of the quarters into the inbox: all, of one department, or `mended` refused ones."""
        paths, quiet = [], time.time() - 60  # nobody is writing them still: a run need not wait
        for quarter in quarters:
            for name, content in _samples(self.settings.catalogue, quarter, mended, seed).items():
                if name.name.startswith(by):
                    paths.append(self.home / "inbox" / name)
                    paths[-1].parent.mkdir(parents=True, exist_ok=True)
                    paths[-1].write_bytes(content)
                    os.utime(paths[-1], (quiet, quiet))
        return paths

    def definitions(self, **overrides: Any) -> Any:
        from orchestration.definitions import build_defs
        from orchestration.resources import WarehouseResource

        share_parsed(self.home, self.server.home)
        warehouse = WarehouseResource(settings=self.server, database=self.database)
        return build_defs(settings=self.settings, warehouse=warehouse, **overrides)

    def run(self, first: str, last: str | None = None, assets: Sequence[Any] | None = None) -> Any:
        """One run over the quarters in this process; Dagster's result, failed or not."""
        import dagster as dg

        with theirs_ignored(), dg.DagsterInstance.ephemeral() as instance:
            job = self.definitions().resolve_job_def("quarter")
            return job.execute_in_process(
                instance=instance,
                tags=range_tags(first, last or first),
                asset_selection=assets,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )

    def publish(self, job: str, period: str, *, by: str | None = None) -> Any:
        """One run of a half-year or a year in this process, as final where `by` publishes; failed or not."""
        import dagster as dg

        with theirs_ignored(), dg.DagsterInstance.ephemeral() as instance:
            return (
                self.definitions()
                .resolve_job_def(job)
                .execute_in_process(
                    instance=instance,
                    partition_key=period,
                    tags={} if by is None else {"qingyuan/final_by": by},
                    raise_on_error=False,
                    run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                )
            )

    def succeed(self, first: str, last: str | None = None) -> Any:
        """A run that must end well."""
        result = self.run(first, last)
        assert result.success, reasons(result)
        return result

    def start(self, quarter: str) -> BaseProcess:
        """A run of the quarter in a process of its own."""
        return start(School.succeed, self, quarter, says=self.home / "said.txt")

    def rows(self, query: str, *values: object, role: Role = "pipeline") -> list[tuple[Any, ...]]:
        with self.warehouse.connect(role) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def figures(self, role: Role = "pipeline") -> list[tuple[Any, ...]]:
        """Every node of every current version, as a reader sees it."""
        query = """
            select * from marts.fct_indicator_score
            order by quarter, institution, framework, subject_kind, subject_code, indicator"""
        return self.rows(query, role=role)

    def footprints(self) -> dict[str, object]:
        """Where every row and file stands and which transaction or moment wrote it."""
        rows = {
            table: self.rows(
                f"select tableoid::regclass::text, ctid::text, xmin::text from {table} order by 1, 2"
            )
            for table in WRITTEN
        }
        files = {str(path): path.stat().st_mtime_ns for path in _files(self.home / "publications")}
        return {**rows, "files": files}


@cache
def _samples(catalogue: Path, quarter: str, mended: bool, seed: int) -> dict[Path, bytes]:
    """The sample's files of a quarter by their place in the inbox: one quarter's are the same whatever is beside it."""
    write = write_mended if mended else write_samples
    with tempfile.TemporaryDirectory(prefix="qingyuan-samples-") as folder:
        paths = write(Path(folder), read_catalogue(catalogue), [quarter], seed)
        return {path.relative_to(folder): path.read_bytes() for path in paths}


def share_parsed(home: Path, other: Path) -> None:
    """Makes `home` keep parsed dbt projects where `other` does: parsing takes seconds."""
    if home != other and not (home / "dbt").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "dbt").symlink_to((other / "dbt").resolve())


@contextmanager
def theirs_ignored() -> Iterator[None]:
    """What Dagster, dbt and Great Expectations warn of is theirs to mend; what our own modules do is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", module=r"orchestration\.|expectations\.")
        yield


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def same(some: Sequence[Sequence[Any]], others: Sequence[Sequence[Any]]) -> bool:
    """Whether two sets of figures agree; Postgres promises no order of summation, hence the last digits."""
    return len(some) == len(others) and all(
        math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
        if isinstance(one, float) and isinstance(other, float)
        else one == other
        for row, other_row in zip(some, others, strict=True)
        for one, other in zip(row, other_row, strict=True)
    )


def reasons(result: Any) -> list[str]:
    """Why steps failed, the innermost reason of each."""
    said = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error.cause is not None:
                error = error.cause
            said.append(f"{event.step_key}: {error.message}\n{''.join(error.stack[-2:])}")
    return said
