"""Reads, judges and lands one new delivery inside the transaction that `receive` opened.

Not here: whether a delivery is new, whose turn it is (`receive`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.frames.duties import duties_of
from orchestration.intake.issues import ledger
from orchestration.intake.issues.issue import Scope, issues_of
from orchestration.intake.issues.texts import wording_of
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.reading.spec import reading_spec
from orchestration.intake.receiving import landing
from orchestration.intake.receiving.judgement import agreed_elsewhere, faults_of, judged, rule_counts
from orchestration.intake.receiving.receipt import Receipt, Standing
from orchestration.intake.receiving.rules import record_rules, rule_receipts


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
    missing_marks: Sequence[str] = ()

    def take(self, reader: Reader) -> Receipt:
        """Read, judge, land, note issues. Writes all of it or, where anything raises, nothing."""
        where = (self.institution, self.department, self.quarter)
        scope = Scope(self.institution, self.quarter, self.department)
        contract = contract_of(self.department)
        duties = duties_of(self.catalogue, *where, contract)
        delivery = reader.read(self.files, reading_spec(self.catalogue, *where, self.missing_marks))
        judgement = judged(self.conn, delivery, duties, contract)
        states = landing.cell_states(judgement)
        read, held = len(states) - states.count("missing"), states.count("held")
        state: Standing = "accepted" if judgement.accepted else "refused"

        submission = self._open(state, read, held)
        landing.land_files(self.conn, submission, self.files, delivery.encodings, contract.retention_years)
        cells = landing.cell_rows(submission, self.quarter, judgement, states)
        landing.copy_rows(self.conn, "raw", "cell", cells)
        issues = issues_of(faults_of(judgement, contract), scope, wording_of(self.catalogue, *where))
        ledger.record(self.conn, issues, submission)
        if judgement.accepted:
            observations = landing.observation_rows(submission, duties, judgement)
            landing.copy_rows(self.conn, "raw", "observation", observations)
            ledger.fix_absent(self.conn, scope, issues)
            ledger.fix(self.conn, agreed_elsewhere(judgement, scope))
        rules = rule_receipts(rule_counts(judgement, contract, len(self.files)), issues)
        record_rules(self.conn, submission, rules)
        return Receipt(
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
        )

    def _open(self, state: str, read: int, held: int) -> int:
        row = self.conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256, cells_read,"
            " cells_held, run_id) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
            (
                *(self.institution, self.quarter, self.department, self.number, state),
                *(landing.content_hash(self.files), read, held, self.run_id),
            ),
        ).fetchone()
        assert row is not None  # noqa: S101 - `returning` answers an insert with its row
        return int(row[0])
