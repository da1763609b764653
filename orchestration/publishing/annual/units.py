"""Units by kind: how many have each colour, and each unit's colour, rank among its own kind, and what set it.

Ranks stand within a kind only and are the mart's. Not here: first-level nodes (`aspects`).
"""

from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.diagnosis.amounts import band_count
from orchestration.publishing.diagnosis.causes import short_cause
from orchestration.publishing.diagnosis.figures import PERIOD
from orchestration.publishing.diagnosis.nodes import coverage
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Block, Heading, Inline, Line, Paragraph, Row, Table
from orchestration.publishing.heat_map.model import Kind, Score
from orchestration.publishing.look.numbers import ABSENT


def units(yearly: Yearly) -> tuple[Block, ...]:
    """Each kind with its counts and its units in the catalogue's order; blank where the institution has no units."""
    kinds = [kind for kind in yearly.data.base.frame.kinds if kind.units]
    if not kinds:
        return ()
    found: list[Block] = [Heading(1, yearly.say("chapter.units"))]
    for kind in kinds:
        found += _kind(yearly, kind)
    return (*found, Paragraph(yearly.line("units.note"), "note"))


def _kind(yearly: Yearly, kind: Kind) -> tuple[Block, ...]:
    base, name = yearly.data.base, yearly.words.scores.kind(kind.code)
    found = [(unit, base.in_period.get((base.subject(unit), base.root))) for unit in kind.units]
    rows = tuple(
        Row(
            (
                (yearly.words.name(unit),),
                (yearly.drafting.chip(PERIOD, row, has_word=True),),
                (_rank(yearly, row),),
                (_before(yearly, row),),
                coverage(yearly.drafting, PERIOD, row),
                short_cause(yearly.drafting, PERIOD, base.frame, row),
            )
        )
        for unit, row in found
        if row is not None
    )
    title = Heading(2, name)
    if not rows:
        return (title, Paragraph(yearly.line("units.none")))
    columns = yearly.columns(
        ("unit", "left", 2.6),
        ("score", "left", 1.7),
        ("rank", "right", 0.8),
        ("before", "left", 1.1),
        ("coverage", "right", 0.9),
        ("cause", "left", 1.9),
    )
    return (title, *_counts(yearly, kind), Table(name, columns, rows))


def _counts(yearly: Yearly, kind: Kind) -> tuple[Block, ...]:
    """How many units of the kind have each colour, with the year before."""
    base = yearly.data.base
    counts = {row.band: row for row in base.band_counts if row.unit_kind == kind.code}
    parts: list[Line] = []
    for band in base.frame.bands:
        row = counts.get(band.code)
        if row is None or not (row.units or row.previous_units):
            continue
        key = "units.count" if row.previous_units is None else "units.count_before"
        named = {"band": yearly.drafting.band_chip(band.code), "units": band_count(yearly.drafting, row)}
        before: dict[str, Inline] = {}
        if row.previous_units is not None:
            before = {"before": band_count(yearly.drafting, row, "previous_units")}
        parts.append(yearly.line(key, **named, **before))
    if not parts:
        return ()
    return (Paragraph(yearly.line("units.counts", parts=yearly.words.listed(parts))),)


def _rank(yearly: Yearly, row: Score) -> Inline:
    if row.rank_in_kind is None:
        return ABSENT
    figure = yearly.drafting.score(PERIOD, row, "rank_in_kind")
    return (
        Figure(**{**vars(figure), "shown": str(row.rank_in_kind)}) if isinstance(figure, Figure) else ABSENT
    )


def _before(yearly: Yearly, row: Score) -> Inline:
    base = yearly.data.base
    before = base.in_previous.get((type(base.school)(row.subject_kind, row.subject_code), base.root))
    return yearly.drafting.chip(PERIOD, before) if before else ABSENT
