"""The sections of a diagnosis that say what is open: what was not measured, notes, objections; the points."""

from dataclasses import replace
from datetime import date

from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.diagnosis.nodes import aspects, points
from orchestration.publishing.diagnosis.rows import GapRow, IssueRow, ObjectionRow
from orchestration.publishing.diagnosis.unmeasured import issues, objections, unmeasured
from tests.unit.diagnosis_rows import (
    QUARTER,
    UNIT,
    capped,
    cell_row,
    change_row,
    data_of,
    drafting_of,
    item_row,
    of_quarter,
    read,
    said,
    table_in,
)


def test_what_was_not_measured_stands_by_reason_and_department() -> None:
    gone = [item_row(code, state="missing", value=None) for code in ("P046", "P051")]
    idle = [item_row(f"P0{n}", state="not_applicable", department="personnel") for n in (56, 57, 58, 59)]
    counts = (
        cell_row("personnel", 4, state="not_applicable"),
        cell_row("audit", 2),
        cell_row("quality", 7, quarter="2026Q3"),
        cell_row("publicity", 0),
        cell_row("publicity", 30, state="reported"),
    )
    data = data_of(items=(*gone, *idle), cells=counts)
    assert read(unmeasured(drafting_of(data), UNIT))[1:-1] == [
        "缺报|审计|2|P046 往来款项按期清理率\nP051 资产清查账实相符率",
        "无此事项|人事|4|P056、P057、P058、P059",
    ]
    assert (
        read(unmeasured(drafting_of(data_of(), "en"), UNIT))[-1] == "Everything due in Q4 2026 was measured."
    )


def test_validation_notes_say_what_was_found_and_what_to_do() -> None:
    plain = IssueRow(
        7, QUARTER, "audit", "C05", "P042", "warn", "audit.xlsx", "ecology", "H8",
        "填的是4.5。", "4.5 was entered.", "请核对。", "Check it.", None,
    )  # fmt: skip
    many = tuple(replace(plain, issue=number) for number in range(9))
    worst = replace(plain, issue=99, severity="quarantine", message_zh="是错误值。")
    _, first, *_, last = read(issues(drafting_of(data_of(issues=(*many, worst))), UNIT))
    assert first == "是错误值。|请核对。"
    assert last == "其余见问题清单。"
    table = table_in(issues(drafting_of(data_of(issues=(*many, worst)), "en"), UNIT))
    assert len(table.rows) == 3
    assert said(table.rows[1].cells) == "4.5 was entered.Check it."
    assert read(issues(drafting_of(data_of()), UNIT))[-1] == "没有未了结的校验提示。"


def test_objections_show_both_totals_and_that_they_cost_nothing() -> None:
    pending = ObjectionRow(3, QUARTER, "unit", "C05", "P020", "under_review", date(2027, 1, 28), 87.25, 86.8)
    unscored = replace(pending, objection=4, score_with=None)
    upheld = replace(pending, objection=5, state="upheld")
    data = data_of(objections=(pending, unscored, upheld))
    _, listed, how = read(objections(drafting_of(data), UNIT))
    assert listed == (
        "P020 官方渠道发布审核记录完整率（2026年第四季度）：计入该数总评87.3分，不计入86.8分（本页所示）；"
        "2027年1月28日前核定。"
        "P020 官方渠道发布审核记录完整率（2026年第四季度）：在核，2027年1月28日前核定；两种结果在下次打分后列出。"
        "P020 官方渠道发布审核记录完整率（2026年第四季度）：异议成立，该数不计分，等报送部门更正。"
    )
    assert how.endswith("可在该数首次计分后5个工作日内提出。提出异议不扣分；核定前该数不计分，两种结果并列。")
    english = read(objections(drafting_of(data_of(), "en"), UNIT))
    assert english[1] == "No objection is pending."
    assert "Objecting costs nothing" in english[2]


def test_points_stand_in_halves_with_coverage_only_where_some_is_missing() -> None:
    rows = (
        of_quarter(indicator="M16", score=79.6, band="yellow"),
        of_quarter(indicator="M17", coverage=0.67),
    )
    gap = GapRow(QUARTER, "unit", "C05", "M16", 79.6, 92.31, -12.71, False, True)
    near = replace(gap, indicator="M17", is_weakness=False)
    data = data_of(scores=rows, changes=(change_row(indicator="M16", change=-35.1),), gaps=(near, gap))
    blocks = points(drafting_of(data), UNIT)
    assert table_in(blocks).halves
    assert read(blocks)[1:] == [
        "M16 巡视巡察整改完成|[yellow 79.6]|−35.1|",
        "M17 巡察成果运用|[green 95]|—|67%",
        "低于同类单位中位数、差距达到界限的：“巡视巡察整改完成”79.6分（中位数92.3）。",
    ]
    assert "(median 92.3)" in read(points(drafting_of(data, "en"), UNIT))[-1]


def test_nothing_is_said_of_data_that_are_not_there() -> None:
    bare: DiagnosisData = data_of(*capped())
    assert points(drafting_of(bare), UNIT) == ()
    assert aspects(drafting_of(data_of()), UNIT) == ()
