"""Files dropped into the inbox while Dagster's daemon runs: each is scored once, whatever is killed meanwhile.

One daemon, of two schools with so many frameworks that a delivery is many files. The tests build on each other's
state, not on their order: each drops its own files and waits for what can be seen.
"""

import json
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from expectations.documents import CONTENT, contracts_hash
from orchestration.assets.mart_page import _MARK, mart_page_is_current
from orchestration.settings import Settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import DATABASE, open_warehouse
from orchestration.warehouse.scoring_sql import prepared_folder
from tests.integration.daemon import RUN, SERVER, Daemon
from tests.integration.embedded_homes import superuser
from tests.unit.small_catalogue import copy, edited, write

SCHOOLS = ("s1", "s2")
DEPARTMENTS = ["d1", "d2"]
QUARTERS = ["2025Q2", "2025Q3"]
FRAMEWORKS = [f"f{number}" for number in range(25)]
FILES = [
    (school, quarter, department, framework)
    for school in SCHOOLS
    for quarter in QUARTERS
    for department in DEPARTMENTS
    for framework in FRAMEWORKS
]
File = tuple[str, str, str, str]
# What a run wants when it takes a file in, and when it lets readers see the scores.
LANDING = "lock table raw.observation in share mode"
SWITCHING = "select from ops.current_version for update"


def school_of_many(folder: Path) -> Path:
    """The small catalogue with many frameworks and two departments more, and a second school, of one ward."""
    edits = [copy("institutions", 2, code="s2"), copy("units", 2, institution="s2")]
    edits += [copy("departments", 2, code=code, name_zh=code, name_en=code) for code in DEPARTMENTS]
    for code in FRAMEWORKS:
        named = {"framework": code, "name_zh": code, "name_en": code}
        edits += [
            copy("frameworks", 2, code=code, name_zh=code, name_en=code, sort="3"),
            copy("indicators", 6, **named, code=f"R{code}"),
            copy("indicators", 7, **named, code=f"P{code}", parent=f"R{code}"),
        ]
        for department in DEPARTMENTS:
            item, own = f"I{department}{code}", {"department": department}
            edits += [
                copy("items", 2, **named, **own, code=item, point=f"P{code}"),
                copy("extract_columns", 2, **own, header=f"{code}件数", item=item),
                copy("extract_columns", 3, **own, header=f"{code}应有", item=item),
            ]
    return write(folder, edited(*edits))


def content(framework: str, done: int) -> str:
    """A file that says how many of 1000 the first unit did."""
    return f"单位代码,{framework}件数,{framework}应有\nU1,{done},1000\n"


class Place(Daemon):
    """What the tests do and ask."""

    def drop(self, file: File, done: int) -> None:
        """A whole file, renamed into place."""
        path = self.path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(content(file[3], done), encoding="utf-8")
        beside.rename(path)

    def path(self, file: File) -> Path:
        school, quarter, department, framework = file
        return self.settings.home / "inbox" / school / quarter / f"{department}.{framework}.csv"

    def figures(self) -> dict[File, int]:
        """The figure in the mart of every file."""
        if self.rows("select to_regclass('marts.fct_item_score')") == [(None,)]:
            return {}  # the first run builds the marts
        rows = self.rows(
            "select institution, quarter, department, framework, value::int from marts.fct_item_score"
            " where subject_code = 'U1' and state = 'reported' and department = any(%s)",
            DEPARTMENTS,
        )
        assert len(rows) == len({row[:4] for row in rows})
        return {(school, quarter, one, framework): value for school, quarter, one, framework, value in rows}

    def submissions(self, *where: str) -> list[tuple[int, str]]:
        """Number and state of a department's submissions (institution, quarter, department)."""
        return self.rows(  # type: ignore[return-value]
            "select number, state from raw.submission where (institution, quarter, department) = (%s, %s, %s)"
            " order by number",
            *where,
        )

    def is_idle(self) -> bool:
        """Whether nothing runs, and the sensor has looked since and found nothing to do."""
        return bool(
            self.rows(
                "select 1 from dagster.job_ticks where status = 'SKIPPED' and tick_body like %s"
                " and update_timestamp > (select max(update_timestamp) from dagster.runs)"
                " and not exists (select from dagster.runs where status in ('QUEUED', 'STARTING', 'STARTED'))"
                " limit 1",
                "%Nothing new%",
            )
        )

    @contextmanager
    def held(self, statement: str) -> Iterator[Callable[[], None]]:
        """Holds what a run will want; yields a wait for a run that waits for it."""
        with self.warehouse.connect("owner") as holder:
            holder.execute(statement)  # type: ignore[arg-type]
            waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
            yield lambda: self.until(lambda: self.rows(waiting, holder.info.backend_pid), "a run that waits")


