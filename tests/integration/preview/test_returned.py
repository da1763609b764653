"""Returned workbooks in a preview: mended, as they went, and out of date."""

from io import BytesIO

import openpyxl
import pytest

from orchestration.stewardship.returning.give_back import return_workbook
from tests.integration.intake.deliveries import Book
from tests.integration.preview.conftest import QUARTER, Place, held_file
from tests.integration.returning.conftest import saved

HELD = ("care", "U1", "I1", "numerator")


@pytest.fixture(scope="module")
def returning(scored_school: Place) -> tuple[Place, bytes]:
    """A place where a cell was held back, and the workbook given back for it."""
    place = scored_school.copy()
    receipt = place.receive(Book(place.school, cells={HELD: "待查"}).incoming(QUARTER))
    assert (receipt.number, receipt.cells_held) == (2, 1)
    place.run(QUARTER)
    return place, given_back(place, receipt.submission)


def given_back(place: Place, submission: int | None) -> bytes:
    assert submission is not None
    with place.warehouse.connect() as conn:
        settings = place.scoring.settings
        return return_workbook(conn, place.school.at(QUARTER), submission, settings).content


def mended(workbook: bytes, value: int) -> bytes:
    book = openpyxl.load_workbook(BytesIO(workbook))
    book["care"]["B2"].value = value
    return saved(book)


def test_what_was_mended_is_told_and_scored(returning: tuple[Place, bytes]) -> None:
    place, workbook = returning
    before = place.held()
    preview = place.preview(held_file(mended(workbook, 7)))
    back = preview.receipt.returned
    assert (preview.receipt.state, preview.receipt.number, preview.receipt.issues_open) == ("accepted", 3, 0)
    assert back is not None
    assert (back.is_stale, back.changed, back.carried) == (False, 1, ("work",))
    assert [(one.source_cell, one.before, one.after) for one in back.changes] == [("B2", "待查", "7")]
    (root,) = (node for node in preview.roots if node.key.subject_code == "U1")
    assert root.before is not None
    assert root.after is not None
    assert root.before.coverage < root.after.coverage
    assert place.held() == before


def test_one_that_comes_back_as_it_went_is_untouched(returning: tuple[Place, bytes]) -> None:
    place, workbook = returning
    before = place.held()
    preview = place.preview(held_file(workbook))
    assert (preview.receipt.state, preview.receipt.standing) == ("untouched", "accepted")
    assert not list(preview.changed)
    assert place.held() == before


def test_one_that_is_out_of_date_is_refused_with_the_difference(returning: tuple[Place, bytes]) -> None:
    place, workbook = returning[0].copy(), returning[1]
    place.receive(held_file(mended(workbook, 7)))
    before = place.held()
    preview = place.preview(held_file(mended(workbook, 5)))
    back = preview.receipt.returned
    assert (preview.receipt.state, preview.receipt.number) == ("refused", 4)
    assert back is not None
    assert back.is_stale
    assert [(one.source_cell, one.before, one.after) for one in back.changes] == [("B2", "待查", "7")]
    assert not list(preview.changed)
    assert place.held() == before
