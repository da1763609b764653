"""The weights of nodes, items and units, on the axes of a layout, from any catalogue. Not here: using them."""

from dataclasses import dataclass

import numpy as np

from orchestration.analysis.layout import Floats, Layout, subjects_of
from orchestration.core.catalogue.models import Catalogue, Item


@dataclass(frozen=True)
class Weights:
    """`nodes` (nodes, …), `items` (items, …, subjects), `subjects` (…, subjects); … are draws, or nothing.

    nan where the catalogue asked has no such weight; negative items have none anywhere.
    """

    nodes: Floats
    items: Floats
    subjects: Floats


def weights_of(layout: Layout, catalogue: Catalogue) -> Weights:
    """The weights that `catalogue` (narrowed to a quarter) gives to what stands in `layout`; blank counts 1."""
    nodes = {row.code: row.weight for row in catalogue.indicators if row.framework == layout.framework}
    units = {row.code: row.weight for row in catalogue.units if row.institution == layout.institution}
    if layout.has_institution:
        subjects = [_weight(units[code]) if code in units else np.nan for code in layout.subjects]
    else:
        subjects = [1.0] * len(layout.subjects)
    return Weights(
        nodes=np.array([nodes.get(code, np.nan) for code in layout.nodes], dtype=float),
        items=_item_weights(layout, catalogue),
        subjects=np.array(subjects, dtype=float),
    )


def filled(weights: Weights, other: Weights) -> Weights:
    """`weights`, and those of `other` where it has none: a weight of one quarter alone is used at both ends."""
    return Weights(
        *(
            np.where(np.isnan(own), beside, own)
            for own, beside in (
                (weights.nodes, other.nodes),
                (weights.items, other.items),
                (weights.subjects, other.subjects),
            )
        )
    )


def _item_weights(layout: Layout, catalogue: Catalogue) -> Floats:
    """A subject's override wins, as a whole row, over the one of its kind; a blank weight there is as in items."""
    items = {row.code: row for row in catalogue.items if row.framework == layout.framework}
    own_kinds = dict(subjects_of(catalogue, layout.institution, layout.subject_kind))
    overrides = {
        (row.item, row.applies_to): row.weight
        for row in catalogue.item_overrides
        if row.institution == layout.institution
    }
    found = np.full((len(layout.items), len(layout.subjects)), np.nan)
    for place, code in enumerate(layout.items):
        item: Item | None = items.get(code)
        if item is None or item.polarity != "positive":
            continue
        for column, subject in enumerate(layout.subjects):
            kind = own_kinds.get(subject, layout.kinds[column])
            key = (code, subject) if (code, subject) in overrides else (code, kind)
            own = overrides.get(key)
            found[place, column] = _weight(item.weight) if own is None else own
    return found


def _weight(cell: float | None) -> float:
    return 1.0 if cell is None else cell
