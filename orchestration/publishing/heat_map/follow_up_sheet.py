"""The workbook's sheet of what stands open: warnings, then tasks, a row each, with days as days.

Not here: the page's words on one unit (`follow_up`), how a cell is dressed (`sheets`).
"""

from datetime import date

from orchestration.core.catalogue.models import Unit
from orchestration.messages import text
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.heat_map.cells import moved
from orchestration.publishing.heat_map.follow_up import node_of
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.heat_map.sheets import MARK_WIDTH, Painter
from orchestration.publishing.look import numbers

_WARNING = ("unit", "node", "", "severity", "found", "first", "score", "change", "opened", "due", "task")
_TASK = ("unit", "node", "", "severity", "task", "state", "opened", "due")
_DAY = "yyyy-mm-dd"
_FIRST = 3


def fill(painter: Painter, foot: str) -> None:
    """Write both lists below the title; each says so where it is empty."""
    heat_map, words = painter.drawing.heat_map, painter.drawing.words
    row = _heads(painter, _FIRST, "follow_up.sheet_warnings", len(heat_map.warnings), _WARNING)
    for one in heat_map.warnings:
        _warning(painter, row, one)
        row += 1
    row = _heads(painter, row + 1, "follow_up.sheet_tasks", len(heat_map.tasks), _TASK)
    for task in heat_map.tasks:
        _task(painter, row, task)
        row += 1
    painter.text(row + 1, 1, words.say("follow_up.source"))
    painter.widths([8.0, 26.0, 26.0, MARK_WIDTH, 12.0, 34.0, 12.0, 9.0, 9.0, 12.0, 12.0, 8.0])
    painter.page(foot)


def _heads(painter: Painter, row: int, key: str, count: int, columns: tuple[str, ...]) -> int:
    """A title and, where there are rows, their heads; the row below."""
    words = painter.drawing.words
    painter.text(row, 1, words.say(key, count=count), bold=True, size=11)
    if not count:
        return row + 1
    painter.text(row + 1, 1, words.say("column.code"))
    for index, column in enumerate(columns):
        painter.text(row + 1, 2 + index, words.say(f"follow_up.column.{column}") if column else "")
    return row + 2


def _warning(painter: Painter, row: int, one: WarningRow) -> None:
    words = painter.drawing.words
    _head(painter, row, one)
    painter.text(row, 6, words.name(one))
    painter.text(row, 7, one.first_quarter)
    now, before = _scores(painter, one)
    score = now.score if now else None
    painter.number(row, 8, score, painter.picture(score, 1))
    painter.change(row, 9, moved(now, before))
    _day(painter, row, 10, one.opened_on)
    _day(painter, row, 11, one.due_on)
    painter.number(row, 12, one.rectification, "0")


def _scores(painter: Painter, one: WarningRow) -> tuple[Score | None, Score | None]:
    """The node's row in the quarter and in the one before; the warning's own may be a later quarter's."""
    heat_map = painter.drawing.heat_map
    if one.framework is None:
        return None, None
    key = (one.unit or "", one.indicator or heat_map.root.code)
    return heat_map.now.get(key), heat_map.then.get(key)


def _task(painter: Painter, row: int, one: RectificationRow) -> None:
    _head(painter, row, one)
    painter.number(row, 6, one.rectification, "0")
    painter.text(row, 7, text(f"follow_up.state.{one.state}", painter.drawing.language))
    _day(painter, row, 8, one.opened_on)
    _day(painter, row, 9, one.due_on)


def _head(painter: Painter, row: int, one: WarningRow | RectificationRow) -> None:
    """Unit, node and severity: its mark on its fill, its name beside."""
    drawing = painter.drawing
    style = drawing.style(one.severity)
    painter.text(row, 1, one.unit or "")
    painter.text(row, 2, _name(painter, one.unit or ""))
    painter.text(row, 3, _node(painter, one))
    painter.mark(row, 4, style.mark if style else "", style)
    painter.text(row, 5, drawing.words.name(style.band) if style else one.severity)


def _name(painter: Painter, code: str) -> str:
    unit: Unit | None = next((one for one in painter.drawing.heat_map.units if one.code == code), None)
    return painter.drawing.words.name(unit) if unit else code


def _node(painter: Painter, one: WarningRow | RectificationRow) -> str:
    drawing = painter.drawing
    nodes = (node for node in drawing.heat_map.indicators if node.code == one.indicator and node.level)
    node = next(nodes, None)
    return f"{node.code} {drawing.words.name(node)}" if node else node_of(drawing, one)


def _day(painter: Painter, row: int, column: int, day: date | None) -> None:
    """A day as a number that the workbook shows as a day."""
    if day is None:
        painter.text(row, column, numbers.ABSENT)
        return
    painter.number(row, column, (day - date(1899, 12, 30)).days, _DAY)
