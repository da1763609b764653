"""What was found, as rows of the tables of `scores`, in the order of their columns. Not here: finding it, writing."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from orchestration.analysis.change import Split
from orchestration.analysis.colours import Bands
from orchestration.analysis.item_flags import Flag
from orchestration.analysis.layout import Floats, Layout
from orchestration.analysis.leverage import Leverage
from orchestration.analysis.lost_points import losses
from orchestration.analysis.peer_gaps import PeerGaps
from orchestration.analysis.robustness import Robustness

Row = tuple[Any, ...]


def change_rows(layout: Layout, split: Split, previous: tuple[str, str]) -> Iterator[Row]:
    """`previous`: the quarter before and its version. A null end makes the change and its parts null."""
    change = split.now - split.before
    for column, (kind, code) in enumerate(split.columns):
        for node, indicator in enumerate(split.nodes):
            at = node, column
            figures = (split.now[at], split.before[at], change[at], *split.parts[:, node, column])
            yield (layout.framework, kind, code, indicator, previous[0], *map(_cell, figures), previous[1])


def robustness_rows(layout: Layout, found: Robustness, bands: Bands, draws: int, seed: int) -> Iterator[Row]:
    """One row a colour, also of those that no draw showed."""
    for column, (kind, code) in enumerate(layout.columns):
        for node, indicator in enumerate(layout.nodes):
            ranks = [
                _cell(found.ranks[end, node, column]) if kind == layout.subject_kind else None
                for end in (0, 1)
            ]
            for place, band in enumerate(bands.all_codes):
                share = float(found.probability[place, node, column])
                yield (layout.framework, kind, code, indicator, band, share, *ranks, draws, seed)


def leverage_rows(layout: Layout, subject: str, found: Leverage, bands: Bands) -> Iterator[Row]:
    """One row an item; one row without an item where the colour cannot be reached."""
    who = (layout.framework, layout.subject_kind, subject, bands.codes[found.target])
    after = (found.is_minimal, found.is_reachable, found.score, bands.all_codes[found.band])
    if not found.is_reachable:
        yield (*who, None, 0, None, None, *after)
    for step, (item, gain) in enumerate(zip(found.items, found.gains, strict=True), 1):
        yield (*who, layout.items[item], step, gain, found.gain_total, *after)


def lost_rows(layout: Layout, lost: Floats) -> Iterator[Row]:
    """`lost` (items, columns), as of `lost_by_item`."""
    for column, (kind, code) in enumerate(layout.columns):
        for dimension, ranked in losses(layout, lost[:, column]).items():
            for one in ranked:
                figures = (one.points, one.share, one.rank, one.cumulative)
                yield (layout.framework, kind, code, dimension, one.code, *figures)


def peer_rows(layout: Layout, score: Floats, gaps: PeerGaps) -> Iterator[Row]:
    """One row a unit and node that is compared."""
    for node, subject in np.argwhere(~np.isnan(gaps.gap)):
        at = int(node), int(subject)
        yield (
            layout.framework,
            layout.subject_kind,
            layout.subjects[at[1]],
            layout.nodes[at[0]],
            layout.kinds[at[1]],
            int(gaps.units[at]),
            float(score[at]),
            float(gaps.median[at]),
            float(gaps.gap[at]),
            bool(gaps.is_strength[at]),
            bool(gaps.is_weakness[at]),
        )


def flag_rows(layout: Layout, flags: Sequence[Flag], seed: int) -> Iterator[Row]:
    """For the method board."""
    for one in flags:
        other = "" if one.other is None else layout.items[one.other]
        weights = (one.statistic, one.low, one.high, one.nominal, one.effective)
        yield (
            layout.framework,
            layout.items[one.item],
            one.flag,
            other,
            *weights,
            one.draws,
            seed,
            one.units,
        )


def _cell(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
