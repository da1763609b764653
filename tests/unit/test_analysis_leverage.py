"""Leverage against every set of items there is, smallest first, over random small schools."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orchestration.analysis.colours import Cap
from orchestration.analysis.leverage import EXACT, Leverage, leverage
from orchestration.analysis.outcome import Rules, Unit
from orchestration.analysis.tree import Cells
from orchestration.analysis.weights import Weights
from tests.unit.analysis_brute import BANDS, REPORTED, School, draw, root_colour

CAPS = (Cap(1, 3, 2), Cap(2, 3, 1), Cap(None, 4, 2))
GREY: set[int] = set()


def found_of(school: School, caps: tuple[Cap, ...], unit: int) -> Leverage | None:
    cells, weights = school.cells(), school.weights()
    items = range(len(school.layout.items))
    return leverage(
        Rules(school.layout, BANDS, caps),
        Unit(
            cells=Cells(cells.state[:, unit], cells.worth[:, unit]),
            low=np.array([school.low[i, unit] for i in items]),
            high=np.array([school.high[i, unit] for i in items]),
            is_grave=np.array([(i, unit) in school.grave for i in items]),
            is_grey=np.isnan(
                [
                    np.nan if (s := school.score(n, unit)) is None else s
                    for n in range(len(school.layout.nodes))
                ]
            ),
            weights=Weights(weights.nodes, weights.items[:, [unit]], weights.subjects[[unit]]),
        ),
    )


def with_best(school: School, unit: int, items: tuple[int, ...]) -> School:
    """The same with these items at 100, or without a case."""
    best = {(i, unit): 100.0 if school.layout.is_positive[i] else 0.0 for i in items}
    return replace(
        school,
        worth={**school.worth, **best},
        low={**school.low, **best},
        high={**school.high, **best},
        grave=school.grave - set(best),
    )


def ways(
    school: School, caps: tuple[Cap, ...], unit: int, target: int, size: int
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Every set of so many items that lifts the root to `target`: (gain, items)."""
    start = school.score(0, unit)
    for items in combinations(candidates(school, unit), size):
        after = with_best(school, unit, items)
        if root_colour(after, list(caps), unit, GREY) <= target:
            yield (after.score(0, unit) or 0.0) - (start or 0.0), items


def candidates(school: School, unit: int) -> list[int]:
    return [
        item
        for item, positive in enumerate(school.layout.is_positive)
        if school.state[item, unit] == REPORTED
        and ((item, unit) in school.grave or school.worth[item, unit] != (100 if positive else 0))
    ]


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_fewest_items_and_of_those_the_largest_gain(seed: int, plain: bool) -> None:
    school = draw(seed, units=1, means=("arithmetic",)) if plain else draw(seed, units=1)
    assume(school.score(0, 0) is not None and len(candidates(school, 0)) <= 8)
    check(school)


@given(st.integers(0, 2**32), st.sampled_from([("arithmetic",), ("geometric", "harmonic")]))
@settings(max_examples=50, deadline=None)
def test_a_long_way_up(seed: int, means: tuple[str, ...]) -> None:
    """Everything poor and of one weight, so that it takes many items; often more than are searched exactly."""
    school = draw(seed, units=1, means=means, items=8)
    dice = Random(seed)
    low = dice.choice([10.0, 30.0, 50.0])
    poor = {
        at: dice.uniform(low, low + 15) if school.layout.is_positive[at[0]] else dice.uniform(1, 6)
        for at in school.worth
    }
    school = replace(
        school,
        node_weights=[1.0] * len(school.node_weights),
        item_weights=dict.fromkeys(school.item_weights, 1.0),
        worth=poor,
        low={**school.low, **poor},
        high={**school.high, **poor},
        grave={at for at in school.grave if dice.random() < 0.2},
    )
    assume(school.score(0, 0) is not None and 5 <= len(candidates(school, 0)) <= 9)
    check(school)


