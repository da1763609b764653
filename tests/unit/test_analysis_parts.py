"""Lost points, peers and flags on items, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.analysis.item_flags import nominal_weights, redundant, saturated, weight_gaps
from orchestration.analysis.layout import Layout
from orchestration.analysis.lost_points import losses, lost_by_item
from orchestration.analysis.peer_gaps import peer_gaps
from orchestration.analysis.tree import REPORTED, Cells, score_tree
from orchestration.analysis.weights import Weights
from tests.unit.analysis_brute import draw

THRESHOLDS = {
    "strength_gap": 5.0,
    "weakness_gap": 5.0,
    "peers_least": 3.0,
    "saturated_share": 0.75,
    "redundant_correlation": 0.95,
    "weight_gap": 0.05,
    "flag_units_least": 4.0,
}


def shape(units: int = 2, kinds: tuple[str, ...] | None = None) -> Layout:
    """A root of two themes: A with items a (positive) and n (negative), B with item b."""
    return Layout(
        framework="tree",
        subject_kind="unit",
        institution="school",
        nodes=("T", "A", "B"),
        parents=(-1, 0, 0),
        levels=(0, 1, 1),
        means=("arithmetic",) * 3,
        items=("a", "b", "n"),
        points=(1, 2, 1),
        is_positive=(True, True, False),
        departments=("d1", "d2", "d1"),
        subjects=tuple(f"u{u}" for u in range(units)),
        kinds=kinds or ("office",) * units,
    )


def all_reported(worth: list[list[float]]) -> Cells:
    return Cells(np.full((len(worth), len(worth[0])), REPORTED, dtype=np.int8), np.array(worth))


def plain(units: int = 2) -> Weights:
    """A weighs 0.6 and B 0.4; items and units alike."""
    items = np.ones((3, units))
    items[2] = np.nan
    return Weights(np.array([1.0, 0.6, 0.4]), items, np.ones(units))


def in_root(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """Scores and effective weights, (nodes, units and school); every node has a score."""
    units = cells.worth.shape[1]
    score = score_tree(shape(units), cells, plain(units))
    return score, np.tile(np.array([[1.0], [0.6], [0.4]]), (1, units + 1))


def test_losses_are_what_is_missing_to_100() -> None:
    """u0: A = 90 - 5 = 85, B = 70: root 79, of whose 21 points 6 are a's, 3 are n's and 12 are b's."""
    cells = all_reported([[90.0, 100.0], [70.0, 100.0], [5.0, 0.0]])
    lost = lost_by_item(shape(), cells, plain(), *in_root(cells))
    assert lost[:, 0] == pytest.approx([6.0, 12.0, 3.0])
    assert lost[:, 1] == pytest.approx([0.0, 0.0, 0.0])
    assert lost[:, 2] == pytest.approx([3.0, 6.0, 1.5])  # the school: half of it is u1
    found = losses(shape(), lost[:, 0])
    assert [(one.code, one.rank, one.share, one.cumulative) for one in found["item"]] == [
        ("b", 1, pytest.approx(12 / 21), pytest.approx(12 / 21)),
        ("a", 2, pytest.approx(6 / 21), pytest.approx(18 / 21)),
        ("n", 3, pytest.approx(3 / 21), pytest.approx(1)),
    ]
    assert [(one.code, one.points) for one in found["department"]] == [
        ("d2", pytest.approx(12)),
        ("d1", pytest.approx(9)),
    ]
    assert [(one.code, one.points) for one in found["theme"]] == [
        ("B", pytest.approx(12)),
        ("A", pytest.approx(9)),
    ]
    assert not any(losses(shape(), lost[:, 1]).values())


def test_a_point_cannot_lose_more_than_it_had() -> None:
    """A = 10 - 40 clipped to 0: its 60 points of the root are shared 90 to 40."""
    cells = all_reported([[10.0], [100.0], [40.0]])
    lost = lost_by_item(shape(1), cells, plain(1), *in_root(cells))
    assert lost[:, 0] == pytest.approx([60 * 90 / 130, 0.0, 60 * 40 / 130])


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_losses_sum_to_what_an_arithmetic_root_lost(seed: int) -> None:
    """Effective weights, here recomputed from the root's own sensitivity to each point."""
    school = draw(seed, means=("arithmetic",))
    layout, cells, weights = school.layout, school.cells(), school.weights()
    score = score_tree(layout, cells, weights)
    effective = np.zeros(score.shape)
    effective[0] = ~np.isnan(score[0])
    for node, children in enumerate(layout.children):
        own = np.array([np.where(np.isnan(score[c]), 0.0, weights.nodes[c]) for c in children])
        for child, part in zip(children, own, strict=True):
            total = own.sum(axis=0)
            effective[child] = effective[node] * part / np.where(total > 0, total, 1)
    lost = lost_by_item(layout, cells, weights, score, effective)
    expected = np.where(np.isnan(score[0]), 0.0, 100 - score[0])
    np.testing.assert_allclose(lost.sum(axis=0), expected, rtol=0, atol=1e-9)


