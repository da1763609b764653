"""What a submission's open issues mark, and the last accepted value of each place: read from the ledger.

Not here: sentences (`sentences.py`), the workbook.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import class_row

from expectations.rulebook import RULES
from orchestration.core.quarters import previous
from orchestration.core.states import UNMENDED

Connection = psycopg.Connection[Any]
# Rules on a pair: the fault is the numerator's and the denominator's.
_ON_PAIRS = frozenset(rule.name for rule in RULES if rule.frame == "observations")
_SPOTS = """
    with spot as (
        select
            issue.*,
            cell.issue is not null as is_one_of_many,
            coalesce(cell.source_file, issue.source_file) as file,
            case when cell.issue is null then issue.source_sheet else cell.source_sheet end as sheet,
            nullif(coalesce(cell.source_cell, issue.source_cell), '') as address,
            case when cell.issue is null then issue.found else cell.found end as place_found
        from quality.issue as issue
        left join quality.issue_cell as cell
            on cell.issue = issue.id and cell.submission = issue.last_submission and issue.cells > 1
        where issue.last_submission = %(submission)s and issue.state = any(%(states)s)
    )
    select
        spot.id as issue, spot.rule, spot.severity, spot.is_one_of_many, spot.file, spot.sheet, spot.address,
        spot.place_found as found, spot.message_zh, spot.message_en, spot.todo_zh, spot.todo_en, spot.due_on,
        own.subject_text, own.header, own.raw_text,
        partner.address as partner, partner.raw_text as partner_text,
        coalesce(before.raw_text, case when not spot.is_one_of_many then spot.last_value end) as last
    from spot
    left join raw.cell as own
        on own.quarter = %(quarter)s and own.submission = %(submission)s and own.file_name = spot.file
            and own.sheet is not distinct from spot.sheet and own.address = spot.address
    left join raw.cell as partner
        on partner.quarter = %(quarter)s and partner.submission = %(submission)s
            and partner.file_name = own.file_name and partner.sheet is not distinct from own.sheet
            and partner.row_number = own.row_number and partner.item = own.item
            and own.role = 'numerator' and partner.role = 'denominator'
    left join raw.cell as before
        on before.quarter = %(last_quarter)s and before.submission = %(last)s and before.state = 'read'
            and before.framework = own.framework and before.subject_code = own.subject_code
            and before.item = own.item and before.role = own.role
    order by array_position(%(severities)s::text[], spot.severity), spot.file, spot.sheet nulls first,
        substring(spot.address from '[0-9]+$')::int nulls first, length(spot.address), spot.address, spot.id
"""
_LAST = """
    select id, quarter from raw.submission
    where institution = %(institution)s and department = %(department)s and state = 'accepted'
        and (quarter = %(quarter)s and number < %(number)s or quarter = %(before)s)
    order by quarter desc, number desc limit 1
"""


@dataclass(frozen=True)
class Submission:
    """One submission, as far as giving it back needs it; `sha256` is its content hash."""

    id: int
    institution: str
    quarter: str
    department: str
    number: int
    sha256: str


@dataclass(frozen=True)
class Spot:
    """One place of an issue. `partner` is the denominator's cell; `last` the value accepted last, as written."""

    issue: int
    rule: str
    severity: str
    is_one_of_many: bool
    file: str | None
    sheet: str | None
    address: str | None
    found: str | None
    message_zh: str
    message_en: str
    todo_zh: str
    todo_en: str
    due_on: date | None
    subject_text: str | None
    header: str | None
    raw_text: str | None
    partner: str | None
    partner_text: str | None
    last: str | None

    @property
    def is_pair(self) -> bool:
        """Whether the fault lies in the numerator and the denominator together."""
        return self.rule in _ON_PAIRS and self.partner is not None

    @property
    def cell(self) -> str | None:
        """The address, where it is one."""
        return self.address if re.fullmatch("[A-Z]{1,3}[0-9]{1,7}", self.address or "") else None


def find_submission(conn: Connection, submission: int) -> Submission | None:
    """The submission of this id."""
    with conn.cursor(row_factory=class_row(Submission)) as cursor:
        cursor.execute(
            "select id, institution, quarter, department, number, sha256 from raw.submission where id = %s",
            (submission,),
        )
        return cursor.fetchone()


def find_spots(conn: Connection, submission: Submission) -> Sequence[Spot]:
    """Every place that the submission's unmended issues name, the worst first, then in the order of the sheets.

    The value accepted last is that of the department's last accepted submission before this one, of the quarter
    or else of the quarter before.
    """
    where = {**vars(submission), "before": previous(submission.quarter)}
    last = conn.execute(_LAST, where).fetchone() or (None, None)
    with conn.cursor(row_factory=class_row(Spot)) as cursor:
        cursor.execute(
            _SPOTS,
            {
                "submission": submission.id,
                "quarter": submission.quarter,
                "states": list(UNMENDED),
                "severities": ["block", "quarantine", "warn"],
                "last": last[0],
                "last_quarter": last[1],
            },
        )
        return cursor.fetchall()
