"""A delivery read and, where it is a returned workbook come back, weighed by its token.

The token must name the department's last submission (those refused as stale apart) and fit what it held. Not
here: making returned workbooks (`stewardship.returning`), reading, judging.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from orchestration.core.delivery import Delivery, Finding
from orchestration.core.returns import token_of
from orchestration.intake.issues.issue import Scope
from orchestration.intake.reading.carrying import kept_sheets
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.reading.spec import ReadingSpec
from orchestration.intake.reading.whole import joined
from orchestration.intake.receiving.differences import CellChange, differences, keep_differences
from orchestration.intake.receiving.landing import sha256
from orchestration.intake.receiving.receipt import SAMPLES, ReturnReceipt

STALE = "stale_return"
_SUBMISSIONS = """
    select submission.id, submission.number, submission.sha256
    from raw.submission
    where institution = %s and quarter = %s and department = %s
        and not exists (
            select from quality.rule_result as result
            where result.submission = submission.id and result.rule = %s and result.failing > 0
        )
    order by number desc
"""
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class _Earlier:
    """An earlier submission that a workbook may have been returned from."""

    id: int
    number: int
    sha256: str


@dataclass(frozen=True)
class HandedIn:
    """A delivery as read. `files` are those that count: what a returned workbook replaces is left out.

    `base` is the submission that the workbook was returned from, None where it is none or its token is unknown;
    `newest` the department's last one where the token is stale; `is_untouched`: it came back as it went.
    """

    delivery: Delivery
    files: Sequence[IncomingFile]
    base: int | None = None
    newest: int | None = None
    is_untouched: bool = False
    stale_changes: Sequence[CellChange] = field(default=())

    @property
    def carried(self) -> tuple[str, ...]:
        """Names of sheets that were as before and not read again."""
        return tuple(sheet.sheet or sheet.file_name for sheet in self.delivery.sheets if sheet.is_carried)

    def receipt(self, conn: Connection, quarter: str, submission: int) -> ReturnReceipt | None:
        """Find and keep what differs, once `submission` is landed; for a stale one what came in between."""
        if self.base is None:
            return None
        is_stale = self.newest is not None
        found = self.stale_changes if is_stale else differences(conn, quarter, self.base, submission)
        keep_differences(conn, submission, self.base, self.newest or submission, found)
        return ReturnReceipt(self.base, is_stale, len(found), tuple(found[:SAMPLES]), self.carried)


def hand_in(
    conn: Connection, scope: Scope, files: Sequence[IncomingFile], reader: Reader, spec: ReadingSpec
) -> HandedIn:
    """Read the files of a new delivery; sheets as in the department's last submission are not read again."""
    earlier = [_Earlier(*row) for row in conn.execute(_SUBMISSIONS, (*scope.key, STALE))]
    kept = kept_sheets(_readings(conn, earlier[0].id) if earlier else ())
    deliveries = reader.read_each(files, spec, kept.known)
    tokens = sorted({token for delivery in deliveries for token in delivery.tokens})
    if not tokens:
        return HandedIn(joined(deliveries), files)
    own = next((one for one in earlier if tokens == [token_of(one.id, one.sha256)]), None)
    if own is None or own is not earlier[0]:
        return _stale(conn, spec.quarter, deliveries, files, own, earlier)
    files, kept_deliveries = _without_replaced(conn, own.id, files, deliveries)
    delivery = joined(kept_deliveries)
    digests = sorted(sheet.digest for sheet in delivery.sheets)
    return HandedIn(delivery, files, base=own.id, is_untouched=digests == sorted(kept.digests))


def _readings(conn: Connection, submission: int) -> list[bytes]:
    rows = conn.execute(
        "select reading from raw.submission_file where submission = %s and reading is not null", (submission,)
    )
    return [bytes(reading) for (reading,) in rows]


def _without_replaced(
    conn: Connection, base: int, files: Sequence[IncomingFile], deliveries: Sequence[Delivery]
) -> tuple[Sequence[IncomingFile], Sequence[Delivery]]:
    """Leave out files of the base submission that still lie beside the workbook that came back for them."""
    rows = conn.execute("select sha256 from raw.submission_file where submission = %s", (base,))
    replaced = {address for (address,) in rows}
    pairs = [
        (file, delivery)
        for file, delivery in zip(files, deliveries, strict=True)
        if delivery.tokens or sha256(file.content) not in replaced
    ]
    return [file for file, _ in pairs], [delivery for _, delivery in pairs]


def _stale(
    conn: Connection,
    quarter: str,
    deliveries: Sequence[Delivery],
    files: Sequence[IncomingFile],
    own: _Earlier | None,
    earlier: Sequence[_Earlier],
) -> HandedIn:
    """The refusal of the whole submission, with what was delivered since the workbook was returned."""
    place, token = next(
        (file.file_name, delivery.tokens[0])
        for file, delivery in zip(files, deliveries, strict=True)
        if delivery.tokens
    )
    changes = differences(conn, quarter, own.id, earlier[0].id) if own else []
    values = {"token": token, "place": place}
    if own is None:
        values["sentence"] = f"{STALE}.unknown"
    else:
        values |= {
            "number": str(own.number),
            "newest": str(earlier[0].number),
            "differing": str(len(changes)),
        }
    stale = Finding(STALE, "block", place, found=token, values=values)
    delivery = joined(deliveries)
    return HandedIn(
        replace(delivery, findings=(*delivery.findings, stale)),
        files,
        base=own.id if own else None,
        newest=earlier[0].id if own else None,
        stale_changes=changes,
    )
