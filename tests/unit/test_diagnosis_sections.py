"""The sections of a diagnosis that say what happened: aspects, trend, change, losses; in both languages."""

from dataclasses import replace

import pytest

from orchestration.messages import Language
from orchestration.publishing.diagnosis.losses import losses
from orchestration.publishing.diagnosis.nodes import aspects
from orchestration.publishing.diagnosis.rows import RobustRow
from orchestration.publishing.diagnosis.trend import split, trend
from orchestration.publishing.documents.model import Bar, Range, Spark, TrendChart
from orchestration.publishing.heat_map.model import Score
from tests.unit.diagnosis_rows import (
    BEFORE,
    QUARTER,
    SCHOOL,
    TREND,
    UNIT,
    capped,
    change_row,
    data_of,
    drafting_of,
    item_row,
    lost_row,
    of_period,
    of_quarter,
    read,
    said,
    table_in,
)

OTHER_HASH = "0" * 64


def restated(quarter: str, value: float | None, **values: object) -> Score:
    return of_quarter(quarter=quarter, score=value, score_low=value, score_high=value, **values)


def test_aspects_show_score_range_the_period_before_and_the_change() -> None:
    data = data_of(
        *capped(),
        before=(of_period(quarter=BEFORE, indicator="D", score=81.2),),
        changes=(change_row(indicator="D", change=-15.46),),
        restated=(restated(QUARTER, 66.6, indicator="D"),),
    )
    first, worst = table_in(aspects(drafting_of(data), UNIT)).rows
    assert [said(cell) for cell in first.cells][0:2] == ["A 严明政治纪律政治规矩", "[green 95.4]"]
    assert [said(worst.cells[index]) for index in (1, 3, 4)] == ["[red 66.6]", "81.2", "−15.5"]
    (span,), (spark,) = worst.cells[2], worst.cells[5]
    assert isinstance(span, Range)
    assert (span.low.shown, span.high.shown) == ("57.3", "67.5")
    assert span.thresholds == (90.0, 80.0, 70.0)
    assert span.scale[0] <= 57.3
    assert isinstance(spark, Spark)
    assert spark.points[-1].label == QUARTER
    assert [said(cell) for cell in first.cells][3:] == ["—", "—", "—"]


def test_a_trend_stands_on_one_method_and_says_which_quarters_were_scored_again() -> None:
    rows = [restated(TREND[5], 84.0), restated(TREND[6], None), restated(TREND[7], 86.8)]
    data = data_of(
        *capped(),
        restated=tuple(rows),
        originals=((TREND[5], OTHER_HASH), (TREND[7], rows[0].catalogue_hash)),
    )
    blocks = trend(drafting_of(data), UNIT, "C05")
    chart = next(block for block in blocks if isinstance(block, TrendChart))
    assert [point.label for point in chart.series[0].points] == list(TREND[5:])
    assert chart.series[0].points[1].figure is None
    assert chart.thresholds == ((90.0, "良好"), (80.0, "一般关注"), (70.0, "预警"))
    figure = chart.series[0].points[0].figure
    assert figure
    assert figure.mart == "fct_restated_score"
    assert figure.key[-1] == ("catalogue_quarter", QUARTER)
    assert read(blocks)[-1] == (
        "2026年第二季度原先按别的目录计分，这里按2026年第四季度的目录重算，可以比较。断开处没有分数。"
    )
    assert read(trend(drafting_of(data, "en"), UNIT, "C05"))[-1] == (
        "Q2 2026: first scored by another catalogue, scored here again by that of Q4 2026, so that they compare. "
        "Gaps are quarters without a score."
    )


def test_the_lowest_aspect_is_the_dashed_line() -> None:
    own = tuple(replace(row, quarter=QUARTER) for row in capped())
    lines = (restated(QUARTER, 86.8), restated(QUARTER, 66.6, indicator="D"))
    blocks = trend(drafting_of(data_of(*capped(), scores=own, restated=lines)), UNIT, "C05")
    chart = next(block for block in blocks if isinstance(block, TrendChart))
    assert [(line.name, line.is_dashed) for line in chart.series] == [("总评", False), ("全面从严治党", True)]
    assert read(blocks)[-1].startswith("虚线为“全面从严治党”。")


def test_without_quarters_there_is_no_chart() -> None:
    assert read(trend(drafting_of(data_of()), UNIT, "C05"))[-1] == "没有可比的季度分数。"
    assert read(trend(drafting_of(data_of(), "en"), UNIT, "C05"))[-1] == "There are no quarters to compare."


