"""The sensor on the inbox: how long a tick watches, what it asks for, what it imports."""

import subprocess
import sys
from itertools import count

import dagster as dg
import pytest

from orchestration.sensors import inbox

HEAVY = ("dbt", "dagster_dbt", "great_expectations", "pandas", "openpyxl")
TICK = f"""
import sys
import orchestration.sensors.inbox, orchestration.intake.watching, orchestration.warehouse.catalogue
sys.stdout.write(" ".join(name for name in {HEAVY!r} if name in sys.modules))
"""


class Runs:
    """What the sensor asks of Dagster's runs, and how often."""

    in_doubt = False

    def __init__(self, *, under_way: bool = False) -> None:
        self.under_way, self.asked = under_way, 0

    def is_under_way(self) -> bool:
        self.asked += 1
        return self.under_way

    def ended(self) -> list[object]:
        return []


def test_a_tick_imports_nothing_that_takes_seconds() -> None:
    done = subprocess.run([sys.executable, "-c", TICK], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_a_tick_ends_with_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox.time, "sleep", lambda seconds: None)
    request, looks = dg.RunRequest(), count(1)
    assert inbox.watched(lambda: request if next(looks) == 3 else inbox.NOTHING, 3600) is request
    assert next(looks) == 4


def test_a_tick_ends_when_its_time_is_up() -> None:
    looks = count(1)

    def look() -> dg.SkipReason:
        next(looks)
        return inbox.NOTHING

    assert inbox.watched(look, 0) is inbox.NOTHING
    assert next(looks) == 2


def test_dagster_is_asked_at_the_first_look_and_when_something_waits() -> None:
    runs = Runs()
    assert inbox._asked(runs, {}, False) is inbox.NOTHING  # type: ignore[arg-type]
    assert runs.asked == 0
    assert inbox._asked(runs, {}, True) is inbox.NOTHING  # type: ignore[arg-type]
    assert runs.asked == 1
    request = inbox._asked(runs, {"2026Q2": "b", "2026Q1": "a", "1999Q1": "no run may be over it"}, False)  # type: ignore[arg-type]
    assert isinstance(request, dg.RunRequest)
    assert request.tags["qingyuan/waited_for"] == '{"2026Q1": "a", "2026Q2": "b"}'
    assert request.tags["dagster/asset_partition_range_start"] == "2026Q1"
    assert request.tags["dagster/asset_partition_range_end"] == "2026Q2"
    assert request.run_key is None


def test_one_run_at_a_time() -> None:
    answer = inbox._asked(Runs(under_way=True), {"2026Q2": "b"}, True)  # type: ignore[arg-type]
    assert isinstance(answer, dg.SkipReason)
