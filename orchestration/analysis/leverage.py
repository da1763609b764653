"""The fewest reported items that lift a unit's root to the next better colour (scoring.md section 8).

Exact for up to four items: of the items of one point and polarity those that lose more serve at least as well, so
only how many of each such group are taken is tried, and then what ties with the best. Beyond, one at a time.
Not here: scoring a choice again (`outcome`), rows in the warehouse (`write`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np
from numpy.typing import NDArray

from orchestration.analysis.colours import Places, by_score
from orchestration.analysis.layout import Flags, Floats
from orchestration.analysis.outcome import Outcomes, Rules, Unit
from orchestration.analysis.tree import REPORTED

EXACT = 4
_AT_ONCE = 4096
_TIES = 5000
_EQUAL = 9  # decimals beyond which gains count as equal
_HAIR = 1e-6  # colours go by scores rounded to 6 decimals
Choices = NDArray[np.int64]


@dataclass(frozen=True)
class Leverage:
    """`items` with the largest gain alone first and `gains` beside them; none where `is_reachable` is false.

    `score` and `band` of the root with all of them, before confirmation; of every reported item where unreachable.
    """

    target: int
    items: tuple[int, ...]
    gains: tuple[float, ...]
    gain_total: float
    is_minimal: bool
    is_reachable: bool
    score: float
    band: int


def leverage(rules: Rules, unit: Unit) -> Leverage | None:
    """The way to the next colour; None where the root is grey or best already."""
    outcomes = Outcomes(rules, unit)
    _, start = outcomes.bands(_flags(outcomes, [()]))
    if start[0] in (0, rules.bands.grey):
        return None
    search = _Search(outcomes, int(start[0]) - 1)
    found = search.fewest()
    return search.report(found if found is not None else search.one_by_one(), is_minimal=found is not None)


class _Search:
    """The choices that lift one root to `target` or better."""

    def __init__(self, outcomes: Outcomes, target: int) -> None:
        self.outcomes, self.target = outcomes, target
        self.base = outcomes.scores(_flags(outcomes, [()]))[:, 0]
        self.singles = [(item,) for item in outcomes.candidates]
        self.needed = self._needed()
        self.groups = self._groups()
        # A grey root shows what it could be at best: there more is not always better.
        lifted = bool(self._lifts([tuple(self.outcomes.candidates)])[0])
        self.is_hopeless = not lifted and not self.outcomes.unit.is_grey[0]

    def fewest(self) -> tuple[int, ...] | None:
        """The smallest choice up to EXACT items, the best of its size; None where there is none."""
        if self.is_hopeless:
            return None
        for more in range(EXACT - len(self.needed) + 1):
            tied = self._best_of(list(self._sized(more)))
            if tied:
                return min(self._best_of([one for some in tied for one in self._alike(some)]) or tied)
        return None

    def one_by_one(self) -> tuple[int, ...] | None:
        """Items added by what they do for colour and score until the root is lifted; then the idle ones left out."""
        if self.is_hopeless:
            return None
        chosen, left = self.needed, [item for (item,) in self.singles if item not in self.needed]
        is_lifted = bool(self._lifts([chosen])[0])
        while not is_lifted:
            if not left:
                return None
            tried = [(*chosen, item) for item in left]
            scores, bands = self._bands(tried)
            order = np.lexsort((np.array(left), -np.round(scores, _EQUAL), bands))
            chosen, is_lifted = tried[order[0]], bool(bands[order[0]] <= self.target)
            left.remove(chosen[-1])
        return tuple(sorted(self._without_idle(chosen)))

    def _without_idle(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """The choice without the items that it lifts the root without, the latest added out first."""
        while True:
            fewer = [tuple(one for one in chosen if one != item) for item in reversed(chosen)]
            idle = np.flatnonzero(self._lifts(fewer))
            if not len(idle):
                return chosen
            chosen = fewer[int(idle[0])]

    def report(self, chosen: tuple[int, ...] | None, *, is_minimal: bool) -> Leverage:
        """The choice with its gains; None: what every reported item at its best makes of the root."""
        every = tuple(self.outcomes.candidates) if chosen is None else chosen
        scores, bands = self._bands([every])
        alone = self._gains([(item,) for item in chosen or ()])
        order = sorted(range(len(alone)), key=lambda i: (-round(float(alone[i]), _EQUAL), every[i]))
        return Leverage(
            target=self.target,
            items=tuple(every[i] for i in order),
            gains=tuple(float(alone[i]) for i in order),
            gain_total=float(scores[0] - self.base[0]),
            is_minimal=is_minimal,
            is_reachable=chosen is not None,
            score=float(scores[0]),
            band=int(bands[0]),
        )

    def _needed(self) -> tuple[int, ...]:
        """Grave cases, where one of them would hold the root below the target."""
        caps = self.outcomes.rules.caps
        if any(cap.level is None and cap.at_most > self.target for cap in caps):
            return tuple(int(item) for item in np.flatnonzero(self.outcomes.unit.is_grave))
        return ()

    def _groups(self) -> list[list[int]]:
        """The candidates of each point and polarity, those that lose most first."""
        layout, unit = self.outcomes.rules.layout, self.outcomes.unit
        groups: dict[tuple[int, bool], list[tuple[float, int]]] = {}
        for (item,) in self.singles:
            worth, is_positive = unit.cells.worth[item], layout.is_positive[item]
            loss = unit.weights.items[item, 0] * (100 - worth) if is_positive else worth
            if item not in self.needed:
                key = (layout.points[item], is_positive)
                groups.setdefault(key, []).append((-round(float(loss), _EQUAL), item))
        return [[item for _, item in sorted(groups[key])] for key in sorted(groups)]

    def _sized(self, more: int) -> Iterator[tuple[int, ...]]:
        """The needed items and `more` others, the first of each group; only choices that could do."""
        sizes = [len(group) for group in self.groups]
        rows = _prefixes(sizes, more)
        width = max(sizes, default=0)
        table = np.array([group + [0] * (width - len(group)) for group in self.groups], dtype=int)
        picked = table[rows[..., 0], rows[..., 1]] if more else np.zeros((len(rows), 0), dtype=int)
        for row in picked[self._could_do(picked)]:
            yield tuple(sorted((*self.needed, *(int(item) for item in row))))

    def _could_do(self, picked: Choices) -> Flags:
        """(choices): whether every node that a cap minds has an item of the choice below it, and points may suffice."""
        chosen = np.concatenate([picked, np.tile(np.array(self.needed, dtype=int), (len(picked), 1))], axis=1)
        hits = np.ones(len(chosen), dtype=bool)
        for below in self._minded():
            hits &= below[chosen].any(axis=1)
        most = self._most_gain()
        if most is not None:
            least = self.outcomes.rules.bands.least[self.target]
            hits &= self.base[0] + most[chosen].sum(axis=1) >= least - _HAIR
        return hits

    def _minded(self) -> list[Flags]:
        """By item, for each node whose colour caps the root below the target: whether the item is below it."""
        rules, unit = self.outcomes.rules, self.outcomes.unit
        colours = np.where(unit.is_grey, rules.bands.grey, by_score(rules.bands, self.base))
        return [
            rules.layout.is_below[node]
            for cap in rules.caps
            if cap.level is not None and cap.at_most > self.target
            for node, level in enumerate(rules.layout.levels)
            if level == cap.level and cap.trigger <= colours[node] != rules.bands.grey
        ]

    def _most_gain(self) -> Floats | None:
        """By item: what it can add to the root at most; None where gains do not add up, or the root is grey."""
        layout, unit = self.outcomes.rules.layout, self.outcomes.unit
        worth = unit.cells.worth[self.outcomes.candidates]
        usual = (
            (worth >= 0) & ((worth <= 100) | ~np.array(layout.is_positive)[self.outcomes.candidates])
        ).all()
        if unit.is_grey[0] or not layout.is_arithmetic or not usual:
            return None
        share = np.zeros(len(layout.nodes))
        share[0] = 1.0
        for node, children in enumerate(layout.children):
            scored = [child for child in children if not np.isnan(self.base[child])]
            total = sum(unit.weights.nodes[child] for child in scored)
            for child in scored:
                share[child] = share[node] * unit.weights.nodes[child] / total if total else 0.0
        found = np.zeros(len(layout.items))
        for item in self.outcomes.candidates:
            found[item] = share[layout.points[item]] * self._raw(item)
        return found

    def _raw(self, item: int) -> float:
        layout, unit = self.outcomes.rules.layout, self.outcomes.unit
        if not layout.is_positive[item]:
            return float(unit.cells.worth[item])
        peers = [one for one in layout.items_of[layout.points[item]] if layout.is_positive[one]]
        total = sum(unit.weights.items[one, 0] for one in peers if unit.cells.state[one] == REPORTED)
        return float(unit.weights.items[item, 0] * (100 - unit.cells.worth[item]) / total) if total else 0.0

    def _alike(self, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Every choice with as many items of each group."""
        ways = []
        for group in self.groups:
            taken = len(set(group) & set(chosen))
            if taken:
                ways.append(list(combinations(group, taken)))
        for way in islice(product(*ways), _TIES):
            yield tuple(sorted((*self.needed, *(item for part in way for item in part))))

    def _best_of(self, choices: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Of the choices that lift the root those with the largest gain."""
        best: list[tuple[int, ...]] = []
        most = -np.inf
        for begin in range(0, len(choices), _AT_ONCE):
            some = choices[begin : begin + _AT_ONCE]
            scores, bands = self._bands(some)
            for row in map(int, np.flatnonzero(bands <= self.target)):
                gain = round(float(scores[row] - self.base[0]), _EQUAL)
                if gain >= most:
                    best = [*best, some[row]] if gain == most else [some[row]]
                    most = gain
        return best

    def _lifts(self, choices: Sequence[tuple[int, ...]]) -> Flags:
        return self._bands(choices)[1] <= self.target

    def _gains(self, choices: Sequence[tuple[int, ...]]) -> Floats:
        if not choices:
            return np.zeros(0)
        gains: Floats = self.outcomes.scores(_flags(self.outcomes, choices))[0] - self.base[0]
        return gains

    def _bands(self, choices: Sequence[tuple[int, ...]]) -> tuple[Floats, Places]:
        return self.outcomes.bands(_flags(self.outcomes, choices))


def _prefixes(sizes: Sequence[int], total: int) -> Choices:
    """(choices, total, 2): every way to take the first few of each group, `total` together: group and place."""
    groups = np.zeros((1, 0), dtype=int)
    places = np.zeros((1, 0), dtype=int)
    for _ in range(total):
        last = groups[:, -1] if groups.shape[1] else np.zeros(len(groups), dtype=int)
        counts = len(sizes) - last
        of_row = np.repeat(np.arange(len(groups)), counts)
        added = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + last[of_row]
        again = (added == last[of_row]) & (groups.shape[1] > 0)
        before = places[of_row, -1] if places.shape[1] else np.zeros(len(of_row), dtype=int)
        place = np.where(again, before + 1, 0)
        kept = place < np.array(sizes, dtype=int)[added] if len(sizes) else np.zeros(0, dtype=bool)
        groups = np.concatenate([groups[of_row], added[:, np.newaxis]], axis=1)[kept]
        places = np.concatenate([places[of_row], place[:, np.newaxis]], axis=1)[kept]
    return np.stack([groups, places], axis=-1)


def _flags(outcomes: Outcomes, choices: Sequence[tuple[int, ...]]) -> Flags:
    found = np.zeros((len(choices), len(outcomes.rules.layout.items)), dtype=bool)
    for row, choice in enumerate(choices):
        found[row, list(choice)] = True
    return found
