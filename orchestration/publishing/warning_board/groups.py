"""The open warnings by severity: those that wait for a person first, then worst first, by due day within.

Warnings of one node of one unit stand together: they are one matter for who acts. Not here: sentences (`facts`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from orchestration.publishing.follow_up.rows import DEPARTMENT, WarningRow
from orchestration.publishing.heat_map.render import STEM
from orchestration.publishing.warning_board.facts import Telling
from orchestration.publishing.warning_board.model import Board, Waiting
from orchestration.publishing.warning_board.page import Entry, Group

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
Key = tuple[str | None, ...]


def groups(telling: Telling) -> tuple[Group, ...]:
    """Every open warning once; groups without any are left out."""
    board = telling.board
    found = [_waiting(telling)]
    for severity in board.severities:
        rows = [row for row in board.open if row.severity == severity and not waits(board, row)]
        counted = telling.say("warnings", count=len(rows))
        mark = telling.mark(severity)
        action = telling.band_action(severity)
        found.append(Group(mark.name, mark, counted, action, tuple(_entries(telling, rows))))
    return tuple(group for group in found if group.entries)


def waits(board: Board, row: WarningRow) -> bool:
    """Whether a warning is about a colour that waits for a person."""
    return any(_is_about(board, row, one) for one in board.waiting)


def _is_about(board: Board, row: WarningRow, waiting: Waiting) -> bool:
    """Whether a warning and a waiting colour are one matter: the same node, or a grave case that would cap the root."""
    if waiting.quarter != board.quarter:
        return False
    if (row.framework, row.subject_kind, row.subject_code) != (
        waiting.framework,
        waiting.subject_kind,
        waiting.subject_code,
    ):
        return False
    root = board.root(row.framework)
    is_cap = row.kind == "grave_case" and waiting.indicator == root
    return is_cap or (row.indicator or root) == waiting.indicator


def _waiting(telling: Telling) -> Group:
    board = telling.board
    entries, told = [], set[int]()
    for one in sorted(board.waiting, key=lambda one: _worst_first(board, one)):
        rows = [row for row in board.open if row.warning not in told and _is_about(board, row, one)]
        told.update(row.warning for row in rows)
        facts = (telling.confirmation(one), *(telling.fact(row) for row in rows))
        is_unit = one.subject_code in board.units
        entries.append(
            Entry(
                unit=telling.unit(one.subject_code),
                code=one.subject_code if is_unit else "",
                href=_href(telling, one.framework, one.subject_code),
                facts=facts,
                action="",
                due=telling.due(_first_due(board, rows)),
                next=telling.say("next.confirm"),
                task=_task(telling, rows),
            )
        )
    counted = telling.say("nodes", count=len(entries))
    return Group(telling.say("waiting.title"), None, counted, "", tuple(entries))


def _entries(telling: Telling, rows: Sequence[WarningRow]) -> Iterable[Entry]:
    board, together = telling.board, dict[Key, list[WarningRow]]()
    for row in rows:
        key = (row.framework, row.subject_kind, row.subject_code, row.unit, row.indicator)
        together.setdefault(key, []).append(row)
    order = {code: place for place, code in enumerate(board.units)}

    def place(own: Sequence[WarningRow]) -> tuple[object, ...]:
        due = _first_due(board, own)
        return (due is None, due, order.get(own[0].unit or "", len(order)), own[0].unit or "", own[0].warning)

    for own in sorted(together.values(), key=place):
        yield _entry(telling, own)


def _entry(telling: Telling, rows: Sequence[WarningRow]) -> Entry:
    board, first = telling.board, rows[0]
    task = next(
        (task for row in rows if (task := board.task_of.get(row.rectification or 0)) and task.is_open), None
    )
    is_unit = first.subject_kind != DEPARTMENT
    return Entry(
        unit=telling.unit(first.unit),
        code=first.unit or "",
        href=_href(telling, first.framework, first.unit) if is_unit else "",
        facts=tuple(telling.fact(row) for row in rows),
        action=telling.own_action(first),
        due=telling.due(_first_due(board, rows)),
        next=telling.next_of_task(task) if task else telling.next_of(first),
        task=_task(telling, rows),
    )


def _task(telling: Telling, rows: Sequence[WarningRow]) -> str:
    """The tasks that the warnings belong to, each with where it stands."""
    numbers = dict.fromkeys(row.rectification for row in rows if row.rectification)
    found = [telling.task(task) for number in numbers if (task := telling.board.task_of.get(number))]
    return telling.words.joined(found)


def _first_due(board: Board, rows: Sequence[WarningRow]) -> date | None:
    return min((day for row in rows if (day := board.due_on(row))), default=None)


def _href(telling: Telling, framework: str | None, unit: str | None) -> str:
    """The unit's panel on the heat map of the quarter, which lies beside the board."""
    board = telling.board
    if board.quarter is None or unit is None or unit not in board.units or framework not in board.frameworks:
        return ""
    stem = STEM if framework == board.frameworks[0] else f"{STEM}.{framework}"
    anchor = f"#d-{unit}" if _PLAIN.fullmatch(unit) else ""
    return f"../../{board.quarter}/current/{stem}.{telling.language}.html{anchor}"


def _worst_first(board: Board, one: Waiting) -> tuple[object, ...]:
    band = board.band_of.get(one.band_pending)
    units = list(board.units)
    place = units.index(one.subject_code) if one.subject_code in units else -1
    is_before = one.quarter != board.quarter
    return (is_before, -band.rank if band else 0, place, one.framework, one.indicator, one.quarter)
