"""The stewards' commands, each as the person who gives it sees it; mistakes are one sentence and exit code 2."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from orchestration.settings import Settings
from orchestration.warehouse.connections import DATABASE
from tests.integration.runs import School
from tests.integration.stewardship.commands import DEPARTMENT, QUARTER, Office, opened_office

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def office(settings: Settings) -> Iterator[Office]:
    with opened_office(settings) as office:
        yield office


def test_the_list_says_what_waits_and_can_be_narrowed(office: Office) -> None:
    number = office.issue("negative")
    listed = office.run(f"issues list --quarter {QUARTER} --department {DEPARTMENT}")
    (line,) = (one for one in listed.splitlines() if one.startswith(f"#{number} "))
    assert f"{QUARTER} {DEPARTMENT} [held back]" in line
    assert "publicity.xlsx › ecology › K29" in line
    assert "due 20" in line
    rows = office.told(f"issues list --quarter {QUARTER} --department {DEPARTMENT} --rule negative")
    assert [row["id"] for row in rows] == [number]
    assert office.told("issues list --quarter 2020Q1") == []
    assert office.told(f"issues list --department {DEPARTMENT} --overdue") == []
    assert "未解决的问题共 0 个。" in office.run("issues list --quarter 2020Q1", language="zh-CN")


def test_an_issue_is_acknowledged_returned_rejected_and_reopened(office: Office) -> None:
    number = office.issue("not_whole")
    assert office.told(f"issues acknowledge {number} --as wang") == {"issue": number, "state": "acknowledged"}
    assert [row["id"] for row in office.told("issues list --owner wang")] == [number]
    said = office.run(f"issues return {number} --note 'see K29'", person="li", language="zh-CN")
    assert said == "已退回 1 个问题，现为：已退回。\n"
    assert office.told(f"issues reject {number} --note 'halves are counted' --as li")["state"] == "rejected"
    assert (
        office.run(f"issues reopen {number} --note 'they are not' --as li")
        == f"Issue {number} is now open.\n"
    )
    shown = office.run(f"issues show {number}")
    events = [line.split(maxsplit=2)[2] for line in shown.splitlines()[1:]]
    assert events == [
        "qingyuan opened",
        "wang acknowledged",
        "li returned to the department (see K29)",
        "li rejected, the rule is at fault (halves are counted)",
        "li reopened (they are not)",
    ]
    assert [event["action"] for event in office.told(f"issues show {number}")["events"]] == [
        "issue.opened",
        "issue.acknowledged",
        "issue.returned",
        "issue.rejected",
        "issue.reopened",
    ]


def test_a_waiver_needs_a_second_person(office: Office) -> None:
    number = office.issue("error_value")
    ask = f"issues waive {number} --reason-code other --reason 'system changed' --until 2030Q4"
    assert "a second person decides" in office.run(ask, person="wang")
    assert office.state(number) == "open"
    refused = office.run(f"issues approve {number}", person="wang", code=2)
    assert "wang" in refused
    assert office.state(number) == "open"
    assert office.told(f"issues approve {number} --as li")["state"] == "waived"
    shown = office.run(f"issues show {number}")
    assert "asked for by wang, approved by li, until 2030Q4" in shown
    assert number not in [row["id"] for row in office.told("issues list")]
    assert number in [row["id"] for row in office.told("issues list --state waived")]


def test_a_refused_waiver_leaves_the_issue(office: Office) -> None:
    number = office.issue("formula_without_value")
    office.run(f"issues waive {number} --reason-code other --reason later --until 2030Q4 --as wang")
    assert "缺少 note" in office.run(f"issues refuse {number} --as li", code=2, language="zh-CN")
    assert office.told(f"issues refuse {number} --note 'do it now' --as li")["state"] == "open"
    assert "refused by li" in office.run(f"issues show {number}")


def test_a_department_s_quarter_is_returned_with_its_workbook(office: Office, tmp_path: Path) -> None:
    line = f"issues return --quarter {QUARTER} --department inspection --as li"
    said = office.told(f"{line} --out {tmp_path}")
    path = tmp_path / "demo" / QUARTER / "inspection.xlsx"
    assert (said["path"], said["state"], said["count"]) == (str(path), "returned", len(said["issues"]))
    assert said["count"] > 1
    assert load_workbook(path).sheetnames[0] == "问题清单"
    # Its own row is nothing it could mend: that waits for another department's signature.
    states = office.rows(
        "select distinct state, rule = 'own_row_unsigned' from quality.issue where department = 'inspection'"
        " order by state"
    )
    assert states == [("open", True), ("returned", False)]
    assert "inspection" in office.run(line, code=2)


def test_a_workbook_that_cannot_be_written_hands_nothing_back(office: Office, tmp_path: Path) -> None:
    number = office.issue("numerator_exceeds_denominator")
    (tmp_path / "file").write_text("in the way")
    said = office.run(f"issues return {number} --as li --out {tmp_path / 'file'}", code=2)
    assert str(tmp_path / "file") in said
    assert office.state(number) == "open"


def test_own_rows_and_points_are_signed_by_whom_they_are_for(office: Office) -> None:
    own, other = (office.issue("own_row_unsigned", name) for name in ("audit", "discipline"))
    assert "audit" in office.run(f"issues sign {own} --as sun", code=2)
    assert office.told(f"issues sign {other} --as sun")["state"] == "fixed"
    ((mine,), (theirs,)) = (
        office.rows(
            "select min(code) from catalogue.indicators where framework = 'ecology' and lead_unit"
            f" {comparison} 'F01'"
        )[0]
        for comparison in ("=", "<>")
    )
    before = office.run(f"gate {QUARTER}")
    assert f"({mine}) has not been signed" in before
    office.run(f"issues sign {QUARTER} {mine} --as hou")
    assert f"({mine}) has not been signed" not in office.run(f"gate {QUARTER}")
    office.run(f"issues sign {QUARTER} {mine} --doubt 'not our books' --as hou")
    assert "not our books" in office.run(f"gate {QUARTER}")
    assert theirs in office.run(f"issues sign {QUARTER} {theirs} --as hou", code=2)


def test_an_objection_shuts_the_gate_until_a_third_person_decides(office: Office) -> None:
    ((first,), (second,)) = office.rows(
        "select item from marts.fct_item_score where subject_code = 'C03' and subject_kind = 'unit'"
        " and state = 'reported' order by score limit 2"
    )
    line = f"issues object {QUARTER} C03 {first} --reason 'counted twice' --as zhao"
    number = office.told(line)["objection"]
    again = office.run(line, code=2)
    assert first in again
    assert "under review already" in again
    shut = office.run(f"gate {QUARTER}", code=2)
    assert "may not be published yet. Reasons: 1." in shut
    assert "li" in shut.splitlines()[1]
    listed = office.run("issues list --objections")
    assert f"#{number} {QUARTER} C03 {first} under review" in listed
    assert "counted twice." in listed
    with office.warehouse.connect() as connection:
        connection.execute("drop view marts.fct_objection cascade")
    assert "counted twice." in office.run("issues list --objections")
    assert "The total" not in listed
    School(Settings(_env_file=None, home=office.home), DATABASE, office.home).succeed(QUARTER)
    ((with_it, without_it),) = office.rows("select score_with, score_without from marts.fct_objection")
    totals = f"The total: {with_it:.2f} with it, {without_it:.2f} without it."
    assert totals in office.run("issues list --objections")
    (told,) = office.told("issues list --objections")
    assert (told["score_with"], told["score_without"]) == (with_it, without_it)
    office.run(f"issues decide {number} dismiss --note no --as zhao", code=2)
    assert "counts again" in office.run(f"issues decide {number} dismiss --note 'it was not' --as li")
    assert json.loads(office.run(f"gate {QUARTER} --json"))["is_open"]
    other = office.told(f"issues object {QUARTER} C03 {second} --reason x --as zhao")["objection"]
    upheld = office.told(f"issues decide {other} uphold --note right --as li")
    assert office.state(upheld["issue"]) == "open"
    assert office.told(f"issues list --objections --quarter {QUARTER}")[0]["state"] in ("upheld", "dismissed")


def test_open_issues_become_a_workbook(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "new" / "issues.xlsx"
    office.run(f"issues export --xlsx {path} --quarter {QUARTER}")
    assert any(
        DEPARTMENT in name or "宣传" in name or "Publicity" in name for name in load_workbook(path).sheetnames
    )


def test_persons_are_listed_changed_and_retired(office: Office) -> None:
    office.run("persons set gone --unit F18 --rights enter")
    change = "persons set gone --unit F18 --rights sign,audit"
    assert "lacks the right “security”" in office.run(f"{change} --as li", code=2)
    office.run("persons set warden --unit F02 --rights security,audit")
    office.run(f"{change} --as warden")
    (person,) = (one for one in office.told("persons list") if one["code"] == "gone")
    assert (person["rights"], person["department"], person["is_active"]) == (["sign", "audit"], "audit", True)
    assert "Name one with --as" in office.run("persons retire gone", code=2)
    assert "已停用" in office.run("persons retire gone --as warden", language="zh-CN")
    assert "兼任两项管理：security,audit" in office.run("persons list", language="zh-CN")
    assert "gone  demo/F18/audit  sign,audit  retired" in office.run("persons list")
    assert "gone" in office.run(
        f"issues sign {office.issue('own_row_unsigned', 'quality')} --as gone", code=2
    )
    acts = "select actor, action from audit.entry where object_id = 'gone' order by number"
    assert office.rows(acts) == [
        ("qingyuan", "person.set"),
        ("warden", "person.set"),
        ("warden", "person.retired"),
    ]
    office.run("persons retire warden")  # the only one: the machine's operator may


def test_the_record_is_verified_and_the_first_break_named(office: Office) -> None:
    whole = office.told("verify")
    assert (whole["broken"], whole["altered"]) == (None, {})
    (page, *_) = (office.home / "publications").rglob("heat_map.en.html")
    content = page.read_bytes()
    page.write_bytes(content + b" ")
    said = office.run("verify", code=2)
    assert "altered" in said
    assert page.name in said
    page.write_bytes(content)
    with office.warehouse.connect("owner") as connection:
        connection.execute("alter table audit.entry disable trigger user")
        connection.execute("update audit.entry set actor = 'nobody' where number = 2")
        connection.execute("alter table audit.entry enable always trigger never_changed")
        connection.execute("alter table audit.entry enable always trigger link")
        connection.commit()
        try:
            assert "broken at entry 2" in office.run("verify", code=2)
            assert "第 2 条断开" in office.run("verify", code=2, language="zh-CN")
        finally:
            connection.execute("alter table audit.entry disable trigger user")
            connection.execute("update audit.entry set actor = 'qingyuan' where number = 2")
            connection.execute("alter table audit.entry enable always trigger never_changed")
            connection.execute("alter table audit.entry enable always trigger link")
            connection.commit()
    assert office.told("verify")["broken"] is None


MISTAKES = {
    "issues acknowledge 1": "QINGYUAN_PERSON",
    "issues acknowledge x --as wang": "x",
    "issues acknowledge 99999999999999999999 --as wang": "9999",
    "issues acknowledge 99999 --as wang": "99999",
    "issues acknowledge 1 --as nobody": "nobody",
    "issues show 99999": "99999",
    "issues return --as li": "--quarter",
    f"issues return --quarter {QUARTER} --department nobody --as li": "nobody",
    "issues waive 1 --as wang": "reason_code",
    "issues waive 1 --reason-code nonsense --reason x --until 2030Q4 --as li": "li",
    "issues list --department nobody": "nobody",
    "issues list --state gone": "gone",
    f"issues object {QUARTER} C03 NOPE --reason x --as zhao": "NOPE",
    f"issues object {QUARTER} C03 M01 --reason x --as zhao --institution none": "M01",
    "issues decide 999 uphold --note x --as li": "999",
    "issues decide 999 withdraw --as zhao": "999",
    "issues decide 1 uphold --as li": "note",
    f"issues sign {QUARTER} NOPE --as hou": "NOPE",
    "issues sign 5 --doubt x --as sun": "--doubt",
    "issues export --xlsx /dev/null/x.xlsx": "/dev/null/x.xlsx",
    "persons set a --unit F01 --rights fly": "fly",
    "persons set a --unit NOWHERE --rights sign": "NOWHERE",
    "persons set a --unit F01 --rights sign --institution none": "none",
    "persons set a --unit F01 --rights sign --institution demo --everywhere": "--everywhere",
    "persons set li --unit F01 --rights sign --as li": "li",
    "persons retire nobody": "nobody",
    "gate 2026Q5": "2026Q5",
    f"gate {QUARTER} --institution none": "none",
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_one_sentence_that_names_it(office: Office, line: str, language: str) -> None:
    before = office.rows("select count(*) from audit.entry")
    (sentence,) = office.run(line, code=2, language=language).splitlines()
    assert MISTAKES[line] in sentence
    assert sentence.endswith("。" if language == "zh-CN" else ".")
    assert bool(HAN.search(sentence)) == (language == "zh-CN")
    assert office.rows("select count(*) from audit.entry") == before


def test_a_file_is_previewed(office: Office) -> None:
    place = f"--department audit --quarter {QUARTER}"
    file = office.home / "inbox" / "demo" / QUARTER / "audit.xlsx"
    other = office.home / "audit.xlsx"
    book = load_workbook(file)
    for row in book.worksheets[0].iter_rows(min_row=6):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.value = 0
    book.save(other)
    before = office.rows("select count(*) from raw.cell")
    lines = office.run(f"preview {other} {place}").splitlines()
    assert lines[0] == "A preview; nothing of it is kept."
    assert "submission 2 accepted" in lines[1]
    assert [line for line in lines if line.startswith("  Qingyuan University") and " → " in line]
    told = office.told(f"preview {other} {place}")
    assert (told["receipt"]["number"], told["receipt"]["submission"]) == (2, None)
    assert any(node["before"] != node["after"] for node in told["nodes"])
    assert "the same files as before" in office.run(f"preview {file} {place}")
    assert "没有变化" in office.run(f"preview {file} {place}", language="zh-CN")
    assert office.rows("select count(*) from raw.cell") == before
    assert "cannot be read" in office.run(f"preview nowhere.xlsx {place}", code=2)
    assert "nobody" in office.run(f"preview {file} --department nobody --quarter {QUARTER}", code=2)
