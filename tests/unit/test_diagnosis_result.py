"""The head of a diagnosis: who, colour, cause, how sure, what to do; each sentence in both languages."""

from dataclasses import replace

import pytest

from orchestration.messages import Language
from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.diagnosis.result import heading, result
from orchestration.publishing.documents.figures import Figure
from tests.unit.diagnosis_rows import (
    UNIT,
    capped,
    cell_row,
    data_of,
    drafting_of,
    item_row,
    lines_of,
    of_period,
)


def head_of(data: DiagnosisData, language: Language = "zh-CN") -> str:
    return heading(drafting_of(data, language), UNIT, "C05")


def test_a_cap_says_score_rule_and_what_set_it_off() -> None:
    data = data_of(*capped())
    assert head_of(data) == "C05：预警，因“全面从严治党”为重点督办，总评封顶"
    assert lines_of(data)["由来："] == (
        "86.8分，按分数是[blue]；“全面从严治党”（66.6分）为[red]，按规则CAP1，总评最高为[yellow]。"
    )
    assert head_of(data, "en") == (
        "C05: Warning, capped because “Responsibility for integrity and oversight” scores Serious"
    )
    assert lines_of(data, "en")["What set it: "] == (
        "A score of 86.8 would be [blue]; “Responsibility for integrity and oversight” (66.6) scores [red], "
        "and by rule CAP1 the total is then at most [yellow]."
    )


def test_the_chip_carries_score_lid_and_word() -> None:
    found = result(drafting_of(data_of(*capped())), UNIT)
    assert found
    assert found.chip.has_lid
    assert found.chip.has_word
    assert found.chip.is_certain
    assert found.chip.figure == Figure(
        "fct_period_score",
        "score",
        (
            ("institution", "demo"),
            ("period", "2026H2"),
            ("framework", "ecology"),
            ("subject_kind", "unit"),
            ("subject_code", "C05"),
            ("indicator", "T"),
        ),
        86.83,
        "86.8",
    )


def test_a_certain_colour_says_what_the_worst_would_be() -> None:
    data = data_of(*capped(), cells=(cell_row("audit", 3), cell_row("quality", 1, quarter="2026Q3")))
    assert lines_of(data)["把握："] == (
        "颜色确定。缺报或在核：2026年第三季度质监1格；2026年第四季度审计3格。"
        "即使全按最差计，仍有82.7分，按分数的颜色不变。“全面从严治党”全按最好计也是[red]，封顶不变。"
    )
    assert lines_of(data, "en")["How sure: "] == (
        "The colour is certain. Cells missing or under review: Quality monitoring 1 (Q3 2026); Audit 3 (Q4 2026). "
        "Even with all of them at their worst the score is 82.7, and its colour the same. "
        "“Responsibility for integrity and oversight” scores [red] even at best: the cap stays."
    )


def test_departments_beyond_three_are_not_named() -> None:
    owing = ("audit", 9), ("quality", 5), ("personnel", 3), ("publicity", 1)
    data = data_of(of_period(coverage=0.9), cells=tuple(cell_row(*one) for one in owing))
    assert "2026年第四季度审计9格、质监5格、人事3格等。" in lines_of(data)["把握："]
    assert (
        "Audit 9, Quality monitoring 5, Personnel 3 and others (Q4 2026)."
        in lines_of(data, "en")["How sure: "]
    )


def test_a_cap_that_missing_data_could_lift_makes_the_colour_uncertain() -> None:
    root, first, worst = capped()
    data = data_of(root, first, replace(worst, score_high=71.0, is_certain=False))
    assert lines_of(data)["把握："].startswith("颜色未定。")
    assert lines_of(data)["把握："].endswith("“全面从严治党”全按最好计不是[red]，封顶可能解除。")
    assert "would not score [red] at best: the cap may go." in lines_of(data, "en")["How sure: "]


def test_a_cap_that_missing_data_could_bring_makes_the_colour_uncertain() -> None:
    root = of_period(score=92.0, score_low=90.5, coverage=0.97)
    low = of_period(indicator="D", score=74.0, score_low=66.0, band="yellow", band_by_score="yellow")
    data = data_of(root, replace(low, coverage=0.9, is_certain=False))
    assert lines_of(data)["把握："] == (
        "颜色未定。有缺报或在核的数据。即使全按最差计，仍有90.5分，按分数的颜色不变。"
        "但“全面从严治党”按最差计会到[red]，那时总评封顶为[yellow]。"
    )
    assert "which caps the total at [yellow]." in lines_of(data, "en")["How sure: "]


