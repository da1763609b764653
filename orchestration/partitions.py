"""Quarters, half-years and years as Dagster's partitions: static keys `2020Q1` … `2039Q4`, which sort as text.

Dagster is imported when they are asked for, so that a command line can name the ends without it.
Not here: which quarter a day belongs to (`core.quarters`), which quarters a period has (`core.periods`).
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from orchestration.core.periods import half_year_of, year_of
from orchestration.core.quarters import quarters_between

if TYPE_CHECKING:
    import dagster as dg

FIRST, LAST = "2020Q1", "2039Q4"

# The group of assets that have none: views that no quarter's run reads.
VIEWS = "views"

# Tags by which Dagster knows one run over a range of partitions, as its own command line and UI set them.
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@cache
def quarters() -> "dg.StaticPartitionsDefinition":
    """Every quarter a run may name. Dagster's time windows know no quarter, so the keys are written out."""
    import dagster as dg

    return dg.StaticPartitionsDefinition(quarters_between(FIRST, LAST))


@cache
def half_years() -> "dg.StaticPartitionsDefinition":
    """Every half-year that may be published: `2020H1` … `2039H2`."""
    return _periods(half_year_of)


@cache
def years() -> "dg.StaticPartitionsDefinition":
    """Every year that may be published: `2020` … `2039`."""
    return _periods(year_of)


def range_tags(first: str, last: str) -> dict[str, str]:
    """The tags of one run over the quarters from `first` to `last`, both included."""
    return {RANGE_START: first, RANGE_END: last}


def _periods(period_of: Callable[[str], str]) -> "dg.StaticPartitionsDefinition":
    """The periods in which the quarters lie, each once and in order."""
    import dagster as dg

    names = (period_of(quarter) for quarter in quarters_between(FIRST, LAST))
    return dg.StaticPartitionsDefinition(list(dict.fromkeys(names)))
