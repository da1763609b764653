"""Reads, judges and lands one new delivery inside the caller's transaction.

Not here: whether a delivery is new (`taking_in`), whose turn it is, the log (`receive`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import psycopg

from expectations import Contract, contract_of
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
    """One new delivery: whose, what, and the `number` its submission gets.

    `in_turn`: departments that are compared with it wait for it, and it for them, until the transaction ends.
    """

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
    in_turn: bool = True

    def read(self, reader: Reader) -> "Reading | None":
        """Read and judge; writes nothing. None where a returned workbook came back as it went."""
        where = (self.institution, self.department, self.quarter)
        scope, contract = Scope(self.institution, self.quarter, self.department), contract_of(self.department)
        duties = duties_of(self.catalogue, *where, contract)
        spec = reading_spec(self.catalogue, *where, self.missing_marks)
        handed = hand_in(self.conn, scope, self.files, reader, spec)
        if handed.is_untouched:
            return None
        judgement = judged(self.conn, handed.delivery, duties, contract, in_turn=self.in_turn)
        return Reading(self, handed, judgement, duties, contract)


@dataclass(frozen=True)
class Reading:
    """A new delivery as read and judged, of which nothing is written yet."""

    taking: Taking
    handed: HandedIn
    judgement: Judged
    duties: Duties
    contract: Contract

    def write(self) -> Taken:
        """Land it and note its issues: all of it or, where anything raises, nothing."""
        conn, own, judgement, handed = self.taking.conn, self.taking, self.judgement, self.handed
        place = (own.institution, own.quarter, own.department)
        scope = Scope(*place)
        states = landing.cell_states(judgement)
        read, held = len(states) - states.count("missing"), states.count("held")
        state: Standing = "accepted" if judgement.accepted else "refused"

        submission = self._open(state, read, held)
        self._land(submission, states)
        noting = Noting(conn, own.catalogue, place, own.today)
        faults, settled = faults_of(judgement, self.contract), agreed_elsewhere(judgement, scope)
        issues, changes = noting.submission(submission, faults, accepted=judgement.accepted, settled=settled)
        rules = rule_receipts(rule_counts(judgement, self.contract, len(own.files)), issues)
        record_rules(conn, submission, rules)
        returned = handed.receipt(conn, own.quarter, submission)
        receipt = Receipt(
            institution=own.institution,
            quarter=own.quarter,
            department=own.department,
            submission=submission,
            number=own.number,
            state=state,
            standing=state,
            cells_read=read,
            cells_held=held,
            rules=rules,
            issues_open=ledger.count_open(conn, scope),
            returned=returned,
        )
        return Taken(receipt, [self._entry(submission, state, read, held), *changes])

    def _entry(self, submission: int, state: str, read: int, held: int) -> log.Entry:
        own = self.taking
        names = [file.file_name for file in own.files]
        told = {"sha256": landing.content_hash(own.files), "cells_read": read, "cells_held": held}
        where = (own.institution, own.quarter, own.department)
        return beside.submission_entry(where, submission, own.number, state, names, **told)

    def _land(self, submission: int, states: Sequence[str]) -> None:
        """Files with what was read of them, cells, and the observations of an accepted one."""
        conn, handed, years = self.taking.conn, self.handed, self.contract.retention_years
        landing.land_files(conn, submission, handed.files, handed.delivery, years)
        cells = landing.cell_rows(submission, self.taking.quarter, self.judgement, states)
        landing.copy_rows(conn, "raw", "cell", cells)
        if self.judgement.accepted:
            observations = landing.observation_rows(submission, self.duties, self.judgement)
            landing.copy_rows(conn, "raw", "observation", observations)

    def _open(self, state: str, read: int, held: int) -> int:
        own, handed = self.taking, self.handed
        row = own.conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256, cells_read,"
            " cells_held, run_id, returned_from, sheets_carried)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
            (
                *(own.institution, own.quarter, own.department, own.number, state),
                *(landing.content_hash(own.files), read, held, own.run_id),
                *(handed.base, len(handed.carried)),
            ),
        ).fetchone()
        assert row is not None  # noqa: S101 - `returning` answers an insert with its row
        return int(row[0])
