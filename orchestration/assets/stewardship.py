"""What a run does for stewards: what time does to issues, and the publication gate as a check.

The gate blocks what is published as final; of heat maps and drafts, which say that they are provisional, it warns.
Not here: when issues reopen or escalate, what shuts the gate (`stewardship`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import psycopg

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import CalendarDay
from orchestration.messages import Language, text
from orchestration.settings import Settings
from orchestration.stewardship.gate import Gate, Reason
from orchestration.stewardship.upkeep import Upkeep, upkeep

GATE = "publication_gate"
Connection = psycopg.Connection[Any]
Gates = Mapping[tuple[str, str], Gate]


def today(settings: Settings) -> date:
    """The day it is in the office."""
    return datetime.now(ZoneInfo(settings.timezone)).date()


def keep_up(connection: Connection, calendar: Sequence[CalendarDay], settings: Settings) -> Upkeep:
    """Reopens what is waived no longer, escalates what is overdue; a transaction of its own, mostly of two reads."""
    with connection.transaction():
        return upkeep(connection, today(settings), WorkCalendar(calendar))


def gate_spec(asset: dg.AssetKey, *, blocking: bool = False) -> dg.AssetCheckSpec:
    """The check that a quarter may go out as final; `blocking`: where it fails as an error, what follows is skipped."""
    return dg.AssetCheckSpec(
        GATE,
        asset=asset,
        blocking=blocking,
        description="Every due department accepted or waived, no objection undecided; unsigned points are noted.",
    )


def gate_result(gates: Gates, language: Language, *, is_final: bool = False) -> dg.AssetCheckResult:
    """The check over the (institution, quarter) pairs of a run: why each shut gate is shut, in words.

    An error where it shuts a final publication (`is_final`), else a warning.
    """
    shut = sum(not gate.is_open for gate in gates.values())
    key = "gate.summary.shut" if shut else "gate.summary.open"
    return dg.AssetCheckResult(
        check_name=GATE,
        passed=not shut,
        severity=dg.AssetCheckSeverity.ERROR if is_final else dg.AssetCheckSeverity.WARN,
        description=text(key, language, shut=shut, all=len(gates)),
        metadata={
            "reasons": _table({place: gate.reasons for place, gate in gates.items()}, language),
            "warnings": _table({place: gate.warnings for place, gate in gates.items()}, language),
        },
    )


def _table(reasons: Mapping[tuple[str, str], Sequence[Reason]], language: Language) -> dg.TableMetadataValue:
    columns = ("institution", "quarter", "sentence")
    rows = [(*place, reason.sentence(language)) for place, own in reasons.items() for reason in own]
    schema = dg.TableSchema([dg.TableColumn(column) for column in columns])
    records = [dg.TableRecord(dict(zip(columns, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records, schema=schema)
