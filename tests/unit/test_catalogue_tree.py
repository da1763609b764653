"""Structural checks of trees, items and columns: one change to a sound catalogue, one fault at one place."""

import pytest

from orchestration.core.catalogue.checks import check_structure
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES
from orchestration.warehouse.catalogue import fault_text
from tests.unit.small_catalogue import (
    SMALL,
    Case,
    Edit,
    Files,
    bad,
    broken,
    case_name,
    change,
    copy,
    drop,
    edited,
    file_less,
)

QUARTER = "2026Q3"


def faults(files: Files) -> set[tuple[str, int | None, str]]:
    found = check_structure(parse_catalogue(files).at(QUARTER))
    for fault in found:
        assert all(fault_text(fault, language).startswith(fault.file) for language in LANGUAGES)
    return {(fault.file, fault.row, fault.reason_key) for fault in found}


BROKEN: list[Case] = [
    bad("indicators", 4, "number_negative", weight="-0.4"),
    bad("items", 2, "number_negative", weight="-1"),
    bad("items", 4, "number_negative", weight="-1"),
    bad("item_overrides", 3, "number_negative", weight="-1"),
    bad("items", 4, "number_negative", deduct_per_case="-5"),
    bad("items", 4, "number_negative", max_deduction="-1"),
    bad("indicators", 5, "framework_unknown", framework="else"),
    bad("indicators", 5, "parent_unknown", parent="X9"),
    bad("indicators", 5, "parent_unknown", parent="Y"),
    broken("indicators", 5, "parent_unknown", change("indicators", 3, valid_from="2027Q1")),
    bad("indicators", 4, "unit_unknown", lead_unit="U9"),
    bad("indicators", 2, "aggregation_unknown", aggregation="median"),
    broken("frameworks", 2, "root_absent", drop("indicators", 2)),
    broken("frameworks", 2, "root_absent", change("indicators", 2, level="1", parent="X")),
    broken("indicators", 8, "root_twice", copy("indicators", 2, code="Z")),
    broken("indicators", 6, "root_alone", drop("indicators", 7), drop("items", 6)),
    bad("indicators", 2, "root_has_parent", parent="X1"),
    bad("indicators", 4, "parent_absent", parent=""),
    bad("indicators", 5, "level_jump", level="3"),
    bad("indicators", 5, "level_jump", level="1"),
    bad("indicators", 5, "level_too_deep", level="-1"),
    bad("indicators", 3, "cycle", parent="X11"),
    bad("indicators", 4, "cycle", parent="X2"),
    broken("indicators", 4, "leaf_without_items", drop("items", 5)),
    broken("indicators", 8, "leaf_without_items", copy("indicators", 5, code="X12")),
    broken(
        "indicators",
        2,
        "children_weightless",
        change("indicators", 3, weight="0"),
        change("indicators", 4, weight="0"),
    ),
    bad("items", 2, "framework_unknown", framework="else"),
    bad("items", 2, "point_unknown", point="X9"),
    bad("items", 6, "point_unknown", point="X2"),
    bad("items", 2, "point_not_leaf", point="X1"),
    bad("items", 2, "point_not_leaf", point="X"),
    bad("items", 2, "department_unknown", department="hr"),
    bad("items", 2, "method_unknown", method="log"),
    bad("items", 5, "applies_to_unknown", applies_to="wards"),
    bad("items", 5, "applies_to_unknown", applies_to="B1"),
    bad("items", 6, "applies_to_unknown", applies_to="U1"),
    bad("items", 4, "method_of_negative", method="boolean", grave=""),
    bad("items", 5, "method_of_positive", method="count_deduct", deduct_per_case="1", direction="", floor=""),
    bad("items", 2, "grave_on_method", grave="true"),
    bad("items", 2, "target_not_positive", target="0"),
    bad("items", 6, "number_negative", target="-1"),
    bad("items", 4, "number_negative", target="-1"),
    bad("items", 5, "limits_absent", upper=""),
    bad("items", 5, "limits_in_order", upper="0"),
    bad("items", 4, "deduction_absent", deduct_per_case=""),
    bad("items", 5, "direction_bad", direction="2"),
    bad("items", 2, "direction_unread", direction="-1"),
    bad("items", 2, "floor_unread", floor="10"),
    bad("items", 2, "floor_unread", floor="0"),
    bad("items", 5, "score_out_of_range", floor="101"),
    bad("items", 3, "weight_absent", weight=""),
    broken("items", 2, "items_weightless", change("items", 2, weight="0"), change("items", 3, weight="0")),
    broken("items", 3, "open_step_not_one", change("item_steps", 3, upper_bound="20")),
    broken("items", 3, "open_step_not_one", file_less("item_steps")),
    broken("items", 3, "open_step_not_one", change("item_steps", 3, valid_from="2027Q1")),
    bad("item_steps", 2, "score_out_of_range", score="101"),
    bad("item_overrides", 2, "institution_unknown", institution="s2"),
    bad("item_overrides", 2, "applies_to_unknown", applies_to="U9"),
    bad("item_overrides", 2, "target_not_positive", target="0"),
    bad("extract_columns", 9, "department_unknown", department="hr"),
    broken(
        "extract_columns",
        3,
        "header_twice",
        change("extract_columns", 2, header="A件数"),
        change("extract_columns", 3, header="Ａ件数"),
    ),
    broken("items", 5, "columns_absent", drop("extract_columns", 6)),
    broken("items", 4, "columns_absent", change("extract_columns", 5, item="I9")),
    broken("extract_columns", 2, "column_roles_bad", drop("extract_columns", 3)),
    broken("extract_columns", 2, "column_roles_bad", change("extract_columns", 3, role="numerator")),
    bad("extract_columns", 2, "column_roles_bad", role="value"),
    broken(
        "extract_columns",
        5,
        "column_roles_bad",
        copy("extract_columns", 5, header="基数", role="denominator"),
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=case_name)
def test_the_fault_is_named_with_file_row_and_reason(case: Case) -> None:
    files, stem, line, reason = case
    assert (f"{stem}.csv", line, reason) in faults(files)


def test_the_small_catalogue_is_sound() -> None:
    assert faults(SMALL) == set()


def test_four_levels_below_the_root_and_no_fifth() -> None:
    third = copy("indicators", 5, code="X111", parent="X11", level="3")
    fourth = copy("indicators", 5, code="X1111", parent="X111", level="4")
    fifth = copy("indicators", 5, code="X11111", parent="X1111", level="5")

    def under(point: str) -> list[Edit]:
        return [change("items", line, point=point) for line in (2, 3, 4)]

    assert faults(edited(third, fourth, *under("X1111"))) == set()
    assert faults(edited(third, fourth, fifth, *under("X11111"))) == {
        ("indicators.csv", 10, "level_too_deep")
    }


LEGITIMATE: list[tuple[Edit, ...]] = [
    # Weights are relative and one of a group may be 0; a point may have negative items only.
    (change("items", 2, weight="0"),),
    (change("indicators", 3, weight="0"), change("indicators", 4, weight="77")),
    (drop("items", 2, 3), file_less("item_steps")),
    # Blank limits and targets that have a default.
    (change("items", 4, max_deduction="", deduct_per_case="0"),),
    (change("items", 2, target=""), change("items", 6, target="")),
    # A ratio or a count as one column; a count with its base.
    (change("extract_columns", 2, role="value"), drop("extract_columns", 3)),
    (drop("extract_columns", 8),),
    (change("extract_columns", 7, role="value"),),
    (copy("extract_columns", 4, header="偏差基数", role="denominator"),),
    # Rows that name an item not valid in the quarter are ignored, whatever else they say.
    (copy("item_steps", 2, item="I9", score="900"),),
    (copy("item_overrides", 2, item="I9", applies_to="U9"),),
    (copy("extract_columns", 2, item="I9", header="新列"),),
    (
        copy("items", 5, code="I6"),
        copy("extract_columns", 6, item="I6", header="天数"),
        change("items", 5, applies_to="nobody", valid_to="2026Q2"),
    ),
    # What is wrong in another quarter is not wrong in this one.
    (copy("indicators", 5, code="X12", valid_from="2026Q4"),),
    # A framework whose rows begin later; a framework without subjects.
    (copy("frameworks", 3, code="later"),),
    (file_less("posts", "portfolios"),),
]


@pytest.mark.parametrize("edits", LEGITIMATE)
def test_what_is_legitimate_passes(edits: tuple[Edit, ...]) -> None:
    assert faults(edited(*edits)) == set()
