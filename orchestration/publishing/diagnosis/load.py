"""From the marts and the catalogue to one `DiagnosisData`: one read for all subjects. Reads marts and nothing else.

Not here: what is said of it, which connection and snapshot it is read on (the caller's).
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.periods import previous_period, quarters_of
from orchestration.core.quarters import previous
from orchestration.publishing.diagnosis import rows
from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.follow_up.load import open_tasks, open_warnings
from orchestration.publishing.heat_map.load import assemble, owing
from orchestration.publishing.heat_map.model import QUARTERS_SHOWN, HeatMap, Score
from orchestration.publishing.marts import read_rows

Connection = psycopg.Connection[tuple[object, ...]]
Row = TypeVar("Row")

# Nobody's score of an office-holder stands in a document.
_SUBJECTS = "subject_kind in ('unit', 'institution')"
_AT = "institution = %(institution)s and framework = %(framework)s and "
_OF_QUARTER = _AT + "quarter = %(quarter)s and " + _SUBJECTS
_OF_QUARTERS = _AT + "quarter = any(%(quarters)s) and " + _SUBJECTS
_OF_PERIODS = _AT + "period in (%(period)s, %(previous_period)s) and " + _SUBJECTS
# A unit's line is drawn of its root and first level, the institution's of every node.
_OF_TREND = (
    _AT
    + "catalogue_quarter = %(quarter)s and quarter = any(%(trend)s) and (subject_kind = 'institution' "
    + "or (subject_kind = 'unit' and level <= 1))"
)
_OPEN_ISSUES = (
    "institution = %(institution)s and framework = %(framework)s and quarter = any(%(quarters)s) "
    "and subject_code is not null and state not in ('fixed', 'waived', 'rejected')"
)
_PENDING = _OF_QUARTERS + " and state in ('under_review', 'upheld')"

_KEYS = (
    "quarter",
    "subject_kind",
    "subject_code",
    "indicator",
    "target_band",
    "step",
    "item",
    "department",
    "state",
    "unit_kind",
    "band",
    "issue",
    "objection",
)

_ORIGINALS = """
    select quarter, min(catalogue_hash)
    from marts.fct_indicator_score
    where institution = %(institution)s
        and framework = %(framework)s
        and quarter = any(%(trend)s)
        and indicator = %(root)s
    group by quarter
    order by quarter
"""

_ARRIVED = """
    select department, max(received_at)
    from marts.fct_submission
    where institution = %(institution)s and quarter = any(%(quarters)s) and is_counted
    group by department
