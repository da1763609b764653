"""One run of a job in this process, against Dagster's own storage.

Not here: the jobs themselves (`jobs`), what is said about its outcome (`summary`).
"""

import gc
import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from orchestration.cli.door import say
from orchestration.cli.processes import end_orphans, interruptible, process_tag
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse.connections import Warehouse, open_warehouse

if TYPE_CHECKING:
    import dagster as dg

LINE = "%(asctime)s %(levelname)s %(message)s"


@dataclass(frozen=True)
class Failure:
    """A step that failed, and the first line of why."""

    step: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended: Dagster's run id, and the steps that failed (none: all is well)."""

    run_id: str
    failures: tuple[Failure, ...]


def prepare_dagster(settings: Settings, warehouse: Warehouse) -> Path:
    """Writes Dagster's home, points this process and its children at it; the home's path."""
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    source, target = PROJECT / "docker" / "dagster.yaml", home / "dagster.yaml"
    if not target.exists() or target.read_bytes() != source.read_bytes():
        # Written beside and renamed: another process may be reading it.
        beside = target.with_suffix(f".{os.getpid()}")
        shutil.copyfile(source, beside)
        beside.replace(target)
    os.environ["DAGSTER_HOME"] = str(home.absolute())
    os.environ["QINGYUAN_DAGSTER_URL"] = warehouse.dagster_url()
    # A range of quarters materializes an asset many times at once: one statement instead of one each.
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = "100"
    return home


def open_instance(settings: Settings, warehouse: Warehouse) -> "dg.DagsterInstance":
    """Dagster's instance of the settings, its tables made, no run of a dead process left as running."""
    import dagster as dg

    prepare_dagster(settings, warehouse)
    with warehouse.connect(autocommit=True) as turn:
        # Two processes that make Dagster's tables at once stand in each other's way; closing gives the turn on.
        turn.execute("select pg_advisory_lock(hashtextextended('dagster', 0))")
        instance = dg.DagsterInstance.get()
    # As its web server does: keeps a connection open instead of making several for each event, which took half
    # of what Dagster adds to a quarter (4.3 s against 2.1).
    instance.optimize_for_webserver(statement_timeout=0, pool_recycle=3600, max_overflow=20)
    end_orphans(instance)
    return instance


def run_quarters(settings: Settings, first: str, last: str) -> Outcome:
    """Runs the quarter's job once over the quarters from `first` to `last`; never raises for a failed step."""
    from orchestration.partitions import range_tags

    # Half-years and years are left out of the definitions: building them would be time that no quarter needs.
    return _run(settings, None, range_tags(first, last), with_periods=False)


def run_period(settings: Settings, job: str, period: str, tags: Mapping[str, str]) -> Outcome:
    """Runs the job of a half-year or a year once, with tags that say who publishes; never raises as above."""
    return _run(settings, job, tags, partition_key=period)


def _run(
    settings: Settings,
    job_name: str | None,
    tags: Mapping[str, str],
    *,
    partition_key: str | None = None,
    with_periods: bool = True,
) -> Outcome:
    """One run of the job of that name, the quarter's where it is None."""
    # A run makes millions of objects that live as long as it does: looking through them for garbage took 12 %
    # of a quarter's time. Imports are left out of it for good, and what comes later is looked at more seldom.
    gc.disable()
    log = _log_file(settings)

    from orchestration.definitions import build_defs
    from orchestration.jobs import QUARTER

    warehouse = open_warehouse(settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Dagster says of its own sensors when it resolves them
        definitions = build_defs(
            settings=settings, with_periods=with_periods, loggers={"terminal": _terminal()}
        )
        job = definitions.resolve_job_def(job_name or QUARTER)
    with open_instance(settings, warehouse) as instance:
        gc.freeze()
        gc.set_threshold(50_000, 500, 1000)
        gc.enable()
        run_id = str(uuid4())
        result = interruptible(
            lambda: job.execute_in_process(
                instance=instance,
                run_id=run_id,
                partition_key=partition_key,
                tags={**tags, **process_tag()},
                raise_on_error=False,
                run_config={"loggers": {"terminal": {"config": {"log": str(log)}}}},
            ),
            lambda: _cancel(instance, run_id),
        )
    return Outcome(result.run_id, tuple(_failures(result)))


def _failures(result: Any) -> Iterator[Failure]:
    for event in result.all_events:
        if event.is_step_failure:
            failed = event.step_failure_data
            # What an asset says by itself is a sentence; anything else is told by its innermost error.
            said = failed.user_failure_data and failed.user_failure_data.description
            yield Failure(event.step_key or "", said or _reason(failed.error))


def _log_file(settings: Settings) -> Path:
    """The file that runs write to; what libraries warn of goes there too, and not to the terminal."""
    log = settings.home / "log" / "runs.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=log, encoding="utf-8", format=LINE, level=logging.WARNING)
    # What dagster-dbt says about its own arguments is of use to nobody.
    logging.getLogger("dagster.builtin").setLevel(logging.WARNING)
    return log


def _cancel(instance: "dg.DagsterInstance", run_id: str) -> None:
    if run := instance.get_run_by_id(run_id):
        instance.report_run_canceled(run)
    say("stopped")


def _reason(error: Any) -> str:
    """The innermost message of a chain of errors, its first line."""
    while error.cause is not None:
        error = error.cause
    return str(error.message).strip().splitlines()[0]


def _terminal() -> "dg.LoggerDefinition":
    """A logger that writes our sentences to the terminal, and them with every error to the log file."""
    import dagster as dg

    @dg.logger({"log": str})
    def terminal(context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("qingyuan", level=logging.INFO)
        file = logging.FileHandler(context.logger_config["log"], encoding="utf-8", delay=True)
        file.setFormatter(logging.Formatter(LINE))
        logger.addHandler(file)
        logger.addHandler(_Sentences(level=logging.INFO))
        return logger

    return terminal


class _Sentences(logging.Handler):
    """Echoes what assets say; Dagster's own events and errors go to the log alone."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None) or {}
        if record.levelno == logging.INFO and meta.get("dagster_event") is None:
            click.echo(meta.get("orig_message", record.getMessage()))
