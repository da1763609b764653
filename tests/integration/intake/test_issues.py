"""The life of an issue: met, met again, mended, met once more; and figures held against other figures."""

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import following
from orchestration.intake.receive import Receipt
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import Book, many_wards, widened

CELL = ("care", "U2", "I1", "numerator")
SHARED = ("care", "U2", "I3", "value")


def history(intake: Intake, rule: str) -> list[tuple]:
    return intake.rows(
        "select id, state, found, fixed_at is not null, first_submission, last_submission from quality.issue"
        " where quarter = %s and rule = %s order by id",
        *(intake.quarter, rule),
    )


def test_an_issue_met_again_is_updated_mended_is_fixed_and_returning_opens_again(
    intake: Intake, school: Catalogue
) -> None:
    first = intake.receive(Book(school, cells={CELL: "待核实"}))
    ((issue, *_),) = history(intake, "not_a_number")

    second = intake.receive(Book(school, cells={CELL: "再核实"}))
    assert history(intake, "not_a_number") == [
        (issue, "open", "再核实", False, first.submission, second.submission)
    ]

    refused = intake.receive(Book(school, without=["偏差"]))
    assert refused.state == "refused"
    assert [row[1] for row in history(intake, "not_a_number")] == ["open"]  # only an accepted file mends

    mended = intake.receive(Book(school))
    assert mended.issues_open == 0
    assert history(intake, "not_a_number") == [
        (issue, "fixed", "再核实", True, first.submission, second.submission)
    ]

    again = intake.receive(Book(school, cells={CELL: "又错"}))
    assert history(intake, "not_a_number") == [
        (issue, "open", "又错", False, first.submission, again.submission)
    ]
    assert again.issues_open == 1


def test_a_refused_file_names_all_its_faults_at_once(intake: Intake, school: Catalogue) -> None:
    receipt = intake.receive(Book(school, cells={CELL: "待核实"}, without=["偏差"]))
    assert {issue[0] for issue in intake.issues(receipt)} == {"column_absent", "not_a_number"}


@pytest.mark.parametrize("state", ["rejected", "acknowledged", "returned"])
def test_what_stewards_decided_is_not_undone_by_a_run(intake: Intake, school: Catalogue, state: str) -> None:
    intake.receive(Book(school, cells={CELL: "待核实"}))
    with intake.warehouse.connect() as conn:
        conn.execute("update quality.issue set state = %s where quarter = %s", (state, intake.quarter))
    intake.receive(Book(school, cells={CELL: "再核实"}))
    met = "resubmitted" if state == "returned" else state
    assert [row[1] for row in history(intake, "not_a_number")] == [met]
    intake.receive(Book(school))
    kept = state == "rejected"
    assert [row[1] for row in history(intake, "not_a_number")] == [state if kept else "fixed"]


def test_the_sentences_name_file_sheet_cell_found_and_what_to_do(intake: Intake, school: Catalogue) -> None:
    intake.receive(Book(school, cells={CELL: 11}))
    ((zh, en, todo_zh, todo_en),) = intake.rows(
        "select message_zh, message_en, todo_zh, todo_en from quality.issue where quarter = %s",
        intake.quarter,
    )
    assert zh == (
        "money.xlsx › care › B3：外科（U2）的“按时核对率”填了 11，大于单元格 C3 的总数 10；两个值都未计入。"
    )
    assert en == (
        "money.xlsx › care › B3: “Checked on time” of Surgery (U2) holds 11, more than the total 10 in cell C3; "
        "both values were held back."
    )
    assert todo_zh == "请核对这两个单元格（是否填反、是否错列），改正后重新报送。"
    assert (
        todo_en == "Check both cells (swapped, or a shifted column), correct them and deliver the file again."
    )


