"""The graph: what is in it for a catalogue, how figures flow, and that loading it does no work."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.partitions import FIRST, LAST
from orchestration.settings import Settings
from tests.integration.runs import theirs_ignored

# What an import may not do: reach out, start anything, write anything but bytecode.
WATCHED = """
import sys
import dagster  # what it does when imported is not ours
seen = []
def watch(event, arguments):
    if event in {"socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir", "os.rename"}:
        seen.append((event, str(arguments)))
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if "__pycache__" not in str(arguments[0]):
            seen.append((event, str(arguments)))
sys.addaudithook(watch)
import orchestration.definitions
del watch
print(seen, sorted(m for m in ("dbt", "great_expectations", "psycopg", "pandas") if m in sys.modules))
"""


@pytest.fixture(scope="module")
def defs(settings: Settings) -> Any:
    from orchestration.definitions import build_defs

    with theirs_ignored():
        return build_defs(settings=settings)


@pytest.fixture(scope="module")
def graph(defs: Any) -> Any:
    with theirs_ignored():
        return defs.resolve_asset_graph()


def test_importing_the_definitions_does_no_work(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert said.stdout.split("\n")[0] == "[] []"
    assert not list(tmp_path.iterdir())


def test_an_extract_a_department_and_a_check_a_severity(graph: Any, catalogue: Catalogue) -> None:
    extracts = {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "extract"}
    assert extracts == {department.code for department in catalogue.departments}
    assert len(extracts) == 7
    for key in graph.get_all_asset_keys():
        if key.path[0] == "extract":
            names = {check.name for check in graph.asset_check_keys if check.asset_key == key}
            assert names == {"block", "quarantine", "warn"}


def test_lineage_runs_from_the_inbox_to_the_heat_map(graph: Any) -> None:
    behind: set[str] = set()
    open_keys = [dg_key("heat_map")]
    while open_keys:
        for parent in graph.get(open_keys.pop()).parent_keys:
            if parent.to_user_string() not in behind:
                behind.add(parent.to_user_string())
                open_keys.append(parent)
    inboxes = {key.to_user_string() for key in graph.get_all_asset_keys() if key.path[0] == "inbox"}
    assert len(inboxes) == 7
    assert inboxes | {"catalogue", "scores/item_score", "scores/indicator_score"} <= behind
    assert {"ops/current_version", "marts/fct_indicator_score", "warnings"} <= behind


def test_readers_are_switched_after_everything_is_scored(graph: Any) -> None:
    import dagster as dg

    switch = graph.get(dg.AssetKey(["ops", "current_version"]))
    assert {key.to_user_string() for key in switch.parent_keys} == {"scores/indicator_score"}


PERIODS = {"half_year": ("diagnosis", "2020H1", "2039H2", 40), "year": ("annual_report", "2020", "2039", 20)}


def of_quarters(graph: Any) -> set[Any]:
    beside = {*PERIODS, "views"}
    return {key for key in graph.executable_asset_keys if graph.get(key).group_name not in beside}


def test_marts_that_no_run_of_a_quarter_reads_have_no_quarters(graph: Any) -> None:
    """Each would cost an event in every run; a view is the same view whatever quarter it shows."""
    marts = {key: graph.get(key) for key in graph.executable_asset_keys if key.path[0] == "marts"}
    views = {key.path[1] for key, node in marts.items() if node.partitions_def is None}
    assert views == {key.path[1] for key, node in marts.items() if node.group_name == "views"}
    assert {"heat_map", "dim_unit", "fct_period_score"} <= views
    parents = graph.get(dg_key("heat_map")).parent_keys
    read = {parent.path[1] for parent in parents if parent.path[0] == "marts"}
    assert read
    assert read.isdisjoint(views)


def dg_key(name: str) -> Any:
    import dagster as dg

    return dg.AssetKey(name)


def test_everything_is_quarters_in_one_run(graph: Any) -> None:
    """One asset without quarters, and Dagster would cut a backfill of all of them into several runs."""
    import dagster as dg

    executable = [graph.get(key) for key in of_quarters(graph)]
    assert len(executable) == 7 + 3 + 4 + 3  # extracts, scores, marts, warnings, heat map and board
    for node in executable:
        keys = node.partitions_def.get_partition_keys()
        assert (keys[0], keys[-1], len(keys)) == (FIRST, LAST, 80)
        assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_job_takes_all_of_it(defs: Any, graph: Any) -> None:
    with theirs_ignored():
        job = defs.resolve_job_def("quarter")
    assert set(job.asset_layer.executable_asset_keys) == of_quarters(graph)
    assert job.executor_def.name == "in_process"


@pytest.mark.parametrize("name", PERIODS)
def test_a_period_has_a_job_of_its_analysis_and_its_documents(defs: Any, graph: Any, name: str) -> None:
    kind, first, last, count = PERIODS[name]
    with theirs_ignored():
        job = defs.resolve_job_def(name)
    assert {key.to_user_string() for key in job.asset_layer.executable_asset_keys} == {
        f"analysis/{name}",
        kind,
    }
    keys = job.partitions_def.get_partition_keys()
    assert (keys[0], keys[-1], len(keys)) == (first, last, count)
    checks = [
        graph.get(check) for check in graph.asset_check_keys if check.asset_key.path == ["analysis", name]
    ]
    assert [(check.key.name, check.blocking) for check in checks] == [("publication_gate", True)]


def test_a_period_rests_on_its_quarters(defs: Any, graph: Any) -> None:
    import dagster as dg

    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    for asset, period, quarters in (
        ("analysis/half_year", "2026H1", {"2026Q1", "2026Q2"}),
        ("analysis/year", "2026", {"2026Q1", "2026Q2", "2026Q3", "2026Q4"}),
    ):
        mapping = next(
            dep.partition_mapping
            for dep in specs[asset].deps
            if dep.asset_key == dg.AssetKey(["marts", "fct_indicator_score"])
        )
        of = mapping.downstream_partition_keys_by_upstream_partition_key
        assert {quarter for quarter, one in of.items() if one == period} == quarters


def test_a_quarter_s_run_builds_nothing_of_periods(settings: Settings) -> None:
    from orchestration.definitions import build_defs

    with theirs_ignored():
        bare = build_defs(settings=settings, with_periods=False)
        graph = bare.resolve_asset_graph()
        assert set(bare.resolve_job_def("quarter").asset_layer.executable_asset_keys) == of_quarters(graph)
    assert not {key.to_user_string() for key in graph.get_all_asset_keys()} & {"diagnosis", "annual_report"}


@pytest.mark.parametrize(
    ("schedule", "fired_at", "period"),
    [
        ("half_year_drafts", datetime(2026, 7, 14, 20, tzinfo=UTC), "2026H1"),
        ("half_year_drafts", datetime(2027, 1, 14, 20, tzinfo=UTC), "2026H2"),
        ("year_drafts", datetime(2027, 1, 14, 20, 30, tzinfo=UTC), "2026"),
    ],
)
def test_a_schedule_drafts_the_period_that_ended(
    defs: Any, schedule: str, fired_at: datetime, period: str
) -> None:
    import dagster as dg

    with theirs_ignored():
        repository = defs.get_repository_def()
        context = dg.build_schedule_context(scheduled_execution_time=fired_at, repository_def=repository)
        (request,) = repository.get_schedule_def(schedule).evaluate_tick(context).run_requests
    assert request.partition_key == period
    assert "qingyuan/final_by" not in request.tags


def test_steps_are_tried_again(defs: Any) -> None:
    with theirs_ignored():
        nodes = list(defs.resolve_job_def("quarter").graph.node_defs)
    nodes.remove(next(node for node in nodes if node.name == "access_as_declared"))
    assert len(nodes) == 12  # seven extracts, scores, marts, warnings, heat map, board
    assert all(node.retry_policy is not None and node.retry_policy.max_retries >= 1 for node in nodes)


def test_the_schedule_asks_for_the_quarter_that_ended(defs: Any) -> None:
    import dagster as dg

    with theirs_ignored():
        repository = defs.get_repository_def()
        context = dg.build_schedule_context(
            scheduled_execution_time=datetime(2026, 10, 14, 18, tzinfo=UTC), repository_def=repository
        )
        (request,) = repository.get_schedule_def("quarter_close").evaluate_tick(context).run_requests
    assert (request.partition_key, request.run_key) == ("2026Q3", "2026Q3")


def test_contracts_are_written_when_their_pages_are_not_theirs(defs: Any, settings: Settings) -> None:
    """By a job of its own, which no quarter waits for; each extract says where its department's page is."""
    import dagster as dg

    with theirs_ignored():
        repository = defs.get_repository_def()
        sensor = repository.get_sensor_def("contracts_changed")
        context = dg.build_sensor_context(repository_def=repository)
        assert len(sensor.evaluate_tick(context).run_requests) == 1
        assert defs.resolve_job_def("contracts").execute_in_process().success
        tick = sensor.evaluate_tick(dg.build_sensor_context(repository_def=repository))
        specs = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
    assert not tick.run_requests
    assert tick.skip_message
    linked = [spec.metadata["contract"].value for key, spec in specs.items() if key.path[0] == "extract"]
    assert len(linked) == 7
    assert all(Path(page).is_file() for page in linked)
    assert all(Path(page).parent == settings.home / "contracts" for page in linked)


