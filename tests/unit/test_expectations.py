"""Each rule of the rule book on frames made by hand: what it applies to and which rows it fails."""

import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from expectations import Contract, contract_of, judge, rules
from expectations.rulebook import RULES

NAN = float("nan")
DEFAULTS: dict[str, dict[str, Any]] = {
    "frameworks": {"is_present": True, "is_any_present": True},
    "columns": {"is_present": True},
    "rows": {"framework": "care", "subject": None, "problem": None, "is_countable": True},
    "cells": {
        "problem": None,
        "number": 3.0,
        "fraction": 0.0,
        "outside": 0.0,
        "change_times": NAN,
        "is_moved": False,
        "is_judged": True,
        "is_inapplicable": False,
        "is_counted": False,
        "is_whole": False,
        "is_percentage": False,
        "is_boolean": False,
        "is_bounded": False,
    },
    "observations": {
        "numerator": 8.0,
        "denominator": 10.0,
        "last_year_denominator": NAN,
        "has_numerator": True,
        "has_denominator": True,
        "is_due": True,
        "is_pair": True,
        "is_part": True,
        "is_legible": True,
        "is_claimed": False,
    },
    "comparisons": {"excess": 0.0, "is_between": True},
}
COUNT = {"is_counted": True, "is_whole": True}
BLANK_NUMERATOR = {"numerator": NAN, "has_numerator": False}
BLANK_DENOMINATOR = {"denominator": NAN, "has_denominator": False}

# rule, frame, rows as changes of a sound one, labels that must fail, rows the rule applies to
CASES: list[tuple[str, str, list[dict[str, Any]], list[int], int]] = [
    ("frameworks_all_absent", "frameworks", [{"is_present": False, "is_any_present": False}], [0], 1),
    ("framework_absent", "frameworks", [{}, {"is_present": False}], [1], 2),
    (
        "framework_absent",
        "frameworks",
        [{"is_present": False, "is_any_present": False}] * 2,
        [],
        0,
    ),
    ("column_absent", "columns", [{}, {"is_present": False}, {}], [1], 3),
    (
        "unknown_unit",
        "rows",
        [{"subject": "U1"}, {"problem": "unknown_subject", "is_countable": False}],
        [1],
        2,
    ),
    (
        "code_name_disagree",
        "rows",
        [{"problem": "code_name_disagree", "is_countable": False}, {"subject": "U1"}],
        [0],
        2,
    ),
    ("duplicate_unit", "rows", [{"subject": "U1"}, {"subject": "U2"}, {"subject": "U1"}], [0, 2], 3),
    (
        "duplicate_unit",
        "rows",
        [{"subject": "U1"}, {"subject": "U1", "framework": "work"}, {"is_countable": False}],
        [],
        2,
    ),
    ("not_a_number", "cells", [{}, {"problem": "not_a_number", "number": NAN}], [1], 2),
    ("not_a_number", "cells", [{"problem": "not_a_number", "is_judged": False}], [], 0),
    ("error_value", "cells", [{"problem": "error_value"}, {"problem": "not_a_number"}], [0], 2),
    ("formula_without_value", "cells", [{"problem": "formula_without_value"}], [0], 1),
    (
        "invalid_boolean",
        "cells",
        [
            {"is_boolean": True, "number": 1.0},
            {"is_boolean": True, "number": 2.0},
            {"is_boolean": True, "problem": "invalid_boolean", "number": NAN},
            {"number": 2.0},
            {"is_boolean": True, "number": 0.0},
        ],
        [1, 2],
        4,
    ),
    ("not_whole", "cells", [COUNT, {**COUNT, "fraction": 0.5}, {"fraction": 0.5}], [1], 2),
    (
        "negative",
        "cells",
        [{**COUNT, "number": -1.0}, {**COUNT, "number": 0.0}, {"number": -1.0}, {**COUNT, "number": NAN}],
        [0],
        3,
    ),
    (
        "out_of_range",
        "cells",
        [{"is_percentage": True, "number": n} for n in (-0.1, 0.0, 100.0, 100.1)] + [{"number": 101.0}],
        [0, 3],
        4,
    ),
    ("unusual_value", "cells", [{"is_bounded": True, "outside": 2.0}, {"outside": 2.0}], [0], 1),
    (
        "far_from_last_quarter",
        "cells",
        [
            {"is_moved": True, "change_times": 5.0},
            {"is_moved": True, "change_times": 5.1},
            {"is_moved": True, "change_times": float("inf")},
            {"change_times": 9.0},
        ],
        [1, 2],
        3,
    ),
    (
        "value_for_inapplicable_item",
        "cells",
        [{"is_inapplicable": True}, {"is_inapplicable": True, "number": NAN}, {}],
        [0],
        2,
    ),
    (
        "numerator_exceeds_denominator",
        "observations",
        [
            {"numerator": 10.0},
            {"numerator": 11.0},
            {"numerator": 11.0, "is_part": False},
            {"numerator": 11.0, "denominator": 0.0},
            {"numerator": 11.0, **BLANK_DENOMINATOR},
        ],
        [1],
        2,
    ),
    (
        "positive_over_zero",
        "observations",
        [
            {"numerator": 1.0, "denominator": 0.0},
            {"numerator": 0.0, "denominator": 0.0},
            {"denominator": 0.0, **BLANK_NUMERATOR},
            {"numerator": 1.0, "denominator": 0.0, "is_pair": False},
        ],
        [0],
        3,
    ),
    (
        "half_pair",
        "observations",
        [
            BLANK_NUMERATOR,
            BLANK_DENOMINATOR,
            {**BLANK_NUMERATOR, **BLANK_DENOMINATOR},
            {"denominator": 0.0, **BLANK_NUMERATOR},
            {**BLANK_NUMERATOR, "is_legible": False},
            {**BLANK_NUMERATOR, "is_pair": False},
        ],
        [0, 1],
        3,
    ),
    ("not_applicable_claimed", "observations", [{"is_claimed": True}, {}], [0], 2),
    (
        "zero_denominator_unlike_last_year",
        "observations",
        [
            {"denominator": 0.0, "last_year_denominator": 4.0},
            {"denominator": 0.0, "last_year_denominator": 0.0},
            {"denominator": 0.0},
            {"last_year_denominator": 4.0},
        ],
        [0],
        3,
    ),
    ("columns_disagree", "comparisons", [{"excess": 1.0}, {}], [0], 2),
    ("departments_disagree", "comparisons", [{"excess": 1.0}, {"excess": 1.0, "is_between": False}], [1], 1),
]


