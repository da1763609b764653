"""A change in four parts against every order of four switches, over pairs of random schools."""

from dataclasses import replace
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.analysis.change import PARTS, Ends, shapley, split_change
from orchestration.analysis.weights import Weights
from tests.unit.analysis_brute import REPORTED, School, draw

Setting = tuple[int, int, int, int]  # data, weights, catalogue, coverage: 0 before, 1 now


class Pair:
    """Two quarters: by catalogue (0, 1) a school's shape and weights, by (data, catalogue) its cells."""

    def __init__(self, seed: int, *, same: bool) -> None:
        dice = Random(seed)
        self.schools = [draw(seed), draw(seed if same else seed + 1)]
        if not same:
            self.schools[1] = renamed(self.schools[1], dice)
        self.cells: dict[tuple[int, int], School] = {}
        for data in (0, 1):
            for catalogue in (0, 1):
                beside = draw(seed if data == catalogue or same else seed + 10)
                if same and catalogue == 1:
                    self.cells[data, 1] = self.cells[data, 0]
                    continue
                self.cells[data, catalogue] = self._cells(
                    dice, self.schools[catalogue], beside, again=data == 1
                )

    @staticmethod
    def _cells(dice: Random, shape: School, other: School, *, again: bool) -> School:
        """The shape's cells; of another quarter's data other values, or other states, in some cells."""
        state, worth = dict(shape.state), dict(shape.worth)
        for at in state if again else ():
            luck = dice.random()
            if luck < 0.5 and at in worth:
                worth[at] = worth[at] * 0.75
            elif luck < 0.7:
                state[at] = other.state.get(at, "absent")
                if state[at] == REPORTED:
                    worth.setdefault(at, 35.0)
        return replace(shape, state=state, worth=worth)

    def ends(self) -> Ends:
        layouts = [school.layout for school in self.schools]
        weights = {(w, c): self._weights(w, c) for w in (0, 1) for c in (0, 1)}
        return Ends(layouts, {at: school.cells() for at, school in self.cells.items()}, weights)

    def _weights(self, w: int, c: int) -> Weights:
        """What catalogue w gives to what stands in c, by code; nan where it gives none."""
        there, source = self.schools[c].layout, self.schools[w]
        nodes = dict(zip(source.layout.nodes, source.node_weights, strict=True))
        units = dict(zip(source.layout.subjects, source.unit_weights, strict=True))
        items = {
            (source.layout.items[i], source.layout.subjects[u]): weight
            for (i, u), weight in source.item_weights.items()
        }
        return Weights(
            np.array([nodes.get(code, np.nan) for code in there.nodes]),
            np.array([[items.get((i, u), np.nan) for u in there.subjects] for i in there.items]),
            np.array([units.get(code, np.nan) for code in there.subjects]),
        )

    def scored(self, setting: Setting) -> dict[tuple[str, str], float | None]:
        """Every node of every subject at one setting of the switches, by code."""
        data, weights, catalogue, coverage = setting
        here, elsewhere = self.schools[catalogue].layout, self.schools[1 - catalogue].layout
        state, worth = {}, {}
        for at in self.schools[catalogue].state:
            own, other = self.cells[data, catalogue], self.cells[1 - data, catalogue]
            seen = self.cells[coverage, catalogue]
            item, unit = here.items[at[0]], here.subjects[at[1]]
            if item not in elsewhere.items or unit not in elsewhere.subjects:
                own = other = seen = self.cells[catalogue, catalogue]
            state[at] = seen.state[at]
            for school in (other, own):
                if school.state[at] == REPORTED:
                    worth[at] = school.worth[at]
        of_all, of_own = self._weights(weights, catalogue), self._weights(catalogue, catalogue)

        def either(name: str, at: tuple[int, ...]) -> float:
            asked = float(getattr(of_all, name)[at])
            return float(getattr(of_own, name)[at]) if np.isnan(asked) else asked

        school = School(
            here,
            [either("nodes", (n,)) for n in range(len(here.nodes))],
            {at: either("items", at) for at in self.schools[catalogue].item_weights},
            [either("subjects", (u,)) for u in range(len(here.subjects))],
            state,
            worth,
        )
        columns: list[int | None] = [*range(len(here.subjects)), None]
        codes = [*here.subjects, here.institution]
        return {
            (here.nodes[n], code): school.score(n, column)
            for n in range(len(here.nodes))
            for column, code in zip(columns, codes, strict=True)
        }


def renamed(school: School, dice: Random) -> School:
    """Some nodes, items and units that the other catalogue does not know."""

    def some(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"new-{code}" if dice.random() < 0.2 else code for code in codes)

    layout = school.layout
    subjects, items, nodes = some(layout.subjects), some(layout.items), some(layout.nodes)
    return replace(school, layout=replace(layout, subjects=subjects, items=items, nodes=nodes))


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_each_part_is_the_mean_over_all_orders(seed: int, same: bool) -> None:
    pair = Pair(seed, same=same)
    found = split_change(pair.ends())
    settings_ = {s: pair.scored(s) for s in np.ndindex(2, 2, 2, 2)}  # type: ignore[misc]
    start, end = settings_[0, 0, 0, 0], settings_[1, 1, 1, 1]
    assert {(n, c) for n in found.nodes for _, c in found.columns} == set(start) & set(end)
    for row, node in enumerate(found.nodes):
        for column, (_, code) in enumerate(found.columns):
            before, now = start[node, code], end[node, code]
            parts = found.parts[:, row, column]
            if before is None or now is None:
                assert np.isnan(parts).all()
                continue
            expected = dict.fromkeys(range(4), 0.0)
            for order in permutations(range(4)):
                at, value = [0, 0, 0, 0], before
                for switch in order:
                    at[switch] = 1
                    reached = settings_[tuple(at)][node, code]  # type: ignore[index]
                    reached = before if reached is None else reached
                    expected[switch] += (reached - value) / 24
                    value = reached
            assert parts == pytest.approx([expected[i] for i in range(4)], abs=1e-9)
            assert parts.sum() == pytest.approx(now - before, abs=1e-9)
            assert now - before == pytest.approx(found.now[row, column] - found.before[row, column], abs=1e-9)


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_where_the_catalogue_stood_still_it_and_weights_change_nothing(seed: int) -> None:
    found = split_change(Pair(seed, same=True).ends())
    for part in ("weights", "catalogue"):
        moved = found.parts[PARTS.index(part)]
        assert (np.abs(moved[~np.isnan(moved)]) == 0).all()


def test_two_switches_that_need_each_other_share_alike() -> None:
    """60 points only where data and coverage are both new: 30 each."""
    values = np.zeros((2, 2, 2, 2))
    values[1, :, :, 1] = 60.0
    assert shapley(values).tolist() == pytest.approx([30.0, 0.0, 0.0, 30.0])
