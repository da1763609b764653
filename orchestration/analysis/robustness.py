"""How sure a colour and a place are when every weight is off by up to a quarter (scoring.md section 8).

One draw changes the weights of all subjects alike. Greyness follows from coverage and is not drawn.
Not here: the scores drawn from (`tree`), rows in the warehouse (`write`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from orchestration.analysis.colours import Bands, by_score, rounded
from orchestration.analysis.layout import Flags, Floats, Layout
from orchestration.analysis.tree import Cells, score_tree
from orchestration.analysis.weights import Weights

DRAWS = 1000
_SPREAD = 0.25
_AT_ONCE = 4_000_000  # figures held at once: thousands of units take their draws in turns


@dataclass(frozen=True)
class Robustness:
    """`probability` (bands and grey, nodes, columns) sums to 1; `ranks` (2, nodes, columns), nan: not ranked."""

    probability: Floats
    ranks: Floats


def draw_factors(layout: Layout, seed: int, draws: int = DRAWS) -> Floats:
    """(draws, nodes + positive items + units): what each weight is multiplied by, in the order of the layout.

    Nodes by (level, code), positive items by code, units by code; draw after draw from one generator.
    """
    width = len(layout.nodes) + sum(layout.is_positive) + len(layout.subjects)
    return 1 + np.random.default_rng(seed).uniform(-_SPREAD, _SPREAD, (draws, width))


def robustness(
    layout: Layout,
    cells: Cells,
    weights: Weights,
    bands: Bands,
    is_grey: Flags,
    is_ranked: Flags,
    factors: Floats,
) -> Robustness:
    """`is_grey` and `is_ranked` (nodes, columns) as the scores say: neither follows from weights drawn."""
    shape = (len(layout.nodes), len(layout.columns))
    counts = np.zeros((bands.grey + 1, *shape))
    places = np.empty(
        (shape[0], len(factors), shape[1]), dtype=np.float32
    )  # half the memory, exact for places
    for turn in _turns(len(factors), shape):
        scores = rounded(score_tree(layout, cells, drawn(layout, weights, factors[turn])))
        colours = np.where(is_grey[:, np.newaxis], bands.grey, by_score(bands, scores))
        for place in range(bands.grey + 1):
            counts[place] += (colours == place).sum(axis=1)
        places[:, turn] = rank_in_kind(layout, scores, is_ranked)
    ranks = [np.quantile(of_node.astype(float), (0.05, 0.95), axis=0, method="linear") for of_node in places]
    return Robustness(probability=counts / len(factors), ranks=np.stack(ranks, axis=1))


def drawn(layout: Layout, weights: Weights, factors: Floats) -> Weights:
    """The weights of each draw; `factors` (draws, …) as of `draw_factors`."""
    nodes, positive = len(layout.nodes), np.array(layout.is_positive, dtype=bool)
    of_items = np.ones((len(layout.items), len(factors)))
    of_items[positive] = factors[:, nodes : nodes + positive.sum()].T
    return Weights(
        nodes=weights.nodes[:, np.newaxis] * factors[:, :nodes].T,
        items=weights.items[:, np.newaxis, :] * of_items[:, :, np.newaxis],
        subjects=weights.subjects * factors[:, nodes + positive.sum() :],
    )


def rank_in_kind(layout: Layout, scores: Floats, is_ranked: Flags) -> Floats:
    """(nodes, draws, columns): places by scores already rounded, 1 = best, ties the lowest; nan: not ranked."""
    found = np.full(scores.shape, np.nan)
    kinds = np.array(layout.kinds)
    for kind in sorted(set(layout.kinds)):
        of_kind = np.flatnonzero(kinds == kind)
        for node in range(len(layout.nodes)):
            peers = of_kind[is_ranked[node, of_kind]]
            if peers.size:
                found[node][:, peers] = _places(scores[node][:, peers])
    return found


def _places(scores: Floats) -> Floats:
    """(draws, peers): the place of each among its row."""
    order = np.argsort(-scores, axis=1, kind="stable")
    descending = np.take_along_axis(scores, order, axis=1)
    is_new = np.ones(scores.shape, dtype=bool)
    is_new[:, 1:] = descending[:, 1:] < descending[:, :-1]
    first = np.maximum.accumulate(np.where(is_new, np.arange(1, scores.shape[1] + 1), 0), axis=1)
    places = np.empty(scores.shape)
    np.put_along_axis(places, order, first.astype(float), axis=1)
    return places


def _turns(draws: int, shape: tuple[int, int]) -> Iterator[slice]:
    step = max(1, _AT_ONCE // max(1, shape[0] * shape[1]))
    for begin in range(0, draws, step):
        yield slice(begin, begin + step)
