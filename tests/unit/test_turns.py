"""Whose turn it is: consecutive quarters together, groups in turn, what fails again and again alone and later."""

from collections.abc import Mapping

from orchestration.sensors.turns import Ended, next_turn, unfinished

NOW = 1_000_000.0


def ended(first: str, last: str = "", *, ok: bool = True, ago: float = 5.0, **waited: str) -> Ended:
    return Ended(
        first, last or first, ok, NOW - ago, {f"{key[1:]}": digest for key, digest in waited.items()}
    )


def failures(quarter: str, digest: str, times: int, ago: float) -> list[Ended]:
    return [Ended(quarter, quarter, False, NOW - ago * (1 + n), {quarter: digest}) for n in range(times)]


def turn(waiting: Mapping[str, str], *runs: Ended) -> list[str]:
    return next_turn(waiting, runs, NOW)


def test_nothing_waits() -> None:
    assert turn({}) == []
    assert turn({}, ended("2026Q3")) == []


def test_consecutive_quarters_are_one_run_over_the_turn_of_a_year() -> None:
    waiting = {"2026Q1": "a", "2025Q3": "b", "2025Q4": "c"}
    assert turn(waiting) == ["2025Q3", "2025Q4", "2026Q1"]


def test_groups_take_turns_the_later_first() -> None:
    waiting = {"2024Q1": "a", "2025Q1": "b", "2026Q3": "c"}
    assert turn(waiting) == ["2026Q3"]
    assert turn(waiting, ended("2026Q3", _2026Q3="before")) == ["2025Q1"]
    assert turn(waiting, ended("2025Q1", _2025Q1="before")) == ["2024Q1"]
    assert turn(waiting, ended("2024Q1", _2024Q1="before")) == ["2026Q3"]


def test_a_run_that_broke_off_is_run_again_until_one_ends_well() -> None:
    broken = ended("2026Q1", "2026Q3", ok=False)
    assert unfinished([broken]) == {"2026Q1", "2026Q2", "2026Q3"}
    assert unfinished([ended("2026Q2"), broken]) == {"2026Q1", "2026Q3"}
    assert unfinished([broken, ended("2026Q2")]) == {"2026Q1", "2026Q2", "2026Q3"}


def test_what_failed_once_is_tried_again_at_once_with_the_others() -> None:
    waiting = {"2026Q2": "a", "2026Q3": "b"}
    assert turn(waiting, ended("2026Q2", "2026Q3", ok=False, _2026Q2="a", _2026Q3="b")) == [
        "2026Q2",
        "2026Q3",
    ]


def test_what_fails_again_is_tried_alone_after_others_and_later_and_later() -> None:
    both = {"2026Q2": "bad", "2026Q3": "new"}
    assert turn(both, *failures("2026Q2", "bad", 2, ago=1)) == ["2026Q3"]
    alone = {"2026Q2": "bad"}
    assert turn(alone, *failures("2026Q2", "bad", 2, ago=29)) == []
    assert turn(alone, *failures("2026Q2", "bad", 2, ago=31)) == ["2026Q2"]
    assert turn(alone, *failures("2026Q2", "bad", 3, ago=59)) == []
    assert turn(alone, *failures("2026Q2", "bad", 3, ago=61)) == ["2026Q2"]
    assert turn(alone, *failures("2026Q2", "bad", 40, ago=3599)) == []
    assert turn(alone, *failures("2026Q2", "bad", 40, ago=3601)) == ["2026Q2"]


def test_a_success_that_changed_nothing_counts_too() -> None:
    """Else a file that no run takes in would start one run after the other."""
    runs = [ended("2026Q2", ago=seconds, _2026Q2="odd") for seconds in (1, 9)]
    assert turn({"2026Q2": "odd"}, *runs) == []


def test_something_new_is_run_at_once_whatever_failed_before() -> None:
    assert turn({"2026Q2": "mended"}, *failures("2026Q2", "bad", 9, ago=1)) == ["2026Q2"]
