"""Every rule that frames are judged by: on which frame, on which rows of it, and the expectation that tells.

The frames (built by intake) have one row for:

| frame | a row is | columns |
|---|---|---|
| `frameworks` | a framework due from the department | is_present, is_any_present |
| `columns` | a due column of a framework that is there | is_present |
| `rows` | a row of a table | framework, subject, problem, is_countable (names one known subject) |
| `cells` | a cell under a known header | problem, number, fraction, outside (its usual range, by how much), |
| | | change_times (of last quarter's), is_moved, is_judged (of a sound row, and its item applies), |
| | | is_inapplicable, is_counted, is_whole, is_percentage, is_boolean, is_bounded |
| `observations` | an own item of a subject | numerator (or value), denominator, last_year_denominator, |
| | | has_numerator, has_denominator, is_due (of a sound row), is_pair, is_part, |
| | | is_legible (both there, read or blank), is_claimed |
| `comparisons` | a figure beside another | excess (beyond what the contract allows), is_between (columns) |

Numbers are float64 with NaN for none, `is_` and `has_` are bool, the rest text. Not here: severities and
thresholds (the contracts), Great Expectations itself (`suites`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from expectations.contract import Contract

Arguments = Mapping[str, object]


@dataclass(frozen=True)
class Probe:
    """One expectation of Great Expectations on the rows where `when` (a pandas query) holds; None: all."""

    when: str | None
    expectation: str
    arguments: Callable[[Contract], Arguments]


@dataclass(frozen=True)
class Rule:
    """A rule by its name; a row that fails any of its probes breaks it."""

    name: str
    frame: str
    probes: tuple[Probe, ...]


def _is(column: str, *, when: str | None = None) -> Probe:
    return _in(column, [True], when=when)


def _in(column: str, values: list[object], *, when: str | None = None) -> Probe:
    return Probe(when, "ExpectColumnValuesToBeInSet", lambda _: {"column": column, "value_set": values})


def _no_problem(problem: str, *, when: str | None = None) -> Probe:
    arguments = {"column": "problem", "value_set": [problem]}
    return Probe(when, "ExpectColumnValuesToNotBeInSet", lambda _: arguments)


def _between(column: str, low: float | None, high: float | None, *, when: str | None = None) -> Probe:
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Probe(when, "ExpectColumnValuesToBeBetween", lambda _: arguments)


def _sound_cell(name: str) -> Rule:
    return Rule(name, "cells", (_no_problem(name, when="is_judged"),))


RULES: tuple[Rule, ...] = (
    Rule("frameworks_all_absent", "frameworks", (_is("is_any_present"),)),
    Rule("framework_absent", "frameworks", (_is("is_present", when="is_any_present"),)),
    Rule("column_absent", "columns", (_is("is_present"),)),
    Rule("unknown_unit", "rows", (_no_problem("unknown_subject"),)),
    Rule("code_name_disagree", "rows", (_no_problem("code_name_disagree"),)),
    Rule(
        "duplicate_unit",
        "rows",
        (
            Probe(
                "is_countable",
                "ExpectCompoundColumnsToBeUnique",
                lambda _: {"column_list": ["framework", "subject"]},
            ),
        ),
    ),
    _sound_cell("not_a_number"),
    _sound_cell("error_value"),
    _sound_cell("formula_without_value"),
    Rule(
        "invalid_boolean",
        "cells",
        (
            _no_problem("invalid_boolean", when="is_judged and is_boolean"),
            _in("number", [0, 1], when="is_judged and is_boolean"),
        ),
    ),
    Rule("not_whole", "cells", (_in("fraction", [0], when="is_judged and is_whole"),)),
    Rule("negative", "cells", (_between("number", 0, None, when="is_judged and is_counted"),)),
    Rule("out_of_range", "cells", (_between("number", 0, 100, when="is_judged and is_percentage"),)),
    Rule("unusual_value", "cells", (_between("outside", None, 0, when="is_judged and is_bounded"),)),
    Rule(
        "far_from_last_quarter",
        "cells",
        (
            Probe(
                "is_judged and is_moved",
                "ExpectColumnValuesToBeBetween",
                lambda contract: {
                    "column": "change_times",
                    "max_value": contract.far_from_last_quarter.times,
                },
            ),
        ),
    ),
    Rule(
        "value_for_inapplicable_item",
        "cells",
        (Probe("is_inapplicable", "ExpectColumnValuesToBeNull", lambda _: {"column": "number"}),),
    ),
    Rule(
        "numerator_exceeds_denominator",
        "observations",
        (
            Probe(
                "is_part and numerator >= 0 and denominator > 0",
                "ExpectColumnPairValuesAToBeGreaterThanB",
                lambda _: {"column_A": "denominator", "column_B": "numerator", "or_equal": True},
            ),
        ),
    ),
    Rule(
        "positive_over_zero",
        "observations",
        (_between("numerator", None, 0, when="is_pair and denominator == 0"),),
    ),
    Rule(
        "half_pair",
        "observations",
        (
            Probe(
                "is_pair and is_legible and not denominator == 0",
                "ExpectColumnPairValuesToBeEqual",
                lambda _: {"column_A": "has_numerator", "column_B": "has_denominator"},
            ),
        ),
    ),
    Rule("not_applicable_claimed", "observations", (_in("is_claimed", [False], when="is_due"),)),
    Rule(
        "zero_denominator_unlike_last_year",
        "observations",
        (_between("last_year_denominator", None, 0, when="denominator == 0"),),
    ),
    Rule("columns_disagree", "comparisons", (_between("excess", None, 0, when="is_between"),)),
    Rule("departments_disagree", "comparisons", (_between("excess", None, 0, when="not is_between"),)),
)

# Rules judged on frames; a contract's other rules are found while the file is read.
RULE_NAMES = frozenset(rule.name for rule in RULES)
