"""Notes in the ledger what one submission shows, or that none came: its faults, those beside it, what it mends.

Not here: finding a file's faults (`receiving.judgement`), the ledger's statements (`ledger`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from expectations import Contract, contract_of
from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import last_day
from orchestration.intake.issues import beside, ledger
from orchestration.intake.issues.changes import Opening
from orchestration.intake.issues.issue import Fault, Issue, Scope, issues_of
from orchestration.intake.issues.texts import wording_of
from orchestration.warehouse import log
from orchestration.warehouse.basis import owing_departments


@dataclass(frozen=True)
class Noting:
    """Where and when: a department's quarter, the catalogue as it holds in it, and today."""

    conn: psycopg.Connection[Any]
    catalogue: Catalogue
    where: beside.Where
    today: date

    def submission(
        self, submission: int, faults: Sequence[Fault], *, accepted: bool, settled: Collection[str] = ()
    ) -> tuple[list[Issue], list[log.Entry]]:
        """The issues of the submission, and what it changed, for the log.

        `settled` are fingerprints of other departments' issues that this one's figures settle.
        """
        scope, told = Scope(*self.where), beside.unsettled(self.conn, self.where, faults)
        changes: list[log.Entry] = []
        if accepted:
            own = (self.conn, self.where, submission)
            told += beside.unsigned_rows(*own, self.catalogue, self._contract)
            upheld, changes = beside.upheld_objections(*own, self._contract)
            told += upheld
        issues = self._issues(told)
        changes += ledger.record(self.conn, issues, submission, self._opening)
        if accepted:
            changes += ledger.fix_absent(self.conn, scope, issues, submission)
            changes += ledger.fix(self.conn, settled, submission)
        return issues, changes

    def absence(self) -> list[log.Entry]:
        """Open one issue when the quarter is over and a department that owes data has delivered nothing."""
        institution, quarter, department = self.where
        if last_day(quarter) >= self.today or department not in owing_departments(
            self.catalogue, institution
        ):
            return []
        issues = self._issues([beside.not_delivered(self._contract)])
        known = ledger.knows(self.conn, issues[0])
        return [] if known else ledger.record(self.conn, issues, None, self._opening)

    @property
    def _contract(self) -> Contract:
        return contract_of(self.where[2])

    @property
    def _opening(self) -> Opening:
        return Opening(self.today, WorkCalendar(self.catalogue.calendar), self._contract.workdays)

    def _issues(self, faults: Sequence[Fault]) -> list[Issue]:
        institution, quarter, department = self.where
        wording = wording_of(self.catalogue, institution, department, quarter)
        return issues_of(faults, Scope(*self.where), wording)
