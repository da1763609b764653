"""Colours of arrays of scores: by score alone, and what bound and caps make of a root before a person confirms.

scoring.md section 7, rules 1 and 2, which dbt decides for the record. A colour is its place among those that a
score can have, 0 = best; `Bands.grey` is one more. Not here: confirmation, ranks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from orchestration.analysis.layout import Flags, Floats
from orchestration.core.catalogue.models import Band, Catalogue

Places = NDArray[np.int64]
_HAIR = 1e-3


@dataclass(frozen=True)
class Bands:
    """The colours best first: code, least score, whether it alarms; and grey's code."""

    codes: tuple[str, ...]
    least: tuple[float, ...]
    alarms: tuple[bool, ...]
    grey_code: str

    @property
    def grey(self) -> int:
        """The place of grey: behind the worst."""
        return len(self.codes)

    @property
    def all_codes(self) -> tuple[str, ...]:
        """Every code by place, grey last."""
        return (*self.codes, self.grey_code)

    def place(self, code: str | None) -> int:
        """The place of a code; grey's where there is none."""
        return self.codes.index(code) if code in self.codes else self.grey


@dataclass(frozen=True)
class Cap:
    """A rule that holds a root down: a node of `level` at `trigger` or worse, or (None) a grave case."""

    level: int | None
    trigger: int
    at_most: int


def bands_of(catalogue: Catalogue) -> Bands:
    """The colours of a catalogue narrowed to a quarter."""
    scored: Iterable[tuple[int, str, float, Band]] = (
        (row.rank, row.code, row.min_score, row) for row in catalogue.bands if row.min_score is not None
    )
    ordered = sorted(scored, key=lambda one: one[:2])
    grey = next(row.code for row in catalogue.bands if row.min_score is None)
    return Bands(
        codes=tuple(code for _, code, _, _ in ordered),
        least=tuple(least for _, _, least, _ in ordered),
        alarms=tuple(row.alarm for *_, row in ordered),
        grey_code=grey,
    )


def caps_of(catalogue: Catalogue, framework: str, bands: Bands) -> tuple[Cap, ...]:
    """The caps of a framework; every one acts, also those that a person has yet to confirm."""
    return tuple(
        Cap(
            level=row.when_level if row.when == "node" else None,
            trigger=bands.place(row.when_band),
            at_most=bands.place(row.at_most_band),
        )
        for row in catalogue.colour_caps
        if row.framework == framework
    )


def rounded(values: Floats) -> Floats:
    """To 6 decimals as Postgres rounds a double through numeric: halves of 15 digits away from zero."""
    scaled = values * 1e6
    found: Floats = np.rint(scaled) / 1e6
    near = np.abs(scaled - np.floor(scaled) - 0.5) <= _HAIR
    if near.any():
        found[near] = [_exactly(value) for value in values[near]]
    return found


def by_score(bands: Bands, scores: Floats) -> Places:
    """The colour of each score alone: the best whose least score it reaches, below all the worst; nan: grey."""
    ascending = np.array(bands.least[::-1])
    reached = np.searchsorted(ascending, rounded(scores), side="right")
    found = np.minimum(len(bands.least) - reached, len(bands.least) - 1)
    return np.where(np.isnan(scores), bands.grey, found)


def root_band(
    bands: Bands,
    caps: Iterable[Cap],
    tree: Places,
    levels: tuple[int, ...],
    ends: tuple[Places, Places],
    grave: Flags,
) -> Places:
    """(…): the root's colour before confirmation.

    `tree` (nodes, …): colours by score, grey where coverage says so; `ends`: the colours of the root's low and
    high score, grey for none; `grave` (…): whether a grave case stands.
    """
    root = tree[levels.index(0)]
    alarms = np.array([*bands.alarms, False])
    silent = np.where(alarms[ends[1]], ends[1], bands.grey)
    bound = np.where((root == 0) & alarms[ends[0]], min(1, bands.grey - 1), root)
    own = np.where(root == bands.grey, silent, bound)
    capped = own
    for cap in caps:
        acts = grave if cap.level is None else _is_hit(bands, cap, tree, levels)
        capped = np.where(acts, np.maximum(capped, cap.at_most), capped)  # grey, behind the worst, stays
    return capped


def _is_hit(bands: Bands, cap: Cap, tree: Places, levels: tuple[int, ...]) -> Flags:
    nodes = tree[[place for place, level in enumerate(levels) if level == cap.level]]
    found: Flags = ((nodes != bands.grey) & (nodes >= cap.trigger)).any(axis=0)
    return found


def _exactly(value: float) -> float:
    return float(Decimal(f"{value:.15g}").quantize(Decimal("0.000001"), ROUND_HALF_UP))
