"""What a diagnosis says first to do and by when, and how the last quarter stands beside the period."""

from dataclasses import replace

from orchestration.publishing.diagnosis.result import result
from orchestration.publishing.documents.figures import figures_in
from tests.unit.diagnosis_rows import (
    QUARTER,
    UNIT,
    capped,
    cell_row,
    change_row,
    data_of,
    drafting_of,
    lines_of,
    of_period,
    of_quarter,
    step_row,
)


def test_the_last_quarter_stands_beside_the_period_with_its_change_and_cause() -> None:
    own = tuple(replace(row, quarter=QUARTER) for row in capped())
    data = data_of(of_period(), scores=own, changes=(change_row(),))
    assert lines_of(data)["2026年第四季度："] == "[yellow 86.8]；较上季−3.9分；D为重点督办，封顶。"
    assert (
        lines_of(data, "en")["Q4 2026: "] == "[yellow 86.8]; −3.9 points on last quarter; capped: D Serious."
    )


def test_a_quarter_without_one_before_says_no_change() -> None:
    data = data_of(of_period(), scores=(of_quarter(),), changes=(change_row(change=None),))
    assert lines_of(data)["2026年第四季度："] == "[green 95.0]。"


def test_what_to_do_first_are_the_fewest_steps() -> None:
    data = data_of(*capped(), steps=(step_row(1, "P042"), step_row(2, "P037"), step_row(3, "P041")))
    assert lines_of(data)["要做："] == (
        "预警函，限期整改并销号：自收到之日起30个工作日内。"
        "先把P042 审计问题按期整改率、P037 整改事项按期完成率等做到不失分，2026年第四季度可到88.0分，为[blue]。"
    )
    assert lines_of(data, "en")["To do: "].startswith(
        "Warning letter; mend by the deadline: within 30 working days of receipt. First P042 "
    )


def test_a_colour_out_of_reach_says_so() -> None:
    lost = step_row(
        0, None, gain=None, gain_total=None, is_reachable=False, score_after=None, band_after=None
    )
    data = data_of(*capped(), steps=(lost,), cells=(cell_row("audit", 3),))
    assert lines_of(data)["要做："].endswith(
        "已报的项目全做到不失分也到不了[blue]。请补报2026年第四季度审计3格。"
    )
    assert lines_of(data, "en")["To do: "].endswith(
        "do not reach [blue]. Have these cells delivered: Audit 3 (Q4 2026)."
    )


def test_the_deadline_is_a_cell_of_the_bands() -> None:
    found = result(drafting_of(data_of(*capped())), UNIT)
    deadlines = [one for one in figures_in(found) if one.mart == "dim_band"]
    assert [(one.column, one.key, one.value) for one in deadlines] == [
        ("deadline_workdays", (("code", "yellow"),), 30)
    ]
