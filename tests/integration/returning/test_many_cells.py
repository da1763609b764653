"""Thousands of failing cells in one file: recorded, listed, returned and taken back. Their time: `make bench`."""

import io
import zipfile
from datetime import date

import openpyxl

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.reading.reader import Reader
from orchestration.stewardship.issue_export import export_issues
from tests.integration.intake.deliveries import INSTITUTION, Book, many_wards, widened
from tests.integration.returning.conftest import Desk, saved
from tests.integration.returning.test_give_back import LIST

# More cells than a returned workbook may have comments.
WARDS = 300


def failing(school: Catalogue) -> Book:
    probe = Book(school)
    places = [
        ("care", subject, column.item, column.role)
        for subject in probe.subjects("care")
        for column in probe.columns("care")
    ]
    return Book(school, cells=dict.fromkeys(places, "待查"))


def test_recorded_listed_returned_and_taken_back(desk: Desk) -> None:
    desk.school = widened(many_wards(WARDS))
    book = failing(desk.school)
    content = book.xlsx
    with Reader(20.0, 512) as reader:
        desk.intake.reader = reader
        receipt = desk.deliver(("money.xlsx", content))
    with desk.intake.warehouse.connect() as conn:
        at = desk.school.at(desk.intake.quarter)
        export_issues(conn, at, date(2026, 1, 1), INSTITUTION, desk.intake.quarter)
    given = desk.give_back(receipt)

    count = (WARDS + 3) * 8
    assert (receipt.state, receipt.cells_held) == ("accepted", count)
    assert desk.intake.rows(
        "select sum(cells)::int from quality.issue where last_submission = %s", receipt.submission
    ) == [(count,)]
    back = openpyxl.load_workbook(io.BytesIO(given.content))
    care, sheet = back["care"], back[LIST]
    cells = [cell for row in care.iter_rows(min_row=2, min_col=2) for cell in row]
    assert {cell.fill.fgColor.rgb for cell in cells} == {"FFEBD9F2"}
    assert sum(cell.comment is not None for cell in cells) == 2_000
    numbers = [row[0].value for row in sheet.iter_rows(max_col=1) if isinstance(row[0].value, int)]
    assert numbers == list(range(1, count + 1))
    assert "前 2000 处" in str(sheet["A6"].value)

    for cell in cells:
        cell.value = 1
    with Reader(20.0, 512) as reader:
        desk.intake.reader = reader
        again = desk.deliver(("money.xlsx", saved(back)))
    assert again.state == "accepted"
    assert again.returned is not None
    assert (again.returned.changed, again.returned.carried) == (count, ("work",))


def test_comments_cost_the_reader_nothing(desk: Desk, school: Catalogue) -> None:
    """A program that writes a comment as a hundred pieces: more of them than any other part may have."""
    first = desk.deliver(("money.xlsx", Book(school, cells={("care", "U1", "I1", "numerator"): "待查"}).xlsx))
    source = io.BytesIO(desk.give_back(first).content)
    target = io.BytesIO()
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            body = given.read(name)
            if "comments/" in name:
                piece = b"<r><rPr><b/><sz val='9'/></rPr><t>x</t></r>"
                body = body.replace(b"<t>", b"<t/>" + piece * 12_000 + b"<t>", 1)
            archive.writestr(name, body)
    assert len(target.getvalue()) != len(source.getvalue())
    assert desk.deliver(("money.xlsx", target.getvalue())).state == "untouched"