def test_gaps_are_to_the_median_of_the_own_kind() -> None:
    """Offices 80, 85, 90 and one grey; colleges 70 and 90 are too few to compare."""
    layout = shape(6, ("office", "college", "office", "office", "office", "college"))
    score = np.tile(np.array([80.0, 70.0, 85.0, 90.0, 10.0, 90.0]), (3, 1))
    compared = np.ones((3, 6), dtype=bool)
    compared[:, 4] = False
    found = peer_gaps(layout, score, compared, THRESHOLDS)
    assert found.gap[0, :4].tolist() == [-5.0, -10.0, 0.0, 5.0]
    assert np.isnan(found.gap[0, 4])
    assert found.units[0].tolist() == [3, 2, 3, 3, 0, 2]
    assert found.is_strength[0].tolist() == [False, False, False, True, False, False]
    assert found.is_weakness[0].tolist() == [True, False, False, False, False, False]
    without = peer_gaps(layout, score, compared, {})
    assert not without.is_strength.any()
    assert not without.is_weakness.any()


def test_an_item_at_full_marks_nearly_everywhere_is_saturated() -> None:
    cells = all_reported([[100, 100, 100, 90], [100, 100, 90, 90], [0, 0, 0, 0]])
    found = list(saturated(shape(4), cells, THRESHOLDS))
    assert [(one.item, one.statistic, one.units) for one in found] == [(0, 0.75, 4), (2, 1.0, 4)]
    cells.state[0, 3] = 2
    assert [one.item for one in saturated(shape(4), cells, THRESHOLDS)] == [2]  # three units are too few


def test_items_that_go_together_are_redundant() -> None:
    """b = a / 2 + 40 over four units; one of them spoilt in the second case; a constant says nothing."""
    a = [60.0, 70.0, 80.0, 90.0]
    cells = all_reported([a, [x / 2 + 40 for x in a], [0.0] * 4])
    (found,) = redundant(shape(4), cells, THRESHOLDS)
    assert (found.item, found.other, found.units) == (0, 1, 4)
    assert found.statistic == pytest.approx(1)
    cells.worth[1, 0] = 100.0
    assert not list(redundant(shape(4), cells, THRESHOLDS))
    cells.worth[1] = 55.0
    assert not list(redundant(shape(4), cells, THRESHOLDS))


def test_an_item_that_alone_moves_the_root_outweighs_its_weight() -> None:
    """a varies, b does not: a has all of the influence on a weight of 0.6, b none on 0.4."""
    units = 12
    a = [50.0 + 4 * u for u in range(units)]
    cells = all_reported([a, [80.0] * units, [0.0] * units])
    layout, score = shape(units), np.array([0.6 * x + 32 for x in a])
    nominal = nominal_weights(layout, cells, plain(units))
    assert nominal[:, 0].tolist() == pytest.approx([0.6, 0.4, 0.0])
    contribution = np.array([[0.6 * x for x in a], [32.0] * units, [0.0] * units])
    found = {
        one.item: one
        for one in weight_gaps(layout, np.array(layout.kinds), nominal, contribution, score, THRESHOLDS, 7)
    }
    assert sorted(found) == [0, 1]
    assert found[0].effective == pytest.approx(1)
    assert found[0].nominal == pytest.approx(0.6)
    assert found[0].statistic == pytest.approx(0.4)
    assert (found[0].low, found[0].high) == (pytest.approx(1), pytest.approx(1))
    assert found[1].effective == pytest.approx(0)
    same = np.full(units, 70.0)
    assert not list(weight_gaps(layout, np.array(layout.kinds), nominal, contribution, same, THRESHOLDS, 7))


def test_influences_of_kinds_are_taken_within_kinds() -> None:
    """Two kinds far apart, within each only b moves: that a differs between kinds is no influence."""
    kinds = ("office",) * 6 + ("college",) * 6
    layout = replace(shape(12), kinds=kinds)
    a = np.array([10.0] * 6 + [60.0] * 6)
    b = np.tile(np.arange(6.0), 2)
    contribution = np.stack([a, b, np.zeros(12)])
    nominal = np.tile(np.array([[0.5], [0.5], [0.0]]), (1, 12))
    found = weight_gaps(layout, np.array(kinds), nominal, contribution, a + b, THRESHOLDS, 7)
    assert {one.item: one.effective for one in found} == {0: pytest.approx(0), 1: pytest.approx(1)}


def test_nominal_weights_leave_out_what_does_not_apply() -> None:
    cells = all_reported([[90.0, 90.0], [90.0, 90.0], [0.0, 0.0]])
    cells.state[1, 0] = 1
    assert nominal_weights(shape(), cells, plain())[:, 0].tolist() == [1.0, 0.0, 0.0]
    cells.state[0, 1] = 2  # missing: it still applies
    assert nominal_weights(shape(), cells, plain())[:, 1].tolist() == pytest.approx([0.6, 0.4, 0.0])
