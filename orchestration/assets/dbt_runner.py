"""The one seam to dbt: a manifest prepared once, and dbt run in this process, its events as dictionaries.

Half-internal parts of dbt and dagster-dbt (`dbtRunner` with callbacks, `get_subset_selection_for_context`,
`DbtCoreCliEventMessage`) are used here and nowhere else; `tests/integration/test_dbt_seam.py` holds them.
Not here: which versions are scored and when (`assets.scores`).
"""

import fcntl
import json
import os
import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from orchestration.assets.dbt_compiled import (
    COMPILE,
    COMPILE_SCORING,
    note_compiled,
    scoring_models,
    use_compiled,
)
from orchestration.assets.dbt_set_apart import load, set_apart
from orchestration.warehouse.connections import DATABASE, Warehouse
from orchestration.warehouse.scoring_sql import NO_DATABASE, keep_models, prepared_folder

NO_UNIT_TESTS = ("--exclude", "resource_type:unit_test")
QUIET = ("--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "none")


class DbtError(Exception):
    """dbt ended without success; the message names the nodes and dbt's own words.

    `is_final`: a test failed, so that trying again would find the same.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(frozen=True)
class Prepared:
    """A parsed dbt project: `manifest.json` for definitions, `partial_parse.msgpack` and `compiled.json` for runs,
    `whole.msgpack` with the tests of marts as well."""

    project: Path
    folder: Path

    def manifest(self) -> Mapping[str, Any]:
        """The manifest as dictionaries."""
        return json.loads((self.folder / "manifest.json").read_bytes())  # type: ignore[no-any-return]

    def graph(self, database: str, *, whole: bool = False) -> Any:
        """dbt's own manifest, for that database: dbt names the one it was parsed for in every relation.

        With the tests of marts if `whole`.
        """
        manifest = load(self.folder, whole=whole)
        for node in (*manifest.nodes.values(), *manifest.sources.values()):
            node.database = database
        use_compiled(manifest, self.folder, DATABASE, database)
        return manifest


def prepare(project: Path, home: Path) -> Prepared:
    """Parses the dbt project unless this very project was parsed before; costs seconds once, then nothing.

    Of several processes at once the first parses and the others wait for it.
    """
    prepared = Prepared(project, prepared_folder(project, home))
    if not prepared.folder.exists():
        prepared.folder.parent.mkdir(parents=True, exist_ok=True)
        with (prepared.folder.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel frees it when its holder dies
            if not prepared.folder.exists():
                _parse(prepared)
    return prepared


def _parse(prepared: Prepared) -> None:
    """Makes the folder, whole or not at all."""
    beside = Path(tempfile.mkdtemp(prefix="parsing-", dir=prepared.folder.parent))
    os.environ["QINGYUAN_DBT_DBNAME"] = DATABASE
    try:
        manifest = invoke(None, ["parse", "--no-partial-parse"], prepared.project, beside)
        set_apart(manifest, beside)
        invoke(manifest, [*COMPILE], prepared.project, beside)
        note_compiled(manifest, beside)
        graph = Prepared(prepared.project, beside).graph(NO_DATABASE)
        compiled = invoke(graph, [*COMPILE_SCORING], prepared.project, beside)
        keep_models(beside, scoring_models([one.node for one in compiled.results]))
        beside.rename(prepared.folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def build(
    prepared: Prepared, arguments: Sequence[str], environment: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    """Runs `dbt build` in a thread of its own and yields each event as dbt fires it.

    `environment` is what `profiles.yml` reads. Raises DbtError when dbt did not succeed. Never returns while
    dbt is still at work, whatever the consumer does: the caller holds a lock for it.
    """
    os.environ.update(environment)
    manifest = prepared.graph(environment["QINGYUAN_DBT_DBNAME"])
    events: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            invoke(
                manifest,
                ["build", "--no-write-json", *arguments],
                prepared.project,
                prepared.folder,
                events.put,
            )
        except BaseException as problem:  # handed to the consumer's thread
            failed.append(problem)
        finally:
            events.put(None)

    thread = threading.Thread(target=work, name="dbt")
    thread.start()
    try:
        while (event := events.get()) is not None:
            yield event
    finally:
        thread.join()
    if failed:
        raise failed[0]


@dataclass(frozen=True)
class Step:
    """A dbt project as Dagster runs it: parsed, its manifest, and its nodes as assets."""

    prepared: Prepared
    manifest: Mapping[str, Any]
    translator: Any


def run_step(
    context: Any, step: Step, arguments: Sequence[str] | None, warehouse: Warehouse
) -> Iterator[Any]:
    """Runs dbt and yields what each of its events means to Dagster: materialized assets, evaluated checks.

    `arguments` None runs nothing. What dbt did not touch is yielded as unchanged, else Dagster would skip
    everything downstream; its tests passed when it was written. Raises dagster's Failure, without a retry
    where a test failed.
    """
    import dagster as dg
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    behind = {spec.key: {dep.asset_key for dep in spec.deps} for spec in context.assets_def.specs}
    own_names = {key.to_python_identifier() for key in behind}
    done: set[str] = set()
    unchanged = {"status": "unchanged"}
    try:
        for event in build(step.prepared, arguments, warehouse.dbt_environment()) if arguments else ():
            message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
            for own in message.to_default_asset_events(step.manifest, step.translator, context):
                if (name := getattr(own, "output_name", None)) and name not in own_names:
                    continue  # built beside, and shown by another asset
                done.add(name or "")
                yield own
    except DbtError as error:
        raise dg.Failure(str(error), allow_retries=not error.is_final) from error
    for key in TopologicalSorter(behind).static_order():
        if key in context.selected_asset_keys and key.to_python_identifier() not in done:
            yield dg.MaterializeResult(asset_key=key, metadata=unchanged)
    for check in context.selected_asset_check_keys if not arguments else ():
        yield dg.AssetCheckResult(
            passed=True, asset_key=check.asset_key, check_name=check.name, metadata=unchanged
        )


def run_beside(step: Step, arguments: Sequence[str], warehouse: Warehouse) -> None:
    """Runs dbt for rows that no asset shows. Raises dagster's Failure as `run_step` does."""
    import dagster as dg

    try:
        for _ in build(step.prepared, arguments, warehouse.dbt_environment()):
            pass
    except DbtError as error:
        raise dg.Failure(str(error), allow_retries=not error.is_final) from error


def subset_arguments(context: Any, step: Step, select: str, exclude: str | None = None) -> list[str] | None:
    """dbt's arguments for the assets and checks that Dagster selected; None when it selected all of `select`."""
    from dagster_dbt.asset_utils import get_subset_selection_for_context

    arguments, indirect = get_subset_selection_for_context(
        context, step.manifest, select, exclude, None, step.translator, None
    )
    if arguments == ["--select", select, *(["--exclude", exclude] if exclude else [])]:
        return None
    return [*arguments, *(["--indirect-selection", indirect] if indirect else []), *NO_UNIT_TESTS]


def invoke(
    manifest: Any,
    arguments: list[str],
    project: Path,
    target: Path,
    each: Callable[[Mapping[str, Any]], None] | None = None,
    *,
    tests_may_fail: bool = False,
) -> Any:
    """One dbt command in this process; what it made. DbtError unless it succeeded, but for tests that may fail."""
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import msg_to_dict

    places = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target)]
    heard = [lambda message: each(msg_to_dict(message))] if each else []
    runner = dbtRunner(manifest, heard)
    # In a thread of its own, whose stack is short: dbt looks through its callers' again and again.
    with ThreadPoolExecutor(1, "dbt") as thread:
        result = thread.submit(
            runner.invoke, [*QUIET, *arguments, *places, "--log-path", str(target)]
        ).result()
    if result.exception is not None or not (result.success or tests_may_fail):
        raise _error(result)
    return result.result


def _error(result: Any) -> DbtError:
    """The failed nodes and their messages, or what stopped dbt altogether."""
    if result.exception is not None:
        return DbtError(str(result.exception))
    nodes = getattr(result.result, "results", ())
    failed = [node for node in nodes if str(node.status) in {"error", "fail", "runtime error"}]
    said = "; ".join(f"{node.node.name}: {' '.join(str(node.message).split())}" for node in failed)
    return DbtError(said, is_final=any(str(node.status) == "fail" for node in failed))
