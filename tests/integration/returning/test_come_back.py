"""A returned workbook comes back: its token weighed, its changes told, only what changed read again."""

from io import BytesIO

import openpyxl
import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.returns import token_of
from orchestration.intake.receive import Receipt
from orchestration.stewardship.listing import show_issue
from tests.integration.intake.deliveries import Book
from tests.integration.returning.conftest import Desk, saved
from tests.integration.returning.test_give_back import HELD, LIST, legacy

SHARE = ("care", "U2", "I6", "value")


def mended(desk: Desk, receipt: Receipt, changes: dict[tuple[str, str], object]) -> bytes:
    book = desk.opened(receipt)
    for (sheet, address), value in changes.items():
        book[sheet][address] = value
    return saved(book)


def changes(desk: Desk, receipt: Receipt) -> list[tuple]:
    return desk.intake.rows(
        "select source_sheet, source_cell, subject_code, item, role, before, after from quality.cell_change"
        " where submission = %s order by source_sheet, source_cell",
        receipt.submission,
    )


def test_a_mended_cell_is_told_and_the_rest_is_not_read_again(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    again = desk.deliver(("money.xlsx", mended(desk, first, {("care", "B2"): 7})))
    assert (again.state, again.number, again.issues_open) == ("accepted", 2, 0)
    assert changes(desk, again) == [("care", "B2", "U1", "I1", "numerator", "待查", "7")]
    back = again.returned
    assert back is not None
    assert (back.base, back.is_stale, back.changed, back.carried) == (first.submission, False, 1, ("work",))
    assert [(one.source_cell, one.before, one.after) for one in back.changes] == [("B2", "待查", "7")]
    assert desk.intake.observation(again, "U1", "I1") == (7, 10, None)
    assert desk.intake.observation(again, "B1", "I9") == (8, 10, None)
    assert desk.intake.rows(
        "select returned_from, sheets_carried from raw.submission where id = %s", again.submission
    ) == [(first.submission, 1)]


def test_a_carried_sheet_is_the_one_read_before(desk: Desk, school: Catalogue) -> None:
    """What was kept of the sheet is altered in the database: only one who does not read again can see it."""
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    with desk.intake.warehouse.connect("owner") as conn:
        conn.execute(
            "update raw.submission_file set reading = convert_to(regexp_replace(convert_from(reading, 'UTF8'),"
            ' \'("item": "I9", "role": "numerator", "text": "8", "number": )8.0\', \'\\13.0\', \'g\'), \'UTF8\')'
            " where submission = %s",
            [first.submission],
        )
    again = desk.deliver(("money.xlsx", mended(desk, first, {("care", "B2"): 7})))
    assert desk.intake.observation(again, "B1", "I9") == (3, 10, None)
    assert desk.intake.observation(again, "U1", "I8") == (8, 10, None)


def test_another_catalogue_reads_everything_again(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    content = mended(desk, first, {("care", "B2"): 7})
    renamed = [row.model_copy(update={"name_en": "Other"}) for row in school.units]
    desk.school = school.model_copy(update={"units": tuple(renamed)})
    again = desk.deliver(("money.xlsx", content))
    assert again.returned is not None
    assert (again.state, again.returned.carried) == ("accepted", ())


def test_untouched_is_a_sentence_and_writes_nothing(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}, further_headers=["备注"]).xlsx))
    given = desk.give_back(first)
    again = desk.deliver((given.file_name, given.content))
    assert (again.state, again.standing, again.number, again.submission) == (
        *("untouched", "accepted"),
        *(first.number, first.submission),
    )
    assert again.issues_open == first.issues_open > 0
    assert desk.intake.rows(
        "select count(*) from raw.submission where quarter = %s", desk.intake.quarter
    ) == [(1,)]


@pytest.mark.parametrize("kind", ["xls", "csv"])
def test_untouched_also_when_the_format_changed(desk: Desk, school: Catalogue, kind: str) -> None:
    book = Book(school, cells={HELD: "待查", SHARE: "85.5%"})
    if kind == "xls":
        files = [("money.xls", legacy(book))]
    else:
        files = [("money.csv", book.csv("care", "gb18030")), ("money.work.csv", book.csv("work"))]
    first = desk.deliver(*files)
    given = desk.give_back(first)
    assert desk.deliver((given.file_name, given.content)).state == "untouched"
    # what it replaces may still lie beside it
    assert desk.deliver(*files, (given.file_name, given.content)).state == "untouched"
    again = desk.deliver(*files, ("money.xlsx", mended(desk, first, {("care", "B2"): 7})))
    assert (again.state, again.number) == ("accepted", 2)
    assert [row[1:] for row in changes(desk, again)] == [("B2", "U1", "I1", "numerator", "待查", "7")]


