"""The short tables under the open warnings: what is overdue, new, struck off, and what ended by itself.

Not here: what stands open (`groups`), the course over quarters (`trend`).
"""

from collections.abc import Iterator, Sequence

from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.warning_board.facts import Telling
from orchestration.publishing.warning_board.model import DONE_DAYS, LISTED, NEW_DAYS
from orchestration.publishing.warning_board.page import Line, Section


def sections(telling: Telling) -> tuple[Section, ...]:
    """Overdue first, then new, struck off, ended; one without a row is left out, the head says that it has none."""
    found = (_overdue(telling), _new(telling), _struck_off(telling), _ended(telling))
    return tuple(section for section in found if section.lines)


def overdue_tasks(telling: Telling) -> list[RectificationRow]:
    """Open tasks past their due day."""
    return [task for task in telling.board.open_tasks if telling.board.is_overdue(task.due_on)]


def overdue_warnings(telling: Telling) -> list[WarningRow]:
    """Open warnings past their due day that no open task follows."""
    board = telling.board
    followed = {task.rectification for task in board.open_tasks}
    rows = (row for row in board.open if row.rectification not in followed and board.is_overdue(row.due_on))
    return sorted(rows, key=lambda row: (str(row.due_on), row.warning))


def new_warnings(telling: Telling) -> list[WarningRow]:
    """Open warnings of the last seven days, worst severity first, the latest first."""
    board = telling.board
    place = {code: index for index, code in enumerate(board.severities)}
    rows = [row for row in board.open if board.is_new(row)]
    rows.sort(key=lambda row: row.warning)
    rows.sort(key=lambda row: row.opened_on, reverse=True)
    return sorted(rows, key=lambda row: place[row.severity])


def _overdue(telling: Telling) -> Section:
    tasks, rows = overdue_tasks(telling), overdue_warnings(telling)
    lines = [
        *(_of_task(telling, task, telling.day(task.due_on), telling.next_of_task(task)) for task in tasks),
        *(_of_warning(telling, row, telling.day(row.due_on), telling.next_of(row)) for row in rows),
    ]
    return _section(telling, "overdue", lines, {"tasks": len(tasks), "warnings": len(rows)})


def _new(telling: Telling) -> Section:
    rows = [] if telling.board.are_all_new else new_warnings(telling)
    lines = [
        _of_warning(telling, row, telling.day(row.opened_on), telling.words.name(row))
        for row in rows[: LISTED + 1]
    ]
    return _section(telling, "new", lines, {"count": len(rows), "days": NEW_DAYS}, len(rows))


def _struck_off(telling: Telling) -> Section:
    tasks = telling.board.struck_off
    lines = [_of_task(telling, task, telling.day(task.struck_off_on), task.document or "") for task in tasks]
    return _section(telling, "struck_off", lines, {"count": len(tasks), "days": DONE_DAYS})


def _ended(telling: Telling) -> Section:
    rows = telling.board.ended
    lines = [_of_warning(telling, row, telling.day(row.ended_on), telling.words.name(row)) for row in rows]
    return _section(telling, "ended", lines, {"count": len(rows), "days": DONE_DAYS})


def _of_task(telling: Telling, task: RectificationRow, day: str, last: str) -> Line:
    number = telling.say("number", number=task.rectification)
    said = f"{number} {telling.node(task.framework, task.indicator)}"
    return Line(day, telling.unit(task.unit), (telling.mark(task.severity), said), last)


def _of_warning(telling: Telling, row: WarningRow, day: str, last: str) -> Line:
    return Line(day, telling.unit(row.unit), (telling.mark(row.severity), telling.about(row)), last)


def _section(
    telling: Telling, key: str, lines: Sequence[Line], values: dict[str, int], count: int | None = None
) -> Section:
    """A table of at most twelve rows; how many there are besides stands below it."""
    left = (len(lines) if count is None else count) - LISTED
    heads = tuple(_heads(telling, key))
    return Section(
        id=key,
        title=telling.say(f"section.{key}", **values),
        heads=(heads[0], heads[1], heads[2], heads[3]),
        lines=tuple(lines[:LISTED]),
        more=telling.say(f"more.{key}", count=left) if left > 0 else "",
    )


def _heads(telling: Telling, key: str) -> Iterator[str]:
    for place in ("day", "unit", "what", "last"):
        yield telling.say(f"column.{key}.{place}" if place in ("day", "last") else f"column.{place}")
