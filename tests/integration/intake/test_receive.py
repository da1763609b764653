"""One department's delivery from its bytes to cells, observations and a receipt, on a real database."""

import os
from pathlib import Path

from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.inbox import find_deliveries
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.receive import note_stray_paths
from orchestration.intake.receiving.landing import sha256
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import INSTITUTION, Book, widened
from tests.unit.small_catalogue import copy


def written(intake: Intake) -> list[tuple]:
    """How many rows each table that intake writes holds."""
    tables = ("raw.file", "raw.submission", "raw.submission_file", "raw.cell", "raw.observation")
    tables += ("quality.issue", "quality.issue_cell", "quality.rule_result")
    return [intake.rows(f"select count(*) from {table}")[0] for table in tables]


def test_a_clean_workbook_is_accepted_whole(intake: Intake, school: Catalogue, quarter: str) -> None:
    book = Book(school)
    receipt = intake.receive(book)
    # care: 3 units x 7 columns less none; work: 2 posts x 2 columns
    assert (receipt.state, receipt.standing, receipt.number) == ("accepted", "accepted", 1)
    assert (receipt.cells_read, receipt.cells_held, receipt.issues_open) == (3 * 8 + 2 * 2, 0, 0)
    assert not [rule.rule for rule in receipt.rules if rule.failing]
    evaluated = {rule.rule: rule.evaluated for rule in receipt.rules}
    assert (evaluated["file_unreadable"], evaluated["column_absent"], evaluated["unknown_unit"]) == (1, 10, 5)
    assert evaluated["numerator_exceeds_denominator"] == 3 + 2
    assert intake.rows(
        "select state, count(*) from raw.cell where submission = %s group by 1", receipt.submission
    ) == [("read", 28)]
    assert intake.observation(receipt, "U1", "I1") == (8, 10, None)
    assert intake.observation(receipt, "U1", "I2") == (5, None, None)
    assert intake.observation(receipt, "U1", "I6") == (85.5, 100, None)
    assert intake.observation(receipt, "U1", "I7") == (1, None, None)
    assert intake.observation(receipt, "U1", "I8") == (8, 10, None)
    assert intake.observation(receipt, "B1", "I9") == (8, 10, None)
    # the shared count is safety's to report
    assert intake.observation(receipt, "U1", "I3") is None
    (place,) = intake.rows(
        "select institution, department, framework, subject_kind, source_file, source_sheet, source_cell,"
        " denominator_cell from raw.observation where submission = %s and subject_code = 'B2' and item = 'I9'",
        receipt.submission,
    )
    assert place == (INSTITUTION, "money", "work", "office_holder", "money.xlsx", "work", "B3", "C3")
    ((content, years),) = intake.rows(
        "select f.content, extract(year from age(f.retain_until, current_date))::int from raw.submission_file as s"
        " inner join raw.file as f using (sha256) where s.submission = %s and s.file_name = 'money.xlsx'",
        receipt.submission,
    )
    assert sha256(content) == sha256(book.xlsx)
    assert years == 10
    assert intake.rows("select run_id, quarter from raw.submission where id = %s", receipt.submission) == [
        ("a run", quarter)
    ]


def test_the_same_bytes_again_write_nothing_and_say_what_was_said(intake: Intake, school: Catalogue) -> None:
    book = Book(school, cells={("care", "U1", "I1", "numerator"): "待查"}, further_headers=["备注"])
    first = intake.receive(book)
    before = written(intake)
    again = intake.receive(book)
    assert written(intake) == before
    assert (again.state, again.standing, again.number) == ("unchanged", "accepted", 1)
    assert (again.submission, again.cells_read, again.cells_held) == (
        first.submission,
        first.cells_read,
        first.cells_held,
    )
    assert again.rules == first.rules
    # the cell, and the unknown column on each of the two sheets
    assert again.issues_open == first.issues_open == 3


def test_nothing_delivered_is_absent_and_writes_nothing(intake: Intake, school: Catalogue) -> None:
    before = written(intake)
    receipt = intake.take(school, Incoming(INSTITUTION, "2190Q1", "money"))  # a quarter that is not over
    assert (receipt.state, receipt.standing, receipt.submission, receipt.rules) == ("absent", None, None, ())
    assert written(intake) == before


def test_refused_then_mended_then_refused_again(intake: Intake, school: Catalogue) -> None:
    bad = Book(school, without=["应核件数"])
    refused = intake.receive(bad)
    assert (refused.state, refused.number, refused.issues_open) == ("refused", 1, 1)
    assert intake.issues(refused) == [
        ("column_absent", "block", None, "I1", "care", None, None, "open"),
    ]
    assert intake.observation(refused, "U1", "I2") is None
    assert intake.rows("select count(*) from raw.cell where submission = %s", refused.submission) == [(25,)]

    mended = intake.receive(Book(school))
    assert (mended.state, mended.number, mended.issues_open) == ("accepted", 2, 0)
    assert intake.rows(
        "select state, fixed_at is not null from quality.issue where first_submission = %s",
        refused.submission,
    ) == [("fixed", True)]

    again = intake.receive(bad)
    assert (again.state, again.number, again.issues_open) == ("refused", 3, 1)
    assert intake.observation(mended, "U1", "I1") == (8, 10, None)
    assert intake.rows(
        "select number from raw.submission where institution = %s and quarter = %s and state = 'accepted'",
        *(INSTITUTION, intake.quarter),
    ) == [(2,)]


