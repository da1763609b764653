"""What real files do to the ledger and the log: events, due dates, waivers, own rows, claims, objections."""

from datetime import date

import pytest

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import first_day, following
from orchestration.intake.incoming import Incoming
from orchestration.stewardship.claims import approve, refuse
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.issues import hand_back, reopen
from orchestration.stewardship.objections import decide_objection
from orchestration.stewardship.signatures import counter_sign
from orchestration.stewardship.waivers import ask_waiver
from orchestration.warehouse import log
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import INSTITUTION, Book, many_wards, widened
from tests.integration.stewardship.desk import calendar, school, told

CELL = ("care", "U2", "I1", "numerator")
VALUE = ("care", "U2", "I2", "value")


@pytest.fixture(scope="module")
def plain() -> Catalogue:
    """Nobody reports on itself."""
    return widened()


def issue_of(intake: Intake, rule: str, quarter: str | None = None) -> tuple[int, str]:
    """(number, state) of the one issue of the rule in the quarter."""
    ((number, state),) = intake.rows(
        "select id, state from quality.issue where rule = %s and quarter = %s",
        rule,
        quarter or intake.quarter,
    )
    return number, state


def events(intake: Intake, rule: str, quarter: str | None = None) -> list[str]:
    number, _ = issue_of(intake, rule, quarter)
    with intake.warehouse.connect() as conn:
        return [f"{actor} {action}" for actor, action in told(conn, number)]


def everything(intake: Intake) -> list[tuple]:
    return intake.rows(
        "select (select count(*) from audit.entry), (select count(*) from quality.issue),"
        " (select max(updated_at) from quality.issue)"
    )


def test_the_same_files_again_make_no_issue_and_no_event(intake: Intake, plain: Catalogue) -> None:
    book = Book(plain, cells={CELL: "待核实"}, further_headers=["备注"])
    intake.receive(book)
    before = everything(intake)
    assert intake.receive(book).state == "unchanged"
    assert everything(intake) == before


def test_every_change_of_state_is_an_entry_beside_the_submission(intake: Intake, plain: Catalogue) -> None:
    first = intake.receive(Book(plain, cells={CELL: "待核实"}))
    assert events(intake, "not_a_number") == ["qingyuan issue.opened"]
    issue, _ = issue_of(intake, "not_a_number")
    intake.receive(Book(plain, cells={CELL: "再核实"}))  # the same fault: no event
    with intake.warehouse.connect() as conn:
        hand_back(conn, "officer", issue)
    intake.receive(Book(plain, cells={CELL: "再核实"}, without=["偏差"]))  # refused, and the fault is in it
    intake.receive(Book(plain))
    intake.receive(Book(plain, cells={CELL: "又错"}))
    assert events(intake, "not_a_number") == [
        "qingyuan issue.opened",
        "officer issue.returned",
        "qingyuan issue.resubmitted",
        "qingyuan issue.fixed",
        "qingyuan issue.reopened",
    ]
    taken = intake.rows(
        "select action, content::json ->> 'number', content::json ->> 'files' from audit.entry"
        " where object_kind = 'submission' and quarter = %s order by number",
        intake.quarter,
    )
    assert taken[0] == ("submission.accepted", "1", '["money.xlsx"]')
    assert [action for action, *_ in taken].count("submission.refused") == 1
    ((content,),) = intake.rows(
        "select content from audit.entry where object_id = %s and action = 'issue.opened'", str(issue)
    )
    due = intake.rows("select due_on from quality.issue where id = %s", issue)[0][0]
    assert '"found":"待核实","framework":"care","item":"I1","place":"money.xlsx › care › B3"' in content
    assert f'"submission":{first.submission}' in content
    with intake.warehouse.connect() as conn:
        assert log.verify(conn).broken is None
    assert due > date(2026, 11, 1)


def test_working_days_to_mend_follow_the_severity(intake: Intake, plain: Catalogue) -> None:
    intake.receive(Book(plain, cells={CELL: "待核实"}, further_headers=["备注"], without=["偏差"]))
    opened = intake.rows(
        "select severity, due_on, opened_at at time zone 'Asia/Shanghai' from quality.issue where quarter = %s",
        intake.quarter,
    )
    assert {severity for severity, *_ in opened} == {"block", "quarantine", "warn"}
    days = {"block": 2, "quarantine": 5, "warn": 10}
    for severity, due_on, opened_at in opened:
        assert due_on == calendar().add_workdays(opened_at.date(), days[severity])


def test_a_quarter_without_a_file_is_one_issue_once_it_is_over(intake: Intake, plain: Catalogue) -> None:
    nothing = Incoming(INSTITUTION, intake.quarter, "money")
    assert intake.take(plain, nothing).issues_open == 1
    before = everything(intake)
    assert intake.take(plain, nothing).state == "absent"
    assert everything(intake) == before
    intake.receive(Book(plain, without=["偏差"]))
    assert issue_of(intake, "not_delivered")[1] == "open"  # refused: still nothing was delivered
    intake.receive(Book(plain))
    assert events(intake, "not_delivered") == ["qingyuan issue.opened", "qingyuan issue.fixed"]
    assert intake.take(plain, nothing).issues_open == 0  # taken out of the inbox afterwards


