"""Takes in one department's delivery: read, judge, land and note its issues, in one transaction.

Two deliveries of one department wait for each other; those of different departments do not. Not here: where
deliveries come from (`inbox`, `sources`), what a delivery goes through (`receiving.taking_in`).
"""

from collections.abc import Collection, Sequence

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.delivery import Finding
from orchestration.intake.inbox import STRAY_RULES
from orchestration.intake.incoming import Incoming, content_version
from orchestration.intake.issues import ledger
from orchestration.intake.issues.issue import Scope, fault_of, issues_of
from orchestration.intake.issues.texts import Wording
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receiving.receipt import Receipt, RuleReceipt, SampleCell
from orchestration.intake.receiving.taking_in import Delivered, fetched, take_in
from orchestration.settings import Settings
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.looked_at import note_looked_at

__all__ = ["Receipt", "RuleReceipt", "SampleCell", "note_stray_paths", "receive"]


def receive(
    warehouse: Warehouse,
    reader: Reader,
    catalogue_at_quarter: Catalogue,
    incoming: Incoming,
    settings: Settings,
    run_id: str | None,
) -> Receipt:
    """Take in one delivery and say what became of it, as `taking_in.take_in` does; keeps and logs it.

    Raises OSError or SourceError where a file cannot be fetched.
    """
    delivered = fetched(incoming, settings)
    with warehouse.connect() as conn:
        # Partitions belong to no submission; their lock must not be held while a file is read.
        conn.execute("select ops.open_quarter(%s)", (incoming.quarter,))
        conn.commit()
        _wait_for_turn(conn, incoming)
        _note(conn, delivered)
        receipt, entries = take_in(conn, reader, catalogue_at_quarter, delivered, settings, run_id)
        log.append(conn, entries)
        return receipt


def _wait_for_turn(conn: psycopg.Connection, incoming: Incoming) -> None:
    """One delivery of a department's quarter at a time, over all processes, until the transaction ends."""
    key = f"raw.submission/{incoming.institution}/{incoming.quarter}/{incoming.department}"
    conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))


def _note(conn: psycopg.Connection, delivered: Delivered) -> None:
    """Note the versions as they were before the files were read: what changed since is looked at once more."""
    incoming = delivered.incoming
    versions = {
        file.file_name: found.version or content_version(file.content)
        for found, file in zip(incoming.files, delivered.files, strict=True)
    }
    if versions:
        note_looked_at(conn, (incoming.institution, incoming.quarter, incoming.department), versions)


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
