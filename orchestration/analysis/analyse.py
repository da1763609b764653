"""A quarter's analysis from the warehouse to the warehouse: every framework, all that the reports ask of the scores.

Not here: each question's arithmetic (a module each), when it runs and what is restated for it before (`assets`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg

from orchestration.analysis import rows
from orchestration.analysis.change import NEW, OLD, Ends, split_change
from orchestration.analysis.colours import Bands, bands_of, caps_of
from orchestration.analysis.item_flags import Flag, nominal_weights, redundant, saturated, weight_gaps
from orchestration.analysis.layout import Floats, Layout, layout_of
from orchestration.analysis.leverage import Leverage, leverage
from orchestration.analysis.load import (
    ItemFigures,
    NodeFigures,
    Version,
    current_version,
    load_items,
    load_nodes,
    restated_version,
)
from orchestration.analysis.lost_points import lost_by_item
from orchestration.analysis.outcome import Rules, Unit
from orchestration.analysis.peer_gaps import peer_gaps
from orchestration.analysis.robustness import DRAWS, draw_factors, robustness
from orchestration.analysis.tree import REPORTED, Cells
from orchestration.analysis.weights import Weights, weights_of
from orchestration.analysis.write import write_analysis
from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous

Connection = psycopg.Connection[Any]
Found = dict[str, list[rows.Row]]


@dataclass(frozen=True)
class Scored:
    """One framework of a scored quarter, all on the axes of its layout."""

    layout: Layout
    weights: Weights
    bands: Bands
    items: ItemFigures
    nodes: NodeFigures

    @property
    def is_grey(self) -> Any:
        """(nodes, columns): grey by score: without a score, of too few cells, or with nothing due."""
        return self.nodes.band_by_score == self.bands.grey_code

    @property
    def is_ranked(self) -> Any:
        """(nodes, columns): with a score and a colour that is not grey."""
        return ~np.isnan(self.nodes.score) & (self.nodes.band != self.bands.grey_code)


def analyse(
    conn: Connection, catalogue_at: Mapping[str, Catalogue], institution: str, quarter: str, *, seed: int
) -> str | None:
    """Analyse the version of `quarter` that readers see and write what is found under it; its name.

    `catalogue_at` maps the quarter, and the one before where that was scored, to their catalogues. None, and nothing
    written, where the quarter has no scores. Raises NotRestated where the catalogue changed and either quarter was
    not scored by the other's, OtherCatalogue where a version rests on another catalogue than the one given.
    """
    version = current_version(conn, institution, quarter, catalogue_at[quarter])
    if version is None:
        return None
    found: Found = defaultdict(list)
    catalogue = catalogue_at[quarter]
    for framework in catalogue.frameworks:
        layout = layout_of(catalogue, institution, framework.code)
        if not layout.nodes or not layout.subjects:
            continue
        scored = load_scored(conn, catalogue, layout, version, quarter)
        found["score_change"] += _changes(conn, catalogue_at, layout, version, quarter)
        lost = lost_by_item(
            layout, scored.items.cells, scored.weights, scored.nodes.score, scored.nodes.effective_weight
        )
        found["lost_points"] += rows.lost_rows(layout, lost)
        if layout.has_institution:  # colours and comparisons are not for persons
            _of_units(found, catalogue, scored, seed)
    write_analysis(conn, (version, institution, quarter), found)
    return version


def load_scored(conn: Connection, catalogue: Catalogue, layout: Layout, version: str, quarter: str) -> Scored:
    """A version's figures with the weights and colours they were scored by."""
    return Scored(
        layout,
        weights_of(layout, catalogue),
        bands_of(catalogue),
        load_items(conn, version, quarter, layout),
        load_nodes(conn, version, quarter, layout),
    )


def leverages(scored: Scored, catalogue: Catalogue) -> Iterator[tuple[str, Leverage]]:
    """The way up of every unit that has one to look for."""
    layout, items, weights = scored.layout, scored.items, scored.weights
    rules = Rules(layout, scored.bands, caps_of(catalogue, layout.framework, scored.bands))
    for place, subject in enumerate(layout.subjects):
        unit = Unit(
            cells=Cells(items.cells.state[:, place], items.cells.worth[:, place]),
            low=items.low[:, place],
            high=items.high[:, place],
            is_grave=items.is_grave[:, place],
            is_grey=scored.is_grey[:, place],
            weights=Weights(weights.nodes, weights.items[:, [place]], weights.subjects[[place]]),
        )
        if (found := leverage(rules, unit)) is not None:
            yield subject, found