def test_what_reading_refuses_takes_a_number_and_is_not_judged(intake: Intake, school: Catalogue) -> None:
    broken = Incoming(
        INSTITUTION, intake.quarter, "money", (HeldFile("money.xlsx", b"PK\x03\x04 not a workbook"),)
    )
    receipt = intake.take(school, broken)
    assert (receipt.state, receipt.number, receipt.cells_read) == ("refused", 1, 0)
    failing = [rule for rule in receipt.rules if rule.failing]
    assert [(rule.severity, rule.evaluated) for rule in failing] == [("block", 1)]
    assert failing[0].cells[0].file == "money.xlsx"
    assert "money.xlsx" in failing[0].cells[0].message_zh
    assert "column_absent" not in {rule.rule for rule in receipt.rules}


def test_one_department_s_refusal_leaves_the_others_alone(intake: Intake, school: Catalogue) -> None:
    refused = intake.receive(Book(school, without=["偏差"]))
    other = intake.receive(Book(school, department="safety"))
    assert (refused.state, other.state, other.number) == ("refused", "accepted", 1)
    assert (other.issues_open, intake.observation(other, "U2", "I3")) == (0, (5, None, None))


def test_two_csv_files_are_one_submission(intake: Intake, school: Catalogue) -> None:
    book = Book(school)
    files = (
        HeldFile("money.csv", book.csv("care", "gb18030")),
        HeldFile("money.work.csv", book.csv("work", "utf-8-sig")),
    )
    receipt = intake.take(school, Incoming(INSTITUTION, intake.quarter, "money", files))
    assert (receipt.state, receipt.number, receipt.issues_open) == ("accepted", 1, 0)
    assert intake.rows(
        "select file_name, encoding from raw.submission_file where submission = %s order by 1",
        receipt.submission,
    ) == [("money.csv", "GB18030"), ("money.work.csv", "UTF-8")]
    assert intake.observation(receipt, "U3", "I1") == (8, 10, None)
    assert intake.observation(receipt, "B2", "I9") == (8, 10, None)
    assert intake.rows(
        "select source_file, source_sheet, source_cell from raw.observation"
        " where submission = %s and subject_code = 'U1' and item = 'I1'",
        receipt.submission,
    ) == [("money.csv", None, "B2")]


def test_a_framework_left_out_is_missing_and_only_flagged(intake: Intake, school: Catalogue) -> None:
    receipt = intake.receive(Book(school, frameworks=["care"]))
    assert receipt.state == "accepted"
    assert [issue[:2] for issue in intake.issues(receipt)] == [("framework_absent", "warn")]
    assert intake.observation(receipt, "B1", "I9") is None
    assert intake.observation(receipt, "U1", "I1") == (8, 10, None)


def test_a_column_that_applies_to_nobody_is_not_due(intake: Intake) -> None:
    nobody = widened(
        copy("items", 3, code="I0", name_zh="无人适用", applies_to="clinic"),
        copy("item_steps", 2, item="I0"),
        copy("item_steps", 3, item="I0"),
        copy("extract_columns", 4, header="无人适用", item="I0"),
    )
    assert intake.receive(Book(nobody, without=["无人适用"])).state == "accepted"


def test_characters_that_no_database_holds_are_landed_all_the_same(intake: Intake, school: Catalogue) -> None:
    """NUL bytes in a CSV, and a file name in an encoding that is not the machine's."""
    broken = Book(school, cells={("care", "U1", "I1", "numerator"): "待\0查"}).csv("care")
    file = HeldFile(b"money.\xc9\xf3.csv".decode("utf-8", "surrogateescape"), broken)
    receipt = intake.take(school, Incoming(INSTITUTION, intake.quarter, "money", (file,)))
    assert receipt.number == 1
    assert intake.rows(
        "select file_name from raw.submission_file where submission = %s", receipt.submission
    ) == [("money.\ufffd\ufffd.csv",)]
    assert receipt.issues_open >= 1


def test_a_stray_path_in_another_encoding_stops_nothing(
    intake: Intake, school: Catalogue, tmp_path: Path
) -> None:
    folder = tmp_path / "s1" / intake.quarter
    folder.mkdir(parents=True)
    stray = folder / b"\xc9\xf3\xbc\xc6.xlsx".decode("utf-8", "surrogateescape")
    for path in (stray, folder / "money.xlsx"):
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    found, findings = find_deliveries(str(tmp_path), school)
    assert [one.department for one in found] == ["money"]
    assert note_stray_paths(intake.warehouse, findings) == 1
    assert intake.rows("select source_file from quality.issue where rule = 'unknown_department'") == [
        (f"s1/{intake.quarter}/\ufffd\ufffd\ufffd\ufffd.xlsx",)
    ]


def test_the_words_that_read_as_missing_are_a_setting(intake: Intake, school: Catalogue) -> None:
    place = ("care", "U1", "I1", "numerator")
    cell = Book(school).address(*place)
    assert intake.cell(intake.receive(Book(school, cells={place: "未统计"})), cell)[2] == "held"
    intake.settings = intake.settings.model_copy(update={"missing_marks": "— 未统计"})
    mended = intake.receive(Book(school, cells={place: "未统计"}, further_headers=("备注",)))
    assert intake.cell(mended, cell)[2] == "missing"
