"""The issue by which a department is asked to correct a value that an objection was upheld against.

Not here: deciding (`objections`), finding the issue mended or not in a later file (`intake.issues.beside`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import psycopg

from expectations import contract_of
from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue, Item, Post, Unit
from orchestration.core.fingerprint import fingerprint, series
from orchestration.core.inert import inert
from orchestration.messages import LANGUAGES, Language, text
from orchestration.warehouse.log import SYSTEM, Entry

UPHELD = "objection_upheld"
Connection = psycopg.Connection[Any]


def open_issue(
    conn: Connection, objection: Mapping[str, Any], note: str, catalogue: Catalogue, today: date
) -> tuple[int, Entry]:
    """Open the issue, or open it again under its number, and the log's entry on that."""
    contract = contract_of(objection["department"])
    where = (objection["institution"], objection["quarter"], objection["department"])
    cell = (objection["framework"], objection["subject_code"], objection["item"])
    severity = contract.beside[UPHELD]
    due_on = WorkCalendar(catalogue.calendar).add_workdays(today, contract.workdays[severity])
    identity = (*cell, None, None, 0)
    name = fingerprint(where, UPHELD, *identity)
    before = conn.execute(
        "select state from quality.issue where fingerprint = %s for update", [name]
    ).fetchone()
    row = conn.execute(
        _OPEN,
        {
            **dict(objection),
            **_place(conn, objection),
            **_sentences(objection, note, catalogue),
            "fingerprint": name,
            "series": series(where, UPHELD, *identity),
            "rule": UPHELD,
            "severity": severity,
            "due_on": due_on,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 - `returning` answers an insert with its row
    content = {
        **dict(zip(("framework", "subject", "item"), cell, strict=True)),
        **({"from": before[0]} if before else {}),
        "to": "open",
        "rule": UPHELD,
        "severity": severity,
        "department": where[2],
        "objection": objection["id"],
        "due_on": due_on.isoformat(),
    }
    done = "issue.reopened" if before else "issue.opened"
    return int(row[0]), Entry(SYSTEM, done, where[0], where[1], "issue", str(row[0]), content)


def _place(conn: Connection, objection: Mapping[str, Any]) -> dict[str, Any]:
    row = conn.execute(
        "select source_file, source_sheet, source_cell from raw.observation where quarter = %s and submission = %s"
        " and framework = %s and subject_code = %s and item = %s",
        [objection[part] for part in ("quarter", "submission", "framework", "subject_code", "item")],
    ).fetchone()
    return dict(zip(("file", "sheet", "cell"), row or (None, None, None), strict=True))


def _sentences(objection: Mapping[str, Any], note: str, catalogue: Catalogue) -> dict[str, str]:
    told: dict[str, str] = {"found": _shown(objection)}
    for language, suffix in zip(LANGUAGES, ("zh", "en"), strict=True):
        values = {
            "subject": _subject(objection, catalogue, language),
            "item": _item(objection, catalogue, language),
            "found": told["found"],
            "note": inert(note),
        }
        told[f"message_{suffix}"] = text(f"intake.{UPHELD}.message", language, **values)
        told[f"todo_{suffix}"] = text(f"intake.{UPHELD}.todo", language, **values)
    return told


def _shown(objection: Mapping[str, Any]) -> str:
    numbers = [objection[part] for part in ("value", "denominator") if objection[part] is not None]
    return " / ".join(f"{number:.15g}" for number in numbers)


def _subject(objection: Mapping[str, Any], catalogue: Catalogue, language: Language) -> str:
    people: tuple[Unit | Post, ...] = (*catalogue.units, *catalogue.posts)
    for row in people:
        if (row.institution, row.code) == (objection["institution"], objection["subject_code"]):
            return text("intake.subject", language, name=_name(row, language), code=row.code)
    return str(objection["subject_code"])


def _item(objection: Mapping[str, Any], catalogue: Catalogue, language: Language) -> str:
    names = [_name(row, language) for row in catalogue.items if row.code == objection["item"]]
    return names[0] if names else str(objection["item"])


def _name(row: Unit | Post | Item, language: Language) -> str:
    return row.name_zh if language == "zh-CN" else row.name_en


_OPEN = """
    insert into quality.issue as issue (fingerprint, series, rule, severity, institution, quarter, department,
        framework, subject_code, item, source_file, source_sheet, source_cell, found, message_zh, message_en,
        todo_zh, todo_en, first_submission, last_submission, due_on)
    values (%(fingerprint)s, %(series)s, %(rule)s, %(severity)s, %(institution)s, %(quarter)s, %(department)s,
        %(framework)s, %(subject_code)s, %(item)s, %(file)s, %(sheet)s, %(cell)s, %(found)s, %(message_zh)s,
        %(message_en)s, %(todo_zh)s, %(todo_en)s, %(submission)s, %(submission)s, %(due_on)s)
    on conflict (fingerprint) do update set state = 'open', fixed_at = null, escalated_at = null, waiver = null,
        found = excluded.found, message_zh = excluded.message_zh, message_en = excluded.message_en,
        todo_zh = excluded.todo_zh, todo_en = excluded.todo_en, due_on = excluded.due_on,
        last_submission = excluded.last_submission, updated_at = now()
    returning id"""