def test_another_catalogue_makes_another_graph(settings: Settings, tmp_path: Path) -> None:
    """Two departments of codes nobody foresaw, nothing else changed."""
    from orchestration.definitions import build_defs

    for path in settings.catalogue.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "departments.csv").write_text(
        "code,name_zh,name_en,sort\nfire-safety,消防,Fire safety,1\nlab_2,实验室,Laboratories,2\n"
    )
    with theirs_ignored():
        other = build_defs(settings=settings.model_copy(update={"catalogue": tmp_path}), with_scores=False)
        keys = {key.to_user_string() for key in other.resolve_asset_graph().executable_asset_keys}
    assert keys == {"extract/fire-safety", "extract/lab_2"}


READING = """
import json, os, socket, sys, threading, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from orchestration.settings import Settings
from orchestration.definitions import build_defs
from orchestration.partitions import range_tags
import dagster as dg
home, department, *wanted = sys.argv[1:]
called = []  # Python's own sockets: Postgres is reached by a library in C
socket.socket.connect = lambda self, address: called.append(str(address))
socket.getaddrinfo = lambda *where, **how: called.append(str(where))
heavy = ("dbt", "dagster_dbt", "great_expectations", "dagster_webserver")
for quarter in wanted:
    if os.fork():  # each in a process of its own, which has imported no more than this
        os.wait()
        continue
    defs = build_defs(settings=Settings(_env_file=None, home=Path(home)), with_scores=False)
    result = defs.resolve_job_def("quarter").execute_in_process(
        asset_selection=[dg.AssetKey(["extract", department])], tags=range_tags(quarter, quarter), raise_on_error=False
    )
    [one.join(10) for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    print(json.dumps([result.success, [name for name in heavy if name in sys.modules], called]), flush=True)
    os._exit(0)
"""


def test_reading_imports_neither_dbt_nor_what_judges_until_it_judges(settings: Settings) -> None:
    """What judges would report its use to its makers; a process of its own shows that it calls nobody."""
    from orchestration.samples.write import write_samples
    from orchestration.warehouse.catalogue import read_catalogue
    from orchestration.warehouse.connections import open_warehouse

    open_warehouse(settings)
    write_samples(settings.home / "inbox", read_catalogue(settings.catalogue), ["2026Q3"], 7)

    # Nothing was delivered; files; the same again, where there is nothing to judge.
    quarters = ["2026Q2", "2026Q3", "2026Q3"]
    said = subprocess.run(
        [sys.executable, "-c", READING, str(settings.home), "audit", *quarters],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [json.loads(line) for line in said.stdout.splitlines() if line.startswith("[")] == [
        [True, [], []],
        [True, ["great_expectations"], []],
        [True, [], []],
    ]