def test_a_grey_aspect_can_bring_a_cap_only_where_data_are_to_come() -> None:
    root = of_period(score=92.0, score_low=90.5, coverage=0.97)
    grey = of_period(
        indicator="D", score=74.0, score_low=66.0, band="insufficient", band_by_score="insufficient"
    )
    assert "封顶" in lines_of(data_of(root, replace(grey, coverage=0.5)))["把握："]
    assert "封顶" not in lines_of(data_of(root, replace(grey, nothing_due_share=0.7)))["把握："]


def test_a_complete_green_unit_says_so_and_names_no_lowest() -> None:
    data = data_of(of_period(), of_period(indicator="A"), of_period(indicator="B", score=91.0))
    assert head_of(data) == "C05：良好"
    assert lines_of(data) == {
        "由来：": "95.0分，按分数是[green]。",
        "把握：": "颜色确定。应报的数据全部到齐。",
        "要做：": "保持，按季监测。",
    }
    assert lines_of(data, "en")["How sure: "] == "The colour is certain. Every due cell was received."


def test_the_lowest_aspect_is_named_where_its_colour_is_worse() -> None:
    worst = of_period(indicator="F", score=72.0, band="yellow", band_by_score="yellow")
    data = data_of(of_period(), of_period(indicator="A"), worst)
    assert head_of(data) == "C05：良好；“作风建设”得分最低，为预警"
    assert head_of(data, "en") == "C05: Good; “Conduct of work and service” scores lowest: Warning"


def test_an_open_colour_lists_what_it_could_be() -> None:
    row = of_period(
        score=81.2, score_low=76.55, score_high=90.4, is_certain=False, coverage=0.94, band="blue",
        band_by_score="blue",
    )  # fmt: skip
    data = data_of(row, cells=(cell_row("audit", 3),))
    assert lines_of(data)["把握："] == (
        "颜色未定。缺报或在核：2026年第四季度审计3格。"
        "全报齐后在76.6～90.4分之间，按分数可能是[yellow]，也可能是[blue]，也可能是[green]。"
    )
    assert lines_of(data, "en")["How sure: "].endswith(
        "Once all are in, the score is between 76.6 and 90.4: by score [yellow] or [blue] or [green]."
    )


def test_without_bounds_no_range_is_invented() -> None:
    row = of_period(score_low=None, score_high=None, is_certain=False, coverage=0.9)
    assert lines_of(data_of(row))["把握："] == "颜色未定。有数据没有收到，分数可能的范围给不出。"
    assert "cannot be given" in lines_of(data_of(row), "en")["How sure: "]


GREY = of_period(
    band="insufficient", band_by_score="insufficient", coverage=0.73, is_certain=False, score=88.0
)


def test_grey_is_no_judgement_and_says_who_is_to_deliver() -> None:
    data = data_of(GREY, cells=(cell_row("audit", 14), cell_row("quality", 12)))
    assert head_of(data) == "C05：数据不足，不作判断"
    assert lines_of(data)["把握："] == "覆盖73%，不作判断；2026年第四季度审计14格、质监12格补报后可评。"
    assert lines_of(data)["由来："] == "已报的部分得88.0分，数据不足以判断。"
    assert lines_of(data)["要做："] == "催报，不作判断。请补报2026年第四季度审计14格、质监12格。"
    assert lines_of(data, "en")["How sure: "] == (
        "Coverage is 73%: no judgement until these cells are delivered: Audit 14, Quality monitoring 12 (Q4 2026)."
    )
    assert head_of(data, "en") == "C05: Insufficient data, no judgement"
    assert lines_of(data, "en")["What set it: "].startswith("What was reported scores 88.0")
    assert "not certain" not in lines_of(data, "en")["How sure: "]


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        ({"score": None, "coverage": None}, "本期没有应办事项，不作判断。", "Nothing was due: no judgement."),
        (
            {"coverage": 1.0, "nothing_due_share": 0.62},
            "应办事项少：没有应办事项的监测点占权重62%，不作判断。",
            "Points at which nothing was due hold 62% of the weight: no judgement.",
        ),
        (
            {},
            "覆盖73%，不作判断；缺的数据补报后可评。",
            "Coverage is 73%: no judgement until the missing data are delivered.",
        ),
    ],
)
def test_grey_for_other_reasons(values: dict[str, object], zh: str, en: str) -> None:
    data = data_of(replace(GREY, **values))  # type: ignore[arg-type]
    assert (lines_of(data)["把握："], lines_of(data, "en")["How sure: "]) == (zh, en)


