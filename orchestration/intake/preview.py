"""What a delivery would bring: validation, scores, colours and warnings of one submission, all of it rolled back.

One transaction takes the delivery in as `receive` does, scores the quarter by the statements that dbt compiled,
switches readers within itself, looks, and ends as if it had not been. It sees the warehouse as it stood when it
began. It waits for nobody longer than a moment and holds others up no longer than the scoring takes; the log, the
pipeline's scope and its locks are left alone. Not here: dbt, Dagster, what is shown to whom.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from psycopg import errors

from orchestration.core.catalogue.hashing import catalogue_hash
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous
from orchestration.intake.incoming import Incoming
from orchestration.intake.previewing.model import Preview
from orchestration.intake.previewing.readers import Seen, look, node_previews
from orchestration.intake.reading.reader import Reader
from orchestration.intake.receiving.receipt import Receipt
from orchestration.intake.receiving.taking import Reading, Taken
from orchestration.intake.receiving.taking_in import Delivered, fetched, read_in
from orchestration.messages import SpokenError
from orchestration.settings import Settings
from orchestration.warehouse.basis import Basis, code_hash, owing_departments, read_basis
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.restated import Restatement, note_restated
from orchestration.warehouse.scoring_sql import ScoringModel, read_models, score
from orchestration.warehouse.versions import write_down
from orchestration.warehouse.warning_scope import fill_warning_scope

Connection = psycopg.Connection[Any]
# What another transaction may do to this one; all of it is over in a moment.
_IN_THE_WAY = (
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.UniqueViolation,
    errors.DeadlockDetected,
)
_ATTEMPTS = 2
# Shorter than deadlock_timeout: of two that wait for each other it is we who give up. The other limits free what a
# stopped process of ours would hold.
_SHORT_WAIT: LiteralString = "set lock_timeout = '900ms'"
_LIMITS: LiteralString = f"""
    {_SHORT_WAIT};
    set statement_timeout = '60s';
    set idle_in_transaction_session_timeout = '120s'"""
# For those who queue while they hold nothing.
_LONG_WAIT: LiteralString = "set lock_timeout = '10s'"


class PreviewError(SpokenError):
    """Nothing can be previewed just now, or not of this; one sentence says why."""

    area = "preview"


@dataclass(frozen=True)
class Previewer:
    """Makes previews in a warm process; for several threads, `reader` reads one file at a time.

    `models` come from `open_previewer`; the caller owns `reader` and ends it.
    """

    warehouse: Warehouse
    reader: Reader
    settings: Settings
    models: tuple[ScoringModel, ...] = field(repr=False)

    def preview(self, catalogue_at_quarter: Catalogue, incoming: Incoming) -> Preview:
        """What `incoming` would bring; as `receive`, but that nothing is kept.

        Raises PreviewError where the same is being received or scored right now, WarehouseError where no run ever
        built the marts, OSError or SourceError where a file cannot be fetched.
        """
        delivered = fetched(incoming, self.settings)
        for attempt in range(_ATTEMPTS):
            try:
                with _passing(self.warehouse) as conn:
                    return _Attempt(conn, self, catalogue_at_quarter, delivered).preview()
            except _IN_THE_WAY as problem:
                if attempt + 1 == _ATTEMPTS:
                    raise PreviewError("being_scored") from problem
        raise AssertionError  # the last attempt returned or raised


def open_previewer(warehouse: Warehouse, reader: Reader, settings: Settings) -> Previewer:
    """A previewer over an open warehouse. Raises WarehouseError where the scoring SQL was never prepared."""
    return Previewer(warehouse, reader, settings, read_models(settings.dbt_project, settings.home))


@contextmanager
def _passing(warehouse: Warehouse) -> Iterator[Connection]:
    """A connection in a transaction that sees one moment and is rolled back, whatever happens."""
    conn = warehouse.connect()
    try:
        conn.execute(_LIMITS)
        conn.commit()
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield conn
    finally:
        if not conn.closed:
            conn.rollback()
            conn.close()


@dataclass(frozen=True)
class _Attempt:
    """One transaction's way from a delivery to what differs."""

    conn: Connection
    previewer: Previewer
    catalogue: Catalogue
    delivered: Delivered

    def preview(self) -> Preview:
        """Read, look, write, score, look again. Reading takes longest, and comes before any row is locked."""
        if self.conn.execute(_IS_BUILT).fetchone() is None:
            raise WarehouseError("scoring_not_prepared")
        found = self._read()
        is_settled = self._is_settled()
        self._restate_history()
        before = after = self._look()
        receipt, _ = found if isinstance(found, Taken) else self._written(found)
        if receipt.state == "accepted":
            self._switch(self._scored())
            after = self._look()
        return _compared(before, after, _unkept(receipt), is_settled)

    def _read(self) -> Taken | Reading:
        own = self.previewer
        place = (self.conn, own.reader, self.catalogue, self.delivered, own.settings)
        return read_in(*place, run_id=None, in_turn=False)

    def _written(self, reading: Reading) -> Taken:
        """Written in turn: previews of one quarter would stand in each other's way from here to their end."""
        turn = f"preview/{self._incoming.institution}/{self._incoming.quarter}"
        self.conn.execute(_LONG_WAIT)
        self.conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
        self.conn.execute(_SHORT_WAIT)
        # Nothing where the quarter is open, as it is from its first run on.
        self.conn.execute("select ops.open_quarter(%s)", [self._incoming.quarter])
        return reading.write()

    def _look(self) -> Seen:
        return look(self.conn, self._incoming.institution, self._incoming.quarter)

    @property
    def _incoming(self) -> Incoming:
        return self.delivered.incoming

    def _basis(self, catalogue: str, code: str) -> Basis:
        """What the quarter would be scored from now, by the catalogue and the code of these hashes."""
        institution, quarter = self._incoming.institution, self._incoming.quarter
        due = owing_departments(self.catalogue, institution)
        return read_basis(
            self.conn, institution, quarter, due, (catalogue, code, self.previewer.settings.min_coverage)
        )

    def _is_settled(self) -> bool:
        """Whether readers see what was received, decided and confirmed up to now."""
        code = code_hash(self.previewer.settings.dbt_project)
        version = self._basis(catalogue_hash(self.catalogue), code).score_version()
        return self.conn.execute(_IS_CURRENT, [version]).fetchone() is not None

    def _restate_history(self) -> None:
        """Open the causes of this quarter to view; score those before it anew where its rules look back at them."""
        institution, quarter, own = self._incoming.institution, self._incoming.quarter, self.previewer
        catalogues = {quarter: self.catalogue}
        quarters = max((rule.quarters or 1 for rule in self.catalogue.warning_rules), default=0)
        wanted = [Restatement(institution, previous(quarter, n), quarter) for n in range(1, quarters + 1)]
        score(self.conn, own.models, note_restated(self.conn, wanted, catalogues, own.settings))
        fill_warning_scope(self.conn, catalogues, self.delivered.today, institution)

    def _scored(self) -> str:
        """Score the quarter with the delivery; the version's name."""
        # Of its own: a run or another preview of the very same must not wait for this one.
        basis = self._basis(store_catalogue(self.conn, self.catalogue), f"preview {uuid4()}")
        version = write_down(self.conn, basis)
        score(self.conn, self.previewer.models, [version])
        return version

    def _switch(self, version: str) -> None:
        """Let readers see it; from here to the end a run that switches the same quarter waits."""
        self.conn.execute(_SWITCH, [self._incoming.institution, self._incoming.quarter, version])


def _unkept(receipt: Receipt) -> Receipt:
    """Without the number under which nothing will be found."""
    is_new = receipt.state in ("accepted", "refused")
    return replace(receipt, submission=None) if is_new else receipt


def _compared(before: Seen, after: Seen, receipt: Receipt, is_settled: bool) -> Preview:
    return Preview(
        receipt,
        tuple(node_previews(before, after)),
        begins=tuple(cause for key, cause in after.causes.items() if key not in before.causes),
        ends=tuple(cause for key, cause in before.causes.items() if key not in after.causes),
        goes_on=tuple(cause for key, cause in after.causes.items() if key in before.causes),
        is_settled=is_settled,
    )


_IS_BUILT: LiteralString = """
    select where to_regclass('marts.fct_indicator_score') is not null and to_regclass('warnings.cause') is not null"""
_IS_CURRENT: LiteralString = "select from ops.current_version where score_version = %s"
_SWITCH: LiteralString = """
    insert into ops.current_version (institution, quarter, score_version) values (%s, %s, %s)
    on conflict (institution, quarter) do update set score_version = excluded.score_version"""
