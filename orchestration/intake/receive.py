"""Takes in one department's delivery: read, judge, land and note its issues, in one transaction.

Two deliveries of one department wait for each other; those of different departments do not. Not here: where
deliveries come from (`inbox`, `sources`), what a new delivery goes through (`receiving.taking`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.delivery import Finding
from orchestration.intake.inbox import STRAY_RULES
from orchestration.intake.incoming import Incoming
from orchestration.intake.issues import ledger
from orchestration.intake.issues.issue import Scope, fault_of, issues_of
from orchestration.intake.issues.noting import Noting
from orchestration.intake.issues.texts import Wording
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.receiving import landing
from orchestration.intake.receiving.receipt import Receipt, RuleReceipt, SampleCell, Standing
from orchestration.intake.receiving.rules import recorded_rules
from orchestration.intake.receiving.taking import Taking
from orchestration.settings import Settings
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse

__all__ = ["Receipt", "RuleReceipt", "SampleCell", "note_stray_paths", "receive"]


class _Last(NamedTuple):
    """The last submission of the department's quarter, whatever became of it."""

    id: int
    number: int
    state: Standing
    sha256: str
    cells_read: int
    cells_held: int


def receive(
    warehouse: Warehouse,
    reader: Reader,
    catalogue_at_quarter: Catalogue,
    incoming: Incoming,
    settings: Settings,
    run_id: str | None,
) -> Receipt:
    """Take in one delivery and say what became of it.

    The same bytes as the department's last submission of the quarter are `unchanged`, a returned workbook in
    which nothing was changed is `untouched`, no files are `absent`: then nothing is written. All else takes the
    next submission number, accepted or refused; a refused one leaves the last accepted standing. Raises OSError
    or SourceError where a file cannot be fetched.
    """
    where = (incoming.institution, incoming.quarter, incoming.department)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    files = [IncomingFile(landing.storable_text(file.file_name), file.fetch()) for file in incoming.files]
    with warehouse.connect() as conn:
        # Partitions belong to no submission; their lock must not be held while a file is read.
        conn.execute("select ops.open_quarter(%s)", (incoming.quarter,))
        conn.commit()
        _wait_for_turn(conn, incoming)
        last = _last_submission(conn, incoming)
        if not files or (last is not None and last.sha256 == landing.content_hash(files)):
            if last is None:
                Noting(conn, catalogue_at_quarter, where, today).absence()
            return _standing(conn, incoming, last if files else None)
        number = (last.number if last else 0) + 1
        marks = settings.missing_marks.split()
        taking = Taking(conn, catalogue_at_quarter, *where, files, number, run_id, today, marks)
        return taking.take(reader) or replace(_standing(conn, incoming, last), state="untouched")


def _wait_for_turn(conn: psycopg.Connection, incoming: Incoming) -> None:
    """One delivery of a department's quarter at a time, over all processes, until the transaction ends."""
    key = f"raw.submission/{incoming.institution}/{incoming.quarter}/{incoming.department}"
    conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))


def _last_submission(conn: psycopg.Connection, incoming: Incoming) -> _Last | None:
    row = conn.execute(
        "select id, number, state, sha256, cells_read, cells_held from raw.submission"
        " where institution = %s and quarter = %s and department = %s order by number desc limit 1",
        (incoming.institution, incoming.quarter, incoming.department),
    ).fetchone()
    return _Last(*row) if row else None


def _standing(conn: psycopg.Connection, incoming: Incoming, last: _Last | None) -> Receipt:
    """The receipt of a delivery that changed nothing."""
    scope = Scope(incoming.institution, incoming.quarter, incoming.department)
    order = tuple(contract_of(incoming.department).severities)
    return Receipt(
        institution=incoming.institution,
        quarter=incoming.quarter,
        department=incoming.department,
        submission=last.id if last else None,
        number=last.number if last else None,
        state="unchanged" if last else "absent",
        standing=last.state if last else None,
        cells_read=last.cells_read if last else 0,
        cells_held=last.cells_held if last else 0,
        rules=recorded_rules(conn, last.id, order) if last else (),
        issues_open=ledger.count_open(conn, scope),
    )


def note_stray_paths(
    warehouse: Warehouse, findings: Sequence[Finding], quarters: Collection[str] | None = None
) -> int:
    """Keep one issue a path of the inbox that names nothing known; how many there are.

    `findings` and `quarters` as `find_deliveries` gave and took them: a path it no longer meets is fixed.
    """
    issues = issues_of(map(fault_of, findings), Scope(None, None, None), Wording())
    with warehouse.connect() as conn:
        conn.execute("select pg_advisory_xact_lock(hashtextextended('quality.issue/stray paths', 0))")
        changes = ledger.record(conn, issues, None, None)
        changes += ledger.fix_absent_paths(conn, STRAY_RULES, issues, quarters)
        log.append(conn, changes)
    return len(issues)
