"""Warnings of a school's runs, by hand computation: they open, go on and end; a confirmed colour makes a task.

F21 scores 93.5, green, in 2026Q1 once the refused file is mended, and 82.7, blue, in 2026Q2 for a grave case that
waits for a person: it fell by 10.9 points. In 2026Q3 it is back at 96.2.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from orchestration.core.calendar import WorkCalendar
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.warehouse import embedded
from orchestration.warehouse.catalogue import read_catalogue
from orchestration.warehouse.connections import DATABASE, Warehouse, open_warehouse
from tests.integration.processes import kill, start
from tests.integration.runs import School, share_parsed
from tests.integration.stewardship.commands import Office
from tests.integration.stewardship.evaluating import evaluate, with_severity

UNIT, QUARTER = "F21", "2026Q2"
FOUND = "found"  # a copy of the database as it was before anybody acted
SECONDS = 90.0


@pytest.fixture(scope="module")
def office(settings: Settings) -> Iterator[Office]:
    """The office after two quarters were run as one."""
    with (
        tempfile.TemporaryDirectory(prefix="qingyuan-warned-") as folder,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        Path(folder).chmod(0o755)  # the embedded server's own user must be able to pass
        home = Path(folder) / "home"
        monkeypatch.setenv("QINGYUAN_HOME", str(home))
        monkeypatch.chdir(folder)
        open_warehouse(Settings(_env_file=None, home=home))
        share_parsed(home, settings.home)
        place = school(home)
        place.deliver(["2026Q1", QUARTER])
        place.deliver(["2026Q1"], mended=True)
        place.succeed("2026Q1", QUARTER)
        open_warehouse(place.server, FOUND, template=DATABASE)
        yield Office(home, monkeypatch)
        embedded.stop(home, discard=True)
    own_settings.cache_clear()


def school(home: Path) -> School:
    return School(Settings(_env_file=None, home=home), DATABASE, home)


def workday(home: Path, n: int) -> str:
    """The n-th working day from the day it is in the office."""
    own = school(home).settings
    today = datetime.now(ZoneInfo(own.timezone)).date()
    return WorkCalendar(read_catalogue(own.catalogue).calendar).add_workdays(today, n).isoformat()


def of_unit(office: Office, kind: str) -> dict[str, Any]:
    (found,) = (
        one for one in office.told(f"warnings list --unit {UNIT} --quarter {QUARTER}") if one["kind"] == kind
    )
    return found


def test_a_fall_is_warned_of_confirmed_followed_and_ended(office: Office) -> None:
    fell = of_unit(office, "fell")
    assert (fell["severity"], fell["first_quarter"], fell["quarter"]) == ("blue", QUARTER, QUARTER)
    assert fell["value"] == pytest.approx(fell["previous_score"] - fell["score"])
    assert (round(fell["previous_score"], 1), round(fell["score"], 1)) == (93.5, 82.7)
    assert (fell["due_on"], fell["ended_on"], fell["rectification"]) == (workday(office.home, 20), None, None)
    worsened = of_unit(office, "colour_worsened")
    assert (worsened["previous_band"], worsened["band"]) == ("green", "blue")

    office.run("persons set hou --unit F01 --rights confirm")
    office.run(f"persons set own --unit {UNIT} --rights confirm")
    assert UNIT in office.run("warnings waiting")
    assert "unit" in office.run(f"warnings confirm {QUARTER} {UNIT} --as own", code=2)
    (waiting,) = (one for one in office.told(f"warnings waiting {QUARTER}") if one["subject_code"] == UNIT)
    assert waiting["band_pending"] == "yellow"
    office.told(f"warnings confirm {QUARTER} {UNIT} --as hou")
    assert office.told(f"warnings waiting {QUARTER}") == []
    assert "waits" in office.run(f"warnings refuse {QUARTER} {UNIT} --reason no --as hou", code=2)

    before = versions(office)
    school(office.home).succeed(QUARTER)
    assert versions(office) != before
    graver = of_unit(office, "fell")
    assert (graver["warning"], graver["severity"], graver["band"]) == (fell["warning"], "yellow", "yellow")
    # 30 working days from now would be later than what was said first.
    assert graver["due_on"] == fell["due_on"]
    assert graver["rectification"] is not None
    shown = office.told(f"warnings show {fell['warning']}")
    assert [one["action"] for one in shown["history"]] == ["warning.opened", "warning.updated"]
    assert office.rows(
        "select unit, indicator, source, state from quality.rectification where id = %s",
        graver["rectification"],
    ) == [(UNIT, graver["indicator"], "warning", "assigned")]

    place = school(office.home)
    place.deliver(["2026Q3"])
    place.succeed("2026Q3")
    ended = of_unit(office, "fell")
    assert (ended["quarter"], ended["ended_on"]) == (QUARTER, workday(office.home, 0))
    assert office.rows(
        "select is_open, ended_on, rectification, first_quarter, quarter from marts.fct_warning where warning = %s",
        fell["warning"],
    ) == [(False, date.fromisoformat(ended["ended_on"]), graver["rectification"], QUARTER, QUARTER)]
    # A recovery strikes no task off.
    assert office.rows("select state from quality.rectification where id = %s", graver["rectification"]) == [
        ("assigned",)
    ]
    assert "ended" in office.run(f"warnings show {fell['warning']}")
    again = office.told("warnings evaluate")
    assert again == {"opened": 0, "past": 0, "updated": 0, "ended": 0, "linked": 0}


def versions(office: Office) -> list[tuple[Any, ...]]:
    return office.rows(
        "select score_version, band, band_pending from marts.fct_indicator_score"
        " where quarter = %s and subject_code = %s and level = 0",
        QUARTER,
        UNIT,
    )


KEPT = (
    "quality.warning_quarter", "quality.warning_cause", "quality.warning", "quality.rectification",
    "quality.rectification_step", "ops.notice", "quality.confirmation_pending",
)  # fmt: skip


@pytest.fixture
def unwarned(office: Office) -> Callable[[], Warehouse]:
    """Makes databases in which the quarters are scored and nothing was evaluated yet."""

    def make() -> Warehouse:
        own = Settings(_env_file=None, home=office.home)
        warehouse = open_warehouse(own, f"t_{uuid4().hex[:12]}", template=FOUND)
        with warehouse.connect("owner") as conn:
            conn.execute("alter table quality.rectification_step disable trigger never_changed")
            conn.execute(f"truncate {', '.join(KEPT)} cascade")
            conn.execute("alter table quality.rectification_step enable trigger never_changed")
        return warehouse

    return make


@pytest.fixture
def catalogue(office: Office, tmp_path: Path) -> Path:
    """The shipped one, but falls are red, so that a task is opened at once."""
    return with_severity(school(office.home).settings.catalogue, tmp_path / "catalogue", "fell", "red")


def written(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.connect() as conn:
        counted = {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in KEPT}
        logged = conn.execute(
            "select count(*) from audit.entry where object_kind in ('warning', 'rectification')"
        ).fetchone()
    return {**counted, "logged": logged[0]}


def until(seen: Callable[[], object], process: Any) -> None:
    deadline = time.monotonic() + SECONDS
    while not seen():
        assert process.is_alive(), process.exitcode
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_killed_anywhere_it_writes_all_or_nothing(
    office: Office, unwarned: Callable[[], Warehouse], catalogue: Path, tmp_path: Path
) -> None:
    """At the rows, the tasks and the log: nothing is there; then once more, and it is there once."""
    warehouse = unwarned()
    given = (office.home, warehouse.database, catalogue, QUARTER)
    before = written(warehouse)
    for table in ("quality.warning", "quality.rectification", "audit.entry"):
        with warehouse.connect("owner") as holder:
            holder.execute(f"lock table {table} in share mode")
            process = start(evaluate, *given, says=tmp_path / "said.txt")
            with warehouse.connect(autocommit=True) as watcher:
                waiting = "select from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
                pid = holder.info.backend_pid
                until(lambda: watcher.execute(waiting, [pid]).fetchone() is not None, process)  # noqa: B023
                kill(process)
        assert written(warehouse) == before, table
    done = evaluate(*given)
    once = written(warehouse)
    assert once["quality.warning"] == done["opened"] >= 2
    assert once["quality.rectification"] >= 1
    again = evaluate(*given)
    assert set(again.values()) == {0}
    assert written(warehouse) == once


def test_two_at_once_find_what_one_finds(
    office: Office, unwarned: Callable[[], Warehouse], catalogue: Path, tmp_path: Path
) -> None:
    alone, warehouse = unwarned(), unwarned()
    evaluate(office.home, alone.database, catalogue, QUARTER)
    given = (office.home, warehouse.database, catalogue, QUARTER)
    processes = [start(evaluate, *given, says=tmp_path / f"{number}.txt") for number in range(2)]
    for process in processes:
        process.join(SECONDS)
        assert process.exitcode == 0, [path.read_text() for path in tmp_path.glob("*.txt")]
    assert written(warehouse) == written(alone)
