"""A run killed with -9 at three points: readers keep a whole quarter, and the next run gives the same figures.

The points are reached by waiting for what can be seen (a lock asked for, a file that appears), never by time.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.processes import kill
from tests.integration.runs import School, same

QUARTER = "2026Q1"
SECONDS = 90.0


@pytest.fixture(scope="module")
def scored(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A quarter scored without the refused file, whose mended one now lies in the inbox."""
    open_warehouse(settings, "scored", template=with_marts)
    place = School(settings, "scored", tmp_path_factory.mktemp("scored") / "home")
    place.deliver([QUARTER])
    place.succeed(QUARTER)
    place.deliver([QUARTER], mended=True)
    return place


@pytest.fixture(scope="module")
def undisturbed(scored: School, tmp_path_factory: pytest.TempPathFactory) -> School:
    """What comes of the mended file when nobody kills the run."""
    place = copy(scored, tmp_path_factory.mktemp("undisturbed"))
    place.succeed(QUARTER)
    return place


def copy(scored: School, folder: Path) -> School:
    return scored.copy(shutil.copytree(scored.home, folder / "home", symlinks=True))


def until(seen: Callable[[], object], process: BaseProcess) -> None:
    """Waits for `seen`; the run must not end before it."""
    deadline = time.monotonic() + SECONDS
    while not seen():
        assert process.is_alive(), process.exitcode
        assert time.monotonic() < deadline
        time.sleep(0.002)


@contextmanager
def held(school: School, lock: str) -> Iterator[Callable[[], bool]]:
    """Holds what the statement locks; yields whether somebody waits for it."""
    with school.warehouse.connect("owner") as holder:
        holder.execute(lock)  # type: ignore[arg-type]
        waiting = "select 1 from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
        yield lambda: bool(school.rows(waiting, holder.info.backend_pid))


def is_whole(school: School) -> bool:
    """Whether the published heat map is complete: every file that its manifest names, with that content."""
    current = school.page / QUARTER / "current"
    files = json.loads((current / "manifest.json").read_bytes())["files"]
    return len(files) == 4 and all(
        sha256((current / name).read_bytes()).hexdigest() == wanted for name, wanted in files.items()
    )


def test_killed_while_landing_a_file(scored: School, undisturbed: School, tmp_path: Path) -> None:
    school = copy(scored, tmp_path)
    figures, submissions = school.figures("bi_reader"), school.rows("select count(*) from raw.submission")
    process = school.start(QUARTER)
    with held(school, "lock table raw.observation in share mode") as is_waited_for:
        until(is_waited_for, process)
        kill(process)
    assert school.rows("select count(*) from raw.submission") == submissions
    assert school.figures("bi_reader") == figures
    assert is_whole(school)
    goes_on(school, undisturbed)


def test_killed_while_dbt_switches(scored: School, undisturbed: School, tmp_path: Path) -> None:
    """Every row of the new version is written and tested by then; readers must not see one of them."""
    school = copy(scored, tmp_path)
    figures = school.figures("bi_reader")
    process = school.start(QUARTER)
    with held(school, "select from ops.current_version for update") as is_waited_for:
        until(is_waited_for, process)
        kill(process)
        assert school.figures("bi_reader") == figures
        assert school.rows(
            "select 1 from scores.indicator_score where score_version not in"
            " (select score_version from ops.current_version) limit 1"
        )
    assert is_whole(school)
    goes_on(school, undisturbed)


def test_killed_before_the_manifest(scored: School, undisturbed: School, tmp_path: Path) -> None:
    school = copy(scored, tmp_path)
    folder = school.page / QUARTER
    revisions = set(folder.iterdir())
    current = (folder / "current").readlink()
    process = school.start(QUARTER)
    until(lambda: set(folder.iterdir()) - revisions, process)
    kill(process)
    (draft,) = set(folder.iterdir()) - revisions
    assert not (draft / "manifest.json").exists()
    assert (folder / "current").readlink() == current
    assert is_whole(school)
    assert same(school.figures("bi_reader"), undisturbed.figures("bi_reader"))
    goes_on(school, undisturbed)


def goes_on(school: School, undisturbed: School) -> None:
    """The next run ends where an undisturbed one ended, on the page too."""
    school.succeed(QUARTER)
    assert same(school.figures(), undisturbed.figures())
    assert is_whole(school)
    ours, theirs = ((place.page / QUARTER / "current").readlink() for place in (school, undisturbed))
    assert ours == theirs
