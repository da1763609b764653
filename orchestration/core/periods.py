"""Periods longer than a quarter: the half-year `2026H1` and the year `2026` (scoring.md section 8).

Not here: quarters (`core.quarters`), a period's scores (dbt), partitions of a run, the wording of a period on a
page.
"""

import re

from orchestration.core.quarters import parse_quarter, quarters_between

_PERIOD = re.compile(r"([0-9]{4})(?:H([12]))?")


def parse_period(text: str) -> str:
    """The half-year or year that `text` names, blanks around it removed and `h` raised.

    Raises ValueError, with a sentence, for anything else, a quarter included.
    """
    period = text.strip().upper()
    match = _PERIOD.fullmatch(period)
    if not match or int(match[1]) < 1:
        raise ValueError(
            f"{text!r} is neither a half-year nor a year: write 2026H1 or 2026H2 for half a year, 2026 for a year."
        )
    return period


def is_period(text: str) -> bool:
    """Whether `text` is the canonical name of a half-year or a year; a quarter is neither."""
    try:
        return parse_period(text) == text
    except ValueError:
        return False


def is_year(period: str) -> bool:
    """Whether the period is a year; ValueError where it is neither a year nor half of one."""
    return _half(period) is None


def quarters_of(period: str) -> tuple[str, ...]:
    """The quarters of the period in order: two of a half-year, four of a year."""
    half = _half(period)
    first, last = (1, 4) if half is None else (2 * half - 1, 2 * half)
    year = parse_period(period)[:4]
    return tuple(quarters_between(f"{year}Q{first}", f"{year}Q{last}"))


def last_quarter(period: str) -> str:
    """The quarter whose tree, bands and caps the period is shown with."""
    return quarters_of(period)[-1]


def half_year_of(quarter: str) -> str:
    """The half-year in which the quarter lies."""
    canonical = parse_quarter(quarter)
    return f"{canonical[:4]}H{(int(canonical[5]) + 1) // 2}"


def year_of(quarter: str) -> str:
    """The year in which the quarter lies."""
    return parse_quarter(quarter)[:4]


def previous_period(period: str) -> str:
    """The period of the same length just before; ValueError before the year 1."""
    year, half = int(parse_period(period)[:4]), _half(period)
    if half == 2:
        return f"{year:04d}H1"
    return parse_period(f"{year - 1:04d}" + ("" if half is None else "H2"))


def _half(period: str) -> int | None:
    """1 or 2; None of a year."""
    canonical = parse_period(period)
    return int(canonical[5]) if len(canonical) > 4 else None
