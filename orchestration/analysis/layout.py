"""The shape of one framework in one institution's quarter: its tree, items and subjects, each in a fixed order.

Nodes by (level, code), items and subjects by code. Not here: weights (`weights`), figures (`load`), arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orchestration.core.catalogue.models import Catalogue, Indicator

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NO_PARENT = -1


@dataclass(frozen=True)
class Layout:
    """`parents` are positions in `nodes` (NO_PARENT for the root), `points` positions of the items' nodes.

    `subjects` are units or posts; a framework over units has one more column of figures, the institution's.
    """

    framework: str
    subject_kind: str
    institution: str
    nodes: tuple[str, ...]
    parents: tuple[int, ...]
    levels: tuple[int, ...]
    means: tuple[str, ...]
    items: tuple[str, ...]
    points: tuple[int, ...]
    is_positive: tuple[bool, ...]
    departments: tuple[str, ...]
    subjects: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def has_institution(self) -> bool:
        """Whether the school as a whole has figures here."""
        return self.subject_kind == "unit"

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Kind and code of each column of figures: the subjects, then the institution."""
        school = [("institution", self.institution)] if self.has_institution else []
        return (*((self.subject_kind, code) for code in self.subjects), *school)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The positions of each node's children."""
        return tuple(_where(self.parents, node) for node in range(len(self.nodes)))

    @cached_property
    def items_of(self) -> tuple[tuple[int, ...], ...]:
        """The positions of each node's items; only leaves have any."""
        return tuple(_where(self.points, node) for node in range(len(self.nodes)))

    @cached_property
    def is_below(self) -> Flags:
        """(nodes, items): whether the item hangs below the node, or on it."""
        below = np.zeros((len(self.nodes), len(self.items)), dtype=bool)
        for item, point in enumerate(self.points):
            node = point
            while node != NO_PARENT:
                below[node, item] = True
                node = self.parents[node]
        return below

    @cached_property
    def themes(self) -> tuple[int, ...]:
        """The first-level node above each item's point, or the point where it stands there itself."""
        return tuple(self._theme(point) for point in self.points)

    @cached_property
    def is_arithmetic(self) -> bool:
        """Whether every mean of the tree is arithmetic: then gains add up."""
        return all(mean == "arithmetic" for mean in self.means)

    def _theme(self, node: int) -> int:
        while self.levels[node] > 1:
            node = self.parents[node]
        return node


def layout_of(catalogue: Catalogue, institution: str, framework: str) -> Layout:
    """The shape of `framework` by a catalogue narrowed to the quarter; empty where it does not stand there yet."""
    kind = next(row.subject_kind for row in catalogue.frameworks if row.code == framework)
    tree = sorted(
        (row for row in catalogue.indicators if row.framework == framework),
        key=lambda row: (row.level, row.code),
    )
    items = sorted((row for row in catalogue.items if row.framework == framework), key=lambda row: row.code)
    subjects = subjects_of(catalogue, institution, kind)
    at = {row.code: place for place, row in enumerate(tree)}
    return Layout(
        framework=framework,
        subject_kind=kind,
        institution=institution,
        nodes=tuple(at),
        parents=tuple(_parent(row, at) for row in tree),
        levels=tuple(row.level for row in tree),
        means=tuple(row.aggregation or "arithmetic" for row in tree),
        items=tuple(row.code for row in items),
        points=tuple(at[row.point] for row in items),
        is_positive=tuple(row.polarity == "positive" for row in items),
        departments=tuple(row.department for row in items),
        subjects=tuple(code for code, _ in subjects),
        kinds=tuple(own for _, own in subjects),
    )


def subjects_of(catalogue: Catalogue, institution: str, kind: str) -> list[tuple[str, str]]:
    """Code and kind of every unit (or code and level of every post) of the institution, by code."""
    units = [(row.code, row.kind) for row in catalogue.units if row.institution == institution]
    posts = [(row.code, row.post_level) for row in catalogue.posts if row.institution == institution]
    return sorted(units if kind == "unit" else posts)


def _parent(row: Indicator, at: dict[str, int]) -> int:
    return NO_PARENT if row.parent is None else at[row.parent]


def _where(places: Sequence[int], wanted: int) -> tuple[int, ...]:
    return tuple(place for place, value in enumerate(places) if value == wanted)
