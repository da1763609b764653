"""What stands open beside the scores: how many warnings and tasks, and which of one unit. Pure.

Not here: the corner of a cell (`cells`), the board that lists them all (`warning_board`).
"""

from collections.abc import Sequence

from orchestration.messages import text
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.heat_map.cells import Drawing

# A page of 300 warnings stays small: what does not fit stands on the board.
NAMED, CODES = 3, 6


def counts(drawing: Drawing) -> str:
    """How many warnings and tasks stand open, over how many units; blank where there are none."""
    heat_map, words = drawing.heat_map, drawing.words
    units = {row.unit for row in heat_map.warnings} | {row.unit for row in heat_map.tasks}
    if not units:
        return ""
    return words.say(
        "follow_up.counts",
        warnings=len(heat_map.warnings),
        tasks=len(heat_map.tasks),
        units=len(units),
    )


def warnings_of(drawing: Drawing, unit: str) -> str:
    """A unit's open warnings by node, each with what it is in a word; of more than three nodes the codes alone."""
    by_node: dict[str, list[str]] = {}
    own = [row for row in drawing.heat_map.warnings if row.unit == unit]
    for row in own:
        kind = text(f"follow_up.kind.{row.kind}", drawing.language)
        by_node.setdefault(node_of(drawing, row), []).append(kind)
    words = drawing.words
    if not own:
        return ""
    if len(by_node) > NAMED:
        return words.say("follow_up.warnings", count=len(own), named=_codes(drawing, list(by_node)))
    named = words.joined([f"{node} {words.listed(dict.fromkeys(kinds))}" for node, kinds in by_node.items()])
    return words.say("follow_up.warnings", count=len(own), named=named)


def tasks_of(drawing: Drawing, unit: str) -> str:
    """A unit's open tasks by node with due day and state; of more than three the codes and the first due day."""
    own, words = [row for row in drawing.heat_map.tasks if row.unit == unit], drawing.words
    if not own:
        return ""
    if len(own) > NAMED:
        codes = _codes(drawing, list(dict.fromkeys(node_of(drawing, row) for row in own)))
        first = words.day(min(row.due_on for row in own))
        named = words.joined([codes, words.say("follow_up.first", day=first)])
        return words.say("follow_up.tasks", count=len(own), named=named)
    parts = [
        words.say(
            "follow_up.task",
            node=node_of(drawing, row),
            day=words.day(row.due_on),
            state=text(f"follow_up.state.{row.state}", drawing.language),
        )
        for row in own
    ]
    return words.say("follow_up.tasks", count=len(own), named=words.joined(parts))


def _codes(drawing: Drawing, nodes: Sequence[str]) -> str:
    return drawing.words.listed(nodes[:CODES]) + ("…" if len(nodes) > CODES else "")


def node_of(drawing: Drawing, row: WarningRow | RectificationRow) -> str:
    """A node by its code; the root as the total; what belongs to no tree by a word."""
    if row.framework is None:
        return drawing.words.say("follow_up.other")
    code = row.indicator
    is_root = code in (None, drawing.heat_map.root.code)
    return drawing.words.say("column.total") if is_root else code or ""
