"""Half-years and years: their quarters, their neighbours, and what is neither."""

import pytest

from orchestration.core import periods
from orchestration.core.quarters import quarters_between


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        ("2026H1", ("2026Q1", "2026Q2")),
        ("2026H2", ("2026Q3", "2026Q4")),
        ("2026", ("2026Q1", "2026Q2", "2026Q3", "2026Q4")),
        (" 2026h2 ", ("2026Q3", "2026Q4")),
    ],
)
def test_the_quarters_of_a_period_in_order(period: str, quarters: tuple[str, ...]) -> None:
    assert periods.quarters_of(period) == quarters
    assert periods.last_quarter(period) == quarters[-1]
    assert periods.is_year(period) == (len(quarters) == 4)


@pytest.mark.parametrize(
    "text", ["2026Q1", "2026H3", "2026H0", "2026H", "26H1", "H1", "0000", "0000H1", "", "２０２６"]
)
def test_anything_else_is_refused(text: str) -> None:
    assert not periods.is_period(text)
    with pytest.raises(ValueError, match="half-year"):
        periods.quarters_of(text)


def test_only_the_canonical_name_is_a_period() -> None:
    assert periods.is_period("2026H1")
    assert periods.is_period("2026")
    assert not periods.is_period("2026h1")
    assert not periods.is_period(" 2026")


def test_every_quarter_lies_in_its_half_year_and_year() -> None:
    for quarter in quarters_between("2025Q1", "2027Q4"):
        assert quarter in periods.quarters_of(periods.half_year_of(quarter))
        assert quarter in periods.quarters_of(periods.year_of(quarter))


def test_a_quarter_is_asked_for_its_periods_and_nothing_else_is() -> None:
    for asked in (periods.half_year_of, periods.year_of):
        with pytest.raises(ValueError, match="quarter"):
            asked("2026H1")


@pytest.mark.parametrize(
    ("period", "before"), [("2026H2", "2026H1"), ("2026H1", "2025H2"), ("2026", "2025"), ("0002H1", "0001H2")]
)
def test_the_period_before_has_the_same_length(period: str, before: str) -> None:
    assert periods.previous_period(period) == before


def test_there_is_no_period_before_the_first_year() -> None:
    for first in ("0001H1", "0001"):
        with pytest.raises(ValueError, match="half-year"):
            periods.previous_period(first)
