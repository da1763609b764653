"""Structural checks of subjects, colours and caps: one change, one fault at one place."""

import pytest

from orchestration.core.catalogue.check_bands import INK, WHITE, contrast, text_on
from orchestration.core.catalogue.checks import check_structure
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES
from orchestration.warehouse.catalogue import fault_text
from tests.unit.small_catalogue import (
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


# `care`, the tree over units, and everything that hangs on it.
WITHOUT_CARE = (
    drop("frameworks", 2),
    drop("indicators", 2, 3, 4, 5),
    drop("items", 2, 3, 4, 5),
    file_less("portfolios", "colour_caps"),
)
BROKEN: list[Case] = [
    broken("institutions", 3, "subjects_absent", *WITHOUT_CARE, copy("institutions", 2, code="s2")),
    broken(
        "institutions",
        2,
        "subjects_absent",
        *WITHOUT_CARE,
        change("posts", 2, valid_to="2026Q2"),
        change("posts", 3, valid_to="2026Q2"),
    ),
    broken(
        "institutions",
        3,
        "subjects_absent",
        # A tree over units that begins later has nobody yet.
        *(change("indicators", line, valid_from="2027Q1") for line in (2, 3, 4, 5)),
        *(change("items", line, valid_from="2027Q1") for line in (2, 3, 4, 5)),
        file_less("portfolios"),
        copy("institutions", 2, code="s2"),
        copy("units", 2, institution="s2"),
    ),
    broken("frameworks", 4, "code_unfit", copy("frameworks", 2, code="../care")),
    broken("departments", 4, "code_unfit", copy("departments", 2, code="a b")),
    broken("departments", 4, "code_unfit", copy("departments", 2, code=".hidden")),
    broken("institutions", 3, "code_unfit", copy("institutions", 2, code="s1/x")),
    broken("departments", 4, "code_differs_in_case", copy("departments", 2, code="Money")),
    bad("units", 3, "number_negative", weight="-2"),
    bad("bands", 3, "number_negative", deadline_workdays="-1"),
    bad("units", 3, "institution_unknown", institution="s2"),
    bad("units", 2, "department_unknown", reports_as="hr"),
    bad("posts", 2, "institution_unknown", institution="s2"),
    bad("posts", 3, "unit_unknown", unit="U9"),
    bad("portfolios", 2, "institution_unknown", institution="s2"),
    bad("portfolios", 2, "post_unknown", post="B9"),
    bad("portfolios", 2, "unit_unknown", unit="U9"),
    bad("portfolios", 2, "indicator_unknown", indicator="X9"),
    broken("units", 5, "code_is_kind", copy("units", 2, code="ward", name_zh="儿科")),
    broken("posts", 4, "code_is_kind", copy("posts", 2, code="head", name_zh="书记")),
    broken("units", 5, "code_is_kind", copy("units", 2, code="head", name_zh="儿科")),
    broken("units", 5, "code_is_kind", copy("units", 2, code="all", name_zh="儿科")),
    broken("units", 4, "kind_is_all", change("units", 4, kind="all"), drop("item_overrides", 3)),
    broken("units", 5, "name_twice", copy("units", 2, code="U4")),
    bad("unit_aliases", 2, "name_twice", alias="外科"),
    broken("bands", None, "bands_absent", drop("bands", 2, 3), file_less("colour_caps")),
    bad("bands", 2, "score_out_of_range", min_score="101"),
    broken("bands", 5, "band_rank_twice", copy("bands", 2, code="fair", min_score="30")),
    broken("bands", 5, "band_order_bad", copy("bands", 2, code="fair", rank="3", min_score="70")),
    broken("bands", 5, "band_order_bad", copy("bands", 2, code="fair", rank="3", min_score="0")),
    bad("bands", 3, "band_lowest_above_zero", min_score="10"),
    broken("bands", 5, "band_lowest_twice", copy("bands", 3, code="worst", rank="3", min_score="-10")),
    broken("bands", None, "grey_absent", drop("bands", 4)),
    broken("bands", 5, "grey_twice", copy("bands", 4, code="unknown", rank="10")),
    bad("bands", 4, "grey_rank_bad", rank="2"),
    bad("bands", 2, "hex_bad", hex="green"),
    bad("bands", 2, "hex_bad", hex="#0F0"),
    bad("bands", 2, "contrast_low", hex="#7F7F7F"),
    bad("colour_caps", 2, "framework_unknown", framework="else"),
    bad("colour_caps", 3, "band_unknown", at_most_band="blue"),
    bad("colour_caps", 2, "band_unknown", when_band="blue"),
    bad("colour_caps", 2, "band_is_grey", when_band="insufficient"),
    bad("colour_caps", 2, "cap_band_absent", when_band=""),
    bad("colour_caps", 2, "cap_level_bad", when_level=""),
    bad("colour_caps", 2, "cap_level_bad", when_level="5"),
]


@pytest.mark.parametrize("case", BROKEN, ids=case_name)
def test_the_fault_is_named_with_file_row_and_reason(case: Case) -> None:
    files, stem, line, reason = case
    assert (f"{stem}.csv", line, reason) in faults(files)


LEGITIMATE: list[tuple[Edit, ...]] = [
    # A tree over posts alone; a school of which nothing is valid yet is a grey row of the tree over units.
    WITHOUT_CARE,
    (copy("institutions", 2, code="s2"),),
    # Weights of units may be blank or 0; a post may be of no unit, a portfolio of everything.
    (change("units", 2, weight=""), change("units", 3, weight="0")),
    # The same code or name in another institution, and a post called like a unit.
    (copy("institutions", 2, code="s2"), copy("units", 2, institution="s2")),
    (change("posts", 2, name_zh="内科"), copy("posts", 2, code="B3")),
    # An alias of a unit that has closed, even one that a new unit has taken for its name.
    (
        change("units", 2, valid_to="2026Q2", name_zh="老内科"),
        copy("units", 3, code="U4", name_zh="大内科"),
        change("posts", 3, unit=""),
        change("portfolios", 2, unit=""),
    ),
    # Codes in the school's own script.
    (copy("departments", 2, code="财务_科-1.a"),),
    # Two units may report as one department.
    (change("units", 2, reports_as="money"),),
    # One colour is enough; caps are not needed.
    (change("bands", 3, rank="1"), drop("bands", 2), file_less("colour_caps")),
    # Dark and pale fills both carry text.
    (change("bands", 2, hex="#000000"), change("bands", 3, hex="#ffffff")),
]


@pytest.mark.parametrize("edits", LEGITIMATE)
def test_what_is_legitimate_passes(edits: tuple[Edit, ...]) -> None:
    assert faults(edited(*edits)) == set()


@pytest.mark.parametrize(
    ("fill", "text", "ratio"),
    [
        ("#FFFFFF", INK, 16.6),
        ("#000000", WHITE, 21.0),
        # look.md section 4 gives these four.
        ("#DEF3E3", INK, 14.2),
        ("#C0D7F7", INK, 11.3),
        ("#EFB700", INK, 9.0),
        ("#A81C10", WHITE, 7.4),
    ],
)
def test_text_on_a_fill_is_whichever_contrasts_more(fill: str, text: str, ratio: float) -> None:
    assert text_on(fill) == text
    assert contrast(fill, text) == pytest.approx(ratio, abs=0.06)
