"""Quarters, half-years and years as partitions."""

from itertools import pairwise

from orchestration.core.quarters import previous, quarters_between
from orchestration.partitions import FIRST, LAST, half_years, quarters, range_tags, years


def test_every_quarter_once_in_order() -> None:
    keys = quarters().get_partition_keys()
    assert len(keys) == 80
    assert keys == sorted(keys) == quarters_between("2020Q1", "2039Q4")
    assert (keys[0], keys[-1]) == (FIRST, LAST)
    assert all(previous(later) == earlier for earlier, later in pairwise(keys))


def test_the_tags_of_a_range() -> None:
    assert range_tags("2024Q4", "2026Q3") == {
        "dagster/asset_partition_range_start": "2024Q4",
        "dagster/asset_partition_range_end": "2026Q3",
    }


def test_every_half_year_and_every_year_once_in_order() -> None:
    halves, whole = half_years().get_partition_keys(), years().get_partition_keys()
    assert (len(halves), halves[0], halves[-1]) == (40, "2020H1", "2039H2")
    assert (len(whole), whole[0], whole[-1]) == (20, "2020", "2039")
    assert halves == sorted(set(halves))
    assert whole == sorted(set(whole))
