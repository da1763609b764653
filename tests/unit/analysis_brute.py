"""The scored tree once more in plain Python, recursive, one figure at a time: what the analysis is held to.

`draw` makes small random schools on the axes of a layout. Imports no arithmetic of the analysis.
"""

import math
import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

import numpy as np

from orchestration.analysis.colours import Bands, Cap
from orchestration.analysis.layout import NO_PARENT, Layout
from orchestration.analysis.tree import Cells
from orchestration.analysis.weights import Weights

BANDS = Bands(("green", "blue", "yellow", "red"), (90.0, 80.0, 70.0, 0.0), (False, False, True, True), "grey")
REPORTED, ABSENT, NOT_APPLICABLE, NOT_DUE = "reported", "absent", "not_applicable", "not_due"
CODES = {NOT_DUE: 0, NOT_APPLICABLE: 1, ABSENT: 2, REPORTED: 3}


@dataclass
class School:
    """By position: a tree, items, units; cells (item, unit) → state and worth, weights of all three."""

    layout: Layout
    node_weights: list[float]
    item_weights: dict[tuple[int, int], float]
    unit_weights: list[float]
    state: dict[tuple[int, int], str]
    worth: dict[tuple[int, int], float]
    low: dict[tuple[int, int], float] = field(default_factory=dict)
    high: dict[tuple[int, int], float] = field(default_factory=dict)
    grave: set[tuple[int, int]] = field(default_factory=set)

    def cells(self) -> Cells:
        """As arrays; what was not reported is worth nan."""
        shape = (len(self.layout.items), len(self.layout.subjects))
        state, worth = np.zeros(shape, dtype=np.int8), np.full(shape, np.nan)
        for at, name in self.state.items():
            state[at] = CODES[name]
            if name == REPORTED:
                worth[at] = self.worth[at]
        return Cells(state, worth)

    def weights(self) -> Weights:
        items = np.full((len(self.layout.items), len(self.layout.subjects)), np.nan)
        for at, weight in self.item_weights.items():
            items[at] = weight
        return Weights(np.array(self.node_weights), items, np.array(self.unit_weights))

    def score(self, node: int, unit: int | None) -> float | None:
        """The score of a node; unit None is the institution."""
        children = [n for n, parent in enumerate(self.layout.parents) if parent == node]
        if children:
            pairs = [(self.node_weights[child], self.score(child, unit)) for child in children]
            return mean(pairs, self.layout.means[node])
        if unit is None:
            units = range(len(self.layout.subjects))
            return mean([(self.unit_weights[u], self.score(node, u)) for u in units], "arithmetic")
        return self._point(node, unit)

    def _point(self, node: int, unit: int) -> float | None:
        items = [i for i, point in enumerate(self.layout.points) if point == node]
        applies = [i for i in items if self.state[i, unit] in (REPORTED, ABSENT)]
        reported = [i for i in applies if self.state[i, unit] == REPORTED]
        if not reported:
            return None
        start: float | None = 100.0
        if any(self.layout.is_positive[i] for i in applies):
            start = mean(
                [
                    (self.item_weights[i, unit], self.worth[i, unit])
                    for i in reported
                    if self.layout.is_positive[i]
                ],
                "arithmetic",
            )
        off = sum(self.worth[i, unit] for i in reported if not self.layout.is_positive[i])
        if start is None or off == 0:
            return start
        return min(100.0, max(0.0, start - off))

    def at_end(self, best: bool) -> "School":
        """Every applicable cell at its worst, or its best, as if that had been reported."""
        ends = {}
        for (item, unit), state in self.state.items():
            if state in (REPORTED, ABSENT):
                is_high = best == self.layout.is_positive[item]
                ends[item, unit] = (self.high if is_high else self.low)[item, unit]
        state = {at: REPORTED if at in ends else name for at, name in self.state.items()}
        return School(self.layout, self.node_weights, self.item_weights, self.unit_weights, state, ends)


def mean(pairs: list[tuple[float, float | None]], kind: str) -> float | None:
    known = [(weight, value) for weight, value in pairs if value is not None]
    total = sum(weight for weight, _ in known)
    if total == 0:
        return None
    weighing = [(weight, value) for weight, value in known if weight > 0]
    if kind == "arithmetic":
        return sum(weight * value for weight, value in weighing) / total
    if any(rounded(value, 9) <= 0 for _, value in weighing):
        return 0.0
    if kind == "geometric":
        return math.exp(sum(weight * math.log(value) for weight, value in weighing) / total)
    return total / sum(weight / value for weight, value in weighing)