def test_robustness_is_said_of_the_colour_by_score() -> None:
    row = of_quarter(score=86.8, band="yellow", band_by_score="blue")
    draws = tuple(
        RobustRow(QUARTER, "unit", "C05", "T", band, share, 1000)
        for band, share in (("blue", 0.987), ("green", 0.013))
    )
    data = data_of(*capped(), scores=(row,), restated=(restated(QUARTER, 86.8),), draws=draws)
    line = read(trend(drafting_of(data), UNIT, "C05"))[-1]
    assert line.endswith("试算1000次，99%按分数仍为[blue]。")
    assert "1000 times, 99% of the draws are [blue] by score." in said(
        trend(drafting_of(data, "en"), UNIT, "C05")
    )


def test_the_change_stands_in_four_parts_largest_first_with_their_sum() -> None:
    blocks = split(drafting_of(data_of(changes=(change_row(),))), UNIT)
    assert read(blocks) == [
        "较上季的变化从哪里来（2026年第四季度）",
        "数据|两季都报的数变了|−3.06",
        "权重|指标权重调整|−0.39",
        "缺报|这季缺的、上季缺的|−0.38",
        "口径|目标、方法、指标调整|−0.03",
        "合计|90.7 → 86.8|−3.86",
    ]
    rows = table_in(blocks).rows
    assert rows[-1].is_sum
    bars = [cell for row in rows for cell in row.cells[2] if isinstance(cell, Bar)]
    assert [round(bar.share, 3) for bar in bars] == [-1.0, -0.127, -0.124, -0.01]


def test_no_change_draws_no_bar_out_of_nothing() -> None:
    still = change_row(
        score=90.0, previous_score=90.0, change=0.0, data=0.0, weights=0.0, catalogue=0.0, coverage=0.0
    )
    rows = table_in(split(drafting_of(data_of(changes=(still,))), UNIT)).rows
    assert [said(row.cells[2]) for row in rows] == ["±0"] * 5
    assert {cell.share for row in rows for cell in row.cells[2] if isinstance(cell, Bar)} == {0.0}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-CN", "上季没有可比的分数，不作比较。"),
        ("en", "The quarter before has no score to compare with."),
    ],
)
def test_without_a_quarter_before_nothing_is_compared(language: Language, line: str) -> None:
    assert read(split(drafting_of(data_of(), language), UNIT))[-1] == line
    without = data_of(changes=(change_row(change=None),))
    assert read(split(drafting_of(without, language), UNIT))[-1] == line


def test_losses_name_value_score_cost_and_source_cell() -> None:
    case = item_row("N11", value=2.0, denominator=None, score=None, deduction=10.0, denominator_cell=None)
    data = data_of(
        items=(item_row("P042"), case),
        losses=(
            lost_row(1, "P042", 1.2246),
            lost_row(2, "N11", 0.5),
            lost_row(1, "D", 1.7246, dimension="theme", share=0.61),
        ),
    )
    _, first, second, note = read(losses(drafting_of(data), UNIT))
    assert first == (
        "P042 审计问题按期整改率\nM18 审计发现问题整改|4/11|36.4|−1.22|audit.xlsx　ecology!H8、I8\n审计报送"
    )
    assert second.split("|")[1:4] == ["2", "−10", "−0.50"]
    assert note == "以上合计占总评失分的20%。全部失分中，“全面从严治党”占61%。"
    assert read(losses(drafting_of(data, "en"), UNIT))[-1] == (
        "Together these are 20% of the points lost. "
        "Of all points lost: “Responsibility for integrity and oversight” 61%."
    )


def test_five_losses_at_most_and_none_of_nothing() -> None:
    data = data_of(losses=tuple(lost_row(rank, f"P00{rank}", 1.0 / rank) for rank in range(1, 9)))
    assert len(table_in(losses(drafting_of(data), UNIT)).rows) == 5
    perfect = data_of(losses=(lost_row(1, "P001", 0.0),))
    assert read(losses(drafting_of(perfect), UNIT))[-1] == "没有失分的项目。"
    assert read(losses(drafting_of(perfect, "en"), UNIT))[-1] == "No item lost points."


def test_losses_of_the_institution_have_shares_instead_of_cells() -> None:
    row = lost_row(1, "P042", 0.8, subject_kind="institution", subject_code="demo", share=0.07)
    _, line, _ = read(losses(drafting_of(data_of(losses=(row,))), SCHOOL))
    assert line == "P042 审计问题按期整改率\nM18 审计发现问题整改|审计|−0.80|7%"
