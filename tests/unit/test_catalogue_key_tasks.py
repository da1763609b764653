"""The register of key tasks: a row names what held in some quarter of its year; each fault has file, row and reason."""

import pytest

from orchestration.core.catalogue.faults import CatalogueError
from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES
from orchestration.warehouse.catalogue import fault_text
from tests.unit.small_catalogue import SMALL, Edit, Files, change, copy

REGISTER = """\
institution,year,task,point,lead_unit,due_on,name_zh,name_en
s1,2026,A1,X11,U3,2026-06-30,核对制度,Checking rules
s1,2026,A2,X2,U2,2026-12-31,差错清零,No errors left
"""
WITH_TASKS: Files = {**SMALL, "key_tasks": REGISTER}


def edited(*edits: Edit) -> Files:
    files = WITH_TASKS
    for edit in edits:
        files = edit(files)
    return files


BROKEN: dict[str, tuple[int, str, tuple[Edit, ...]]] = {
    "institution": (2, "institution_unknown", (change("key_tasks", 2, institution="s9"),)),
    "year": (2, "year_bad", (change("key_tasks", 2, year="26"),)),
    "due day": (2, "date_bad", (change("key_tasks", 2, due_on="30.6.2026"),)),
    "due before": (3, "due_before_year", (change("key_tasks", 3, due_on="2025-12-31"),)),
    "no unit": (2, "task_unit_unknown", (change("key_tasks", 2, lead_unit="U9"),)),
    "closed unit": (3, "task_unit_unknown", (change("units", 3, valid_to="2025Q4"),)),
    "no leaf": (2, "task_point_unknown", (change("key_tasks", 2, point="X1"),)),
    "of posts": (2, "task_point_unknown", (change("key_tasks", 2, point="Y1"),)),
    "two trees": (
        2,
        "task_point_ambiguous",
        (copy("frameworks", 2, code="more"), copy("indicators", 5, framework="more", parent="")),
    ),
    "twice": (4, "key_twice", (copy("key_tasks", 2, point="X2"),)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named_with_file_row_and_reason(name: str) -> None:
    row, reason, edits = BROKEN[name]
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(edited(*edits))
    found = {(fault.file, fault.row, fault.reason_key) for fault in caught.value.faults}
    assert ("key_tasks.csv", row, reason) in found
    for fault in caught.value.faults:
        assert all(fault_text(fault, language).startswith(fault.file) for language in LANGUAGES)


def test_a_unit_that_closes_within_the_year_may_lead_a_task_of_it() -> None:
    rows = parse_catalogue(edited(change("units", 3, valid_to="2026Q1"))).key_tasks
    assert [(row.task, row.lead_unit) for row in rows] == [("A1", "U3"), ("A2", "U2")]


def test_the_register_scores_nothing() -> None:
    """Another due day must not make another version of scores that stand."""
    other = edited(change("key_tasks", 2, due_on="2026-09-30"))
    names = {catalogue_hash(parse_catalogue(files).at("2026Q2")) for files in (SMALL, WITH_TASKS, other)}
    assert len(names) == 1
