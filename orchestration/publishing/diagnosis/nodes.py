"""Tables of a subject's nodes: the first level with ranges and lines, and the monitoring points.

Not here: the total's trend and change (`trend`).
"""

from orchestration.core.catalogue.models import Indicator
from orchestration.publishing.diagnosis.amounts import change, gap
from orchestration.publishing.diagnosis.figures import PERIOD, QUARTER, Drafting, ScoreMart
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Heading,
    Inline,
    Line,
    Paragraph,
    Row,
    Table,
)
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look.numbers import ABSENT

_WEAK_NAMED = 3


def aspects(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """The first level over the period: score, range, the period before, change since last quarter, quarters."""
    data, words = drafting.data, drafting.words
    rows = tuple(
        _aspect(drafting, subject, node, row)
        for node in data.frame.firsts
        if (row := data.in_period.get((subject, node.code)))
    )
    if not rows:
        return ()
    title = words.say("section.aspects")
    columns = (
        Column(words.say("column.aspect"), share=3.0),
        Column(words.say("column.score"), share=1.1),
        Column(words.say("column.range"), share=2.2),
        Column(words.say("column.before"), "right", 1.0),
        Column(words.say("column.change"), "right", 0.9),
        Column(words.say("column.trend"), share=1.5),
    )
    return (Heading(2, title), Table(title, columns, rows))


def points(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """Every monitoring point in the last quarter; blank where points are the first level."""
    data, words = drafting.data, drafting.words
    rows = tuple(
        _point(drafting, subject, node, row)
        for node in data.points
        if node.level > 1 and (row := data.in_quarter.get((subject, node.code)))
    )
    if not rows:
        return ()
    title = of_quarter(drafting, "section.points")
    columns = (
        Column(words.say("column.point"), share=4.0),
        Column(words.say("column.score"), share=1.6),
        Column(words.say("column.change"), "right", 1.0),
        Column(words.say("column.coverage"), "right", 0.9),
    )
    table = Table(title, columns, rows, halves=True)
    return (Heading(2, title), table, *_weak(drafting, subject))


def of_quarter(drafting: Drafting, key: str) -> str:
    """A section's title with the quarter that it is about."""
    words = drafting.words
    quarter = words.quarter(drafting.data.quarter)
    return words.say("section.of_quarter", section=words.say(key), quarter=quarter)


def coded(drafting: Drafting, node: Indicator) -> str:
    """A node's code and name."""
    return drafting.words.say("coded", code=node.code, name=drafting.words.name(node))


def moved(drafting: Drafting, subject: Subject, node: str) -> Inline:
    """A node's change since the quarter before; a dash where there is none."""
    row = drafting.data.change_of.get((subject, node))
    return change(drafting, row) if row else ABSENT


def coverage(drafting: Drafting, mart: ScoreMart, row: Score) -> Line:
    """The share of what was due; blank where all of it came."""
    if row.coverage is None or round(row.coverage, 6) >= 1:
        return ()
    return (drafting.share(mart, row),)


def _aspect(drafting: Drafting, subject: Subject, node: Indicator, row: Score) -> Row:
    data, words = drafting.data, drafting.words
    before = data.in_previous.get((subject, node.code))
    label = words.say("trend.of", name=words.quoted(node))
    return Row(
        (
            (coded(drafting, node),),
            (drafting.chip(PERIOD, row),),
            (drafting.range(PERIOD, row, drafting.scale),),
            (drafting.score(PERIOD, before) if before else ABSENT,),
            (moved(drafting, subject, node.code),),
            (drafting.spark(subject, node.code, label),),
        )
    )


def _point(drafting: Drafting, subject: Subject, node: Indicator, row: Score) -> Row:
    # In half a page the word for no judgement has no room; that there is no score says as much.
    chip = drafting.chip(QUARTER, row, 0) if row.score is not None else ABSENT
    cells = ((coded(drafting, node),), (chip,), (moved(drafting, subject, node.code),))
    return Row((*cells, coverage(drafting, QUARTER, row)))


def _weak(drafting: Drafting, subject: Subject) -> tuple[Block, ...]:
    """Points further below the median of the kind than the catalogue's threshold, furthest first."""
    data, words = drafting.data, drafting.words
    leaves = {node.code for node in data.points}
    rows = [row for row in data.gaps_of.get(subject, ()) if row.is_weakness and row.indicator in leaves]
    if not rows:
        return ()
    rows.sort(key=lambda row: row.gap or 0.0)
    named = [
        words.line(
            "points.weak_one",
            name=words.name(data.indicators[row.indicator]),
            score=gap(drafting, row, "score"),
            median=gap(drafting, row, "kind_median"),
        )
        for row in rows[:_WEAK_NAMED]
    ]
    listed = words.listed(named)
    line = listed if len(rows) <= _WEAK_NAMED else words.line("and_others", names=listed)
    return (Paragraph(words.line("points.weak", nodes=line), "note"),)
