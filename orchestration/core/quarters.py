"""Arithmetic on quarters, the text `YYYYQn` (scoring.md section 1), which sorts as text.

Not here: half-years and years, partitions of a run, the wording of a quarter on a page.
"""

import re
from calendar import monthrange
from datetime import date

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_FIRST_YEAR = date.min.year

# The day of the month after a quarter's end on which it is scored: departments deliver within two weeks.
CLOSING_DAY = 15


def parse_quarter(text: str) -> str:
    """The quarter that `text` names, blanks around it removed and `q` raised.

    Raises ValueError, with a sentence, for anything but a year and `Q1` to `Q4`.
    """
    quarter = text.strip().upper()
    match = _QUARTER.fullmatch(quarter)
    if not match or int(match[1]) < _FIRST_YEAR:
        raise ValueError(f"{text!r} is not a quarter: write a year, Q and 1 to 4, such as 2026Q3.")
    return quarter


def parse_range(text: str) -> list[str]:
    """The quarters of `2024Q4:2026Q3`, both included; a single quarter is a range of one.

    Raises ValueError, with a sentence, where an end is not a quarter or the ends stand the wrong way round.
    """
    first, colon, last = text.partition(":")
    return quarters_between(first, last if colon else first)


def quarters_between(first: str, last: str) -> list[str]:
    """The quarters from `first` to `last`, both included; ValueError where `last` is before `first`."""
    start, end = _number(first), _number(last)
    if end < start:
        raise ValueError(f"The range ends before it begins: {first} to {last}.")
    return [_quarter(number) for number in range(start, end + 1)]


def previous(quarter: str, n: int = 1) -> str:
    """The quarter `n` quarters before."""
    return _quarter(_number(quarter) - n)


def following(quarter: str, n: int = 1) -> str:
    """The quarter `n` quarters after."""
    return _quarter(_number(quarter) + n)


def first_day(quarter: str) -> date:
    """The first calendar day of the quarter."""
    year, index = divmod(_number(quarter), 4)
    return date(year, 3 * index + 1, 1)


def last_day(quarter: str) -> date:
    """The last calendar day of the quarter."""
    first = first_day(quarter)
    month = first.replace(month=first.month + 2)
    return month.replace(day=monthrange(month.year, month.month)[1])


def closing_day(quarter: str) -> date:
    """The day on which the quarter is scored; what departments owe is due before it."""
    return first_day(following(quarter)).replace(day=CLOSING_DAY)


def quarter_of(day: date) -> str:
    """The quarter in which `day` lies."""
    return f"{day.year:04d}Q{(day.month + 2) // 3}"


def _number(quarter: str) -> int:
    """Quarters since year 0, so that neighbours differ by one."""
    canonical = parse_quarter(quarter)
    return int(canonical[:4]) * 4 + int(canonical[5]) - 1


def _quarter(number: int) -> str:
    year, index = divmod(number, 4)
    return parse_quarter(f"{year:04d}Q{index + 1}")
