"""The yearly report: what each chapter says of hand-written rows, in both languages and for other catalogues."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.annual import AnnualData, annual_report
from orchestration.publishing.annual.rows import ALL
from orchestration.publishing.documents.model import Block, Document, Heading
from tests.unit.annual_rows import (
    NEW,
    OLD,
    YEAR,
    assessment,
    bare,
    draw,
    full,
    move,
    node,
    quality_row,
    shipped_base,
    task,
)
from tests.unit.diagnosis_rows import read


@cache
def whole() -> AnnualData:
    return full()


def chapter(data: AnnualData, number: int, language: Language = "zh-CN") -> list[str]:
    """The chapter as read, line by line; 1 is the overall judgement, −1 the audit page."""
    chapters: list[list[Block]] = []
    for block in annual_report(data, language).blocks:
        if isinstance(block, Heading) and block.level == 1:
            chapters.append([])
        chapters[-1].append(block)
    return read(tuple(chapters[number - 1 if number > 0 else number]))


def of(*, base: object = None, **values: object) -> AnnualData:
    """A year in which only `values` are known beside its scores."""
    return replace(bare(), **values)  # type: ignore[arg-type]


def first_level() -> int:
    return len(whole().base.frame.firsts)


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]


def test_chapters_are_as_many_as_the_first_level_has_and_nine_more() -> None:
    titles = headings(annual_report(whole(), "zh-CN"))
    names = [row.name_zh for row in whole().base.frame.firsts]
    assert len(titles) == len(names) + 8
    assert titles[0] == "总体判断"
    assert [title.split("：")[0] for title in titles[1 : 1 + len(names)]] == names
    assert titles[1 + len(names) :] == [
        "各类单位", "本年动态修正", "数据质量与办理", "年度重点任务", "预警与整改", "方法与局限", "复核页",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_digit_of_a_computed_number_stands_outside_a_figure(language: Language) -> None:
    """What is left of digits in texts are codes, days, quarters, versions and thresholds of the configuration."""
    data = whole()
    names = {row.name_en for row in data.tasks} | {row.name_zh for row in data.tasks}
    words = " ".join(sorted({one for block in annual_report(data, language).blocks for one in _texts(block)}))
    for known in sorted(names | {row.document or "" for row in data.tasks} | {OLD[:8], NEW[:8]}, key=len)[
        ::-1
    ]:
        words = words.replace(known, "") if known else words
    words = re.sub(
        r"[A-Z]+[0-9]+|20[0-9]{2}Q[1-4]|2026-[0-9a-f]{16}|20(25|26|27)年?|[0-9]{1,2}月[0-9]{1,2}日", "", words
    )
    words = re.sub(r"[0-9]{1,2} (January|March)|(?:评定|[Aa]ssessment )[0-9]|Q[1-4]|80%", "", words)
    assert not re.findall(r".{12}[0-9].{6}", words)


def _texts(part: object) -> list[str]:
    """Every text of a part that is no figure."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, tuple):
        return [text for one in part for text in _texts(one)]
    names = ("text", "line", "lines", "cells", "rows", "columns", "caption", "head")
    return [text for name in names if hasattr(part, name) for text in _texts(getattr(part, name))]


def test_agreement_departure_and_what_was_superseded_are_printed() -> None:
    none = chapter(of(), 1)
    assert any("没有两人签署" in line for line in none)
    agreed = chapter(of(assessments=(assessment(),)), 1)
    assert "领导小组评定|[blue]" in agreed
    assert "机器结果（评定时）|[blue] 84.5" in agreed
    assert any(
        line.startswith("两者一致。评定1：2027年1月20日会议，参加岗位为党委书记、纪委书记；2人签署")
        for line in agreed
    )
    rows = (
        assessment(state="superseded"),
        assessment(assessment=2, band="yellow", is_agreed=False, reason="审计未结"),
        assessment(assessment=3, state="recorded", signatures=1, signed_on=None, band="red", is_agreed=False),
    )
    departed = chapter(of(assessments=rows), 1)
    assert "领导小组评定|[yellow]" in departed
    assert any(line.startswith("两者不一致。理由：审计未结。评定2") for line in departed)
    assert any(
        "此前的评定1（2027年1月20日，已被取代）：[blue]，与当时的机器结果一致" in line for line in departed
    )
    assert not [line for line in departed if "[red]" in line]
    # Superseded before it was signed: nobody's judgement.
    unsigned = assessment(assessment=4, state="superseded", signatures=1, signed_on=None, band="green")
    assert not any("此前的评定" in line for line in chapter(of(assessments=(unsigned,)), 1))


