"""The board's page: every open warning once and in its place, what is near and over, what ended, and how many."""

from datetime import date, timedelta

import pytest

from orchestration.messages import LANGUAGES, Language, catalogue
from orchestration.publishing.warning_board.compose import page_of
from orchestration.publishing.warning_board.model import Board
from orchestration.publishing.warning_board.page import Entry, Group, Page, Parts
from orchestration.publishing.warning_board.render import render_html
from tests.unit.board_rows import TODAY, board_of, full, struck_off, task, waiting, warning
from tests.unit.heat_map_rows import shipped

both = pytest.mark.parametrize("language", LANGUAGES)


def said(told: Parts) -> str:
    """A sentence with marks as their classes in brackets."""
    return "".join(part if isinstance(part, str) else f"[{part.css}]" for part in told)


def page(board: Board, language: Language = "zh-CN") -> Page:
    return page_of(board, language)


def group(board: Board, title: str) -> Group:
    return next(one for one in page(board).groups if one.title == title)


def units(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.code for entry in entries]


def test_groups_stand_unconfirmed_first_then_worst_first() -> None:
    titles = [(one.title, one.counted) for one in page(full()).groups]
    assert titles == [
        ("待人工确认", "1处"),
        ("重点督办", "2件"),
        ("预警", "2件"),
        ("一般关注", "1件"),
        ("数据不足", "2件"),
    ]


def test_every_open_warning_stands_once_and_an_unconfirmed_one_not_under_its_colour() -> None:
    groups = page(full()).groups
    facts = [fact for one in groups for entry in one.entries for fact in entry.facts]
    # Eight warnings stand open; a ninth fact says what the person is to confirm.
    assert len(facts) == 8 + 1
    assert units(groups[0].entries) == ["F21"]
    assert all("F21" not in units(one.entries) for one in groups[1:])
    first = groups[0].entries[0].facts
    assert said(first[0].told) == "总评68.0分：现为[c]，确认后为[d]"
    assert said(first[1].told) == "总评68.0分：由[b]转为[c]，较上季−4.1"


def test_a_grave_case_goes_with_the_total_that_it_would_cap() -> None:
    grave = warning(1, unit="F21", kind="grave_case", indicator="M20", object="N20", value=1.0)
    found = page(board_of(grave, waits=[waiting()])).groups
    assert [one.title for one in found] == ["待人工确认"]
    assert len(found[0].entries[0].facts) == 2
    # Another point of the same unit does not wait.
    other = warning(1, unit="F21", indicator="M20")
    assert [one.title for one in page(board_of(other, waits=[waiting()])).groups] == [
        "待人工确认",
        "重点督办",
    ]


def test_an_earlier_quarter_that_waits_stands_last_and_takes_no_warning() -> None:
    waits = [
        waiting(quarter="2026Q2", band_pending="red"),
        waiting(subject_code="C05", band_pending="yellow"),
    ]
    found = page(board_of(warning(1, unit="F21"), waits=waits)).groups
    assert [(entry.code, len(entry.facts)) for entry in found[0].entries] == [("C05", 1), ("F21", 1)]
    assert said(found[0].entries[1].facts[0].told) == "总评68.0分（2026Q2）：现为[c]，确认后为[d]"
    assert units(found[1].entries) == ["F21"]


def test_warnings_of_one_node_are_one_entry() -> None:
    rows = [warning(1), warning(2, kind="fell"), warning(3, indicator="D"), warning(4, unit="C06")]
    entries = group(board_of(*rows), "重点督办").entries
    assert [(entry.code, len(entry.facts)) for entry in entries] == [("C05", 2), ("C05", 1), ("C06", 1)]
    assert group(board_of(*rows), "重点督办").counted == "4件"


def test_within_a_colour_the_next_due_stands_first_and_no_day_last() -> None:
    rows = [
        warning(1, unit="C01", due_on=None),
        warning(2, unit="C02", due_on=date(2026, 12, 2)),
        warning(3, unit="C03", due_on=date(2026, 12, 1)),
    ]
    assert units(group(board_of(*rows), "重点督办").entries) == ["C03", "C02", "C01"]


@pytest.mark.parametrize(
    ("due_on", "nearness"),
    [
        (TODAY - timedelta(days=1), "overdue"),
        (TODAY, "soon"),
        (date(2026, 11, 30), "soon"),  # the fifth working day after a Monday is the next Monday
        (date(2026, 12, 1), ""),
    ],
)
def test_a_day_is_over_from_the_day_after_and_near_for_five_working_days(due_on: date, nearness: str) -> None:
    entry = group(board_of(warning(due_on=due_on)), "重点督办").entries[0]
    assert entry.due.nearness == nearness


def test_an_extended_task_says_when_its_warning_is_due() -> None:
    extended = task(4, due_on=date(2027, 1, 8))
    board = board_of(warning(rectification=4, due_on=TODAY - timedelta(days=3)), tasks=[extended])
    entry = group(board, "重点督办").entries[0]
    assert (entry.due.day, entry.due.nearness) == ("2027年1月8日", "")
    assert [one.id for one in page(board).sections] == []


