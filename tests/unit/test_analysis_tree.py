"""The tree, its colours and its ranks in numpy against plain recursion, over random small schools."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.analysis.colours import by_score, root_band, rounded
from orchestration.analysis.robustness import draw_factors, drawn, rank_in_kind, robustness
from orchestration.analysis.tree import score_tree
from tests.unit import analysis_brute
from tests.unit.analysis_brute import BANDS, School, draw

SEEDS = st.integers(0, 2**32)


def brute(school: School) -> np.ndarray:
    columns = [*range(len(school.layout.subjects)), None]
    return np.array(
        [
            [np.nan if (s := school.score(node, unit)) is None else s for unit in columns]
            for node in range(len(school.layout.nodes))
        ]
    )


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_every_node_of_every_subject(seed: int) -> None:
    school = draw(seed, wild=seed % 2 == 0)
    found = score_tree(school.layout, school.cells(), school.weights())
    np.testing.assert_allclose(found, brute(school), rtol=0, atol=1e-9)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_draws_are_scored_side_by_side(seed: int) -> None:
    """Each draw by itself, its weights multiplied one by one in the order nodes, positive items, units."""
    school = draw(seed)
    factors = draw_factors(school.layout, seed, draws=4)
    assert abs(factors - 1).max() <= 0.25
    together = score_tree(school.layout, school.cells(), drawn(school.layout, school.weights(), factors))
    for row, factor in enumerate(factors):
        left = iter(factor)
        node_weights = [weight * next(left) for weight in school.node_weights]
        of_item = {i: next(left) for i, positive in enumerate(school.layout.is_positive) if positive}
        item_weights = {(i, u): weight * of_item[i] for (i, u), weight in school.item_weights.items()}
        unit_weights = [weight * next(left) for weight in school.unit_weights]
        assert next(left, None) is None
        one = School(school.layout, node_weights, item_weights, unit_weights, school.state, school.worth)
        np.testing.assert_allclose(together[:, row], brute(one), rtol=0, atol=1e-9)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_probabilities_and_places_are_counted_draw_by_draw(seed: int) -> None:
    school = draw(seed, units=6)
    layout, cells, weights = school.layout, school.cells(), school.weights()
    scores = brute(school)
    grey = np.isnan(scores) | (np.random.default_rng(seed).random(scores.shape) < 0.2)
    ranked = ~grey
    factors = draw_factors(layout, seed, draws=20)
    found = robustness(layout, cells, weights, BANDS, grey, ranked, factors)
    each = score_tree(layout, cells, drawn(layout, weights, factors))
    for node in range(len(layout.nodes)):
        for column in range(len(layout.columns)):
            colours = [
                4 if grey[node, column] else analysis_brute.colour(score) for score in each[node, :, column]
            ]
            for place in range(5):
                share = colours.count(place) / len(factors)
                assert found.probability[place, node, column] == pytest.approx(share, abs=1e-12)
            if column == len(layout.subjects) or not ranked[node, column]:
                assert np.isnan(found.ranks[:, node, column]).all()
                continue
            peers = [
                u for u, kind in enumerate(layout.kinds) if kind == layout.kinds[column] and ranked[node, u]
            ]
            places = sorted(
                1 + sum(rounded_score(each[node, d, u]) > rounded_score(each[node, d, column]) for u in peers)
                for d in range(len(factors))
            )
            for end, quantile in enumerate((0.05, 0.95)):
                assert found.ranks[end, node, column] == pytest.approx(interpolated(places, quantile))


def rounded_score(score: float) -> float:
    return analysis_brute.rounded(float(score), 6)


def interpolated(ordered: list[int], quantile: float) -> float:
    at = quantile * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def test_the_same_seed_draws_the_same_and_another_others() -> None:
    layout = draw(1).layout
    assert (draw_factors(layout, 7) == draw_factors(layout, 7)).all()
    assert not (draw_factors(layout, 7) == draw_factors(layout, 8)).any()
    assert draw_factors(layout, 7).shape[0] == 1000
    assert 0.75 <= draw_factors(layout, 7).min() < 0.752
    assert 1.248 < draw_factors(layout, 7).max() <= 1.25


def test_draws_taken_in_turns_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    school = draw(11, units=6)
    layout, grey = school.layout, np.isnan(brute(school))
    given_ = (layout, school.cells(), school.weights(), BANDS, grey, ~grey, draw_factors(layout, 7, draws=50))
    at_once = robustness(*given_)
    monkeypatch.setattr("orchestration.analysis.robustness._AT_ONCE", 8 * grey.size)
    in_turns = robustness(*given_)
    np.testing.assert_array_equal(at_once.probability, in_turns.probability)
    np.testing.assert_array_equal(at_once.ranks, in_turns.ranks)


def test_halves_round_away_from_zero_as_in_the_warehouse() -> None:
    scores = np.array([89.9999995, 89.9999994, 90.0, 0.0000005, -0.0000005, np.nan])
    np.testing.assert_array_equal(rounded(scores), [90.0, 89.999999, 90.0, 0.000001, -0.000001, np.nan])
    assert by_score(BANDS, scores).tolist() == [0, 1, 0, 3, 3, 4]


def test_equal_scores_share_the_better_place() -> None:
    layout = draw(3, units=6).layout
    layout = layout.__class__(**{**vars_of(layout), "kinds": ("a", "a", "a", "b", "a", "a")})
    scores = np.tile(np.array([80.0, 90.0, 80.0, 95.0, 70.0, 99.0, 50.0]), (len(layout.nodes), 2, 1))
    ranked = np.ones((len(layout.nodes), 7), dtype=bool)
    ranked[:, 5] = False
    expected = [2, 1, 2, 1, 4, np.nan, np.nan]
    np.testing.assert_array_equal(rank_in_kind(layout, scores, ranked)[0, 1], expected)


def vars_of(layout: object) -> dict[str, object]:
    return {name: getattr(layout, name) for name in layout.__dataclass_fields__}  # type: ignore[attr-defined]


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_the_root_s_colour_before_confirmation(seed: int) -> None:
    school, dice = draw(seed), np.random.default_rng(seed)
    caps = [analysis_brute.Cap(1, 3, 2), analysis_brute.Cap(2, 2, 1), analysis_brute.Cap(None, 4, 2)]
    layout = school.layout
    grey = {int(n) for n in np.flatnonzero(dice.random(len(layout.nodes)) < 0.2)}
    for unit in range(len(layout.subjects)):
        scores = brute(school)[:, unit]
        tree = np.array([4 if n in grey else c for n, c in enumerate(by_score(BANDS, scores))])
        ends = [by_score(BANDS, brute(school.at_end(best))[0, [unit]]) for best in (False, True)]
        grave = np.array([any(u == unit for _, u in school.grave)])
        found = root_band(BANDS, caps, tree[:, np.newaxis], layout.levels, (ends[0], ends[1]), grave)
        assert found.tolist() == [analysis_brute.root_colour(school, caps, unit, grey)]
