"""From the marts and the catalogue to one `HeatMap`. Reads marts and nothing else.

Not here: wording, drawing, writing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue, Department, Indicator, Unit
from orchestration.core.quarters import previous
from orchestration.publishing.follow_up.load import open_tasks, open_warnings
from orchestration.publishing.heat_map.model import (
    QUARTERS_SHOWN,
    SCHOOL,
    HeatMap,
    Kind,
    Leaf,
    Objection,
    Score,
)

Row = TypeVar("Row", Indicator, Unit)

# One statement, so that every quarter is read from the same snapshot.
_ROWS = """
    select {columns}
    from marts.fct_indicator_score
    where institution = %(institution)s
        and framework = %(framework)s
        and subject_kind in ('unit', 'institution')
        and (
            quarter in (%(quarter)s, %(before)s)
            or (quarter = any(%(shown)s) and subject_kind = 'institution')
        )
    order by quarter, subject_kind, subject_code, indicator
""".format(columns=", ".join(field.name for field in fields(Score)))  # noqa: S608


_SUBMISSIONS = """
    select department, max(received_at)
    from marts.fct_submission
    where institution = %s and quarter = %s and is_counted
    group by department
"""

_OBJECTIONS = """
    select subject_code, item, score_with, score_without, contested_version is not null
    from marts.fct_objection
    where institution = %s and framework = %s and quarter = %s and state = 'under_review'
    order by objection
"""


def load_heat_map(
    conn: psycopg.Connection[tuple[object, ...]],
    catalogue: Catalogue,
    institution: str,
    framework: str,
    quarter: str,
    *,
    min_coverage: float,
    timezone: str = "UTC",
) -> HeatMap:
    """The heat map of one framework over units, as the reader of `conn` (pipeline or bi_reader) may see it.

    `catalogue` is the catalogue at `quarter`; `min_coverage` (a share) is only printed, and `timezone` only
    decides on which day the last data arrived.
    Raises StopIteration for an institution or framework that the catalogue does not hold.
    """
    shown = [previous(quarter, back) for back in range(QUARTERS_SHOWN)]
    with conn.cursor(row_factory=class_row(Score)) as cursor:
        cursor.execute(
            _ROWS,
            {
                "institution": institution,
                "framework": framework,
                "quarter": quarter,
                "before": previous(quarter),
                "shown": shown,
            },
        )
        rows = cursor.fetchall()
    arrived: dict[str, datetime] = dict(conn.execute(_SUBMISSIONS, (institution, quarter)).fetchall())  # type: ignore[arg-type]
    heat_map = replace(
        assemble(catalogue, institution, framework, quarter, rows, min_coverage),
        objections=_objections(conn, catalogue, (institution, framework, quarter)),
        warnings=open_warnings(conn, institution, framework, quarter),
        tasks=open_tasks(conn, institution, framework, quarter),
    )
    if not arrived:
        return heat_map
    absent = tuple(row for row in owing(catalogue, institution) if row.code not in arrived)
    return replace(
        heat_map, absent=absent, data_on=max(arrived.values()).astimezone(ZoneInfo(timezone)).date()
    )


def _objections(
    conn: psycopg.Connection[tuple[object, ...]], catalogue: Catalogue, where: tuple[str, str, str]
) -> tuple[Objection, ...]:
    """What is under review, named as the catalogue names it."""
    items = {row.code: row for row in catalogue.items}
    found: Iterable[tuple[str, str, float | None, float | None, bool]] = conn.execute(_OBJECTIONS, where)  # type: ignore[assignment]
    return tuple(
        Objection(subject, items[item], with_cell, without_cell, is_scored)
        for subject, item, with_cell, without_cell, is_scored in found
        if item in items
    )


def owing(catalogue: Catalogue, institution: str) -> list[Department]:
    """The departments that report an item which applies to some subject of the institution."""
    subjects = [(row.code, row.kind) for row in catalogue.units if row.institution == institution]
    subjects += [(row.code, row.post_level) for row in catalogue.posts if row.institution == institution]
    owe = {item.department for item in catalogue.items if any(item.applies(*subject) for subject in subjects)}
    return [row for row in catalogue.departments if row.code in owe]


def assemble(
    catalogue: Catalogue,
    institution: str,
    framework: str,
    quarter: str,
    rows: Sequence[Score],
    min_coverage: float,
) -> HeatMap:
    """The heat map made of `rows` (any order) and the names, tree, kinds and bands of the catalogue."""
    indicators = tuple(_sorted(row for row in catalogue.indicators if row.framework == framework))
    root = next(row for row in indicators if row.level == 0)
    history = tuple(row for row in rows if row.subject_kind == SCHOOL)
    shown = {previous(quarter, back) for back in range(QUARTERS_SHOWN)}
    first_shown = min((row.quarter for row in history if row.quarter in shown), default=quarter)
    return HeatMap(
        institution=next(row for row in catalogue.institutions if row.code == institution),
        framework=next(row for row in catalogue.frameworks if row.code == framework),
        quarter=quarter,
        quarters=tuple(sorted(known for known in shown if known >= first_shown)),
        min_coverage=min_coverage,
        bands=tuple(sorted(catalogue.bands, key=lambda band: band.rank)),
        caps=tuple(cap for cap in catalogue.colour_caps if cap.framework == framework),
        indicators=indicators,
        root=root,
        firsts=tuple(row for row in indicators if row.parent == root.code),
        leaves=tuple(_leaves(indicators, root)),
        absent=(),
        data_on=None,
        kinds=_kinds(_sorted(row for row in catalogue.units if row.institution == institution)),
        scores=tuple(row for row in rows if row.quarter == quarter),
        before=tuple(row for row in rows if row.quarter == previous(quarter)),
        history=history,
    )


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """By `sort`, blanks last, otherwise as they stand in the file."""
    return sorted(rows, key=lambda row: (row.sort is None, row.sort or 0))


def _leaves(indicators: Sequence[Indicator], root: Indicator) -> Iterable[Leaf]:
    """Leaves in tree order, each with its first-level ancestor."""

    def below(node: Indicator, first: Indicator) -> Iterable[Leaf]:
        children = [row for row in indicators if row.parent == node.code]
        if not children:
            yield Leaf(node, first)
        for child in children:
            yield from below(child, first)

    for first in indicators:
        if first.parent == root.code:
            yield from below(first, first)


def _kinds(units: Sequence[Unit]) -> tuple[Kind, ...]:
    """Units by kind, kinds in the order in which the catalogue first names them."""
    kinds = dict.fromkeys(unit.kind for unit in units)
    return tuple(Kind(kind, tuple(unit for unit in units if unit.kind == kind)) for kind in kinds)
