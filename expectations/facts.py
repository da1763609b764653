"""What the catalogue's method of an item says about one column of it: derived, so no contract repeats it.

Source: intake.md "Reading real files" (which columns are counts) and scoring.md section 3 (the methods).
"""

from dataclasses import dataclass

WHOLE_PERCENTAGE = 100.0


@dataclass(frozen=True)
class ColumnFacts:
    """What a number under one column must be, and whether its item is a pair whose parts are compared.

    `is_counted`: not negative, and whole unless the contract allows fractions. `is_pair`: numerator over
    denominator where both are needed. `is_part`: the numerator is part of the denominator.
    """

    is_counted: bool = False
    is_percentage: bool = False
    is_boolean: bool = False
    is_pair: bool = False
    is_part: bool = False


def column_facts(method: str, role: str) -> ColumnFacts:
    """The facts of a column of `role` (`value`, `numerator`, `denominator`) of an item of `method`.

    A method not named here takes any finite number.
    """
    pair = role != "value"
    if method == "ratio":
        return ColumnFacts(is_counted=pair, is_percentage=not pair, is_pair=pair, is_part=pair)
    if method == "banded":
        return ColumnFacts(is_pair=pair)
    return ColumnFacts(is_counted=method in ("count_ratio", "count_deduct"), is_boolean=method == "boolean")