@pytest.fixture(scope="module")
def place(settings: Settings, with_marts: str) -> Iterator[Place]:
    """At home in the tests' own server, where marts stand already; all that is made there goes with it."""
    there = set(settings.home.iterdir())
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-instant-"))
    own = settings.model_copy(update={"catalogue": school_of_many(folder)})
    open_warehouse(own, DATABASE, template=with_marts)
    own.contract_pages.mkdir()  # as if they were written: nobody reads them here
    codes = [row.code for row in read_catalogue(own.catalogue).departments]
    (own.contract_pages / CONTENT).write_text(contracts_hash(codes), encoding="utf-8")
    own.mart_page.parent.mkdir()
    own.mart_page.write_text(_MARK.format(prepared_folder(own.dbt_project, own.home).name), encoding="utf-8")
    assert mart_page_is_current(own)
    place = Place(own)
    place.start()
    yield place
    place.stop()
    with superuser(embedded.start(own.home)) as conn:
        conn.execute(f"drop database {DATABASE} with (force)".encode())
    for path in {folder, *settings.home.iterdir()} - there:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_many_files_at_once_are_scored_once_each(place: Place) -> None:
    """Of two schools and of past quarters; one that is being written all the while waits, and is read whole."""
    late = ("s2", "2026Q1", "d1", "f3")
    growing = place.path(late)
    growing.parent.mkdir(parents=True)
    with growing.open("w", encoding="utf-8") as stream:
        for number, file in enumerate(FILES):
            place.drop(file, number)

        def is_done() -> bool:
            stream.write("\n")
            stream.flush()
            return len(place.figures()) == len(FILES)

        place.until(is_done, "the scores of all files")
        assert place.submissions(*late[:3]) == []
        stream.write(content("f3", 999))
    place.until(lambda: late in place.figures() and place.is_idle(), "the last score")
    assert place.figures() == {file: number for number, file in enumerate(FILES)} | {late: 999}
    taken = place.rows("select state, number, count(*) from raw.submission group by 1, 2")
    assert taken == [("accepted", 1, len(FILES) // len(FRAMEWORKS) + 1)]


def test_a_run_killed_then_all_but_a_run_and_then_that_run(place: Place) -> None:
    """A run while it takes a file in; daemon and code server, while the next run is about to switch; that run as well.

    Files arrive after each. In between `qingyuan dev` starts anew what was killed.
    """
    first, second, third = (
        ("s1", "2025Q2", "d2", "f0"),
        ("s2", "2025Q3", "d1", "f1"),
        ("s2", "2025Q3", "d2", "f9"),
    )
    with place.held(SWITCHING) as until_one_switches:
        place.drop(first, 501)
        with place.held(LANDING) as until_one_lands:
            until_one_lands()
            assert place.kill(RUN) == 1
        place.drop(second, 502)
        until_one_switches()
        assert place.process is not None
        place.process.kill()
        place.process.wait()
        assert place.kill(SERVER) >= 1
        pages = place.start_with_pages()
        place.drop(third, 503)
        assert place.kill(RUN) == 1
    place.until(
        lambda: (
            [place.figures().get(file) for file in (first, second, third)] == [501, 502, 503]
            and place.is_idle()
        ),
        "all scores",
    )
    for file in (first, second, third):
        assert [state for _, state in place.submissions(*file[:3])][-1] == "accepted"
        assert len(place.submissions(*file[:3])) <= 2
    shows_the_runs_on_this_machine_alone(place, pages)


def shows_the_runs_on_this_machine_alone(place: Place, pages: str) -> None:
    query = "{ runsOrError { ... on Runs { results { jobName status } } } instance { info } " + (
        "repositoriesOrError { ... on RepositoryConnection { nodes { jobs { name } schedules { name } } } } }"
    )
    answer = answered(place, f"{pages}/graphql", query)
    (repository,) = answer["repositoriesOrError"]["nodes"]
    assert {"name": "quarter"} in repository["jobs"]
    schedules = [schedule["name"] for schedule in repository["schedules"]]
    nightly = ["nightly_marts", "nightly_upkeep"]
    assert schedules == ["half_year_drafts", *nightly, "quarter_close", "year_drafts"]
    jobs = {run["jobName"] for run in answer["runsOrError"]["results"]}
    assert {"quarter"} <= jobs <= {"quarter", "contracts"}
    port = int(pages.rpartition(":")[2])
    listening = {
        connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
    }
    assert listening == {"127.0.0.1"}


def answered(place: Place, url: str, query: str) -> dict[str, Any]:
    """What the UI answers, once it does."""
    data: list[dict[str, Any]] = []
    request = urllib.request.Request(
        url, json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )

    def ask() -> bool:
        with suppress(OSError), urllib.request.urlopen(request, timeout=30) as response:
            data.append(json.load(response)["data"])
        return bool(data)

    place.until(ask, "an answer")
    return data[0]
