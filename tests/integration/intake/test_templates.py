"""A blank workbook, filled in, comes back without a word; an untouched one is refused in one sentence."""

from pathlib import Path

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.templates.plan import Plan
from orchestration.messages import LANGUAGES, Language
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import many_wards, widened
from tests.integration.intake.filling import (
    SOFFICE,
    blank,
    delivered,
    filled,
    planned,
    resaved,
)
from tests.unit.small_catalogue import copy

QUARTER = "2026Q4"
DEPARTMENTS = ("discipline", "organisation", "publicity", "audit", "quality", "personnel", "inspection")
# No fault of the file: every department reports its own unit too, and another one counter-signs that row.
OWN_ROW = "own_row_unsigned"
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def due_values(catalogue: Catalogue, department: str) -> int:
    """How many observations the catalogue asks of the department, counted without the plan."""
    at = catalogue.at(QUARTER)
    kinds = {row.code: row.subject_kind for row in at.frameworks}
    units = [(row.code, row.kind) for row in at.units]
    posts = [(row.code, row.post_level) for row in at.posts]
    return sum(
        item.applies_to in (None, "all", code, kind)
        for item in at.items
        if item.department == department
        for code, kind in (units if kinds[item.framework] == "unit" else posts)
    )


def assert_clean(intake: Intake, catalogue: Catalogue, plan: Plan, content: bytes) -> int:
    """The workbook is accepted, no rule is broken, no issue noted; the number of its submission."""
    receipt = intake.take(catalogue, delivered(plan, content))
    assert {rule.rule for rule in receipt.rules if not rule.passed} <= {OWN_ROW}
    assert (receipt.state, receipt.cells_held) == ("accepted", 0)
    assert {row[0] for row in intake.issues(receipt)} <= {OWN_ROW}
    missing = "select count(*) from raw.observation where submission = %s and value is null"
    assert intake.rows(missing, receipt.submission) == [(0,)]
    assert receipt.submission is not None
    return receipt.submission


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_a_filled_workbook_comes_back_clean(intake: Intake, catalogue: Catalogue, department: str) -> None:
    plan = planned(catalogue, QUARTER)[department]
    submission = assert_clean(intake, catalogue, plan, filled(blank(catalogue.at(QUARTER), plan)))
    landed = "select count(*) from raw.observation where submission = %s"
    assert intake.rows(landed, submission) == [(due_values(catalogue, department),)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("department", ["money", "safety"])
def test_another_catalogue(intake: Intake, language: Language, department: str) -> None:
    """Two levels, other departments, plain headers, a shared item, posts, a ward among many."""
    school = widened(many_wards(3))
    plan = planned(school, intake.quarter, language)[department]
    assert {table.framework.subject_kind for table in plan.tables} == {"unit", "office_holder"}
    assert_clean(intake, school, plan, filled(blank(school, plan)))


def test_posts_that_share_a_name(intake: Intake) -> None:
    school = widened(
        copy("posts", 3, code="B3", name_zh="副院长"), copy("posts", 3, code="B4", name_zh="副院长")
    )
    plan = planned(school, intake.quarter)["money"]
    submission = assert_clean(intake, school, plan, filled(blank(school, plan)))
    named = intake.rows(
        "select distinct subject_code from raw.observation where submission = %s and framework = 'work'"
        " order by subject_code",
        submission,
    )
    assert named == [("B1",), ("B2",), ("B3",), ("B4",)]


def test_an_untouched_workbook_is_refused_with_one_sentence(intake: Intake, catalogue: Catalogue) -> None:
    later = "2030Q4"
    plan = planned(catalogue, later)["audit"]
    untouched = blank(catalogue.at(later), plan)
    receipt = intake.take(catalogue, delivered(plan, untouched))
    assert receipt.state == "refused"
    assert [(rule, severity, state) for rule, severity, *_, state in intake.issues(receipt)] == [
        ("template_untouched", "block", "open")
    ]
    (said,) = intake.rows(
        "select message_zh, message_en, todo_zh from quality.issue where last_submission = %s",
        receipt.submission,
    )
    for part in ("audit.xlsx", *(table.sheet for table in plan.tables)):
        assert part in said[0]
        assert part in said[1]
    assert said[0].count("。") == 1
    assert intake.rows("select 1 from raw.observation where submission = %s", receipt.submission) == []
    # The same workbook, filled in, is accepted and closes the issue.
    assert_clean(intake, catalogue, plan, filled(untouched))
    assert intake.rows("select state from quality.issue where rule = 'template_untouched'") == [("fixed",)]


@pytest.mark.parametrize("mark", ["无", "不适用", 0])
def test_a_workbook_in_which_one_cell_says_something_is_read(intake: Intake, mark: object) -> None:
    school = widened()
    plan = planned(school, intake.quarter)["money"]
    content = filled(blank(school, plan), 1, mark)
    receipt = intake.take(school, delivered(plan, content))
    assert receipt.state == "accepted"
    assert "template_untouched" not in [row[0] for row in intake.issues(receipt)]


def test_a_half_filled_workbook_is_read(intake: Intake) -> None:
    school = widened()
    plan = planned(school, intake.quarter)["money"]
    receipt = intake.take(school, delivered(plan, filled(blank(school, plan), 4)))
    assert (receipt.state, receipt.cells_held, receipt.cells_read) == ("accepted", 0, 8)
    assert {row[0] for row in intake.issues(receipt)} <= {OWN_ROW}


def test_the_quarter_on_the_sheet_is_checked(intake: Intake) -> None:
    school = widened()
    for language in LANGUAGES:
        plan = planned(school, intake.quarter, language)["money"]
        other = f"{int(intake.quarter[:4]) + 1}Q3"
        receipt = intake.take(school, delivered(plan, filled(blank(school, plan)), other))
        assert [row[0] for row in intake.issues(receipt)] == ["wrong_quarter_inside"] * len(plan.tables)


@needs_office
def test_after_libreoffice_saved_it(intake: Intake, catalogue: Catalogue, tmp_path: Path) -> None:
    quarter = "2031Q4"
    plan = planned(catalogue, quarter)["organisation"]
    untouched = resaved(blank(catalogue.at(quarter), plan), tmp_path)
    receipt = intake.take(catalogue, delivered(plan, untouched))
    assert [row[0] for row in intake.issues(receipt)] == ["template_untouched"]
    # Filled in afterwards, and filled in and saved there.
    assert_clean(intake, catalogue, plan, filled(untouched))
    assert_clean(intake, catalogue, plan, resaved(filled(blank(catalogue.at(quarter), plan)), tmp_path))
