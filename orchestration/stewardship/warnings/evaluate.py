"""One evaluation: causes read, the ledger brought up to them, tasks opened, notices written, all or nothing.

Not here: which quarters, and what their history is compared under (`assets.alerts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import closing_day
from orchestration.stewardship.confirmations import note_waiting
from orchestration.stewardship.notices.outbox import enqueue
from orchestration.stewardship.rectification.notify import remind_overdue
from orchestration.stewardship.warnings.episodes import Evaluated
from orchestration.stewardship.warnings.ledger import Change, Office, record, warnings_lock
from orchestration.stewardship.warnings.tasks import link_tasks
from orchestration.stewardship.warnings.words import Words
from orchestration.warehouse.log import SYSTEM, Entry, append
from orchestration.warehouse.warning_causes import Cause, read_causes
from orchestration.warehouse.warning_scope import fill_warning_scope

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation changed: warnings, and the tasks it opened or linked them to."""

    changes: tuple[Change, ...] = ()
    linked: int = 0

    def count(self, *done: str) -> int:
        """How many warnings had that done to them."""
        return sum(change.done in done for change in self.changes)

    @property
    def past(self) -> int:
        """How many of the opened had ended before anybody looked: the cause was gone in a later quarter."""
        return sum(change.done == "opened" and not change.row["is_open"] for change in self.changes)


def evaluate(
    conn: Connection,
    institution: str,
    at: Mapping[str, Catalogue],
    catalogue: Catalogue,
    *,
    now: datetime,
    zone: str,
) -> Evaluation:
    """Evaluate the scored ones of the quarters of `at`, each with its catalogue, in the caller's transaction.

    `catalogue` has every row; `now` is an aware time, `zone` the office's. Where the same is found again nothing is
    written but when it was looked for.
    """
    warnings_lock(conn)
    office = Office(now.astimezone(ZoneInfo(zone)).date(), WorkCalendar(catalogue.calendar))
    found = _find(conn, institution, at, office)
    if not found:
        return Evaluation()
    changes = record(conn, institution, found, office)
    linked = link_tasks(conn, institution, catalogue, changes, office)
    for change in changes:
        if change.done in ("opened", "reopened") and change.row["is_open"]:
            enqueue(conn, "warning_opened", institution, str(change.number), at=now)
    remind_overdue(conn, today=office.today)
    for waiting in note_waiting(conn, institution, [one.quarter for one in found], office.today):
        key = (waiting.period, waiting.framework, waiting.subject_code, waiting.band_pending)
        enqueue(conn, "confirmation_due", institution, "/".join(key), at=now)
    conn.execute(_DONE, [institution, [one.quarter for one in found]])
    append(conn, [_entry(institution, change) for change in changes])
    return Evaluation(tuple(changes), linked)


def _find(
    conn: Connection, institution: str, at: Mapping[str, Catalogue], office: Office
) -> dict[Evaluated, list[tuple[Cause, Words]]]:
    """What there is to find in each scored quarter; a quarter that closed is settled, whole or not."""
    rows = conn.execute(_SCORED, [institution, list(at)])
    found: dict[str, Evaluated] = {
        quarter: Evaluated(quarter, not provisional or office.today >= closing_day(quarter))
        for quarter, provisional in rows
    }
    if not found:
        return {}
    fill_warning_scope(conn, {quarter: at[quarter] for quarter in found}, office.today, institution)
    causes = read_causes(conn, institution, list(found))
    fill_warning_scope(conn, {}, office.today)
    words = {quarter: words_of(at[quarter]) for quarter in found}
    told: dict[Evaluated, list[tuple[Cause, Words]]] = {one: [] for one in found.values()}
    for cause in causes:
        told[found[cause.quarter]].append((cause, words[cause.quarter][cause.rule, cause.severity]))
    return told


def words_of(catalogue: Catalogue) -> Mapping[tuple[str, str], Words]:
    """(rule, severity) → words, as the catalogue of one quarter has them; a rule's own action wins."""
    return {
        (rule.code, band.code): Words(
            rule.name_zh,
            rule.name_en,
            rule.action_zh or band.action_zh,
            band.action_en,
            band.alarm,
            band.deadline_workdays,
        )
        for rule in catalogue.warning_rules
        for band in catalogue.bands
    }


def _entry(institution: str, change: Change) -> Entry:
    names = ("rule", "severity", "unit", "subject_code", "indicator", "object", "first_quarter", "is_open")
    content = {name: change.row[name] for name in names if change.row[name] is not None}
    quarter = change.row["last_quarter"]
    return Entry(
        SYSTEM, f"warning.{change.done}", institution, quarter, "warning", str(change.number), content
    )


_SCORED: LiteralString = """
    select quarter, provisional
    from ops.current_version join ops.score_version using (institution, quarter, score_version)
    where institution = %s and quarter = any(%s)
    order by quarter"""
_DONE: LiteralString = """
    update ops.current_version set evaluated_version = score_version
    where institution = %s and quarter = any(%s) and evaluated_version is distinct from score_version"""