def test_a_machine_that_scored_again_since_is_shown_beside() -> None:
    lines = chapter(of(assessments=(assessment(score_version="2026-0123456789abcdef"),)), 1)
    now = whole().base.in_period[whole().base.school, "T"]
    assert f"机器结果（本报告）|[{now.band} {now.score:.1f}]" in lines
    assert any("评定依据的版本是2026-0123456789abcdef" in line for line in lines)


def test_the_section_that_the_head_points_to_names_units_in_alarm_and_what_to_do() -> None:
    base = shipped_base()
    red = tuple(
        replace(row, band="yellow", band_by_score="yellow", score=75.04)
        if (row.subject_code, row.indicator) == ("C05", "T")
        else row
        for row in base.frame.scores
    )
    data = AnnualData(replace(base, frame=replace(base.frame, scores=red)))
    lines = chapter(data, 1)
    assert any("见“要先看的单位”" in line for line in lines)
    named = lines[lines.index("要先看的单位") + 1]
    assert "经济管理学院 [yellow 75.0]" in named
    assert "限期整改并销号" in named
    assert "经济管理学院" in annual_report(data, "zh-CN").heading


def test_units_stand_by_kind_with_ranks_only_within_it() -> None:
    base = shipped_base()
    roots = [row for row in base.frame.scores if row.indicator == "T" and row.subject_kind == "unit"]
    ranked = tuple(
        replace(row, rank_in_kind=int(row.subject_code[1:]) if row in roots else None)
        for row in base.frame.scores
    )
    data = AnnualData(replace(base, frame=replace(base.frame, scores=ranked)))
    lines = chapter(data, 2 + first_level())
    colleges = lines.index("学院")
    offices = lines.index("机关与职能部门")
    unit_lines = [line for line in lines if line.count("|") == 5]
    assert colleges < offices
    assert len(unit_lines) == 43
    assert [line.split("|")[2] for line in unit_lines] == [str(n) for n in (*range(1, 20), *range(1, 25))]
    assert lines[-1].startswith("名次只在同类单位之间")


def test_data_mended_is_listed_by_quarter_and_department_with_the_year_below() -> None:
    rows = (
        quality_row("2026Q2", "audit", later_submissions=1, issues_fixed=12, issues_unmended=1),
        quality_row("2026Q1", "quality"),
        quality_row("2026Q1", "organisation", issues_fixed=2),
        quality_row(YEAR, "audit"),
        quality_row(YEAR, ALL, later_submissions=1, issues_fixed=14, issues_unmended=1),
    )
    lines = chapter(of(quality=rows), 3 + first_level())
    assert lines[1:5] == ["数据改正", "2026Q1|组织|0|2|0", "2026Q2|审计|1|12|1", "全年|合计|1|14|1"]
    assert any("没有重新报送" in line for line in chapter(of(), 3 + first_level()))


def test_method_changed_and_what_it_moved() -> None:
    nodes = (
        node("2025Q4", "A", 0.14), node("2026Q1", "A", 0.14), node("2026Q2", "A", 0.2, NEW),
        node("2025Q4", "B", 0.18), node("2026Q1", "B", 0.18), node("2026Q3", "A", 0.2, NEW),
    )  # fmt: skip
    moves = (move("2026Q1"), move("2026Q2", weights=-0.391, catalogue=0.12, change=-0.5))
    lines = chapter(of(nodes=nodes, moves=moves), 3 + first_level())
    at = lines.index("口径调整及其影响")
    assert lines[at + 1 : at + 4] == [
        "2026Q1|aaaaaaaa|同上季|±0|±0|+0.50",
        "2026Q2|bbbbbbbb|有改动|−0.39|+0.12|−0.50",
        "2026Q3|bbbbbbbb|同上季|—|—|—",
    ]
    assert "A 严明政治纪律政治规矩的权重由0.14改为0.2。" in lines[at + 4]
    assert "2026Q2：不再有B 贯彻党的路线方针政策。" in lines[at + 4]
    assert any("各季度没有评分" in line for line in chapter(of(), 3 + first_level()))