@pytest.mark.parametrize(("wards", "issues"), [(198, 200), (199, 1)])
def test_above_200_cells_of_one_rule_are_one_issue_with_its_cells(
    intake: Intake, wards: int, issues: int
) -> None:
    """The value column I2 is wrong for every unit but one: 3 + wards - 1 cells."""
    school = widened(many_wards(wards))
    cells = {("care", unit.code, "I2", "value"): "查" for unit in school.units if unit.code != "U1"}
    receipt = intake.receive(Book(school, cells=cells))
    wrong = len(cells)
    rows = intake.rows(
        "select id, cells, source_cell, message_zh from quality.issue where last_submission = %s order by id",
        receipt.submission,
    )
    (result,) = [rule for rule in receipt.rules if rule.failing]
    assert (len(rows), result.failing, len(result.cells)) == (issues, wrong, 20)
    listed = intake.rows(
        "select source_cell, subject_code, item, found from quality.issue_cell where issue = %s order by 2",
        rows[0][0],
    )
    if issues == 1:
        assert rows[0][1:3] == (wrong, "D3")
        assert f"同类问题共 {wrong} 处" in rows[0][3]
        assert len(listed) == wrong
        assert listed[0] == ("D3", "U2", "I2", "查")
        fewer = Book(school, cells=dict(list(cells.items())[:-1]))
        assert intake.receive(fewer).issues_open == wrong - 1
        assert [row[1] for row in history(intake, "not_a_number")].count("fixed") == 1
    else:
        assert listed == []


def test_two_departments_figures_are_compared_whoever_came_first(intake: Intake, school: Catalogue) -> None:
    intake.receive(Book(school, department="safety", cells={SHARED: 4}))
    later = intake.receive(Book(school, cells={SHARED: 6}))
    assert intake.issues(later) == [
        ("departments_disagree", "warn", "U2", "I3", "care", "E3", "6", "open"),
    ]
    ((message,),) = intake.rows(
        "select message_en from quality.issue where last_submission = %s", later.submission
    )
    assert "the department Safety reported 4" in message
    assert intake.cell(later, "E3") == ("6", 6, "read")
    assert intake.observation(later, "U2", "I3") is None

    # the owner's figure counts, and its correction settles the other's issue
    owner = intake.receive(Book(school, department="safety", cells={SHARED: 7}))
    assert [issue[:2] for issue in intake.issues(owner)] == [("departments_disagree", "warn")]
    owner = intake.receive(Book(school, department="safety", cells={SHARED: 6}))
    assert {row[1] for row in history(intake, "departments_disagree")} == {"fixed"}
    assert intake.observation(owner, "U2", "I3") == (6, None, None)


def next_quarter(intake: Intake, book: Book, n: int = 1) -> Receipt:
    return intake.receive(book, following(intake.quarter, n))


def test_a_figure_far_from_last_quarter_s_is_flagged_with_it(intake: Intake, school: Catalogue) -> None:
    denominator = ("care", "U2", "I1", "denominator")
    intake.receive(Book(school, cells={denominator: 12, ("care", "U1", "I1", "denominator"): 20}))
    changed = {
        denominator: 120,
        ("care", "U1", "I1", "denominator"): 99,
        ("care", "U3", "I1", "denominator"): 20,
    }
    intake.receive(Book(school, without=["偏差"]))  # refused: the accepted one is still last quarter's
    receipt = next_quarter(intake, Book(school, cells=changed))
    # U1: five times as much and no more; U3: not by 20
    assert intake.issues(receipt) == [
        ("far_from_last_quarter", "warn", "U2", "I1", "care", "C3", "120", "open"),
    ]
    ((last, message),) = intake.rows(
        "select last_value, message_zh from quality.issue where last_submission = %s", receipt.submission
    )
    assert last == "12"
    assert "上季度为 12" in message
    assert intake.observation(receipt, "U2", "I1") == (8, 120, None)


def test_a_total_of_0_where_last_year_s_quarter_had_one_is_flagged(intake: Intake, school: Catalogue) -> None:
    nothing = {("care", "U2", "I1", "numerator"): 0, ("care", "U2", "I1", "denominator"): 0}
    intake.receive(Book(school))
    assert intake.issues(next_quarter(intake, Book(school, cells=nothing), 1)) == []
    receipt = next_quarter(intake, Book(school, cells=nothing), 4)
    assert [(issue[0], issue[5], issue[6]) for issue in intake.issues(receipt)] == [
        ("zero_denominator_unlike_last_year", "B3", "0 / 0")
    ]
    assert intake.observation(receipt, "U2", "I1") == (0, 0, None)