def rounded(value: float, digits: int) -> float:
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def colour(score: float | None) -> int:
    """The place of the colour by score; 4 is grey."""
    if score is None:
        return 4
    return next((i for i, least in enumerate(BANDS.least) if rounded(score, 6) >= least), 3)


def root_colour(school: School, caps: list[Cap], unit: int, grey: set[int]) -> int:
    """The root's colour before confirmation; `grey`: nodes that are grey whatever their score."""
    colours = [4 if n in grey else colour(school.score(n, unit)) for n in range(len(school.layout.nodes))]
    own = colours[0]
    low, high = (colour(school.at_end(best).score(0, unit)) for best in (False, True))
    if own == 4:
        own = high if high in (2, 3) else 4
    elif own == 0 and low in (2, 3):
        own = 1
    if own == 4:
        return own
    for cap in caps:
        if cap.level is None:
            acts = any(u == unit for _, u in school.grave)
        else:
            levels = school.layout.levels
            acts = any(levels[n] == cap.level and 4 > c >= cap.trigger for n, c in enumerate(colours))
        own = max(own, cap.at_most) if acts else own
    return own


def draw(
    seed: int,
    *,
    means: tuple[str, ...] = ("arithmetic", "geometric", "harmonic"),
    units: int = 3,
    items: int = 5,
    wild: bool = False,
) -> School:
    """A small school: ragged leaves, weights of 0, cells of every state, points with nothing due or clipped.

    `wild`: some scores lie outside 0..100, as z-scores may.
    """
    dice = random.Random(seed)
    parents, levels = [NO_PARENT], [0]
    for node in range(1, dice.randint(3, 8)):
        parent = dice.choice([n for n in range(node) if levels[n] < 3])
        parents.append(parent)
        levels.append(levels[parent] + 1)
    order = sorted(range(len(parents)), key=lambda n: (levels[n], n))
    at = {n: place for place, n in enumerate(order)}
    parents = [NO_PARENT if parents[n] == NO_PARENT else at[parents[n]] for n in order]
    leaves = [n for n in range(len(parents)) if n not in parents]
    points = [*leaves, *(dice.choice(leaves) for _ in range(dice.randint(1, items)))]
    positive = [dice.random() < 0.75 for _ in points]
    subjects = range(units)
    layout = Layout(
        framework="tree",
        subject_kind="unit",
        institution="school",
        nodes=tuple(f"n{n:02}" for n in range(len(parents))),
        parents=tuple(parents),
        levels=tuple(levels[n] for n in order),
        means=tuple(dice.choice(means) for _ in parents),
        items=tuple(f"i{i:02}" for i in range(len(points))),
        points=tuple(points),
        is_positive=tuple(positive),
        departments=tuple(dice.choice(("d1", "d2")) for _ in points),
        subjects=tuple(f"u{u}" for u in subjects),
        kinds=tuple(dice.choice(("office", "college")) for _ in subjects),
    )
    weigh = [0.0, *chain.from_iterable([[0.5, 1.0, 2.0, 3.0]] * 3)]
    school = School(
        layout,
        [dice.choice(weigh) for _ in parents],
        {(i, u): dice.choice(weigh) for i in range(len(points)) if positive[i] for u in subjects},
        [dice.choice(weigh) for _ in subjects],
        {},
        {},
    )
    for item in range(len(points)):
        for unit in subjects:
            _draw_cell(dice, school, item, unit)
            if wild and layout.is_positive[item] and dice.random() < 0.3:
                school.worth[item, unit] = dice.choice([-4.0, 108.0])
    return school


def _draw_cell(dice: random.Random, school: School, item: int, unit: int) -> None:
    state = dice.choice([REPORTED] * 7 + [ABSENT, NOT_APPLICABLE, NOT_DUE])
    at = item, unit
    school.state[at] = state
    if school.layout.is_positive[item]:
        school.low[at], school.high[at] = 0.0, 100.0
        if state == REPORTED:
            school.worth[at] = dice.choice([0.0, 100.0, 100.0, 95.0, 85.0, dice.uniform(40, 100)])
    else:
        school.low[at], school.high[at] = 0.0, dice.choice([20.0, math.inf])
        if state == REPORTED:
            school.worth[at] = dice.choice([0.0, 0.0, 3.0, 5.0, dice.uniform(0, 120)])
            # a grave case counts as one also where it costs no points
            if dice.random() < (0.3 if school.worth[at] > 0 else 0.1):
                school.grave.add(at)
    if state == REPORTED:
        school.low[at] = school.high[at] = school.worth[at]
