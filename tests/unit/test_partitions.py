"""Quarters as partitions."""

from itertools import pairwise

from orchestration.core.quarters import previous, quarters_between
from orchestration.partitions import FIRST, LAST, quarters, range_tags


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
