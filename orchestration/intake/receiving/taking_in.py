"""One delivery beside what the department handed in before: new, the same again, come back as it went, or none.

Inside the caller's transaction. Not here: locks, the log, the transaction's end (`receive`, `preview`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import Incoming
from orchestration.intake.issues import ledger
from orchestration.intake.issues.issue import Scope
from orchestration.intake.issues.noting import Noting
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.receiving import landing
from orchestration.intake.receiving.receipt import Receipt, Standing
from orchestration.intake.receiving.rules import recorded_rules
from orchestration.intake.receiving.taking import Reading, Taken, Taking
from orchestration.settings import Settings


@dataclass(frozen=True)
class Delivered:
    """A delivery whose files were fetched, and when: `today` is the date where the school is."""

    incoming: Incoming
    files: Sequence[IncomingFile]
    today: date


class _Last(NamedTuple):
    """The last submission of the department's quarter, whatever became of it."""

    id: int
    number: int
    state: Standing
    sha256: str
    cells_read: int
    cells_held: int


def fetched(incoming: Incoming, settings: Settings) -> Delivered:
    """The delivery with its bytes. Raises OSError or SourceError where a file cannot be fetched."""
    files = [IncomingFile(landing.storable_text(file.file_name), file.fetch()) for file in incoming.files]
    return Delivered(incoming, files, datetime.now(ZoneInfo(settings.timezone)).date())


def take_in(
    conn: psycopg.Connection,
    reader: Reader,
    catalogue_at_quarter: Catalogue,
    delivered: Delivered,
    settings: Settings,
    run_id: str | None,
) -> Taken:
    """Write what is new of the delivery, say what became of it and what the log is to hold: read, then write."""
    found = read_in(conn, reader, catalogue_at_quarter, delivered, settings, run_id)
    return found if isinstance(found, Taken) else found.write()


def read_in(
    conn: psycopg.Connection,
    reader: Reader,
    catalogue_at_quarter: Catalogue,
    delivered: Delivered,
    settings: Settings,
    run_id: str | None,
    *,
    in_turn: bool = True,
) -> Taken | Reading:
    """The delivery as read and judged, before anything of it is written; or at once what became of it.

    `in_turn` as `Taking` has it; False for who will keep nothing.

    The same bytes as the department's last submission of the quarter are `unchanged`, a returned workbook in
    which nothing was changed is `untouched`, no files are `absent`: then no submission is written. All else takes
    the next submission number, accepted or refused; a refused one leaves the last accepted standing.
    """
    incoming, files = delivered.incoming, delivered.files
    where = (incoming.institution, incoming.quarter, incoming.department)
    last = _last_submission(conn, incoming)
    if not files and last is None:
        entries = Noting(conn, catalogue_at_quarter, where, delivered.today).absence()
        return Taken(_standing(conn, incoming, None), entries)
    if not files or (last is not None and last.sha256 == landing.content_hash(files)):
        return Taken(_standing(conn, incoming, last if files else None))
    number = (last.number if last else 0) + 1
    marks = settings.missing_marks.split()
    today = delivered.today
    taking = Taking(conn, catalogue_at_quarter, *where, files, number, run_id, today, marks, in_turn)
    return taking.read(reader) or Taken(replace(_standing(conn, incoming, last), state="untouched"))


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