@pytest.mark.parametrize("quarter", ["2190Q1", "now"])
def test_a_quarter_that_is_not_over_misses_nothing(intake: Intake, plain: Catalogue, quarter: str) -> None:
    today = intake.rows("select (now() at time zone 'Asia/Shanghai')::date")[0][0]
    this = f"{today.year}Q{(today.month + 2) // 3}" if quarter == "now" else quarter
    assert intake.take(plain, Incoming(INSTITUTION, this, "money")).issues_open == 0


def test_who_owes_nothing_misses_nothing(intake: Intake, plain: Catalogue) -> None:
    without = plain.model_copy(
        update={"items": tuple(item for item in plain.items if item.department != "safety")}
    )
    assert intake.take(without, Incoming(INSTITUTION, intake.quarter, "safety")).issues_open == 0


def waived_once(intake: Intake, plain: Catalogue, quarters: int) -> int:
    """The quarter's fault, waived for `quarters` more."""
    intake.receive(Book(plain, cells={CELL: "待核实"}))
    issue, _ = issue_of(intake, "not_a_number")
    last = following(intake.quarter, quarters)
    with intake.warehouse.connect() as conn:
        ask_waiver(conn, "clerk", issue, "other", "why", last, today=first_day(intake.quarter))
        approve(conn, "officer", issue)
    return issue


def test_a_waiver_covers_the_same_fault_in_later_quarters_up_to_its_last(
    intake: Intake, plain: Catalogue
) -> None:
    waived_once(intake, plain, quarters=1)
    following_one, one_after = following(intake.quarter), following(intake.quarter, 2)
    fault, other = Book(plain, cells={CELL: "待核实"}), Book(plain, cells={VALUE: "待核实"})
    intake.receive(fault, following_one)
    assert issue_of(intake, "not_a_number", following_one)[1] == "waived"
    assert events(intake, "not_a_number", following_one) == ["qingyuan issue.opened", "qingyuan issue.waived"]
    intake.receive(fault, one_after)
    assert issue_of(intake, "not_a_number", one_after)[1] == "open"
    receipt = intake.receive(other, following_one)  # another cell is another series
    assert receipt.issues_open == 1


def test_what_is_waived_and_then_mended_is_fixed_and_waived_when_it_returns(
    intake: Intake, plain: Catalogue
) -> None:
    waived_once(intake, plain, quarters=0)
    assert intake.receive(Book(plain)).issues_open == 0
    assert issue_of(intake, "not_a_number")[1] == "fixed"
    intake.receive(Book(plain, cells={CELL: "又错"}))
    assert issue_of(intake, "not_a_number")[1] == "waived"


def test_a_waiver_that_a_person_ended_covers_nothing(intake: Intake, plain: Catalogue) -> None:
    issue = waived_once(intake, plain, quarters=4)
    with intake.warehouse.connect() as conn:
        reopen(conn, "officer", issue, "not so", today=date(2026, 11, 20), calendar=calendar())
    intake.receive(Book(plain, cells={CELL: "待核实"}), following(intake.quarter))
    assert issue_of(intake, "not_a_number", following(intake.quarter))[1] == "open"
    intake.receive(Book(plain, cells={CELL: "再核实"}))
    assert issue_of(intake, "not_a_number")[1] == "open"


def test_an_own_row_waits_for_another_department_s_signature(intake: Intake) -> None:
    own = school()
    assert intake.receive(Book(own)).state == "accepted"
    issue, state = issue_of(intake, "own_row_unsigned")
    assert state == "open"
    for person, reason in (("chief", "sign_own_row"), ("other_ward", "sign_own_row")):
        with intake.warehouse.connect() as conn, pytest.raises(StewardshipError) as refused:
            counter_sign(conn, person, issue)
        assert refused.value.reason == reason
    with intake.warehouse.connect() as conn:
        counter_sign(conn, "officer", issue, "compared with the ledger")
    assert events(intake, "own_row_unsigned")[1:] == ["officer row.counter_signed", "qingyuan issue.fixed"]

    elsewhere = Book(own, cells={VALUE: 6})
    assert intake.receive(elsewhere).issues_open == 0  # another row changed: the signature holds
    changed = {**elsewhere.cells, ("care", "U3", "I2", "value"): 7}
    assert intake.receive(Book(own, cells=changed)).issues_open == 1
    assert issue_of(intake, "own_row_unsigned") == (issue, "open")
    assert intake.receive(elsewhere).issues_open == 0  # the values that were signed are back


CLAIMS = {CELL: "不适用", ("care", "U2", "I1", "denominator"): "不适用"}


