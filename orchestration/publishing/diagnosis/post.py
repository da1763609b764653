"""The diagnosis of a leadership post: the units and points of its portfolio. No score and no rank of the post.

Not here: who holds a post (one restricted table, which nothing here reads).
"""

from collections.abc import Sequence

from orchestration.core.catalogue.models import Post
from orchestration.publishing.diagnosis.amounts import lost
from orchestration.publishing.diagnosis.causes import short_cause
from orchestration.publishing.diagnosis.figures import PERIOD, Drafting
from orchestration.publishing.diagnosis.follow_up import of_post
from orchestration.publishing.diagnosis.groups import (
    Member,
    first_acts,
    group_heading,
    group_lines,
    members,
)
from orchestration.publishing.diagnosis.losses import item_with_point
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.nodes import moved
from orchestration.publishing.diagnosis.parts import document
from orchestration.publishing.diagnosis.unmeasured import objections_of
from orchestration.publishing.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Row,
    Table,
)

_LOSSES = 10


def posts_with_portfolio(drafting: Drafting) -> tuple[Post, ...]:
    """The institution's posts that answer for something, in the catalogue's order."""
    catalogue, institution = drafting.data.catalogue, drafting.data.institution
    named = {row.post for row in catalogue.portfolios if row.institution == institution}
    return tuple(row for row in catalogue.posts if row.institution == institution and row.code in named)


def post_document(drafting: Drafting, post: Post) -> Document:
    """Who of the portfolio is in which colour, what is done first, what costs most."""
    data, words = drafting.data, drafting.words
    found = members(drafting, portfolio(drafting, post.code))
    who = words.say("group.portfolio", post=words.name(post))
    blocks: list[Block]
    if not found:
        blocks = [Paragraph(words.line("none", period=words.period(data.period)))]
    else:
        subjects = list(dict.fromkeys(one.subject for one in found))
        acts = first_acts(drafting, found)
        blocks = [
            Listing(group_lines(drafting, found)),
            *_table(drafting, found),
            *((Heading(2, words.say("section.first")), acts) if acts else ()),
            *of_post(drafting, post),
            *_losses(drafting, found),
            *objections_of(drafting, subjects),
            Paragraph(words.line("group.no_person"), "note"),
        ]
    codes = [row.code for row in posts_with_portfolio(drafting)]
    return document(drafting, "post", post.code, group_heading(drafting, who, found), blocks, codes)


def portfolio(drafting: Drafting, post: str) -> list[tuple[Subject, str]]:
    """Subjects and nodes a post answers for; a blank unit is every unit, a blank indicator the total.

    Of one node over every unit: the institution's, and the units whose colour at it is an alarm.
    """
    data = drafting.data
    everyone = [data.subject(unit) for unit in data.frame.units]
    alarms = {band.code for band in data.frame.judged if band.alarm}
    wanted: list[tuple[Subject, str]] = []
    for row in data.catalogue.portfolios:
        if row.institution != data.institution or row.post != post:
            continue
        if row.indicator is not None and row.indicator not in data.indicators:
            continue  # another framework's
        node = row.indicator or data.root
        if row.unit is not None:
            wanted.append((Subject("unit", row.unit), node))
            continue
        rows = [(subject, data.in_period.get((subject, node))) for subject in everyone]
        is_named = row.indicator is not None
        wanted.append((data.school, node))
        wanted += [(own, node) for own, score in rows if score and (not is_named or score.band in alarms)]
    return wanted


def _table(drafting: Drafting, found: Sequence[Member]) -> tuple[Block, ...]:
    """Each unit or point: chip, what set it, how sure, change since last quarter."""
    data, words = drafting.data, drafting.words
    title = words.say("section.portfolio")
    columns = (
        Column(words.say("column.unit"), share=2.6),
        Column(words.say("column.score"), share=1.1),
        Column(words.say("column.cause"), share=2.0),
        Column(words.say("column.sure"), share=1.0),
        Column(words.say("column.change"), "right", 1.0),
    )
    rows = []
    for one in found:
        chip: Inline = drafting.chip(PERIOD, one.row)
        style = drafting.style(one.row.band)
        sure = words.say("short.certain" if one.row.is_certain else "short.open")
        judged = "" if style is None or style.is_grey else sure
        why = short_cause(drafting, PERIOD, data.frame, one.row) or (words.say("short.score"),)
        cells = ((one.name,), (chip,), why, (judged,))
        rows.append(Row((*cells, (moved(drafting, one.subject, one.node),))))
    return (Heading(2, title), Table(title, columns, tuple(rows)))


def _losses(drafting: Drafting, found: Sequence[Member]) -> tuple[Block, ...]:
    """The item that costs each unit most, greatest first; ten at most."""
    data, words = drafting.data, drafting.words
    worst = [
        (one.name, rows[0])
        for one in found
        if one.node == data.root and (rows := data.losses_by(one.subject, "item"))
    ]
    if not worst:
        return ()
    worst.sort(key=lambda pair: -pair[1].lost_points)
    title = words.say("section.losses")
    columns = (
        Column(words.say("column.unit"), share=2.0),
        Column(words.say("column.worst"), share=4.0),
        Column(words.say("column.lost"), "right", 1.0),
    )
    body = tuple(
        Row(((name,), item_with_point(drafting, row.code), (lost(drafting, row),)))
        for name, row in worst[:_LOSSES]
    )
    return (Heading(2, title), Table(title, columns, body))
