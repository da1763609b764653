"""The leading group's assessment beside the machine's judgement: agreement, or departure with its reason.

Both are printed and neither changes the other. Not here: recording and signing (`stewardship.assessment`).
"""

from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.rows import AssessmentRow
from orchestration.publishing.diagnosis.figures import PERIOD
from orchestration.publishing.diagnosis.wording import joined
from orchestration.publishing.documents.model import Block, Heading, Line, Listing, Paragraph, Row, Table
from orchestration.publishing.look.numbers import ABSENT


def assessed(yearly: Yearly) -> tuple[Block, ...]:
    """The assessment of the institution that stands, those it superseded, and those of units."""
    title, standing = Heading(2, yearly.say("section.assessment")), yearly.data.standing
    if standing is None:
        blocks: tuple[Block, ...] = (Paragraph(yearly.line("assessment.none")),)
    else:
        blocks = (_beside(yearly, standing), Paragraph(_said(yearly, standing)))
    earlier = tuple(_earlier(yearly, row) for row in yearly.data.earlier)
    return (
        title,
        *blocks,
        *((Listing(earlier),) if earlier else ()),
        *_of_units(yearly),
    )


def _beside(yearly: Yearly, row: AssessmentRow) -> Table:
    """Group and machine in two columns, and the colour of this report where the machine has scored again since."""
    drafting = yearly.drafting
    machine = (drafting.band_chip(row.machine_band), " ", yearly.assessment(row, "machine_score"))
    cells: list[tuple[str, Line]] = [
        (yearly.say("assessment.group"), (drafting.band_chip(row.band),)),
        (yearly.say("assessment.machine"), machine),
    ]
    now = yearly.data.base.in_period.get((yearly.data.base.school, yearly.data.base.root))
    if now is not None and now.score_version != row.score_version:
        cells.append((yearly.say("assessment.machine_now"), (drafting.chip(PERIOD, now, has_word=True),)))
    columns = yearly.columns(("judge", "left", 2.0), ("band", "left", 2.0))
    rows = tuple(Row(((name,), cell)) for name, cell in cells)
    return Table(yearly.say("section.assessment"), columns, rows)


def _said(yearly: Yearly, row: AssessmentRow) -> Line:
    """Agreement or departure, who took part, when it was signed, and whether the machine has scored again since."""
    verdict = (
        yearly.line("assessment.agrees")
        if row.is_agreed
        else yearly.line("assessment.departs", reason=row.reason or "")
    )
    members = yearly.words.say("list").join(yearly.posts.get(code, code) for code in row.members.split())
    signed = yearly.line(
        "assessment.signed",
        held=yearly.words.scores.day(row.held_on),
        members=members,
        signed=yearly.words.scores.day(row.signed_on),
        signatures=yearly.assessment(row, "signatures"),
        number=yearly.assessment(row, "assessment"),
    )
    now = yearly.data.base.in_period.get((yearly.data.base.school, yearly.data.base.root))
    again = (
        yearly.line("assessment.scored_again", version=row.score_version)
        if now is not None and now.score_version != row.score_version
        else ()
    )
    return joined([verdict, signed, again])


def _earlier(yearly: Yearly, row: AssessmentRow) -> Line:
    key = "assessment.earlier_agreed" if row.is_agreed else "assessment.earlier_departed"
    return yearly.line(
        key,
        number=yearly.assessment(row, "assessment"),
        held=yearly.words.scores.day(row.held_on),
        band=yearly.drafting.band_chip(row.band),
        machine=yearly.drafting.band_chip(row.machine_band),
        reason=row.reason or "",
    )


def _of_units(yearly: Yearly) -> tuple[Block, ...]:
    """Units that the group assessed, each beside the machine."""
    found = yearly.data.of_units
    if not found:
        return ()
    title = yearly.say("section.assessed_units")
    columns = yearly.columns(
        ("unit", "left", 2.2), ("group", "left", 1.2), ("machine", "left", 1.6), ("reason", "left", 3.0)
    )
    rows = tuple(
        Row(
            (
                (yearly.unit(row.subject_code),),
                (yearly.drafting.band_chip(row.band),),
                (yearly.drafting.band_chip(row.machine_band), " ", yearly.assessment(row, "machine_score")),
                (row.reason or ABSENT,),
            )
        )
        for row in found
    )
    return (Heading(3, title), Table(title, columns, rows))
