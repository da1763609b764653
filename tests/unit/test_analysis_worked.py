"""The worked figures of the methodology page on change, robustness and leverage, each computed by hand."""

from dataclasses import replace

import numpy as np
import pytest

from orchestration.analysis.change import PARTS, Ends, split_change
from orchestration.analysis.layout import Layout
from orchestration.analysis.leverage import leverage
from orchestration.analysis.outcome import Rules, Unit
from orchestration.analysis.robustness import draw_factors, robustness
from orchestration.analysis.tree import ABSENT, REPORTED, Cells
from orchestration.analysis.weights import Weights
from tests.unit.analysis_brute import BANDS


def shape(*points: int) -> Layout:
    """One unit; a root with a point each, and an item for every number: the point it belongs to."""
    width = max(points)
    return Layout(
        framework="tree",
        subject_kind="unit",
        institution="school",
        nodes=("root", *(f"p{n}" for n in range(1, width + 1))),
        parents=(-1, *(0,) * width),
        levels=(0, *(1,) * width),
        means=("arithmetic",) * (width + 1),
        items=tuple("abcdefgh"[: len(points)]),
        points=points,
        is_positive=(True,) * len(points),
        departments=("d",) * len(points),
        subjects=("u",),
        kinds=("office",),
    )


def weigh(layout: Layout, *items: float) -> Weights:
    return Weights(np.ones(len(layout.nodes)), np.array([[one] for one in items]), np.ones(1))


def cells(*worth: float | None) -> Cells:
    """None is missing."""
    state = [[ABSENT if one is None else REPORTED] for one in worth]
    return Cells(
        np.array(state, dtype=np.int8), np.array([[np.nan if one is None else one] for one in worth])
    )


def test_a_change_of_two_and_a_half_points() -> None:
    """Before: a 80, b missing: 80. Now: a 90, b 60, and a weighs three times b: 82.5."""
    layout = shape(1, 1)
    before, now = cells(80, None), cells(90, 60)
    old, new = weigh(layout, 1, 1), weigh(layout, 3, 1)
    split = split_change(
        Ends(
            (layout, layout),
            {(0, 0): before, (0, 1): before, (1, 0): now, (1, 1): now},
            {(0, 0): old, (0, 1): old, (1, 0): new, (1, 1): new},
        )
    )
    parts = dict(zip(PARTS, split.parts[:, 0, 0], strict=True))
    assert parts == {
        "data": pytest.approx(10 / 3 + 10 / 6 + 5 / 6 + 7.5 / 3),
        "weights": pytest.approx(5 / 6 + 7.5 / 3),
        "catalogue": 0,
        "coverage": pytest.approx(-10 / 3 - 15 / 6 - 5 / 6 - 7.5 / 3),
    }
    assert sum(parts.values()) == pytest.approx(82.5 - 80)


def test_a_green_that_seven_draws_in_ten_leave_green() -> None:
    """Points of 100 and 81, of equal weight: 90.5. It is blue where the second weighs 10/9 of the first or more.

    Of the square of the two factors, 0.75 to 1.25 a side, that is 0.078125 of 0.25: 31.25 %.
    """
    layout = shape(1, 2)
    grey = np.zeros((3, 2), dtype=bool)
    drawn = draw_factors(layout, 7, draws=20_000)
    found = robustness(layout, cells(100, 81), weigh(layout, 1, 1), BANDS, grey, ~grey, drawn)
    assert found.probability[:2, 0, 0] == pytest.approx([0.6875, 0.3125], abs=0.01)
    assert found.probability[:, 1, 0].tolist() == [1, 0, 0, 0, 0]


def test_the_fewest_items_to_blue() -> None:
    """Points of equal weight: 90 (a 80, b 100), 70 (c 60, d 80), 66 (e, f): 75.33 is yellow, blue 4.67 away.

    At 100, a and d bring 3.33 each, e and f 5.67 each, c (100 - 60) / 2 / 3 = 6.67: c alone is the best of three.
    """
    layout = shape(1, 1, 2, 2, 3, 3)
    worth = cells(80, 100, 60, 80, 66, 66).worth[:, 0]
    unit = Unit(
        cells=Cells(np.full(6, REPORTED, dtype=np.int8), worth),
        low=worth,
        high=worth,
        is_grave=np.zeros(6, dtype=bool),
        is_grey=np.zeros(4, dtype=bool),
        weights=weigh(layout, *(1,) * 6),
    )
    found = leverage(Rules(layout, BANDS, ()), unit)
    assert found
    assert (found.target, found.items, found.is_minimal) == (1, (2,), True)
    assert found.gain_total == pytest.approx(20 / 3)
    lower = np.where(np.arange(6) == 2, 75.0, worth)  # c 75: now 77.83, and e or f bring 5.67
    other = leverage(
        Rules(layout, BANDS, ()),
        replace(unit, cells=Cells(unit.cells.state, lower), low=lower, high=lower),
    )
    assert other
    assert (other.items, other.gains) == ((4,), (pytest.approx(34 / 6),))
