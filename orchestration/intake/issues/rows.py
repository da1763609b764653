"""Issues as rows of `quality.issue` and `quality.issue_cell`. Not here: which of them change what (`changes`)."""

from collections.abc import Iterator

from orchestration.core.inert import inert
from orchestration.intake.issues.changes import Change
from orchestration.intake.issues.issue import Issue
from orchestration.intake.receiving.landing import storable_text

# What stays as it was when the same fault is met again, or is decided in the statement itself.
KEPT = ("fingerprint", "first_submission", "due_on", "waiver")


def issue_row(change: Change, submission: int | None) -> dict[str, object]:
    """The row of one issue, as JSON can hold it; every column but what the table fills itself."""
    issue = change.issue
    spot, scope, texts = issue.fault.spot, issue.scope, issue.texts
    row = {
        "fingerprint": issue.fingerprint,
        "series": issue.series,
        "rule": issue.fault.rule,
        "severity": issue.fault.severity,
        "institution": scope.institution,
        "quarter": scope.quarter,
        "department": scope.department,
        "framework": spot.framework,
        "subject_code": spot.subject,
        "item": spot.item,
        "state": change.to,
        "waiver": change.waiver,
        "due_on": change.due_on.isoformat() if change.due_on else None,
        "source_file": spot.file_name or None,
        "source_sheet": spot.sheet,
        "source_cell": spot.address,
        "found": _inert(spot.found),
        "last_value": _inert(spot.last),
        "message_zh": inert(texts.message["zh-CN"]),
        "message_en": inert(texts.message["en"]),
        "todo_zh": inert(texts.todo["zh-CN"]),
        "todo_en": inert(texts.todo["en"]),
        "cells": len(issue.spots),
        "first_submission": submission,
        "last_submission": submission,
    }
    return {name: storable_text(value) if isinstance(value, str) else value for name, value in row.items()}


def cell_rows(number: int, issue: Issue, submission: int) -> Iterator[dict[str, object]]:
    """The cells of an issue that has many."""
    for spot in issue.spots:
        yield {
            "issue": number,
            "submission": submission,
            "source_file": spot.file_name,
            "source_sheet": spot.sheet,
            "source_cell": spot.address or "",
            "subject_code": spot.subject,
            "item": spot.item,
            "found": _inert(spot.found),
        }


def _inert(text: str | None) -> str | None:
    return None if text is None else inert(text)
