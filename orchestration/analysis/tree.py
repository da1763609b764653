"""The scored tree in numpy: from items' scores to points, up the tree and over units (scoring.md sections 4 to 6).

Agrees with dbt, which alone scores for the record, to 1e-9 on every node. Arrays have the axis of items or nodes
first and that of subjects last; whatever lies between (draws, candidates) is computed side by side.
Not here: items' scores and states (dbt), colours (`colours`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.analysis.layout import Flags, Floats, Layout
from orchestration.analysis.weights import Weights

States = NDArray[np.int8]
# What became of a cell; ordered, so that >= ABSENT is "applicable".
NOT_DUE, NOT_APPLICABLE, ABSENT, REPORTED = range(4)
_NOTHING = 5e-10  # below it round(s, 9) is 0, and so are the geometric and the harmonic mean


@dataclass(frozen=True)
class Cells:
    """`state` and `worth`, both (items, …, subjects).

    `worth` is the score of a positive item and the deduction of a negative one; read only where REPORTED.
    """

    state: States
    worth: Floats


def score_tree(layout: Layout, cells: Cells, weights: Weights) -> Floats:
    """(nodes, …, columns): the score of every node of every subject, the institution's last; nan without one."""
    return roll_up(layout, with_institution(layout, points(layout, cells, weights), weights), weights)


def points(layout: Layout, cells: Cells, weights: Weights) -> Floats:
    """(nodes, …, subjects): the scores of the leaves; nan elsewhere."""
    shape = np.broadcast_shapes(cells.state.shape[1:], cells.worth.shape[1:], weights.items.shape[1:])
    found = np.full((len(layout.nodes), *shape), np.nan)
    for node, items in enumerate(layout.items_of):
        if items:
            found[node] = _point(layout, items, cells, weights, shape)
    return found


def roll_up(layout: Layout, leaves: Floats, weights: Weights) -> Floats:
    """`leaves` with every parent filled in: the mean of its own children that have a score."""
    found = leaves.copy()
    node_weights = weights.nodes if weights.nodes.ndim == 1 else weights.nodes[..., np.newaxis]
    for node in reversed(range(len(layout.nodes))):  # parents stand before their children
        if children := layout.children[node]:
            found[node] = _mean(layout.means[node], found, node_weights, children)
    return found


def with_institution(layout: Layout, leaves: Floats, weights: Weights) -> Floats:
    """The leaves with one more column where units are scored: the mean over the units that have a score."""
    if not layout.has_institution:
        return leaves
    has = ~np.isnan(leaves)
    own = np.where(has, weights.subjects, 0.0)
    total = np.sum(own * np.where(has, leaves, 0.0), axis=-1, keepdims=True)
    return np.concatenate([leaves, _divide(total, own.sum(axis=-1, keepdims=True))], axis=-1)


def _point(
    layout: Layout, items: tuple[int, ...], cells: Cells, weights: Weights, shape: tuple[int, ...]
) -> Floats:
    total, counted, off = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    is_due = np.zeros(cells.state.shape[1:], dtype=bool)  # a positive item
    is_reported = np.zeros(cells.state.shape[1:], dtype=bool)
    for item in items:
        reported = cells.state[item] == REPORTED
        is_reported |= reported
        worth = np.where(reported, cells.worth[item], 0.0)
        if layout.is_positive[item]:
            is_due |= cells.state[item] >= ABSENT
            own = np.where(reported, weights.items[item], 0.0)
            total += own * worth
            counted += own
        else:
            off += worth
    start = np.where(is_due, _divide(total, counted), 100.0)
    less = np.where(off == 0, start, np.clip(start - off, 0.0, 100.0))
    return np.where(is_reported, less, np.nan)


def _mean(kind: str, values: Floats, weights: Floats, children: tuple[int, ...]) -> Floats:
    total: Floats = np.zeros(values.shape[1:])
    counted: Floats = np.zeros(values.shape[1:])
    is_nothing: Flags = np.zeros(values.shape[1:], dtype=bool)
    for child in children:
        value = values[child]
        has = ~np.isnan(value)
        own = np.where(has, weights[child], 0.0)
        counted += own
        if kind == "arithmetic":
            total += own * np.where(has, value, 0.0)
            continue
        is_nothing |= (own > 0) & (value < _NOTHING)
        above = np.where(has & (value > 0), value, 1.0)
        total += own * (np.log(above) if kind == "geometric" else 1 / above)
    if kind == "arithmetic":
        return _divide(total, counted)
    mean: Floats = np.exp(_divide(total, counted)) if kind == "geometric" else _divide(counted, total)
    found: Floats = np.where(is_nothing, 0.0, np.where(counted > 0, mean, np.nan))
    return found


def _divide(dividend: Floats, divisor: Floats) -> Floats:
    """nan where the divisor is 0: a mean of nothing."""
    found: Floats = np.divide(dividend, divisor, out=np.full(dividend.shape, np.nan), where=divisor != 0)
    return found
