"""Where a subject's root lost its points: by item, by reporting department, by theme (first-level node).

An item's loss is its share of what its point lost, times the point's weight in the root: where all means are
arithmetic the items' losses sum to 100 less the root's score. Not here: rows in the warehouse (`write`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.analysis.layout import Floats, Layout
from orchestration.analysis.tree import REPORTED, Cells
from orchestration.analysis.weights import Weights

DIMENSIONS = ("item", "department", "theme")
_NOTHING = 1e-12


@dataclass(frozen=True)
class Loss:
    """One code's loss: points of the root, part of all that was lost, place (1 = most), part up to this place."""

    code: str
    points: float
    share: float
    rank: int
    cumulative: float


def lost_by_item(
    layout: Layout, cells: Cells, weights: Weights, score: Floats, effective_weight: Floats
) -> Floats:
    """(items, columns): points of the root, from the nodes' scores and weights in the root (nodes, columns)."""
    in_point = _lost_in_point(layout, cells, weights, score[:, : len(layout.subjects)])
    if layout.has_institution:
        has = ~np.isnan(score[list(layout.points), : len(layout.subjects)])
        own = np.where(has, weights.subjects, 0.0)
        total = own.sum(axis=1, keepdims=True)
        mean = (own * in_point).sum(axis=1, keepdims=True) / np.where(total > 0, total, 1.0)
        in_point = np.concatenate([in_point, mean], axis=1)
    return in_point * effective_weight[list(layout.points)]


def losses(layout: Layout, lost: Floats) -> Mapping[str, Sequence[Loss]]:
    """By dimension, the greatest first, ties by code; from one column of `lost_by_item`. Empty: nothing was lost."""
    codes = {
        "item": layout.items,
        "department": layout.departments,
        "theme": tuple(layout.nodes[theme] for theme in layout.themes),
    }
    return {dimension: _ranked(codes[dimension], lost) for dimension in DIMENSIONS}


def _lost_in_point(layout: Layout, cells: Cells, weights: Weights, score: Floats) -> Floats:
    """(items, subjects): what the point lost, shared out by what its items would take alone."""
    reported = cells.state == REPORTED
    positive = np.array(layout.is_positive, dtype=bool)[:, np.newaxis]
    own = np.where(reported & positive, weights.items, 0.0)
    worth = np.where(reported, cells.worth, 0.0)
    found = np.zeros(cells.worth.shape)
    for node, items in enumerate(layout.items_of):
        if not items:
            continue
        at = list(items)
        total = own[at].sum(axis=0)
        share = own[at] / np.where(total > 0, total, 1.0)
        raw = np.where(positive[at], share * np.maximum(100 - worth[at], 0), worth[at])
        raw = np.where(reported[at], raw, 0.0)
        whole = raw.sum(axis=0)
        lost = np.where(np.isnan(score[node]), 0.0, np.maximum(100 - score[node], 0))
        found[at] = raw / np.where(whole > 0, whole, 1.0) * lost
    return found


def _ranked(codes: Sequence[str], lost: Floats) -> Sequence[Loss]:
    sums: dict[str, float] = {}
    for code, points in zip(codes, lost, strict=True):
        if points > _NOTHING:
            sums[code] = sums.get(code, 0.0) + float(points)
    total = sum(sums.values())
    found: list[Loss] = []
    so_far = 0.0
    for code, points in sorted(sums.items(), key=lambda one: (-round(one[1], 9), one[0])):
        so_far += points
        found.append(Loss(code, points, points / total, len(found) + 1, so_far / total))
    return found