def ends_of(
    conn: Connection,
    layout: Layout,
    catalogues: Sequence[Catalogue],
    versions: Mapping[tuple[int, int], Version],
) -> Ends | None:
    """Either end of a change; None where the framework does not stand in the earlier catalogue.

    `catalogues` earlier first, `versions[d, c]` of quarter d's data under catalogue c; `layout` is of the later.
    """
    if all(row.code != layout.framework for row in catalogues[OLD].frameworks):
        return None
    layouts = (layout_of(catalogues[OLD], layout.institution, layout.framework), layout)
    return Ends(
        layouts,
        {
            (data, catalogue): load_items(conn, *version, layouts[catalogue]).cells
            for (data, catalogue), version in versions.items()
        },
        {(w, c): weights_of(layouts[c], catalogues[w]) for w in (OLD, NEW) for c in (OLD, NEW)},
    )


def _versions(
    conn: Connection, catalogues: Sequence[Catalogue], ends: Sequence[Version]
) -> dict[tuple[int, int], Version]:
    """By (data, catalogue): where the catalogue stood still the version itself, else the restated one."""
    found = {(end, end): ends[end] for end in (OLD, NEW)}
    is_same = catalogue_hash(catalogues[OLD]) == catalogue_hash(catalogues[NEW])
    for data, by in ((OLD, NEW), (NEW, OLD)):
        found[data, by] = (
            ends[data] if is_same else restated_version(conn, ends[data], ends[by][1], catalogues[by])
        )
    return found


def _changes(
    conn: Connection, catalogue_at: Mapping[str, Catalogue], layout: Layout, version: str, quarter: str
) -> Iterator[rows.Row]:
    before = previous(quarter)
    if before not in catalogue_at:
        return
    catalogues = (catalogue_at[before], catalogue_at[quarter])
    old = current_version(conn, layout.institution, before, catalogues[OLD])
    if old is None:
        return
    versions = _versions(conn, catalogues, ((old, before), (version, quarter)))
    ends = ends_of(conn, layout, catalogues, versions)
    if ends is not None:
        yield from rows.change_rows(layout, split_change(ends), (before, old))


def _of_units(found: Found, catalogue: Catalogue, scored: Scored, seed: int) -> None:
    layout, bands = scored.layout, scored.bands
    thresholds = {row.code: row.value for row in catalogue.report_thresholds}
    sure = robustness(
        layout, scored.items.cells, scored.weights, bands, scored.is_grey, scored.is_ranked,
        draw_factors(layout, seed),
    )  # fmt: skip
    found["robustness"] += rows.robustness_rows(layout, sure, bands, DRAWS, seed)
    for subject, way in leverages(scored, catalogue):
        found["leverage"] += rows.leverage_rows(layout, subject, way, bands)
    units = slice(len(layout.subjects))
    score = scored.nodes.score[:, units]
    gaps = peer_gaps(layout, score, scored.is_ranked[:, units], thresholds)
    found["peer_gap"] += rows.peer_rows(layout, score, gaps)
    found["item_flag"] += rows.flag_rows(layout, list(_flags(scored, thresholds, seed)), seed)


def _flags(scored: Scored, thresholds: Mapping[str, float], seed: int) -> Iterator[Flag]:
    layout, cells = scored.layout, scored.items.cells
    yield from saturated(layout, cells, thresholds)
    yield from redundant(layout, cells, thresholds)
    root = scored.nodes.score[0, : len(layout.subjects)]
    kept = ~np.isnan(root)
    nominal = nominal_weights(layout, cells, scored.weights)
    yield from weight_gaps(
        layout, np.array(layout.kinds)[kept], nominal[:, kept], _contributions(scored)[:, kept], root[kept],
        thresholds, seed,
    )  # fmt: skip


def _contributions(scored: Scored) -> Floats:
    """(items, subjects): points of the root, less for negative items; 0 where nothing was reported."""
    layout, cells = scored.layout, scored.items.cells
    positive = np.array(layout.is_positive, dtype=bool)[:, np.newaxis]
    reported = cells.state == REPORTED
    own = np.where(reported & positive, scored.weights.items, 0.0)
    found = np.zeros(own.shape)
    for node, items in enumerate(layout.items_of):
        at = list(items)
        total = own[at].sum(axis=0)
        share = np.where(positive[at], own[at] / np.where(total > 0, total, 1.0), -1.0)
        worth = np.where(reported[at], cells.worth[at], 0.0)
        found[at] = share * worth * scored.nodes.effective_weight[node, : len(layout.subjects)]
    return found