"""


def load_diagnosis(
    conn: Connection,
    catalogue: Catalogue,
    institution: str,
    framework: str,
    period: str,
    *,
    min_coverage: float,
    timezone: str = "UTC",
    is_draft: bool = False,
) -> DiagnosisData:
    """What the diagnoses of one framework over units rest on, as the reader of `conn` (pipeline) may see it.

    `period` is a half-year or a year; `catalogue` the catalogue at its last quarter. Several statements: read in
    one REPEATABLE READ transaction. Raises ValueError for another period, StopIteration for an institution or
    framework that the catalogue does not hold.
    """
    where = _where(institution, framework, period)
    quarter, quarters, trend = where["quarter"], where["quarters"], where["trend"]
    known = catalogue.at(quarter)
    arrived: Mapping[str, datetime] = dict(conn.execute(_ARRIVED, where).fetchall())  # type: ignore[arg-type]
    frame = _frame(conn, known, where, min_coverage, frozenset(arrived))
    data = DiagnosisData(
        catalogue=known,
        frame=frame,
        period=period,
        previous_period=previous_period(period),
        quarter=quarter,
        quarters=tuple(quarters),
        trend_quarters=tuple(trend),
        is_draft=is_draft,
        data_on=max(arrived.values()).astimezone(ZoneInfo(timezone)).date() if arrived else None,
        objection_workdays=_objection_workdays(known),
        **_of_quarter(conn, {**where, "root": frame.root.code}),
    )
    versions = {row.score_version for row in (*frame.scores, *data.scores)}
    return replace(data, score_versions=tuple(sorted(versions)))


def _where(institution: str, framework: str, period: str) -> dict[str, Any]:
    """What the conditions name."""
    quarters = quarters_of(period)
    return {
        "institution": institution,
        "framework": framework,
        "period": period,
        "previous_period": previous_period(period),
        "quarter": quarters[-1],
        "quarters": list(quarters),
        "trend": [previous(quarters[-1], back) for back in reversed(range(QUARTERS_SHOWN))],
    }


def _frame(
    conn: Connection,
    catalogue: Catalogue,
    where: Mapping[str, Any],
    min_coverage: float,
    arrived: frozenset[str],
) -> HeatMap:
    """The tree, bands and kinds of the last quarter with the scores of the period and the one before."""
    rows_read = _read(conn, "fct_period_score", Score, _OF_PERIODS, where, renamed={"quarter": "period"})
    institution = where["institution"]
    frame = assemble(catalogue, institution, where["framework"], where["quarter"], (), min_coverage)
    return replace(
        frame,
        scores=tuple(row for row in rows_read if row.quarter == where["period"]),
        before=tuple(row for row in rows_read if row.quarter != where["period"]),
        absent=tuple(row for row in owing(catalogue, institution) if row.code not in arrived),
    )


def _objection_workdays(catalogue: Catalogue) -> int:
    """The shortest term of any department: who keeps it is in time with each."""
    return min((contract_of(row.code).objection_workdays for row in catalogue.departments), default=0)


def _of_quarter(conn: Connection, where: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `DiagnosisData` that are rows of a quarter's marts, in an order that does not change."""
    originals: list[tuple[str, str]] = conn.execute(_ORIGINALS, where).fetchall()  # type: ignore[assignment]
    return {
        "originals": tuple(originals),
        "scores": _read(conn, "fct_indicator_score", Score, _OF_QUARTER, where),
        "restated": _read(conn, "fct_restated_score", Score, _OF_TREND, where),
        "items": _read(conn, "fct_item_score", rows.ItemRow, _OF_QUARTER, where),
        "changes": _read(conn, "fct_score_change", rows.ChangeRow, _OF_QUARTER, where),
        "steps": _read(conn, "fct_leverage", rows.StepRow, _OF_QUARTER, where),
        "losses": _read(
            conn,
            "fct_lost_points",
            rows.LostRow,
            _OF_QUARTER,
            where,
            order=("subject_kind", "subject_code", "dimension", "loss_rank", "code"),
        ),
        "draws": _read(
            conn, "fct_robustness", rows.RobustRow, _OF_QUARTER + " and indicator = %(root)s", where
        ),
        "gaps": _read(conn, "fct_peer_gap", rows.GapRow, _OF_QUARTER, where),
        "cells": _read(conn, "fct_cell_count", rows.CellRow, _OF_QUARTERS, where),
        "band_counts": _read(conn, "fct_band_count", rows.BandCountRow, _AT + "period = %(period)s", where),
        "issues": _read(conn, "fct_validation_issue", rows.IssueRow, _OPEN_ISSUES, where),
        "warnings": open_warnings(conn, where["institution"], where["framework"], where["quarter"]),
        "tasks": open_tasks(conn, where["institution"], where["framework"], where["quarter"]),
        "objections": _read(conn, "fct_objection", rows.ObjectionRow, _PENDING, where),
    }


def _read(
    conn: Connection,
    mart: str,
    kind: type[Row],
    condition: str,
    where: Mapping[str, object],
    *,
    renamed: Mapping[str, str] | None = None,
    order: tuple[str, ...] = (),
) -> tuple[Row, ...]:
    """The rows of one mart as `kind`, in the order of their key where no other is asked for."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return read_rows(conn, mart, kind, condition, where, ", ".join(order or _ordered(names)), renamed=renamed)


def _ordered(names: list[str]) -> list[str]:
    """The columns of the rows' key, so that equal marts give equal documents."""
    return [name for name in _KEYS if name in names]
