"""A change split exactly into four parts: Shapley over the switches data, weights, catalogue and coverage.

scoring.md section 8: sixteen re-scorings, each switch at the quarter before or at this quarter, and every part the
mean of what its switch moves, over all orders of switching. Not here: items' scores of one quarter's data under the
other's catalogue (dbt's restated versions, read by `load`), rows in the warehouse (`write`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np

from orchestration.analysis.layout import Floats, Layout
from orchestration.analysis.tree import REPORTED, Cells, score_tree
from orchestration.analysis.weights import Weights, filled

PARTS = ("data", "weights", "catalogue", "coverage")
OLD, NEW = 0, 1


@dataclass(frozen=True)
class Ends:
    """Either end of the change. Indices are OLD and NEW.

    `layouts[c]` and, on its axes: `cells[d, c]`, quarter d's cells under catalogue c, and `weights[w, c]`, what
    catalogue w gives to what stands in c (nan where it gives none).
    """

    layouts: Sequence[Layout]
    cells: Mapping[tuple[int, int], Cells]
    weights: Mapping[tuple[int, int], Weights]


@dataclass(frozen=True)
class Split:
    """On the nodes and columns that stand in both catalogues: `parts` (4, nodes, columns) sum to now - before.

    All three are nan where either end has no score.
    """

    nodes: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    before: Floats
    now: Floats
    parts: Floats


def split_change(ends: Ends) -> Split:
    """The change of every node and subject that stands in both catalogues, in four parts."""
    old, new = ends.layouts
    nodes = tuple(code for code in new.nodes if code in set(old.nodes))
    columns = tuple(column for column in new.columns if column in set(old.columns))
    values = np.empty((2, 2, 2, 2, len(nodes), len(columns)))
    for data, weights, catalogue, coverage in product((OLD, NEW), repeat=4):
        layout = ends.layouts[catalogue]
        scores = score_tree(
            layout,
            switched_cells(ends, data, catalogue, coverage),
            filled(ends.weights[weights, catalogue], ends.weights[catalogue, catalogue]),
        )
        rows = [layout.nodes.index(code) for code in nodes]
        places = [layout.columns.index(column) for column in columns]
        values[data, weights, catalogue, coverage] = scores[np.ix_(rows, places)]
    before, now = values[OLD, OLD, OLD, OLD], values[NEW, NEW, NEW, NEW]
    parts = shapley(np.where(np.isnan(values), before, values))
    is_open = np.isnan(before) | np.isnan(now)
    return Split(nodes, columns, before, now, np.where(is_open, np.nan, parts))


def switched_cells(ends: Ends, data: int, catalogue: int, coverage: int) -> Cells:
    """The cells under one catalogue with the values of one quarter and the states of one.

    A cell reported in one quarter only has that value at both settings; one whose item or subject stands in one
    catalogue only is at both settings what it is there.
    """
    there, elsewhere = ends.layouts[catalogue], ends.layouts[1 - catalogue]
    own, other = ends.cells[data, catalogue], ends.cells[1 - data, catalogue]
    worth = np.where(own.state == REPORTED, own.worth, other.worth)
    state = ends.cells[coverage, catalogue].state
    kept = ends.cells[catalogue, catalogue]
    alone = np.logical_or.outer(
        _absent(there.items, elsewhere.items), _absent(there.subjects, elsewhere.subjects)
    )
    return Cells(np.where(alone, kept.state, state), np.where(alone, kept.worth, worth))


def shapley(values: Floats) -> Floats:
    """(4, …): each switch's part, from `values` (2, 2, 2, 2, …) by setting of the four switches."""
    parts = np.zeros((4, *values.shape[4:]))
    for others in product((OLD, NEW), repeat=3):
        before = sum(others)
        weight = factorial(before) * factorial(3 - before) / factorial(4)
        for switch in range(4):
            setting = [*others[:switch], OLD, *others[switch:]]
            off = values[tuple(setting)]
            setting[switch] = NEW
            parts[switch] += weight * (values[tuple(setting)] - off)
    return parts


def _absent(codes: Sequence[str], elsewhere: Sequence[str]) -> list[bool]:
    known = set(elsewhere)
    return [code not in known for code in codes]