def frame(name: str, changes: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [{**DEFAULTS[name], **change} for change in changes]
    return pd.DataFrame(
        {
            column: pd.Series(
                [row[column] for row in rows],
                dtype={bool: "bool", float: "float64"}.get(type(value), "object"),
            )
            for column, value in DEFAULTS[name].items()
        }
    )


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contract_of("a department without a file of its own")


@pytest.mark.parametrize(("rule", "name", "changes", "failing", "evaluated"), CASES)
def test_a_rule_fails_the_rows_it_should(
    contract: Contract,
    rule: str,
    name: str,
    changes: list[dict[str, Any]],
    failing: list[int],
    evaluated: int,
) -> None:
    report = judge({name: frame(name, changes)}, contract)
    result = next(result for result in report.results if result.rule == rule)
    assert (list(result.failing), result.evaluated) == (failing, evaluated)
    assert result.severity == contract.severities[rule]
    assert result.success is (not failing)


def test_every_rule_of_the_book_has_a_case() -> None:
    assert {rule.name for rule in RULES} == {case[0] for case in CASES}


def test_sound_frames_break_nothing_and_no_frames_are_no_rows(contract: Contract) -> None:
    sound = judge(
        {name: frame(name, [{}, {"subject": "U9"}][: 1 if name != "rows" else 2]) for name in DEFAULTS},
        contract,
    )
    assert not [result.rule for result in sound.results if result.failing]
    assert not sound.blocked
    empty = judge({name: pd.DataFrame() for name in DEFAULTS}, contract)
    assert {result.evaluated for result in empty.results} == {0}
    assert judge({}, contract).results == empty.results


def test_a_block_blocks_and_labels_are_gathered_by_frame_and_severity(contract: Contract) -> None:
    report = judge(
        {
            "columns": frame("columns", [{"is_present": False}]),
            "cells": frame("cells", [{"problem": "error_value"}, {"is_bounded": True, "outside": 1.0}]),
        },
        contract,
    )
    assert report.blocked
    assert report.failing("cells", "quarantine") == {0}
    assert report.failing("cells") == {0, 1}
    assert report.failing("columns", "block") == {0}


def test_a_threshold_is_the_contract_s(contract: Contract) -> None:
    changed = contract.model_copy(
        update={"far_from_last_quarter": contract.far_from_last_quarter.model_copy(update={"times": 9.0})}
    )
    moved = {"cells": frame("cells", [{"is_moved": True, "change_times": 8.0}])}
    assert judge(moved, contract).failing("cells") == {0}
    assert judge(moved, changed).failing("cells") == set()


def test_naming_the_rules_does_not_load_the_library() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, expectations; expectations.rules('x');"
            "print([m for m in ('great_expectations', 'pandas') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "[]"
    assert dict(rules("x"))["column_absent"] == "block"
