"""What the method board should look at: items that tell no units apart, that say the same, or whose influence on
the root is unlike their weight. Of no use for judging a unit.

Influence: the part of the root's variance between units of one kind that goes with the item's contribution; the
parts of all items sum to 1 where the tree is arithmetic and nothing is clipped.
Not here: the thresholds' rows, rows in the warehouse (`write`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.analysis.layout import Floats, Layout
from orchestration.analysis.tree import ABSENT, REPORTED, Cells
from orchestration.analysis.weights import Weights

DRAWS = 1000
_SAME = 1e-9


@dataclass(frozen=True)
class Flag:
    """One flag; `item` and `other` are places in the layout. `draws` is 0 where nothing was drawn."""

    flag: str
    item: int
    statistic: float
    units: int
    other: int | None = None
    low: float | None = None
    high: float | None = None
    nominal: float | None = None
    effective: float | None = None
    draws: int = 0


def saturated(layout: Layout, cells: Cells, thresholds: Mapping[str, float]) -> Iterator[Flag]:
    """Items at full marks (or without a case) nearly everywhere."""
    for item, is_positive in enumerate(layout.is_positive):
        reported = cells.state[item] == REPORTED
        full = reported & (np.abs(cells.worth[item] - (100 if is_positive else 0)) <= _SAME)
        units = int(reported.sum())
        if units < thresholds.get("flag_units_least", np.inf):
            continue
        share = float(full.sum() / units)
        if share >= thresholds.get("saturated_share", np.inf) - _SAME:
            yield Flag("saturated", item, share, units)


def redundant(layout: Layout, cells: Cells, thresholds: Mapping[str, float]) -> Iterator[Flag]:
    """Pairs of positive items whose scores go together over the units that report both (Pearson)."""
    positive = np.flatnonzero(layout.is_positive)
    has = (cells.state[positive] == REPORTED).astype(float)
    worth = np.where(has > 0, cells.worth[positive], 0.0)
    middle = worth.sum(axis=1, keepdims=True) / np.maximum(has.sum(axis=1, keepdims=True), 1)
    worth = np.where(has > 0, worth - middle, 0.0)
    units = has @ has.T
    of_pair = np.maximum(units, 1)
    sums, squares = worth @ has.T, (worth**2) @ has.T
    spread = squares - sums**2 / of_pair
    together = worth @ worth.T - sums * sums.T / of_pair
    both = np.sqrt(np.maximum(spread * spread.T, 0))
    varies = (spread > _SAME) & (spread.T > _SAME)
    correlation = np.divide(together, both, out=np.zeros(both.shape), where=varies)
    least = thresholds.get("redundant_correlation", np.inf)
    flagged = varies & (np.abs(correlation) >= least) & (units >= thresholds.get("flag_units_least", np.inf))
    for one, other in np.argwhere(np.triu(flagged, 1)):
        yield Flag(
            "redundant",
            int(positive[one]),
            float(correlation[one, other]),
            int(units[one, other]),
            other=int(positive[other]),
        )


def weight_gaps(
    layout: Layout,
    kinds: NDArray[np.str_],
    nominal: Floats,
    contribution: Floats,
    root: Floats,
    thresholds: Mapping[str, float],
    seed: int,
    draws: int = DRAWS,
) -> Iterator[Flag]:
    """Positive items whose influence differs from their weight by the threshold, and by more than chance.

    `nominal` and `contribution` (items, units), `kinds` and `root` (units) without nan. The interval is the 5 to
    95 % range over draws of as many units of each kind, with replacement.
    """
    if len(root) < thresholds.get("flag_units_least", np.inf) or not len(layout.items):
        return
    generator = np.random.default_rng(seed)
    influence = _influence(np.ones((1, len(root))), contribution, root, kinds)[0]
    drawn = _influence(_counts(generator, kinds, draws), contribution, root, kinds)
    drawn = drawn[~np.isnan(drawn[:, 0])]  # all units of a draw alike: no variance to share out
    if not len(drawn) or np.isnan(influence[0]):
        return
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0, method="linear")
    weight = nominal.mean(axis=1)
    for item in np.flatnonzero(layout.is_positive):
        gap = float(influence[item] - weight[item])
        is_chance = low[item] <= weight[item] <= high[item]
        if abs(gap) >= thresholds.get("weight_gap", np.inf) and not is_chance:
            yield Flag(
                "weight_gap",
                int(item),
                gap,
                len(root),
                low=float(low[item]),
                high=float(high[item]),
                nominal=float(weight[item]),
                effective=float(influence[item]),
                draws=draws,
            )


def nominal_weights(layout: Layout, cells: Cells, weights: Weights) -> Floats:
    """(items, subjects): each positive item's weight in the root if everything that applies had been reported."""
    applies = cells.state >= ABSENT
    has = np.stack([applies[layout.is_below[node]].any(axis=0) for node in range(len(layout.nodes))])
    share = np.zeros(has.shape)
    share[0] = has[0]
    for node, children in enumerate(layout.children):
        own = np.array([np.where(has[child], weights.nodes[child], 0.0) for child in children])
        for child, part in zip(children, _parts(own), strict=True):
            share[child] = share[node] * part
    found = np.zeros(applies.shape)
    for node, items in enumerate(layout.items_of):
        at = [item for item in items if layout.is_positive[item]]
        if at:
            found[at] = share[node] * _parts(np.where(applies[at], weights.items[at], 0.0))
    return found


def _parts(own: Floats) -> Floats:
    if not len(own):
        return own
    total = own.sum(axis=0, keepdims=True)
    found: Floats = own / np.where(total > 0, total, 1.0)
    return found


def _influence(counts: Floats, contribution: Floats, root: Floats, kinds: NDArray[np.str_]) -> Floats:
    """(draws, items): covariance with the root over the root's variance, both within kinds; nan without variance."""
    together = np.zeros((len(counts), len(contribution)))
    spread = np.zeros(len(counts))
    for kind in np.unique(kinds):
        of_kind = kinds == kind
        times, y = counts[:, of_kind], root[of_kind] - root[of_kind].mean()
        x = contribution[:, of_kind] - contribution[:, of_kind].mean(axis=1, keepdims=True)
        number = times.sum(axis=1)
        together += times @ (x * y).T - (times @ x.T) * (times @ y)[:, np.newaxis] / number[:, np.newaxis]
        spread += times @ (y * y) - (times @ y) ** 2 / number
    varies = spread > _SAME
    return np.where(varies[:, np.newaxis], together / np.where(varies, spread, 1.0)[:, np.newaxis], np.nan)


def _counts(generator: np.random.Generator, kinds: NDArray[np.str_], draws: int) -> Floats:
    """(draws, units): how often each unit is drawn, kinds in the order of their names."""
    found = np.zeros((draws, len(kinds)))
    for kind in np.unique(kinds):
        of_kind = np.flatnonzero(kinds == kind)
        taken = generator.integers(0, len(of_kind), (draws, len(of_kind)))
        for place in range(len(of_kind)):
            found[:, of_kind[place]] = (taken == place).sum(axis=1)
    return found