def check(school: School) -> None:
    found, now = found_of(school, CAPS, 0), root_colour(school, list(CAPS), 0, GREY)
    if now == 0:
        assert found is None
        return
    assert found is not None
    assert found.target == now - 1
    every = with_best(school, 0, tuple(candidates(school, 0)))
    for size in range(len(candidates(school, 0)) + 1):
        lifting = list(ways(school, CAPS, 0, now - 1, size))
        if lifting:
            break
    else:
        assert (found.is_reachable, found.items, found.is_minimal) == (False, (), False)
        assert found.score == pytest.approx(every.score(0, 0), abs=1e-9)
        assert found.band == root_colour(every, list(CAPS), 0, GREY)
        return
    assert found.is_reachable
    assert found.is_minimal == (size <= EXACT)
    after = with_best(school, 0, found.items)
    assert root_colour(after, list(CAPS), 0, GREY) == found.band <= found.target
    assert found.score == pytest.approx(after.score(0, 0), abs=1e-9)
    start = school.score(0, 0) or 0.0
    assert found.gain_total == pytest.approx(found.score - start, abs=1e-9)
    alone = [(with_best(school, 0, (item,)).score(0, 0) or 0.0) - start for item in found.items]
    assert list(found.gains) == pytest.approx(alone, abs=1e-9)
    assert list(found.gains) == sorted(found.gains, reverse=True) or np.ptp(found.gains) < 1e-8
    if found.is_minimal:
        most = max(round(gain, 9) for gain, _ in lifting)
        assert tuple(sorted(found.items)) == min(items for gain, items in lifting if round(gain, 9) == most)
    else:
        for item in found.items:
            rest = with_best(school, 0, tuple(one for one in found.items if one != item))
            assert root_colour(rest, list(CAPS), 0, GREY) > found.target


def test_silence_that_holds_a_root_down_can_be_unreachable_or_paid_for() -> None:
    """One item at 92, another missing: what it may be at worst decides between blue and green."""
    school = draw(5, units=1)
    layout = replace(
        school.layout, nodes=("n", "p"), parents=(-1, 0), levels=(0, 1), means=("arithmetic",) * 2,
        items=("a", "b"), points=(1, 1), is_positive=(True, True), departments=("d", "d"),
    )  # fmt: skip
    flat = School(
        layout, [1, 1], {(0, 0): 1, (1, 0): 1}, [1], {(0, 0): REPORTED, (1, 0): "absent"}, {(0, 0): 92.0},
        {(0, 0): 92.0, (1, 0): 0.0}, {(0, 0): 92.0, (1, 0): 100.0},
    )  # fmt: skip
    found = found_of(flat, (), 0)
    assert found
    assert (found.target, found.is_reachable, found.items, found.score, found.band) == (
        0,
        False,
        (),
        100.0,
        1,
    )
    # (92 + 40) / 2 = 66, and with 100 it is 70: yellow, still an alarm
    paid = found_of(replace(flat, low={(0, 0): 92.0, (1, 0): 40.0}), (), 0)
    assert paid
    assert (paid.target, paid.is_reachable) == (0, False)
    # (92 + 61) / 2 = 76.5, and with 100 it is 80.5: blue, no alarm
    enough = found_of(replace(flat, low={(0, 0): 92.0, (1, 0): 61.0}), (), 0)
    assert enough
    assert (enough.items, enough.band) == ((0,), 0)


def test_beyond_four_items_it_does_not_claim_the_fewest() -> None:
    """Eight items at 20: five at 100 make 70, four make 60."""
    school = draw(5, units=1)
    items = tuple("abcdefgh")
    layout = replace(
        school.layout, nodes=("n", "p"), parents=(-1, 0), levels=(0, 1), means=("arithmetic",) * 2,
        items=items, points=(1,) * 8, is_positive=(True,) * 8, departments=("d",) * 8,
    )  # fmt: skip
    each = {(i, 0): 20.0 for i in range(8)}
    flat = School(
        layout, [1, 1], dict.fromkeys(each, 1.0), [1], dict.fromkeys(each, REPORTED), each, each, each
    )  # fmt: skip
    found = found_of(flat, (), 0)
    assert found
    assert (found.target, found.band, found.score, found.is_minimal) == (2, 2, pytest.approx(70), False)
    assert found.items == (0, 1, 2, 3, 4)
    assert found.gains == pytest.approx([10.0] * 5)


def test_an_item_that_only_looked_useful_is_left_out() -> None:
    """B, of next to no weight, is red and caps the root: five of its seven items at 100 make it 71. a gains most."""
    school = draw(5, units=1)
    items = tuple("abcdefgh")
    layout = replace(
        school.layout, nodes=("n", "p", "q"), parents=(-1, 0, 0), levels=(0, 1, 1), means=("arithmetic",) * 3,
        items=items, points=(1, *(2,) * 7), is_positive=(True,) * 8, departments=("d",) * 8,
    )  # fmt: skip
    each = {(0, 0): 85.0, **{(i, 0): 0.0 for i in range(1, 8)}}
    flat = School(
        layout, [1, 1, 0.01], dict.fromkeys(each, 1.0), [1], dict.fromkeys(each, REPORTED), each, each, each
    )  # fmt: skip
    found = found_of(flat, CAPS, 0)
    assert found
    assert (found.target, found.items, found.is_minimal) == (1, (1, 2, 3, 4, 5), False)