@pytest.mark.parametrize(
    ("values", "said_next"),
    [
        ({"state": "assigned"}, "责任单位开始整改"),
        ({"state": "in_progress"}, "先集体会商，再销号"),
        ({"state": "in_progress", "consultations": 1}, "报整改文件的文号和日期"),
        ({"state": "in_progress", "severity": "yellow"}, "报整改文件的文号和日期"),
        ({"state": "rechecked", "consultations": 1}, "另一单位的人销号"),
        ({"state": "returned", "consultations": 1}, "按退回意见再整改"),
    ],
)
def test_a_task_says_what_it_waits_for(values: dict[str, object], said_next: str) -> None:
    entry = group(board_of(warning(rectification=1), tasks=[task(1, **values)]), "重点督办").entries[0]
    assert entry.next == said_next


def test_a_warning_whose_task_was_struck_off_is_checked_anew() -> None:
    board = board_of(warning(rectification=9), tasks=[struck_off(9)])
    entry = group(board, "重点督办").entries[0]
    assert entry.task == "第9号，已销号"
    assert (entry.next, entry.due.day) == ("核对数据，本单位自查", "12月18日")


def test_sections_list_what_is_over_new_done_and_ended() -> None:
    found = {one.id: one for one in page(full()).sections}
    assert [(line.unit, line.last) for line in found["overdue"].lines] == [
        ("经济管理学院", "先集体会商，再销号"),
        ("继续教育学院", "补报缺的数据"),
    ]
    assert [(line.day, line.unit) for line in found["new"].lines] == [
        ("11月23日", "国有资产管理处"),
        ("11月21日", shipped_name("F02")),
    ]
    # The one struck off in May is not recent.
    assert [line.last for line in found["struck_off"].lines] == ["校整〔2026〕31号"]
    assert [line.day for line in found["ended"].lines] == ["10月24日"]


def shipped_name(code: str) -> str:
    return next(unit.name_zh for unit in shipped().units if unit.code == code)


def test_new_is_seven_days_and_done_is_ninety() -> None:
    rows = [
        warning(1, unit="C01", opened_on=TODAY - timedelta(days=6)),
        warning(2, unit="C02", opened_on=TODAY - timedelta(days=7)),
    ]
    done = [
        struck_off(8, struck_off_on=TODAY - timedelta(days=89)),
        struck_off(9, struck_off_on=TODAY - timedelta(days=90)),
    ]
    totals = {one.label: one.count for one in page(board_of(*rows, tasks=done)).totals}
    assert totals["件近7天新增"] == 1
    assert totals["项近90天销号"] == 1


def test_a_long_section_says_how_many_it_leaves_out() -> None:
    rows = [warning(number, unit=f"C{number:02}", opened_on=TODAY) for number in range(1, 16)]
    section = next(one for one in page(board_of(*rows, warning(16))).sections if one.id == "new")
    assert len(section.lines) == 12
    assert section.more.startswith("另有3件")


def test_a_long_list_that_is_new_throughout_is_not_listed_again() -> None:
    rows = [warning(number, unit=f"C{number:02}", opened_on=TODAY) for number in range(1, 14)]
    found = page(board_of(*rows))
    assert not found.sections
    assert not any(fact.is_new for one in found.groups for entry in one.entries for fact in entry.facts)
    assert [(one.count, one.href) for one in found.totals][:2] == [(13, "#open"), (13, "#open")]
    # Twelve still stand in the short table.
    assert [one.id for one in page(board_of(*rows[:12])).sections] == ["new"]


def test_the_course_counts_an_episode_in_each_of_its_quarters() -> None:
    trend = page(full()).trend
    assert trend is not None
    counts = {row.label: row.counts for row in trend.rows}
    # Red: two since 2026Q3. Yellow: 2025Q4 to 2026Q2, 2026Q1 to 2026Q3, and two of 2026Q3.
    assert counts["重点督办"] == (0, 0, 0, 0, 0, 0, 0, 2)
    assert counts["预警"] == (0, 0, 0, 0, 1, 2, 2, 3)
    assert counts["合计"] == (0, 0, 0, 0, 1, 2, 2, 8)
    assert counts["当季销号（项）"] == (0, 0, 0, 0, 0, 0, 1, 0)
    assert trend.title == "2026年第三季度有8件预警，上一季度2件：增多"
    # The highest column is 56 px: 8 warnings, 7 a warning.
    assert [height for _, _, height in trend.bars[-1].segments] == [14, 21, 7, 14]


def test_a_school_without_any_warning_says_so() -> None:
    found = page(board_of())
    assert found.clauses == ("没有在办的预警，没有待销号的整改",)
    assert found.lead == "2026年第三季度评分后，没有一条预警规则的条件成立。"
    assert (found.groups, found.sections, found.trend) == ((), (), None)
    assert [one.count for one in found.totals] == [0] * 5


@both
def test_a_school_never_scored_says_why(language: Language) -> None:
    board = board_of(quarter=None, quarters=(), catalogue_hash="", score_version="", is_provisional=False)
    source = render_html(board, language, "ab" * 32)
    assert catalogue()["warning_board.void.what"]["en" if language == "en" else "zh"] in source
    assert "<table" not in source
    assert "None" not in source


def test_the_heading_counts_what_the_sections_list() -> None:
    clauses = ("8件预警在办，涉及7个单位", "1处颜色待人工确认", "2项整改待销号", "2项已过期限")
    assert page(full()).clauses == clauses
    overdue = next(one for one in page(full()).sections if one.id == "overdue")
    assert len(overdue.lines) == 2
