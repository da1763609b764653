"""How far a unit lies from the median of its kind, node by node, and whether that is a strength or a weakness.

Ranks and medians are of units of one kind only. Not here: the thresholds' rows, rows in the warehouse (`write`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.analysis.layout import Flags, Floats, Layout

_HAIR = 1e-9


@dataclass(frozen=True)
class PeerGaps:
    """All (nodes, subjects); nan where a unit is not compared. `units`: how many of the kind are."""

    median: Floats
    units: Floats
    gap: Floats
    is_strength: Flags
    is_weakness: Flags


def peer_gaps(layout: Layout, score: Floats, is_compared: Flags, thresholds: Mapping[str, float]) -> PeerGaps:
    """`score` and `is_compared` (nodes, subjects). A threshold without a row is never reached."""
    median = np.full(score.shape, np.nan)
    units = np.zeros(score.shape)
    kinds = np.array(layout.kinds)
    for kind in sorted(set(layout.kinds)):
        of_kind = np.flatnonzero(kinds == kind)
        for node in range(len(layout.nodes)):
            peers = of_kind[is_compared[node, of_kind]]
            if peers.size:
                median[node, peers] = np.median(score[node, peers])
                units[node, peers] = peers.size
    gap = score - median
    enough = units >= thresholds.get("peers_least", np.inf)
    return PeerGaps(
        median=median,
        units=units,
        gap=gap,
        is_strength=enough & (gap >= thresholds.get("strength_gap", np.inf) - _HAIR),
        is_weakness=enough & (gap <= _HAIR - thresholds.get("weakness_gap", np.inf)),
    )
