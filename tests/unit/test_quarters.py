"""Quarters and working days: the text `YYYYQn`, its neighbours, its days; weeks with exceptions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import CalendarDay
from orchestration.core.quarters import (
    closing_day,
    first_day,
    following,
    last_day,
    parse_quarter,
    parse_range,
    previous,
    quarter_of,
    quarters_between,
)

A_DAY = st.dates(min_value=date(1900, 1, 1), max_value=date(9000, 12, 31))


@pytest.mark.parametrize("text", ["2026Q3", " 2026Q3\n", "2026q3"])
def test_a_quarter_is_read(text: str) -> None:
    assert parse_quarter(text) == "2026Q3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026Q0",
        "2026Q5",
        "26Q3",
        "0000Q1",
        "2026-Q3",
        "2026Q33",
        "２０２６Q3",
        "2026Q3;",
        "Q32026",
    ],
)
def test_what_is_no_quarter_is_refused_with_what_stood_there(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quarter") as fault:
        parse_quarter(text)
    assert repr(text) in str(fault.value)


def test_neighbours_cross_the_year() -> None:
    assert previous("2026Q1") == "2025Q4"
    assert previous("2026Q3", 4) == "2025Q3"
    assert following("2025Q4") == "2026Q1"
    assert following("2024Q4", 7) == "2026Q3"


def test_a_range_holds_both_ends() -> None:
    assert parse_range("2024Q4:2025Q2") == ["2024Q4", "2025Q1", "2025Q2"]
    assert parse_range("2026Q3") == ["2026Q3"]
    assert quarters_between("2026Q3", "2026Q3") == ["2026Q3"]


@pytest.mark.parametrize("text", ["2026Q3:2026Q2", "2026Q3:", ":2026Q3", "2024Q1:2025Q1:2026Q1", "last"])
def test_a_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_range(text)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("9999Q4", date(9999, 10, 1), date(9999, 12, 31)),
    ],
)
def test_first_and_last_day(quarter: str, first: date, last: date) -> None:
    assert (first_day(quarter), last_day(quarter)) == (first, last)


@given(A_DAY)
def test_every_day_lies_in_its_quarter_and_quarters_touch(day: date) -> None:
    quarter = quarter_of(day)
    assert first_day(quarter) <= day <= last_day(quarter)
    assert first_day(following(quarter)) == last_day(quarter) + timedelta(days=1)


@given(A_DAY, st.integers(-400, 400))
def test_quarters_sort_as_text_and_steps_come_back(day: date, n: int) -> None:
    quarter = quarter_of(day)
    assert following(previous(quarter, n), n) == quarter
    assert (following(quarter, n) > quarter) == (n > 0)


@pytest.mark.parametrize(("quarter", "day"), [("2026Q3", date(2026, 10, 15)), ("2026Q4", date(2027, 1, 15))])
def test_a_quarter_closes_in_the_month_after_it(quarter: str, day: date) -> None:
    assert closing_day(quarter) == day


def calendar(**days: bool) -> WorkCalendar:
    """A calendar with exceptions written `d20261001=False`."""
    return WorkCalendar(
        CalendarDay(date=date.fromisoformat(name[1:]), is_workday=worked) for name, worked in days.items()
    )


def test_without_exceptions_the_week_decides() -> None:
    week = WorkCalendar([])
    assert [week.is_workday(date(2026, 10, 12) + timedelta(days=n)) for n in range(7)] == [True] * 5 + [
        False
    ] * 2


def test_exceptions_stand_before_the_week() -> None:
    days = calendar(d20261001=False, d20261010=True)
    assert not days.is_workday(date(2026, 10, 1))
    assert days.is_workday(date(2026, 10, 10))


def test_working_days_skip_what_is_not_worked() -> None:
    # Wednesday 30 September; 1, 2 and 5 to 7 October are off; Saturday 10 October is worked.
    off = {f"d2026100{n}": False for n in (1, 2, 5, 6, 7)}
    days = calendar(**off, d20261010=True)
    assert days.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert days.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert days.add_workdays(date(2026, 9, 30), 4) == date(2026, 10, 12)
    assert days.add_workdays(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert days.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)


@given(A_DAY, st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_holds_n_of_them(day: date, n: int) -> None:
    week = WorkCalendar([])
    end = week.add_workdays(day, n)
    assert week.is_workday(end)
    assert sum(week.is_workday(day + timedelta(days=k + 1)) for k in range((end - day).days)) == n