def test_a_stale_token_is_refused_with_what_came_since(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    stale = mended(desk, first, {("care", "B2"): 7})
    second = desk.deliver(("money.xlsx", Book(school, cells={HELD: 6, SHARE: 90}).xlsx))
    refused = desk.deliver(("money.xlsx", stale))
    assert (refused.state, refused.number, refused.issues_open) == ("refused", 3, 1)
    [(rule, severity, *_, state)] = desk.intake.issues(refused)
    assert (rule, severity, state) == ("stale_return", "block", "open")
    assert [row[1:] for row in changes(desk, refused)] == [
        ("B2", "U1", "I1", "numerator", "待查", "6"),
        ("F3", "U2", "I6", "value", "85.5", "90"),
    ]
    back = refused.returned
    assert back is not None
    assert (back.base, back.is_stale, back.changed) == (first.submission, True, 2)
    ((issue, message),) = desk.intake.rows(
        "select id, message_zh from quality.issue where last_submission = %s", refused.submission
    )
    with desk.intake.warehouse.connect() as conn:
        told = show_issue(conn, issue).changes
    assert [(row["source_cell"], row["before"], row["after"]) for row in told] == [
        ("B2", "待查", "6"),
        ("F3", "85.5", "90"),
    ]
    assert "退回自第 1 次报送" in message
    assert "有 2 格不同" in message
    # the department's last submission is still the second: its workbook may come back, and is what is given back
    assert desk.give_back(refused).content.startswith(b"PK")
    assert f"QY-{second.submission}-" in str(desk.opened(refused)[LIST]["A5"].value)
    assert desk.deliver(("money.xlsx", mended(desk, second, {("care", "B2"): 5}))).state == "accepted"


@pytest.mark.parametrize("forged", ["QY-999999-0123456789abcdef", "other", "own"])
def test_a_token_from_nowhere_is_refused(desk: Desk, school: Catalogue, forged: str) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    other = desk.deliver(("safety.xlsx", Book(school, "safety").xlsx), department="safety")
    if forged == "other":
        ((sha256,),) = desk.intake.rows("select sha256 from raw.submission where id = %s", other.submission)
        forged = token_of(other.submission or 0, sha256)
    if forged == "own":
        forged = token_of(first.submission or 0, "0" * 64)
    book = desk.opened(first)
    book[LIST]["A5"] = f"Token {forged}"
    book["care"]["B2"] = 7
    refused = desk.deliver(("money.xlsx", saved(book)))
    assert (refused.state, refused.returned) == ("refused", None)
    ((rule, message),) = desk.intake.rows(
        "select rule, message_zh from quality.issue where last_submission = %s", refused.submission
    )
    assert rule == "stale_return"
    assert f"令牌 {forged} 与本部门本季度的报送都对不上" in message
    assert changes(desk, refused) == []


def test_without_the_list_it_is_a_submission_like_any_other(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    book = desk.opened(first)
    del book[LIST]
    book["care"]["B2"] = 7
    again = desk.deliver(("money.xlsx", saved(book)))
    assert (again.state, again.number, again.returned) == ("accepted", 2, None)


def test_rows_are_compared_by_subject_wherever_they_stand(desk: Desk, school: Catalogue) -> None:
    first = desk.deliver(
        ("money.xlsx", Book(school, cells={HELD: "待查"}, keys={("care", "U3"): "九病区"}).xlsx)
    )
    book = desk.opened(first)
    care = book["care"]
    care["B2"], care["A4"] = 7, "U3"
    rows = [[cell.value for cell in row] for row in care.iter_rows(min_row=2, max_row=4)]
    for at, row in enumerate((rows[1], rows[0], rows[2]), 2):
        for column, value in enumerate(row, 1):
            care.cell(at, column).value = value
    again = desk.deliver(("money.xlsx", saved(book)))
    assert again.state == "accepted"
    assert changes(desk, again) == [
        ("care", "B3", "U1", "I1", "numerator", "待查", "7"),
        ("care", "B4", "U3", None, "subject", "九病区", "U3"),
    ]


def test_marks_are_taken_off_what_was_mended(desk: Desk, school: Catalogue) -> None:
    book = openpyxl.load_workbook(BytesIO(Book(school, cells={HELD: "待查", SHARE: 300}).xlsx))
    book["care"]["B2"].number_format = "0.00"
    first = desk.deliver(("money.xlsx", saved(book)))
    second = desk.deliver(("money.xlsx", mended(desk, first, {("care", "B2"): 7})))
    care = desk.opened(second)["care"]
    assert (care["B2"].fill.fill_type, care["B2"].comment, care["B2"].number_format) == (None, None, "0.00")
    assert care["B2"].border.left.style is None
    assert care["F3"].fill.fgColor.rgb == "FFEBD9F2"
    assert care["A2"].hyperlink is None
    assert desk.opened(second).sheetnames == [LIST, "care", "work"]
