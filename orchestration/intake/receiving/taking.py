"""Reads, judges and lands one new delivery inside the caller's transaction.

Not here: whether a delivery is new (`taking_in`), whose turn it is, the log (`receive`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import psycopg

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.frames.duties import Duties, duties_of
from orchestration.intake.issues import beside, ledger
from orchestration.intake.issues.issue import Scope
from orchestration.intake.issues.noting import Noting
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.reading.spec import reading_spec
from orchestration.intake.receiving import landing
from orchestration.intake.receiving.judgement import Judged, agreed_elsewhere, faults_of, judged, rule_counts
from orchestration.intake.receiving.receipt import Receipt, Standing
from orchestration.intake.receiving.returned import HandedIn, hand_in
from orchestration.intake.receiving.rules import record_rules, rule_receipts
from orchestration.warehouse import log


class Taken(NamedTuple):
    """What became of a delivery, and what is worth an entry in the log, which is written last of all."""

    receipt: Receipt
    entries: Sequence[log.Entry] = ()


@dataclass(frozen=True)
class Taking:
    """One new delivery: whose, what, and the `number` its submission gets."""

    conn: psycopg.Connection
    catalogue: Catalogue
    institution: str
    quarter: str
    department: str
    files: Sequence[IncomingFile]
    number: int
    run_id: str | None
    today: date
    missing_marks: Sequence[str] = ()

    def take(self, reader: Reader) -> Taken | None:
        """Read, judge, land, note issues. Writes all of it or, where anything raises, nothing.

        None where a returned workbook came back as it went: nothing is written.
        """
        where = (self.institution, self.department, self.quarter)
        place = (self.institution, self.quarter, self.department)
        scope, contract = Scope(*place), contract_of(self.department)
        duties = duties_of(self.catalogue, *where, contract)
        spec = reading_spec(self.catalogue, *where, self.missing_marks)
        handed = hand_in(self.conn, scope, self.files, reader, spec)
        if handed.is_untouched:
            return None
        judgement = judged(self.conn, handed.delivery, duties, contract)
        states = landing.cell_states(judgement)
        read, held = len(states) - states.count("missing"), states.count("held")
        state: Standing = "accepted" if judgement.accepted else "refused"

        submission = self._open(state, read, held, handed)
        self._land(submission, handed, judgement, states, duties, contract.retention_years)
        noting = Noting(self.conn, self.catalogue, place, self.today)
        faults, settled = faults_of(judgement, contract), agreed_elsewhere(judgement, scope)
        issues, changes = noting.submission(submission, faults, accepted=judgement.accepted, settled=settled)
        rules = rule_receipts(rule_counts(judgement, contract, len(self.files)), issues)
        record_rules(self.conn, submission, rules)
        returned = handed.receipt(self.conn, self.quarter, submission)
        receipt = Receipt(
            institution=self.institution,
            quarter=self.quarter,
            department=self.department,
            submission=submission,
            number=self.number,
            state=state,
            standing=state,
            cells_read=read,
            cells_held=held,
            rules=rules,
            issues_open=ledger.count_open(self.conn, scope),
            returned=returned,
        )
        return Taken(receipt, [self._entry(submission, state, read, held), *changes])

    def _entry(self, submission: int, state: str, read: int, held: int) -> log.Entry:
        where = (self.institution, self.quarter, self.department)
        names = [file.file_name for file in self.files]
        told = {"sha256": landing.content_hash(self.files), "cells_read": read, "cells_held": held}
        return beside.submission_entry(where, submission, self.number, state, names, **told)

    def _land(
        self,
        submission: int,
        handed: HandedIn,
        judgement: Judged,
        states: Sequence[str],
        duties: Duties,
        years: int,
    ) -> None:
        """Files with what was read of them, cells, and the observations of an accepted one."""
        landing.land_files(self.conn, submission, handed.files, handed.delivery, years)
        cells = landing.cell_rows(submission, self.quarter, judgement, states)
        landing.copy_rows(self.conn, "raw", "cell", cells)
        if judgement.accepted:
            observations = landing.observation_rows(submission, duties, judgement)
            landing.copy_rows(self.conn, "raw", "observation", observations)

    def _open(self, state: str, read: int, held: int, handed: HandedIn) -> int:
        row = self.conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256, cells_read,"
            " cells_held, run_id, returned_from, sheets_carried)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
            (
                *(self.institution, self.quarter, self.department, self.number, state),
                *(landing.content_hash(self.files), read, held, self.run_id),
                *(handed.base, len(handed.carried)),
            ),
        ).fetchone()
        assert row is not None  # noqa: S101 - `returning` answers an insert with its row
        return int(row[0])
