"""What a terminal says of a task and of its steps. Not here: the texts (messages)."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import click

from orchestration.cli.desk import band_words, tell, today
from orchestration.cli.door import language
from orchestration.core.catalogue.models import Catalogue, Indicator, Post, Unit
from orchestration.core.rectification import RectificationState
from orchestration.messages import text
from orchestration.settings import settings
from orchestration.stewardship.rectification.ledger import Step, Task


def told(is_json: bool, task: int, state: RectificationState) -> None:
    """What came of an act."""
    content: dict[str, object] = {"rectification": task, "state": state}
    tell(is_json, "rectification_now", content if is_json else {**content, "state": word("state", state)})


def word(kind: str, name: str) -> str:
    """A state, a source or a step in the terminal's language."""
    return text(f"rectification.{kind}.{name}", language())


def line(task: Task, bands: Mapping[str, str]) -> str:
    """Number, place, severity in words (`bands`), state and due day, the task in its own words."""
    place = (task.institution, task.unit, task.indicator or "", bands.get(task.severity, task.severity))
    head = (f"#{task.id}", *place, word("state", task.state), _due(task))
    return f"{' '.join(filter(None, head))}  {task.task}"


def details(task: Task, rows: Catalogue) -> Iterator[str]:
    """What else there is to say of a task, a line each; names as the catalogue has them last."""
    units = {row.code: row for row in rows.units if row.institution == task.institution}
    nodes = {row.code: row for row in rows.indicators if row.framework == task.framework}
    posts = {row.code: row for row in rows.posts if row.institution == task.institution}
    yield " · ".join(filter(None, (_named(units, task.unit), _named(nodes, task.indicator))))
    mode = task.supervision_mode or ""
    yield " ".join(filter(None, (word("source", task.source), task.source_ref, mode)))
    if task.measure:
        yield text("cli.rectification_measure", language(), measure=task.measure)
    if task.responsible_post:
        yield text("cli.rectification_post", language(), post=_named(posts, task.responsible_post))
    if task.due_on != task.original_due_on:
        yield text("cli.rectification_first_due", language(), day=task.original_due_on)
    if task.asked_due_on:
        yield text("cli.rectification_asked", language(), day=task.asked_due_on, person=task.asked_by)
    if task.needs_consultation and task.is_open and not task.consultations:
        yield text("cli.rectification_consult_first", language())


def step_line(step: Step, bands: Mapping[str, str]) -> str:
    """When, who, what, and what it says."""
    at = step.at.astimezone(ZoneInfo(settings().timezone)).strftime("%Y-%m-%d %H:%M")
    parts = [at, step.person or "–", word("step", step.act), *_said(step, bands)]
    return "  " + " ".join(parts)


def echo_task(task: Task, rows: Catalogue) -> None:
    """Writes the task and its details."""
    click.echo(line(task, band_words(rows)))
    for detail in details(task, rows):
        click.echo("  " + detail)


def _named(rows: Mapping[str, Unit | Indicator | Post], code: str | None) -> str:
    """Code and name; the code alone where the catalogue has it no more."""
    row = rows.get(code or "")
    if row is None:
        return code or ""
    return f"{row.code} {row.name_zh if language() == 'zh-CN' else row.name_en}"


def _said(step: Step, bands: Mapping[str, str]) -> Iterator[str]:
    if step.document:
        yield text("cli.task_document", language(), document=step.document, day=step.document_on)
    if step.due_on:
        yield text("cli.due_on", language(), day=step.due_on)
    if step.severity:
        yield bands.get(step.severity, step.severity)
    if step.held_on:
        yield f"{step.held_on} {' '.join(step.units or ())}"
    for note in filter(None, (step.conclusion, step.measure, step.note)):
        yield text("cli.noted", language(), note=note)


def _due(task: Task) -> str:
    if not task.is_open:
        return ""
    key = "cli.overdue_since" if task.is_overdue(today()) else "cli.due_on"
    return text(key, language(), day=task.due_on)
