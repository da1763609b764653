"""The fewest steps to the next colour: which, from where to where, and why there are none."""

from dataclasses import replace

import pytest

from orchestration.publishing.diagnosis.steps import steps
from orchestration.publishing.heat_map.model import Score
from tests.unit.diagnosis_rows import (
    QUARTER,
    UNIT,
    capped,
    data_of,
    drafting_of,
    item_row,
    of_quarter,
    read,
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


def test_more_than_six_steps_stand_below_by_their_codes() -> None:
    now = of_quarter(score=73.0, band="yellow", band_by_score="yellow")
    chosen = tuple(step_row(number, f"P{number:03}", is_minimal=False) for number in range(1, 11))
    found = steps(drafting_of(data_of(scores=(now,), steps=chosen)), UNIT)
    assert len(table_in(found).rows) == 6
    assert read(found)[-1] == "另有：P007、P008、P009、P010。"


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
