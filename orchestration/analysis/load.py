"""One score version read from the warehouse onto the axes of a layout. Not here: arithmetic, writing (`write`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import numpy as np
import psycopg
from numpy.typing import NDArray

from orchestration.analysis.layout import Flags, Floats, Layout
from orchestration.analysis.tree import ABSENT, NOT_APPLICABLE, NOT_DUE, REPORTED, Cells
from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue

Connection = psycopg.Connection[Any]
Names = NDArray[np.object_]
Version = tuple[str, str]  # a score version and its quarter
_STATES = {"reported": REPORTED, "missing": ABSENT, "under_review": ABSENT, "not_applicable": NOT_APPLICABLE}


class NotRestated(Exception):
    """A version that the analysis needs was not scored: one quarter's data under another quarter's catalogue."""


class OtherCatalogue(Exception):
    """A version was scored by another catalogue than the one at hand: the quarter is to be run again first."""


@dataclass(frozen=True)
class ItemFigures:
    """All (items, subjects); `low` and `high` are the bounds, points off for negative items."""

    cells: Cells
    low: Floats
    high: Floats
    is_grave: Flags


@dataclass(frozen=True)
class NodeFigures:
    """All (nodes, columns). Colours by code, None where there is none; `band_pending` would stand once confirmed."""

    score: Floats
    effective_weight: Floats
    band: Names
    band_by_score: Names
    band_pending: Names


def current_version(conn: Connection, institution: str, quarter: str, catalogue: Catalogue) -> str | None:
    """The version that readers see; None before the quarter was scored.

    Raises OtherCatalogue where it was not scored by `catalogue`, which is narrowed to the quarter.
    """
    found = _name(conn, _CURRENT, [institution, quarter])
    if found and catalogue_hash(catalogue) != _name(conn, _CATALOGUE, [found]):
        raise OtherCatalogue(
            f"{institution}: the catalogue changed since {quarter} was scored; run {quarter} again."
        )
    return found


def restated_version(
    conn: Connection, current: Version, catalogue_quarter: str, catalogue: Catalogue
) -> Version:
    """The version of the observations of `current` under the catalogue of another quarter.

    Raises NotRestated where it was not scored since either changed.
    """
    wanted = [current[0], catalogue_quarter, catalogue_hash(catalogue)]
    found = _name(conn, _RESTATED, wanted)
    if found is None:
        raise NotRestated(f"{current[1]} was not scored by the catalogue of {catalogue_quarter}.")
    return found, current[1]


def load_items(conn: Connection, version: str, quarter: str, layout: Layout) -> ItemFigures:
    """The cells of a version; where `layout` has a cell that the version has not, nothing is due."""
    shape = (len(layout.items), len(layout.subjects))
    rows, columns = _places(layout.items), _places(layout.subjects)
    state = np.full(shape, NOT_DUE, dtype=np.int8)
    worth, low, high = (np.full(shape, np.nan) for _ in range(3))
    grave = np.zeros(shape, dtype=bool)
    for item, subject, name, is_grave, *figures in conn.execute(_ITEMS, [quarter, version, layout.framework]):
        if item in rows and subject in columns:
            at = rows[item], columns[subject]
            state[at], grave[at] = _STATES[name], is_grave
            worth[at], low[at], high[at] = (_number(one) for one in figures)
    return ItemFigures(Cells(state, worth), low, high, grave)


def load_nodes(conn: Connection, version: str, quarter: str, layout: Layout) -> NodeFigures:
    """The nodes of a version."""
    shape = (len(layout.nodes), len(layout.columns))
    rows, columns = _places(layout.nodes), _places(layout.columns)
    score, weight = (np.full(shape, np.nan) for _ in range(2))
    names = [np.full(shape, None, dtype=object) for _ in range(3)]
    for node, kind, subject, own, effective, *bands in conn.execute(
        _NODES, [quarter, version, layout.framework]
    ):
        at = rows[node], columns[kind, subject]
        score[at], weight[at] = _number(own), _number(effective)
        for target, band in zip(names, bands, strict=True):
            target[at] = band
    return NodeFigures(score, weight, *names)


def _name(conn: Connection, query: LiteralString, values: list[str]) -> str | None:
    row = conn.execute(query, values).fetchone()
    return None if row is None else str(row[0])


def _places(codes: tuple[Any, ...]) -> Mapping[Any, int]:
    return {code: place for place, code in enumerate(codes)}


def _number(cell: float | None) -> float:
    return np.nan if cell is None else cell


_CURRENT: LiteralString = (
    "select score_version from ops.current_version where institution = %s and quarter = %s"
)
_CATALOGUE: LiteralString = "select catalogue_hash from ops.score_version where score_version = %s"
_RESTATED: LiteralString = """
    select score_version
    from ops.restated_version join ops.score_version using (score_version)
    where restates = %s and catalogue_quarter = %s and catalogue_hash = %s and scored_at is not null"""
_ITEMS: LiteralString = """
    select
        item, subject_code, state, coalesce(is_grave_case, false), coalesce(score, deduction),
        coalesce(score_low, deduction_low), coalesce(score_high, deduction_high)
    from scores.item_score
    where quarter = %s and score_version = %s and framework = %s"""
_NODES: LiteralString = """
    select
        indicator, subject_kind, subject_code, score, effective_weight, band, band_by_score, band_pending
    from scores.indicator_score
    where quarter = %s and score_version = %s and framework = %s"""
