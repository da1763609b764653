"""Each flaw of a row or a cell: its rule, severity, place, what is held, and what counts of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from orchestration.core.catalogue.models import Catalogue
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import Book, Place

RATE = ("care", "U2", "I1")
NUMERATOR, DENOMINATOR = (*RATE, "numerator"), (*RATE, "denominator")

# cells changed; rule and severity; the place the issue names; found; state of the cells; what is observed
FLAWS: dict[str, tuple[Mapping[Place, object], str, str, Place, str, list[str], tuple[Any, ...]]] = {
    "words": (
        {NUMERATOR: "待核实"},
        *("not_a_number", "quarantine", NUMERATOR, "待核实", ["held", "read"], (None, 10, "unreadable")),
    ),
    "an error value": (
        {DENOMINATOR: "#DIV/0!"},
        *("error_value", "quarantine", DENOMINATOR, "#DIV/0!", ["read", "held"], (None, None, "unreadable")),
    ),
    "a formula without its value": (
        {NUMERATOR: "=SUM(B2:B9)"},
        *("formula_without_value", "quarantine", NUMERATOR, "=SUM(B2:B9)", ["held", "read"]),
        (None, 10, "unreadable"),
    ),
    "part of a case": (
        {NUMERATOR: 4.5},
        *("not_whole", "quarantine", NUMERATOR, "4.5", ["held", "read"], (None, 10, "quarantined")),
    ),
    "a negative count": (
        {("care", "U2", "I3", "value"): -2},
        *("negative", "quarantine", ("care", "U2", "I3", "value"), "-2", ["held"], ()),
    ),
    "a percentage above 100": (
        {("care", "U2", "I6", "value"): "101％"},
        *("out_of_range", "quarantine", ("care", "U2", "I6", "value"), "101％", ["held"]),
        (None, None, "quarantined"),
    ),
    "neither yes nor no": (
        {("care", "U2", "I7", "value"): "部分"},
        *("invalid_boolean", "quarantine", ("care", "U2", "I7", "value"), "部分", ["held"]),
        (None, None, "unreadable"),
    ),
    "a yes that is 2": (
        {("care", "U2", "I7", "value"): 2},
        *("invalid_boolean", "quarantine", ("care", "U2", "I7", "value"), "2", ["held"]),
        (None, None, "quarantined"),
    ),
    "more than the total": (
        {NUMERATOR: 11},
        *("numerator_exceeds_denominator", "quarantine", NUMERATOR, "11 / 10", ["held", "held"]),
        (None, None, "quarantined"),
    ),
    "something of nothing": (
        {NUMERATOR: 3, DENOMINATOR: 0},
        *("positive_over_zero", "quarantine", NUMERATOR, "3 / 0", ["held", "held"]),
        (None, None, "quarantined"),
    ),
    "something of nothing, banded": (
        {("care", "U2", "I8", "numerator"): 3, ("care", "U2", "I8", "denominator"): 0},
        *("positive_over_zero", "quarantine", ("care", "U2", "I8", "numerator"), "3 / 0", ["held", "held"]),
        (None, None, "quarantined"),
    ),
    "half of a pair": (
        {NUMERATOR: None},
        *("half_pair", "warn", NUMERATOR, "□ / 10", ["missing", "read"], (None, 10, "half_pair")),
    ),
    "the other half": (
        {DENOMINATOR: "—"},
        *("half_pair", "warn", NUMERATOR, "8 / —", ["read", "missing"], (None, None, "half_pair")),
    ),
    "a claim": (
        {NUMERATOR: "不适用", DENOMINATOR: "不适用"},
        *("not_applicable_claimed", "warn", NUMERATOR, "不适用 / 不适用", ["claimed", "claimed"]),
        (None, None, "claimed"),
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_one_issue_at_its_cell(intake: Intake, school: Catalogue, flaw: str) -> None:
    cells, rule, severity, place, found, states, observed = FLAWS[flaw]
    book = Book(school, cells=cells)
    receipt = intake.receive(book)
    framework, subject, item, _ = place
    assert intake.issues(receipt) == [
        (rule, severity, subject, item, framework, book.address(*place), found, "open")
    ]
    assert receipt.state == "accepted"
    (result,) = [result for result in receipt.rules if result.failing]
    assert (result.rule, result.severity, result.failing) == (rule, severity, 1)
    assert [(cell.cell, cell.found) for cell in result.cells] == [(book.address(*place), found)]

    columns = [column for column in book.columns(framework) if column.item == item]
    landed = [intake.cell(receipt, book.address(framework, subject, item, c.role)) for c in columns]
    assert [state for _, _, state in landed] == states
    assert receipt.cells_held == states.count("held")
    assert intake.observation(receipt, subject, item) == (observed or None)
    # the neighbour's row and the row's other items are untouched
    assert intake.observation(receipt, "U1", "I1") == (8, 10, None)
    assert intake.observation(receipt, "U2", "I2") == (5, None, None)


@pytest.mark.parametrize(
    ("cells", "item", "observed"),
    [
        ({NUMERATOR: None, DENOMINATOR: None}, "I1", (None, None, "blank")),
        ({NUMERATOR: 0, DENOMINATOR: 0}, "I1", (0, 0, None)),
        ({NUMERATOR: "／", DENOMINATOR: 0}, "I1", (None, 0, None)),
        ({NUMERATOR: 10, DENOMINATOR: 10}, "I1", (10, 10, None)),
        ({("care", "U2", "I2", "value"): -3.5}, "I2", (-3.5, None, None)),
        ({("care", "U2", "I2", "value"): None}, "I2", (None, None, "blank")),
        ({("care", "U2", "I8", "numerator"): 12.5}, "I8", (12.5, 10, None)),
        ({("care", "U2", "I7", "value"): "√"}, "I7", (1, None, None)),
        ({("care", "U2", "I7", "value"): "否"}, "I7", (0, None, None)),
        ({("care", "U2", "I6", "value"): 100}, "I6", (100, 100, None)),
    ],
)
def test_what_is_no_flaw_raises_no_issue(
    intake: Intake, school: Catalogue, cells: Mapping[Place, object], item: str, observed: tuple[Any, ...]
) -> None:
    receipt = intake.receive(Book(school, cells=cells))
    assert (receipt.state, intake.issues(receipt), receipt.cells_held) == ("accepted", [], 0)
    assert intake.observation(receipt, "U2", item) == observed


MEETINGS, DUE = ("work", "B1", "I5", "numerator"), ("work", "B1", "I5", "denominator")


@pytest.mark.parametrize(
    ("cells", "observed", "rules"),
    [
        ({MEETINGS: 12}, (12, 10, None), []),
        ({DUE: None}, (8, None, None), []),
        ({MEETINGS: None}, (None, 10, "blank"), []),
        ({DUE: 0}, (8, 0, None), []),
        ({MEETINGS: None, DUE: 0}, (None, 0, None), []),
        ({MEETINGS: "若干", DUE: 0}, (None, 0, "unreadable"), ["not_a_number"]),
        ({DUE: 1.5}, (None, None, "quarantined"), ["not_whole"]),
    ],
)
def test_a_count_held_may_exceed_what_was_due(
    intake: Intake,
    school: Catalogue,
    cells: Mapping[Place, object],
    observed: tuple[Any, ...],
    rules: list[str],
) -> None:
    receipt = intake.receive(Book(school, department="safety", cells=cells))
    assert [issue[0] for issue in intake.issues(receipt)] == rules
    assert intake.observation(receipt, "B1", "I5") == observed


def test_a_value_where_the_item_does_not_apply_is_ignored(intake: Intake, school: Catalogue) -> None:
    place = ("care", "U3", "I4", "value")  # days on a ward; U3 is an office
    book = Book(school, department="safety", cells={place: 7})
    receipt = intake.receive(book)
    assert [issue[:4] for issue in intake.issues(receipt)] == [
        ("value_for_inapplicable_item", "warn", "U3", "I4")
    ]
    assert intake.cell(receipt, book.address(*place)) == ("7", 7, "ignored")
    assert intake.observation(receipt, "U3", "I4") is None
    assert intake.observation(receipt, "U1", "I4") == (5, None, None)


def test_a_row_of_nobody_is_held_and_loses_nothing_else(intake: Intake, school: Catalogue) -> None:
    receipt = intake.receive(Book(school, keys={("care", "U2"): "神经外科"}))
    assert [(issue[0], issue[5], issue[6]) for issue in intake.issues(receipt)] == [
        ("unknown_unit", "A3", "神经外科")
    ]
    assert (receipt.cells_held, intake.observation(receipt, "U2", "I1")) == (8, None)
    assert intake.rows(
        "select distinct subject_text, subject_code, state from raw.cell where submission = %s and row_number = 3"
        " and sheet = 'care'",
        receipt.submission,
    ) == [("神经外科", None, "held")]
    assert intake.observation(receipt, "U3", "I1") == (8, 10, None)


def test_all_rows_of_a_subject_that_stands_twice_are_held(intake: Intake, school: Catalogue) -> None:
    receipt = intake.receive(Book(school, rows_again=[("care", "U2")], keys={("care", "U1"): "大内科"}))
    assert [(issue[0], issue[2], issue[5]) for issue in intake.issues(receipt)] == [
        ("duplicate_unit", "U2", "A3"),
        ("duplicate_unit", "U2", "A5"),
    ]
    assert receipt.cells_held == 16
    assert intake.observation(receipt, "U2", "I1") == (None, None, "quarantined")
    assert intake.observation(receipt, "U1", "I1") == (8, 10, None)


def test_faults_of_both_halves_are_two_issues_and_one_missing_item(intake: Intake, school: Catalogue) -> None:
    receipt = intake.receive(Book(school, cells={NUMERATOR: -1, DENOMINATOR: -3}))
    assert [(issue[0], issue[6]) for issue in intake.issues(receipt)] == [
        ("negative", "-1"),
        ("negative", "-3"),
    ]
    assert intake.observation(receipt, "U2", "I1") == (None, None, "quarantined")


def test_a_long_cell_is_shortened_where_it_is_quoted(intake: Intake, school: Catalogue) -> None:
    words = "本季度因机构调整相关数据仍在核对之中" * 4
    receipt = intake.receive(Book(school, cells={NUMERATOR: f"{words}\n{words}"}))
    ((_, _, _, _, _, address, found, _),) = intake.issues(receipt)
    assert (len(found), found[:6], found[-1]) == (40, "本季度因机构", "…")
    assert intake.cell(receipt, address)[0] == f"{words}\n{words}"
