"""The total over quarters on one method, and its last change in four parts.

Not here: what the change would need (`steps`), nodes below the root (`nodes`).
"""

from orchestration.publishing.diagnosis.amounts import change, changed_end, draw
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.nodes import of_quarter
from orchestration.publishing.diagnosis.rows import ChangeRow
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Bar,
    Block,
    Column,
    Heading,
    Inline,
    Line,
    Paragraph,
    Row,
    Series,
    Table,
    TrendChart,
    TrendPoint,
)
from orchestration.publishing.look.numbers import exact

_PARTS = ("data", "weights", "coverage", "catalogue")


def trend(drafting: Drafting, subject: Subject, who: str) -> tuple[Block, ...]:
    """A chart of the total with its ranges, and of the lowest first-level node beside it."""
    data, words = drafting.data, drafting.words
    title = Heading(2, words.say("section.trend"))
    main = drafting.trend(subject, data.root, has_range=True)
    if not main:
        return (title, Paragraph(words.line("trend.none"), "note"))
    series = [Series(words.say("trend.main"), main)]
    notes: list[Line] = []
    if lowest := _lowest(drafting, subject):
        name = words.named(lowest, data.indicators)
        first = {point.label for point in main}
        side = tuple(point for point in drafting.trend(subject, lowest) if point.label in first)
        series.append(Series(name, side, is_dashed=True))
        notes.append(words.line("trend.side", node=name))
    chart = TrendChart(
        words.say("trend.caption", who=who), tuple(series), drafting.scale, _named_thresholds(drafting)
    )
    notes += [*_notes(drafting, subject, main), _robust(drafting, subject)]
    return (title, chart, Paragraph(words.sentences(notes), "note"))


def split(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """The change of the total since the quarter before in four parts, largest first, and their sum."""
    data, words = drafting.data, drafting.words
    title = of_quarter(drafting, "section.change")
    row = data.change_of.get((subject, data.root))
    if row is None or row.change is None:
        return (Heading(2, title), Paragraph(words.line("change.none")))
    if any(getattr(row, part) is None for part in _PARTS):
        line = words.line("change.none_split", change=change(drafting, row))
        return (Heading(2, title), Paragraph(line))
    columns = (
        Column(words.say("column.part"), share=1.0),
        Column(words.say("column.meaning"), share=2.6),
        Column(words.say("column.bar"), share=3.5),
    )
    parts = sorted(_PARTS, key=lambda part: -abs(exact(getattr(row, part))))
    rows = (*(_part(drafting, row, part) for part in parts), _sum(drafting, row))
    return (Heading(2, title), Table(title, columns, rows))


def _part(drafting: Drafting, row: ChangeRow, part: str) -> Row:
    words, figure = drafting.words, change(drafting, row, part, 2)
    longest = max(abs(getattr(row, one)) for one in _PARTS)
    share = getattr(row, part) / longest if longest else 0.0
    bar: Inline = Bar(figure, share) if isinstance(figure, Figure) else figure
    name, meaning = words.say(f"change.{part}"), words.say(f"change.{part}.means")
    return Row(((name,), (meaning,), (bar,)))


def _sum(drafting: Drafting, row: ChangeRow) -> Row:
    words = drafting.words
    ends = words.line(
        "change.ends",
        before=changed_end(drafting, row, "previous_score"),
        now=changed_end(drafting, row, "score"),
    )
    return Row(((words.say("change.sum"),), ends, (change(drafting, row, "change", 2),)), is_sum=True)


def _lowest(drafting: Drafting, subject: Subject) -> str | None:
    """The first-level node with the lowest score in the last quarter; None where one alone has a score."""
    data = drafting.data
    rows = [(data.in_quarter.get((subject, node.code)), node.code) for node in data.frame.firsts]
    scored = [(exact(row.score), code) for row, code in rows if row and row.score is not None]
    return min(scored, key=lambda one: one[0])[1] if len(scored) > 1 else None


def _named_thresholds(drafting: Drafting) -> tuple[tuple[float, str], ...]:
    bands = drafting.data.frame.judged[:-1]
    return tuple((band.min_score or 0.0, drafting.words.name(band)) for band in bands)


def _notes(drafting: Drafting, subject: Subject, points: tuple[TrendPoint, ...]) -> list[Line]:
    """Quarters that had been scored by another catalogue, and gaps."""
    data, words = drafting.data, drafting.words
    originals = dict(data.originals)
    again = [
        words.quarter(row.quarter)
        for point in points
        if (row := data.in_trend.get((point.label, subject, data.root)))
        and originals.get(row.quarter, row.catalogue_hash) != row.catalogue_hash
    ]
    method = words.line("trend.method")
    if again:
        quarter = words.quarter(data.quarter)
        method = words.line("trend.restated", quarters=words.listed(again), quarter=quarter)
    notes = [method]
    if any(point.figure is None for point in points):
        notes.append(words.line("trend.gaps"))
    return notes


def _robust(drafting: Drafting, subject: Subject) -> Line:
    """How often the colour by score stands when weights are drawn anew."""
    data, words = drafting.data, drafting.words
    now = data.in_quarter.get((subject, data.root))
    rows = [row for row in data.draws_of.get(subject, ()) if now and row.band == now.band_by_score]
    if not rows or data.frame.band_of[rows[0].band].min_score is None:
        return ()
    return words.line(
        "trend.robust",
        draws=draw(drafting, rows[0], "draws"),
        band=drafting.band_chip(rows[0].band),
        probability=draw(drafting, rows[0], "probability"),
    )
