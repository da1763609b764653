"""What was corrected in the year: data mended, method changed and what it moved, warnings and tasks, key tasks.

Not here: how good the data are (`quality`), tasks that still stand (`tasks`).
"""

from orchestration.core.quarters import previous
from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.follow_up import mended
from orchestration.publishing.annual.rows import NodeRow, QualityRow
from orchestration.publishing.diagnosis.amounts import change
from orchestration.publishing.diagnosis.rows import ChangeRow
from orchestration.publishing.documents.model import Block, Heading, Line, Listing, Paragraph, Row, Table
from orchestration.publishing.look.numbers import ABSENT

HASH_SHOWN = 8
WEIGHTS_NAMED = 12


def corrections(yearly: Yearly) -> tuple[Block, ...]:
    """The four lists, each said to be empty where it is."""
    title = Heading(1, yearly.say("chapter.corrections"))
    return (title, *_data(yearly), *_method(yearly), *mended(yearly), *_tasks(yearly))


def _data(yearly: Yearly) -> tuple[Block, ...]:
    title, rows = yearly.say("section.mended"), yearly.data.mended
    if not rows:
        return (Heading(2, title), Paragraph(yearly.line("mended.none")))
    columns = yearly.columns(
        ("quarter", "left", 1.2),
        ("department", "left", 2.2),
        ("later_submissions", "right", 1.2),
        ("issues_fixed", "right", 1.2),
        ("issues_unmended", "right", 1.2),
    )
    body = [_mended(yearly, row, row.period, yearly.department(row.department)) for row in rows]
    if whole := yearly.data.of_all:
        body.append(
            _mended(yearly, whole, yearly.say("whole_year"), yearly.say("all_departments"), is_sum=True)
        )
    return (Heading(2, title), Table(title, columns, tuple(body)))


def _mended(yearly: Yearly, row: QualityRow, when: str, who: str, *, is_sum: bool = False) -> Row:
    counts = ("later_submissions", "issues_fixed", "issues_unmended")
    return Row(((when,), (who,), *((yearly.quality(row, column),) for column in counts)), is_sum=is_sum)


def _method(yearly: Yearly) -> tuple[Block, ...]:
    """Each quarter's catalogue, whether it is another than the quarter's before, and what that moved at the root."""
    data, title = yearly.data, yearly.say("section.method_changed")
    moves = {row.quarter: row for row in data.moves}
    rows = tuple(
        _moved(yearly, quarter, moves.get(quarter))
        for quarter in data.base.quarters
        if quarter in data.hashes
    )
    if not rows:
        return (Heading(2, title), Paragraph(yearly.line("method_changed.no_score")))
    columns = yearly.columns(
        ("quarter", "left", 1.1),
        ("catalogue_hash", "left", 1.6),
        ("changed", "left", 1.4),
        ("moved_weights", "right", 1.1),
        ("moved_method", "right", 1.1),
        ("moved_all", "right", 1.2),
    )
    return (Heading(2, title), Table(title, columns, rows), *_weights(yearly))


def _moved(yearly: Yearly, quarter: str, row: ChangeRow | None) -> Row:
    parts = ("weights", "catalogue", "change")
    now, before = yearly.data.hashes[quarter], yearly.data.hashes.get(previous(quarter))
    key = "first" if before is None else "same" if before == now else "other"
    figures = [(change(yearly.drafting, row, part, 2) if row else ABSENT,) for part in parts]
    return Row(((quarter,), (now[:HASH_SHOWN],), (yearly.say(f"method_changed.{key}"),), *figures))


def _weights(yearly: Yearly) -> tuple[Block, ...]:
    """Nodes whose weight is another than in the quarter before, and nodes that came or went."""
    lines: list[Line] = []
    for quarter in yearly.data.base.quarters:
        if quarter in yearly.data.hashes and previous(quarter) in yearly.data.hashes:
            lines += _weights_of(yearly, quarter)
    if len(lines) > WEIGHTS_NAMED:
        lines = [*lines[:WEIGHTS_NAMED], yearly.line("weights.more")]
    return (Listing(tuple(lines)),) if lines else (Paragraph(yearly.line("weights.none"), "note"),)


def _weights_of(yearly: Yearly, quarter: str) -> list[Line]:
    own, lines = yearly.data.weights, []
    codes = dict.fromkeys(
        row.indicator for row in yearly.data.nodes if row.quarter in (quarter, previous(quarter))
    )
    for code in codes:
        now, before = own.get((quarter, code)), own.get((previous(quarter), code))
        if now is None or before is None:
            key = "weights.new" if before is None else "weights.gone"
            lines.append(yearly.line(key, quarter=quarter, node=_node(yearly, code)))
        elif now.weight != before.weight:
            lines.append(_reweighted(yearly, now, before))
    return lines


def _reweighted(yearly: Yearly, now: NodeRow, before: NodeRow) -> Line:
    return yearly.line(
        "weights.changed",
        quarter=now.quarter,
        node=_node(yearly, now.indicator),
        before=yearly.weight(before),
        now=yearly.weight(now),
    )


def _node(yearly: Yearly, code: str) -> str:
    name = yearly.words.named(code, yearly.data.base.indicators)
    return code if name == code else yearly.words.say("coded", code=code, name=name)


def _tasks(yearly: Yearly) -> tuple[Block, ...]:
    title = yearly.say("section.struck_off")
    found = [row for row in yearly.data.tasks if row.state == "struck_off"]
    if not found:
        return (Heading(2, title), Paragraph(yearly.line("struck_off.none")))
    columns = yearly.columns(
        ("task", "left", 3.2),
        ("lead", "left", 1.7),
        ("due", "left", 1.2),
        ("struck_off", "left", 1.2),
        ("document", "left", 2.1),
    )
    rows = tuple(
        Row(
            (
                (yearly.words.say("coded", code=row.task, name=yearly.words.name(row)),),
                (yearly.unit(row.lead_unit),),
                (yearly.task_day(row, "due_on"),),
                (yearly.task_day(row, "struck_off_on"),),
                (yearly.document(row),),
            )
        )
        for row in sorted(found, key=lambda row: (str(row.struck_off_on), row.task))
    )
    return (Heading(2, title), Table(title, columns, rows))
