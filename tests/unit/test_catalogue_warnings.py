"""Rules of warnings: one change to sound rows, one fault at one place, with its sentence; and no part in any hash."""

from typing import get_args

import pytest

from orchestration.core.catalogue.check_warnings import NEEDS
from orchestration.core.catalogue.checks import check_structure
from orchestration.core.catalogue.faults import CatalogueError
from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import WarningKind
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES
from orchestration.warehouse.catalogue import fault_text
from tests.unit.small_catalogue import SMALL, Edit, Files, change, copy

RULES = """\
code,kind,framework,level,threshold,quarters,severity,name_zh,name_en,action_zh,valid_from,valid_to
R1,fell,care,2,10,,,下降,Fell,,,
R2,declined,,0,12,3,good,连降,Declined,,,
R3,coverage_low,,,0.85,,good,缺报,Gaps,催报,,
R4,negative_case,care,,,,,负面,Case,,,2026Q4
R5,department_late,,,10,,poor,迟报,Late,,,
R6,rectification_overdue,,,,,,逾期,Overdue,,,
"""
WITH_RULES: Files = {**SMALL, "warning_rules": RULES}
BROKEN: dict[str, tuple[int, str, tuple[Edit, ...]]] = {
    "no threshold": (2, "rule_parameter_absent", (change("warning_rules", 2, threshold=""),)),
    "no quarters": (3, "rule_parameter_absent", (change("warning_rules", 3, quarters=""),)),
    "no severity": (6, "rule_parameter_absent", (change("warning_rules", 6, severity=""),)),
    "level of cases": (5, "rule_parameter_idle", (change("warning_rules", 5, level="1"),)),
    "level of tasks": (7, "rule_parameter_idle", (change("warning_rules", 7, level="0"),)),
    "tree of a department": (6, "rule_parameter_idle", (change("warning_rules", 6, framework="care"),)),
    "below 0": (2, "number_negative", (change("warning_rules", 2, threshold="-1"),)),
    "percent": (4, "share_above_one", (change("warning_rules", 4, threshold="85"),)),
    "no quarter": (3, "rule_quarters_bad", (change("warning_rules", 3, quarters="0"),)),
    "no tree": (2, "framework_unknown", (change("warning_rules", 2, framework="else"),)),
    "over posts": (2, "rule_of_posts", (change("warning_rules", 2, framework="work"),)),
    "too deep": (2, "rule_level_unknown", (change("warning_rules", 2, level="3"),)),
    "too deep for any": (3, "rule_level_unknown", (change("warning_rules", 3, level="3"),)),
    "no colour": (4, "band_unknown", (change("warning_rules", 4, severity="pink"),)),
    "grey": (4, "severity_is_grey", (change("warning_rules", 4, severity="insufficient"),)),
}


def edited(*edits: Edit) -> Files:
    files = WITH_RULES
    for edit in edits:
        files = edit(files)
    return files


def test_sound_rules_have_no_faults_and_hold_in_their_quarters() -> None:
    catalogue = parse_catalogue(WITH_RULES)
    assert check_structure(catalogue.at("2026Q3")) == []
    assert [row.code for row in catalogue.at("2027Q1").warning_rules] == ["R1", "R2", "R3", "R5", "R6"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named_with_file_row_and_reason(name: str) -> None:
    row, reason, edits = BROKEN[name]
    found = check_structure(parse_catalogue(edited(*edits)).at("2026Q3"))
    assert [(fault.file, fault.row, fault.reason_key) for fault in found] == [
        ("warning_rules.csv", row, reason)
    ]
    for language in LANGUAGES:
        assert fault_text(found[0], language).startswith("warning_rules.csv")


def test_a_kind_that_nobody_knows_is_no_rule() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(edited(change("warning_rules", 2, kind="felt")))
    assert [(fault.row, fault.reason_key) for fault in caught.value.faults] == [(2, "word_unknown")]


def test_every_kind_says_what_it_needs() -> None:
    assert set(NEEDS) == set(get_args(WarningKind))


def test_a_changed_rule_scores_nothing_again() -> None:
    changed = edited(change("warning_rules", 2, threshold="5"), copy("warning_rules", 2, code="R9"))
    names = {catalogue_hash(parse_catalogue(files).at("2026Q3")) for files in (WITH_RULES, changed, SMALL)}
    assert len(names) == 1
