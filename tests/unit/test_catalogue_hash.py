"""The catalogue's hash: what it is of, what changes it, and what must not."""

import random

import pytest

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.parse import parse_catalogue
from tests.unit.small_catalogue import SMALL, Edit, Files, change, copy, drop, edited, file_less

QUARTER = "2026Q3"


def hash_of(files: Files, quarter: str = QUARTER) -> str:
    return catalogue_hash(parse_catalogue(files).at(quarter))


BEFORE = hash_of(SMALL)

SAME: dict[str, Files] = {
    "a BOM": {stem: "\ufeff" + text for stem, text in SMALL.items()},
    "other line ends": {stem: text.replace("\n", "\r\n") for stem, text in SMALL.items()},
    "numbers written otherwise": edited(change("units", 2, weight="1.00"), change("units", 3, weight="2e0")),
    "false written out": edited(change("items", 2, grave="false")),
    "a row added for 2027": edited(copy("items", 2, code="I9", valid_from="2027Q1")),
    "a row that ended": edited(copy("items", 2, code="I9", valid_to="2026Q2")),
    "a holiday": edited(copy("calendar", 2, date="2027-10-01")),
    "no calendar": edited(file_less("calendar")),
    "a row closed and its successor": edited(
        change("indicators", 4, valid_to="2026Q4"),
        copy("indicators", 4, weight="0.9", valid_from="2027Q1", valid_to=""),
    ),
    "an open end written as a late quarter": edited(change("units", 2, valid_to="2099Q4")),
}

OTHER: dict[str, Edit] = {
    "a weight": change("indicators", 4, weight="0.41"),
    "a name": change("units", 2, name_en="Internal Medicine"),
    "a threshold": change("bands", 2, min_score="61"),
    "a column": change("extract_columns", 4, header="偏差值"),
    "a cap": change("colour_caps", 3, needs_confirmation=""),
    "an alias": copy("unit_aliases", 2, alias="内一科"),
    "a row less": drop("item_overrides", 3),
    "a value in another column": change("items", 5, lower="", target="0"),
    "a row that ends before": change("items", 5, valid_to="2026Q2"),
    "a row that begins after": change("items", 5, valid_from="2026Q4"),
}


@pytest.mark.parametrize("files", SAME.values(), ids=SAME)
def test_what_leaves_the_quarter_as_it_was(files: Files) -> None:
    assert hash_of(files) == BEFORE


@pytest.mark.parametrize("edit", OTHER.values(), ids=OTHER)
def test_what_changes_the_quarter(edit: Edit) -> None:
    assert hash_of(edited(edit)) != BEFORE


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_is_none_of_its_business(seed: int) -> None:
    shuffle = random.Random(seed).sample
    files = {}
    for stem, text in SMALL.items():
        header, *rows = text.splitlines()
        files[stem] = "\n".join([header, *shuffle(rows, len(rows))])
    assert files != SMALL
    assert hash_of(files) == BEFORE


def test_the_successor_changes_its_own_quarters() -> None:
    files = SAME["a row closed and its successor"]
    assert hash_of(files, "2026Q4") == BEFORE
    assert hash_of(files, "2027Q1") != BEFORE


def test_the_hash_is_64_hex_digits_and_stays_what_it_was() -> None:
    """Scores are kept under this name for years: a change of its making is a change of every version."""
    assert BEFORE == "5c4ea6f72be2f3bf86c7cd6a2f16cfaecfd3752107e0fdb852628013573e37f4"