def test_a_grave_case_that_waits_for_a_person_is_not_yet_the_colour() -> None:
    row = of_period(score=83.0, band="blue", band_by_score="blue", band_pending="yellow")
    data = data_of(row)
    assert head_of(data) == "C05：一般关注，待人工确认为预警"
    assert lines_of(data)["由来："] == "83.0分，按分数是[blue]。有待人工确认的事项，确认后为[yellow]。"
    named = replace(data, items=(item_row("N11", is_grave_case=True),))
    assert "确认后为[yellow]。严重情形（2026年第四季度）：“" in lines_of(named)["由来："]
    assert lines_of(data)["把握："].startswith("颜色等人确认。")
    assert lines_of(data)["要做："] == (
        "请有权的人对[yellow]作出确认或不予确认。预警函，限期整改并销号：自收到之日起30个工作日内。"
    )
    assert head_of(data, "en") == "C05: Watch, to be confirmed as Warning"


def test_a_confirmed_grave_case_caps_and_names_its_items() -> None:
    row = of_period(score=83.0, band="yellow", band_by_score="blue", band_cause="CAP3")
    data = data_of(row, items=(item_row("N11", is_grave_case=True),))
    assert head_of(data) == "C05：预警，因有严重情形，总评封顶"
    assert (
        "有严重情形，按规则CAP3，总评最高为[yellow]。严重情形（2026年第四季度）：“"
        in lines_of(data)["由来："]
    )
    assert "Grave case in Q4 2026: “" in lines_of(data, "en")["What set it: "]


def test_red_that_nobody_confirmed_is_shown_as_the_next_better_colour() -> None:
    row = of_period(
        score=62.0, band="yellow", band_by_score="red", band_cause="confirmation", band_pending="red"
    )
    data = data_of(row)
    assert head_of(data) == "C05：预警，待人工确认为重点督办"
    assert lines_of(data)["由来："] == "62.0分，按分数是[red]；[red]由人确认后才成立，确认前显示[yellow]。"
    assert "until then [yellow] is shown" in lines_of(data, "en")["What set it: "]


def test_silence_does_not_pay() -> None:
    down = of_period(
        score=93.0, score_low=78.0, is_certain=False, coverage=0.85, band="blue", band_cause="bound"
    )
    assert head_of(data_of(down)) == "C05：一般关注，缺的数据按最差计会到预警色"
    assert lines_of(data_of(down))["由来："] == (
        "93.0分，按分数是[green]；缺的数据按最差计是78.0分，到了预警色，所以定为[blue]。"
    )
    owing = data_of(down, cells=(cell_row("audit", 3),))
    assert lines_of(owing)["要做："].endswith("请补报2026年第四季度审计3格。")
    up = of_period(
        score=55.0, score_high=76.0, coverage=0.6, band="yellow", band_by_score="insufficient",
        band_cause="bound", is_certain=False,
    )  # fmt: skip
    assert head_of(data_of(up)) == "C05：预警，缺的数据全按最好计也是如此"
    assert (
        lines_of(data_of(up))["由来："]
        == "覆盖60%；缺的数据全按最好计是76.0分，仍是预警色，所以定为[yellow]。"
    )
    assert "still an alarm" in lines_of(data_of(up), "en")["What set it: "]


def test_a_rule_that_the_catalogue_lost_is_named_by_its_code() -> None:
    data = data_of(of_period(band="blue", band_cause="OLD1"))
    assert head_of(data) == "C05：一般关注，按规则OLD1改定"
    assert lines_of(data, "en")["What set it: "] == "A score of 95.0 would be [green]; rule OLD1 sets [blue]."


def test_without_a_score_the_heading_says_so_and_there_is_no_result() -> None:
    assert head_of(data_of()) == "C05：没有评分"
    assert head_of(data_of(), "en") == "C05: no score"
    assert result(drafting_of(data_of()), UNIT) is None