def test_tasks_struck_off_stand_among_corrections_and_all_where_they_stand() -> None:
    late = task(
        task="T02",
        name_zh="逾期的任务",
        state="returned",
        due_on=date(2026, 6, 30),
        struck_off_on=None,
        is_overdue=True,
    )
    data = of(tasks=(task(), late))
    corrections = chapter(data, 3 + first_level())
    assert corrections[-1] == "T01 责任清单分解|纪委办公室|3月31日|4月2日|清办〔2026〕7号"
    assert not [line for line in corrections if "逾期的任务" in line]
    lines = chapter(data, 5 + first_level())
    assert "T02 逾期的任务\n监测点：主体责任清单与廉政风险点防控" in lines[2]
    assert "|6月30日|已退回，已逾期\n报告：3月30日\n清办〔2026〕7号" in lines[2]
    # The chapter of the point's first-level node names both.
    aspect = "\n".join(chapter(data, 2 + [row.code for row in data.base.frame.firsts].index("D")))
    assert "重点任务：T01 责任清单分解（已销号）、T02 逾期的任务（已退回，已逾期）。" in aspect
    assert any("没有登记重点任务" in line for line in chapter(of(), 5 + first_level()))


def test_what_is_below_the_threshold_is_not_robust() -> None:
    base = whole().base
    bands = {
        code: base.in_quarter[base.subject(base.units[code]), "T"].band_by_score or ""
        for code in ("C01", "C02")
    }
    rows = (draw("C01", bands["C01"], 0.7996), draw("C01", "red", 0.1), draw("C02", bands["C02"], 0.8))
    lines = chapter(of(draws=rows, robust_least=0.8), -1)
    assert [line for line in lines if "|" in line] == [f"文学院|[{bands['C01']}]|79.9%|3.0～7.4"]
    none = chapter(of(draws=rows[2:], robust_least=0.8), -1)
    assert "各项结果仍为现有颜色的概率都不低于80%。" in none
    assert any("没有给出稳健与否的界限" in line for line in chapter(of(draws=rows), -1))
    assert any("没有做权重试算" in line for line in chapter(of(), -1))


def test_units_in_alarm_at_a_first_level_node_stand_kind_by_kind() -> None:
    base = shipped_base()
    alarmed = tuple(
        replace(row, band="red", score=61.0) if (row.subject_code, row.indicator) in (("C05", "A"), ("F03", "A")) else
        replace(row, band="green") if row.indicator == "A" else row
        for row in base.frame.scores
    )  # fmt: skip
    data = AnnualData(replace(base, frame=replace(base.frame, scores=alarmed)))
    text = chapter(data, 2)[2]
    assert "学院中预警色单位：经济管理学院" in text
    assert "机关与职能部门中预警色单位：组织部" in text
    assert text.count("[") == 2
    quiet = tuple(replace(row, band="green") if row.indicator == "A" else row for row in base.frame.scores)
    none = chapter(AnnualData(replace(base, frame=replace(base.frame, scores=quiet))), 2)
    assert none[2].startswith("没有单位在这一方面为预警色。")


def test_each_first_level_chapter_has_its_own_points() -> None:
    codes: list[str] = []
    for place, first in enumerate(whole().base.frame.firsts):
        rows = [line.split("|") for line in chapter(whole(), 2 + place) if line.count("|") == 4]
        parents = {row[0].split(" ")[0] for row in rows}
        leaves = {leaf.indicator.code for leaf in whole().base.frame.leaves if leaf.first.code == first.code}
        assert parents == leaves
        codes += sorted(parents)
    assert codes == [f"M{number:02}" for number in range(1, 29)]


def test_data_quality_by_department_with_what_became_of_objections() -> None:
    rows = (
        quality_row(
            YEAR, "quality", submissions=5, first_submissions=4, first_passes=3, first_pass_rate=0.75
        ),
        quality_row(
            YEAR, "audit", issues=9, issues_fixed=6, issues_waived=1, issues_unmended=2, days_to_fix=3.25
        ),
        quality_row("2026Q1", "audit"),
        quality_row(YEAR, ALL, first_pass_rate=0.8571, first_submissions=28, first_passes=24),
    )
    lines = chapter(of(quality=rows), 4 + first_level())
    assert lines[1:-2] == [
        "一次通过率86%：28次首次报送中，24次被接受且没有扣留的单元格。",
        "审计|100%|1|9|6|3.3|1|2",
        "质监|75%|5|0|0|—|0|0",
        "合计|86%|1|0|0|—|0|0",
    ]
    assert lines[-1] == "本年没有单位提出异议。"
    told = quality_row(YEAR, ALL, objections=4, objections_upheld=2, objections_dismissed=1)
    assert chapter(of(quality=(told,)), 4 + first_level())[-1] == (
        "各单位提出异议4件：成立2件，不成立1件，未裁定0件，其余已撤回。"
    )
    assert any("没有收到报送" in line for line in chapter(of(), 4 + first_level()))
