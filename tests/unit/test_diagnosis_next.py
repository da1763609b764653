"""The sections of a diagnosis that say what to do and what is open: steps, what was not measured, objections."""

from dataclasses import replace
from datetime import date

import pytest

from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.diagnosis.nodes import aspects, points
from orchestration.publishing.diagnosis.rows import GapRow, IssueRow, ObjectionRow
from orchestration.publishing.diagnosis.steps import steps
from orchestration.publishing.diagnosis.unmeasured import issues, objections, unmeasured
from orchestration.publishing.heat_map.model import Score
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
    step_row,
    table_in,
)


def test_steps_say_from_where_to_where_and_lift_the_cap_first() -> None:
    own = tuple(replace(row, quarter=QUARTER) for row in capped())
    data = data_of(*capped(), scores=own, items=(item_row("P042"),), steps=(step_row(1, "P042"),))
    assert read(steps(drafting_of(data), UNIT)) == [
        "到下一色最少要做几步",
        "下面各项都做到不失分，2026年第四季度总评由86.8到88.0分，颜色由[yellow]到[blue]。"
        "封顶随之解除。已逐一试算，项数不能再少。",
        "P042 审计问题按期整改率\nM18 审计发现问题整改|4/11|满分|+1.22",
    ]
    line = read(steps(drafting_of(data, "en"), UNIT))[1]
    assert line == (
        "With no points lost at any of these, the total of Q4 2026 goes from 86.8 to 88.0, its colour from [yellow] "
        "to [blue]. The cap goes with them. All smaller sets were tried: fewer do not suffice."
    )


def test_steps_begin_at_the_colour_that_would_stand() -> None:
    """A grave case waits: blue is shown, yellow would stand, and the steps lift that."""
    now = of_quarter(score=83.0, band="blue", band_by_score="blue", band_pending="yellow")
    steps_to_blue = (step_row(1, "N11", score_after=83.0),)
    line = read(steps(drafting_of(data_of(scores=(now,), steps=steps_to_blue)), UNIT))[1]
    assert line.startswith(
        "下面各项都做到不失分，2026年第四季度总评由83.0到83.0分，颜色由[yellow]到[blue]。封顶随之解除。"
    )


def test_more_than_eight_steps_stand_below_by_their_codes() -> None:
    now = of_quarter(score=73.0, band="yellow", band_by_score="yellow")
    chosen = tuple(step_row(number, f"P{number:03}", is_minimal=False) for number in range(1, 11))
    found = steps(drafting_of(data_of(scores=(now,), steps=chosen)), UNIT)
    assert len(table_in(found).rows) == 8
    assert read(found)[-1] == "另有：P009、P010。"


def test_red_that_waits_for_a_person_is_no_cap() -> None:
    now = of_quarter(
        score=62.0, band="yellow", band_by_score="red", band_cause="confirmation", band_pending="red"
    )
    up = (step_row(1, "P042", target_band="yellow", band_after="yellow", score_after=71.0),)
    line = read(steps(drafting_of(data_of(scores=(now,), steps=up)), UNIT))[1]
    assert "颜色由[red]到[yellow]。已逐一试算" in line


def test_a_greedy_choice_does_not_claim_to_be_the_fewest() -> None:
    own = of_quarter(score=81.0, band="blue", band_by_score="blue")
    chosen = (step_row(1, "N11", is_minimal=False, target_band="green", band_after="green"),)
    _, line, row = read(steps(drafting_of(data_of(scores=(own,), steps=chosen)), UNIT))
    assert line.endswith("按每步增分最多的依次选取，项数未必最少。")
    assert "封顶" not in line
    assert row.endswith("|—|不再扣分|+1.22")


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        (
            of_quarter(),
            "2026年第四季度已是[green]，没有更好的颜色。",
            "Q4 2026 is [green]: there is no better",
        ),
        (
            of_quarter(band="insufficient", coverage=0.5),
            "2026年第四季度数据不足，不算步数；先补报。",
            "Q4 2026 has too little data",
        ),
        (
            of_quarter(score=81.0, band="blue", band_by_score="blue"),
            "2026年第四季度没有算出步数。",
            "No steps were computed for Q4 2026.",
        ),
    ],
)
def test_no_steps_for_a_reason(now: Score, zh: str, en: str) -> None:
    assert read(steps(drafting_of(data_of(scores=(now,))), UNIT))[-1] == zh
    assert read(steps(drafting_of(data_of(scores=(now,)), "en"), UNIT))[-1].startswith(en)


def test_a_colour_out_of_reach_is_one_sentence() -> None:
    row = step_row(0, None, gain=None, gain_total=None, is_reachable=False, score_after=None, band_after=None)
    now = of_quarter(score=76.0, band="yellow", band_by_score="yellow")
    data = data_of(scores=(now,), steps=(row,))
    assert read(steps(drafting_of(data), UNIT))[1:] == [
        "已报的项目全做到不失分，2026年第四季度总评也到不了[blue]。"
    ]
    assert "still does not reach [blue]" in read(steps(drafting_of(data, "en"), UNIT))[1]


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
    assert read(unmeasured(drafting_of(data), UNIT))[1:] == [
        "未收到可用的数|审计|2|P046 往来款项按期清理率\nP051 资产清查账实相符率|不计分，降低覆盖",
        "本季无此事项|人事|4|P056、P057、P058、P059|不计分，不计覆盖",
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
    assert len(table.rows) == 4
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
