"""The pages of every department's contract, and of what a quarter's submissions made of it.

Not here: the pages themselves (`expectations.documents`).
"""

from collections.abc import Sequence
from pathlib import Path

import psycopg

from expectations.documents import Submitted, are_current, write_documents
from orchestration.settings import Settings
from orchestration.warehouse.catalogue import read_catalogue

_JUDGED = """
    select submission.id, submission.institution, submission.quarter, submission.department, submission.number,
        submission.state, submission.received_at, result.rule, result.evaluated, result.failing
    from raw.submission
    join quality.rule_result as result on result.submission = submission.id
    where submission.quarter = %s
    order by submission.institution, submission.department, submission.number, result.rule
"""


def write_contract_pages(settings: Settings, submissions: Sequence[Submitted] = ()) -> Path:
    """Write the pages into `settings.contract_pages`; the index that leads to all of them. Takes seconds."""
    write_documents(_departments(settings), settings.contract_pages, submissions)
    return settings.contract_pages / "index.html"


def contract_pages_are_current(settings: Settings) -> bool:
    """Whether the pages stand and show the contracts as they are now. Costs milliseconds."""
    return are_current(_departments(settings), settings.contract_pages)


def judged_submissions(conn: psycopg.Connection, quarter: str) -> list[Submitted]:
    """Every submission of the quarter, accepted or refused, with what each rule counted."""
    submissions: dict[int, Submitted] = {}
    for key, institution, at, department, number, state, received_at, rule, *counts in conn.execute(
        _JUDGED, (quarter,)
    ):
        name = f"{at} {institution} {number} {state}"
        own = submissions.setdefault(key, Submitted(department, name, received_at, {}))
        own.counts[rule] = (counts[0], counts[1])
    return list(submissions.values())


def _departments(settings: Settings) -> list[str]:
    return [department.code for department in read_catalogue(settings.catalogue).departments]
