"""What a submission's open issues mark, and the last accepted value of each place: read from the ledger.

Not here: sentences (`sentences.py`), the workbook.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import class_row, dict_row

from expectations.rulebook import RULES
from orchestration.core.quarters import previous
from orchestration.core.states import UNMENDED
from orchestration.stewardship.signatures import OWN_ROW

Connection = psycopg.Connection[Any]
# Rules on a pair: the fault is the numerator's and the denominator's.
_ON_PAIRS = frozenset(rule.name for rule in RULES if rule.frame == "observations")
_PLACES = """
    with place as (
        select
            issue.id as issue, issue.rule, issue.severity, cell.issue is not null as is_one_of_many,
            coalesce(cell.source_file, issue.source_file) as file,
            case when cell.issue is null then issue.source_sheet else cell.source_sheet end as sheet,
            nullif(coalesce(cell.source_cell, issue.source_cell), '') as address,
            case when cell.issue is null then issue.found else cell.found end as found,
            issue.message_zh, issue.message_en, issue.todo_zh, issue.todo_en, issue.due_on, issue.last_value
        from quality.issue as issue
        left join quality.issue_cell as cell
            on cell.issue = issue.id and cell.submission = issue.last_submission and issue.cells > 1
        where issue.last_submission = %(submission)s and issue.state = any(%(states)s)
            and issue.rule <> %(own_row)s       -- nothing that the department could mend
    )
    select * from place
    order by array_position(%(severities)s::text[], severity), file, sheet nulls first,
        substring(address from '[0-9]+$')::bigint nulls first, length(address), address, issue
"""
_CELLS = """
    select file_name, sheet, address, row_number, framework, subject_code, subject_text, header, item, role,
        raw_text, state
    from raw.cell where quarter = %s and submission = %s
"""
_SUBMISSION = """
    with stale as (
        select submission from quality.rule_result where rule = 'stale_return' and failing > 0
    )
    select own.id, own.institution, own.quarter, own.department, own.number, own.sha256
    from raw.submission as asked
    inner join raw.submission as own using (institution, quarter, department)
    where asked.id = %(submission)s
        and (own.id = asked.id or asked.id in (select submission from stale))
        and own.id not in (select submission from stale)
    order by own.number desc limit 1
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
    """The submission of this id; for one refused as stale the department's last one that was not."""
    with conn.cursor(row_factory=class_row(Submission)) as cursor:
        cursor.execute(_SUBMISSION, {"submission": submission})
        return cursor.fetchone()


def find_spots(conn: Connection, submission: Submission) -> Sequence[Spot]:
    """Every place that the submission's unmended issues name, the worst first, then in the order of the sheets.

    The value accepted last is that of the department's last accepted submission before this one, of the quarter
    or else of the quarter before.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            _PLACES,
            {
                "submission": submission.id,
                "own_row": OWN_ROW,
                "states": list(UNMENDED),
                "severities": ["block", "quarantine", "warn"],
            },
        )
        places = cursor.fetchall()
    # Joined here: how many cells a submission has is news to a database that has just landed them.
    cells = _cells(conn, submission.quarter, submission.id)
    own = {cell.place: cell for cell in cells}
    halves = {(*cell.row, cell.item): cell for cell in cells if cell.role == "denominator"}
    last = conn.execute(_LAST, {**vars(submission), "before": previous(submission.quarter)}).fetchone()
    before = (
        {cell.key: cell.raw_text for cell in _cells(conn, last[1], last[0]) if cell.state == "read"}
        if last
        else {}
    )
    return [_spot(place, own, halves, before) for place in places]


class _Cell(NamedTuple):
    file: str
    sheet: str | None
    address: str
    row_number: int
    framework: str
    subject_code: str | None
    subject_text: str | None
    header: str
    item: str
    role: str
    raw_text: str | None
    state: str

    @property
    def place(self) -> tuple[str, str | None, str]:
        """Where it stands."""
        return self.file, self.sheet, self.address

    @property
    def row(self) -> tuple[str, str | None, int]:
        """The row it stands in."""
        return self.file, self.sheet, self.row_number

    @property
    def key(self) -> tuple[str, str | None, str, str]:
        """Whose it is, in whatever submission."""
        return self.framework, self.subject_code, self.item, self.role


def _cells(conn: Connection, quarter: str, submission: int) -> list[_Cell]:
    return [_Cell(*row) for row in conn.execute(_CELLS, (quarter, submission))]


def _spot(
    place: Mapping[str, Any],
    own: Mapping[tuple[str, str | None, str], _Cell],
    halves: Mapping[tuple[str, str | None, int, str], _Cell],
    before: Mapping[tuple[str, str | None, str, str], str | None],
) -> Spot:
    values = dict(place)
    last_value = values.pop("last_value")
    cell = own.get((place["file"], place["sheet"], place["address"]))
    partner = halves.get((*cell.row, cell.item)) if cell and cell.role == "numerator" else None
    last = before.get(cell.key) if cell and cell.subject_code else None
    return Spot(
        **values,
        subject_text=cell and cell.subject_text,
        header=cell and cell.header,
        raw_text=cell and cell.raw_text,
        partner=partner and partner.address,
        partner_text=partner and partner.raw_text,
        last=last or (None if place["is_one_of_many"] else last_value),
    )