def test_an_approved_claim_is_no_fault_any_more(intake: Intake, plain: Catalogue) -> None:
    intake.receive(Book(plain, cells={VALUE: "不适用"}))
    issue, _ = issue_of(intake, "not_applicable_claimed")
    with (
        intake.warehouse.connect() as conn,
        pytest.raises(StewardshipError, match="another department decides"),
    ):
        approve(conn, "chief", issue)
    with intake.warehouse.connect() as conn:
        assert approve(conn, "officer", issue) == "fixed"
    decided = "select subject_code, item, decision, decided_by from quality.cell_decision where quarter = %s"
    assert intake.rows(decided, intake.quarter) == [("U2", "I2", "not_applicable", "officer")]
    assert events(intake, "not_applicable_claimed") == [
        "qingyuan issue.opened",
        "officer claim.approved",
        "qingyuan issue.fixed",
    ]
    assert intake.receive(Book(plain, cells={VALUE: "不适用", CELL: 7})).issues_open == 0
    assert issue_of(intake, "not_applicable_claimed")[1] == "fixed"
    assert (
        intake.receive(Book(plain, cells={VALUE: "查"})).issues_open == 1
    )  # another fault in that cell is one
    with intake.warehouse.connect() as conn:
        reopen(conn, "officer", issue, "it was due", today=date(2026, 11, 20), calendar=calendar())
    assert intake.rows(decided, intake.quarter) == []


def test_a_refused_claim_stays_missing_and_goes_back(intake: Intake, plain: Catalogue) -> None:
    receipt = intake.receive(Book(plain, cells={VALUE: "不适用"}))
    issue, _ = issue_of(intake, "not_applicable_claimed")
    with intake.warehouse.connect() as conn:
        assert refuse(conn, "officer", issue, "it was due") == "returned"
    assert intake.observation(receipt, "U2", "I2") == (None, None, "claimed")
    assert events(intake, "not_applicable_claimed")[1:] == ["officer claim.refused", "officer issue.returned"]


def test_many_claims_are_approved_cell_by_cell(intake: Intake) -> None:
    wards = widened(many_wards(220))
    cells = {("care", unit.code, "I2", "value"): "不适用" for unit in wards.units if unit.kind == "ward"}
    intake.receive(Book(wards, cells=cells))
    issue, _ = issue_of(intake, "not_applicable_claimed")
    with intake.warehouse.connect() as conn:
        approve(conn, "officer", issue)
    assert intake.rows(
        "select count(*) from quality.cell_decision where quarter = %s and issue = %s", intake.quarter, issue
    ) == [(len(cells),)]
    fewer = dict(list(cells.items())[:-1])
    assert intake.receive(Book(wards, cells=fewer)).issues_open == 0


def test_an_upheld_objection_lasts_until_another_value_is_reported(intake: Intake, plain: Catalogue) -> None:
    book = Book(plain, cells={VALUE: 6})
    receipt = intake.receive(book)
    cell = (INSTITUTION, intake.quarter, "care", "U2", "I2")
    with intake.warehouse.connect() as conn:
        ((objection,),) = conn.execute(
            "insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department,"
            " reason, raised_by, due_on, value, submission) values (%s, %s, %s, %s, %s, 'U2', 'money', 'why',"
            " 'other_ward', '2026-12-01', 6, %s) returning id",
            [*cell, receipt.submission],
        ).fetchall()
        conn.execute(
            "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision,"
            " objection) values (%s, %s, %s, %s, %s, 'under_review', %s)",
            [*cell, objection],
        )
        today = date(2026, 11, 20)
        issue = decide_objection(
            conn, "officer", objection, "upheld", "twice counted", catalogue=plain, today=today
        )
    assert issue_of(intake, "objection_upheld") == (issue, "open")
    ((zh, place, due_on),) = intake.rows(
        "select message_zh, source_cell, due_on from quality.issue where id = %s", issue
    )
    assert (place, due_on) == ("D3", date(2026, 11, 27))
    assert zh == "外科（U2）对“偏差”报送值 6 的异议成立：twice counted。更正之前，该值不计入。"

    with intake.warehouse.connect() as conn:
        hand_back(conn, "officer", issue)
    intake.receive(Book(plain, cells={VALUE: 6, CELL: 7}))
    assert issue_of(intake, "objection_upheld") == (issue, "resubmitted")
    decisions = "select count(*) from quality.cell_decision where quarter = %s"
    assert intake.rows(decisions, intake.quarter) == [(1,)]
    intake.receive(Book(plain, cells={VALUE: 5.5, CELL: 7}))
    assert issue_of(intake, "objection_upheld") == (issue, "fixed")
    assert intake.rows(decisions, intake.quarter) == [(0,)]
    lifted = (
        "select action from audit.entry where object_kind = 'objection' and object_id = %s order by number"
    )
    assert intake.rows(lifted, str(objection)) == [("objection.upheld",), ("objection.lifted",)]
    assert (
        intake.receive(book).issues_open == 0
    )  # the old value again: decided once, objected to anew if need be
