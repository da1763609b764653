"""What a unit's root becomes when some of its items are brought to their best: scored again, many choices at once.

Not here: which items to choose (`leverage`), the whole school (`tree`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.analysis.colours import Bands, Cap, Places, by_score, root_band
from orchestration.analysis.layout import Flags, Floats, Layout
from orchestration.analysis.tree import ABSENT, NOT_DUE, REPORTED, Cells, States, points, roll_up
from orchestration.analysis.weights import Weights

_FULL = 100.0
_NO_LESS = 1e-9  # a loss below it is none


@dataclass(frozen=True)
class Rules:
    """The framework's tree and what colours a root of it."""

    layout: Layout
    bands: Bands
    caps: tuple[Cap, ...]


@dataclass(frozen=True)
class Unit:
    """One unit, all by item: `worth` as in Cells; `low`, `high` the bounds, points off for negative items.

    `is_grey` by node: grey whatever its score. `weights.items` (items, 1).
    """

    cells: Cells
    low: Floats
    high: Floats
    is_grave: Flags
    is_grey: Flags
    weights: Weights


class Outcomes:
    """The unit's root under choices of items, (choices, items) of bool: those are brought to 100, or to 0 cases."""

    def __init__(self, rules: Rules, unit: Unit) -> None:
        self.rules, self.unit = rules, unit
        self._positive = np.array(rules.layout.is_positive, dtype=bool)
        self._best = np.where(self._positive, _FULL, 0.0)
        self._state = unit.cells.state[:, np.newaxis, np.newaxis]

    @cached_property
    def candidates(self) -> list[int]:
        """Reported items that lose points, or stand as a grave case."""
        worth = self.unit.cells.worth
        loss = np.where(self._positive, _FULL - worth, worth)
        loses = (loss > _NO_LESS) | self.unit.is_grave
        return [int(item) for item in np.flatnonzero((self.unit.cells.state == REPORTED) & loses)]

    def scores(self, chosen: Flags) -> Floats:
        """(nodes, choices): every score."""
        return self._tree(self._state, self.unit.cells.worth, chosen)

    def bands(self, chosen: Flags) -> tuple[Floats, Places]:
        """(choices): the root's score and its colour before confirmation."""
        layout, bands = self.rules.layout, self.rules.bands
        scores = self.scores(chosen)
        tree = np.where(self.unit.is_grey[:, np.newaxis], bands.grey, by_score(bands, scores))
        low = high = np.full(len(chosen), bands.grey)
        if (
            tree[0] == 0
        ).any():  # the worst end can only hold back the best colour, the best end replace grey
            low = self._end(self.unit.low, self.unit.high, chosen)
        if self.unit.is_grey[0]:
            high = self._end(self.unit.high, self.unit.low, chosen)
        grave: Flags = np.any(self.unit.is_grave & ~chosen, axis=1)
        return scores[0], root_band(bands, self.rules.caps, tree, layout.levels, (low, high), grave)

    def _end(self, of_positive: Floats, of_negative: Floats, chosen: Flags) -> Places:
        """The colour of the root's score with every cell at one end; grey where a cell has no such end."""
        applies = self.unit.cells.state >= ABSENT
        worth = np.where(self._positive, of_positive, of_negative)
        state = np.where(applies, REPORTED, NOT_DUE)[:, np.newaxis, np.newaxis].astype(np.int8)
        colours = by_score(self.rules.bands, self._tree(state, worth, chosen)[0])
        is_open = bool((applies & self._positive & np.isnan(worth)).any())
        return np.full(len(chosen), self.rules.bands.grey) if is_open else colours

    def _tree(self, state: States, worth: Floats, chosen: Flags) -> Floats:
        brought = np.where(chosen.T, self._best[:, np.newaxis], worth[:, np.newaxis])[:, :, np.newaxis]
        cells = Cells(state, brought)
        weights = self.unit.weights
        wide = Weights(weights.nodes, weights.items[:, np.newaxis, :], weights.subjects)
        return roll_up(self.rules.layout, points(self.rules.layout, cells, wide), wide)[:, :, 0]
