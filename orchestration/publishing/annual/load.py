"""From the marts and the catalogue to one `AnnualData`. Reads marts and nothing else.

Not here: what is said of it, which connection and snapshot it is read on (the caller's).
"""

from collections.abc import Mapping

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous
from orchestration.publishing.annual import rows
from orchestration.publishing.annual.model import AnnualData
from orchestration.publishing.diagnosis.load import load_diagnosis
from orchestration.publishing.diagnosis.rows import ChangeRow
from orchestration.publishing.follow_up.rows import RateRow, RectificationRow, WarningRow
from orchestration.publishing.marts import read_rows

# The row of `report_thresholds.csv` below which a colour is listed among results that are not robust.
ROBUST = "robust_probability"
Connection = psycopg.Connection[tuple[object, ...]]

_AT = "institution = %(institution)s and framework = %(framework)s and "
# Of this tree, or of none.
_OF_ANY = "institution = %(institution)s and coalesce(framework, %(framework)s) = %(framework)s and "
_SCHOOL = "subject_kind = 'institution' and subject_code = %(institution)s"
_READS: Mapping[str, tuple[str, type[object], str, str]] = {
    "quality": (
        "fct_data_quality",
        rows.QualityRow,
        "institution = %(institution)s and (period = %(year)s or period = any(%(quarters)s))",
        "period, department",
    ),
    "tasks": ("fct_key_task", rows.TaskRow, _AT + "year = %(year)s", "due_on, task"),
    "assessments": ("fct_assessment", rows.AssessmentRow, _AT + "year = %(year)s", "assessment"),
    "moves": (
        "fct_score_change",
        ChangeRow,
        _AT + "quarter = any(%(quarters)s) and indicator = %(root)s and " + _SCHOOL,
        "quarter",
    ),
    "nodes": (
        "fct_indicator_score",
        rows.NodeRow,
        _AT + "(quarter = any(%(quarters)s) or quarter = %(before)s) and " + _SCHOOL,
        "quarter, level, indicator",
    ),
    "draws": (
        "fct_robustness",
        rows.DrawRow,
        _AT
        + "quarter = %(quarter)s and subject_kind in ('unit', 'institution')"
        + " and (indicator = %(root)s or (indicator = any(%(firsts)s) and "
        + _SCHOOL
        + "))",
        "subject_kind, subject_code, indicator, band",
    ),
    "flags": ("fct_item_flag", rows.FlagRow, _AT + "quarter = %(quarter)s", "flag, item, other_item"),
    "rates": ("fct_rectification_rate", RateRow, "institution = %(institution)s", "dimension, code"),
    "tasks_done": (
        "fct_rectification",
        RectificationRow,
        _OF_ANY + "state = 'struck_off' and to_char(struck_off_on, 'YYYY') = %(year)s",
        "struck_off_on, rectification",
    ),
    "warnings_ended": (
        "fct_warning",
        WarningRow,
        _OF_ANY + "to_char(ended_on, 'YYYY') = %(year)s",
        "ended_on, warning",
    ),
}


def load_annual(
    conn: Connection,
    catalogue: Catalogue,
    institution: str,
    framework: str,
    year: str,
    *,
    min_coverage: float,
    timezone: str = "UTC",
    is_draft: bool = False,
) -> AnnualData:
    """What the yearly report of one framework over units rests on, as the reader of `conn` (pipeline) may see it.

    `catalogue` as it holds in the year's last quarter, or whole. Several statements: read in one REPEATABLE READ
    transaction. The register of key tasks is in the warehouse already (`stewardship.key_tasks.enter_register`).
    Raises what `load_diagnosis` raises.
    """
    base = load_diagnosis(
        conn,
        catalogue,
        institution,
        framework,
        year,
        min_coverage=min_coverage,
        timezone=timezone,
        is_draft=is_draft,
    )
    where = {
        "institution": institution,
        "framework": framework,
        "year": year,
        "quarters": list(base.quarters),
        "before": previous(base.quarters[0]),
        "quarter": base.quarter,
        "root": base.root,
        "firsts": [node.code for node in base.frame.firsts],
    }
    counts = read_rows(conn, "fct_key_task_count", rows.TaskCountRow, _COUNT, where, "year")
    found = {
        name: read_rows(conn, mart, kind, condition, where, order)
        for name, (mart, kind, condition, order) in _READS.items()
    }
    least = {row.code: row.value for row in catalogue.report_thresholds}.get(ROBUST)
    return AnnualData(base, task_count=next(iter(counts), None), robust_least=least, **found)  # type: ignore[arg-type]


_COUNT = "institution = %(institution)s and year = %(year)s"
