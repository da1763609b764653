"""The audit page: results that are not robust, how the colours stand when weights are drawn anew, flags on items.

Flags are for the method board and say nothing of units. Not here: computing any of it (`analysis`).
"""

from collections.abc import Iterator

from orchestration.publishing.annual.drafting import Yearly
from orchestration.publishing.annual.rows import DrawRow, FlagRow
from orchestration.publishing.diagnosis.causes import was_unjudged
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.result import item_name
from orchestration.publishing.documents.model import Block, Heading, Line, Paragraph, Row, Table
from orchestration.publishing.heat_map.model import SCHOOL
from orchestration.publishing.look.numbers import ABSENT, percent

_FLAGS = ("saturated", "redundant", "weight_gap")


def audit(yearly: Yearly) -> tuple[Block, ...]:
    """A page of its own, on the last quarter of the year."""
    quarter = yearly.words.quarter(yearly.data.base.quarter)
    title = Heading(1, yearly.say("chapter.audit"), starts_page=True)
    return (
        title,
        Paragraph(yearly.line("audit.of", quarter=quarter)),
        *_weak(yearly),
        *_drawn(yearly),
        *_flags(yearly),
    )


def _weak(yearly: Yearly) -> tuple[Block, ...]:
    """Results whose colour by score has a probability below the catalogue's threshold."""
    least, title = yearly.data.robust_least, yearly.say("section.not_robust")
    if not yearly.data.draws:
        return (Heading(2, title), Paragraph(yearly.line("robust.no_draws")))
    if least is None:
        return (Heading(2, title), Paragraph(yearly.line("robust.no_threshold")))
    # Compared as it is stored; nothing is rounded first.
    found = [row for row in _shown(yearly) if row.probability < least]
    share = percent(least)
    if not found:
        return (Heading(2, title), Paragraph(yearly.line("robust.none", share=share)))
    said = Paragraph(yearly.line("robust.said", share=share))
    return (Heading(2, title), said, _table(yearly, title, found))


def _drawn(yearly: Yearly) -> tuple[Block, ...]:
    """The institution's total and first level: the probability of the colour shown."""
    found = [row for row in _shown(yearly) if row.subject_kind == SCHOOL]
    if not found:
        return ()
    title = yearly.say("section.robust")
    draws, seed = yearly.draw(found[0], "draws"), yearly.draw(found[0], "seed")
    note = Paragraph(yearly.line("robust.note", draws=draws, seed=seed), "note")
    return (Heading(2, title), _table(yearly, title, found), note)


def _shown(yearly: Yearly) -> Iterator[DrawRow]:
    """The rows of the colour that each score has: the institution first, then units, in the catalogue's order."""
    base = yearly.data.base
    rows = {(yearly.data.subject_of(row), row.indicator, row.band): row for row in yearly.data.draws}
    wanted = [(base.school, base.root), *((base.school, node.code) for node in base.frame.firsts)]
    wanted += [(base.subject(unit), base.root) for unit in base.frame.units]
    for subject, node in wanted:
        score = base.in_quarter.get((subject, node))
        if score is None or was_unjudged(base.frame, score):
            continue
        if row := rows.get((subject, node, score.band_by_score or "")):
            yield row


def _table(yearly: Yearly, title: str, found: list[DrawRow]) -> Table:
    has_ranks = any(row.rank_p05 is not None for row in found)
    heads = [("result", "left", 3.4), ("band_by_score", "left", 1.4), ("probability", "right", 1.1)]
    columns = yearly.columns(*heads, *([("ranks", "right", 1.4)] if has_ranks else []))
    rows = tuple(
        Row(
            (
                (_name(yearly, row),),
                (yearly.drafting.band_chip(row.band),),
                (yearly.draw(row, "probability"),),
                *((_ranks(yearly, row),) if has_ranks else ()),
            )
        )
        for row in found
    )
    return Table(title, columns, rows)


def _name(yearly: Yearly, row: DrawRow) -> str:
    base, words = yearly.data.base, yearly.words
    subject: Subject = yearly.data.subject_of(row)
    if subject != base.school:
        return yearly.unit(subject.code)
    if row.indicator == base.root:
        return words.name(base.frame.institution)
    return words.say("coded", code=row.indicator, name=words.named(row.indicator, base.indicators))


def _ranks(yearly: Yearly, row: DrawRow) -> Line:
    if row.rank_p05 is None or row.rank_p95 is None:
        return (ABSENT,)
    return yearly.line("robust.ranks", low=yearly.draw(row, "rank_p05"), high=yearly.draw(row, "rank_p95"))


def _flags(yearly: Yearly) -> tuple[Block, ...]:
    """Items that tell units apart no longer, say what another says, or weigh otherwise than the catalogue has it."""
    title = Heading(2, yearly.say("section.flags"))
    if not yearly.data.flags:
        return (title, Paragraph(yearly.line("flags.none")))
    found: list[Block] = [title, Paragraph(yearly.line("flags.said"))]
    for flag in _FLAGS:
        rows = [row for row in yearly.data.flags if row.flag == flag]
        if rows:
            name = yearly.say(f"flags.{flag}")
            found += [Heading(3, name), _flagged(yearly, name, flag, rows)]
    return tuple(found)


def _flagged(yearly: Yearly, name: str, flag: str, rows: list[FlagRow]) -> Table:
    heads = [("item", "left", 3.6)]
    if flag == "redundant":
        heads.append(("other_item", "left", 3.0))
    if flag == "weight_gap":
        heads += [("nominal", "right", 1.1), ("effective", "right", 1.1), ("interval", "right", 1.6)]
    else:
        heads.append((f"statistic_{flag}", "right", 1.2))
    return Table(name, yearly.columns(*heads), tuple(Row(_cells(yearly, flag, row)) for row in rows))


def _cells(yearly: Yearly, flag: str, row: FlagRow) -> tuple[Line, ...]:
    item = (item_name(yearly.drafting, row.item),)
    if flag == "redundant":
        other = (item_name(yearly.drafting, row.other_item or ""),)
        return (item, other, (yearly.flag(row, "statistic"),))
    if flag == "saturated":
        return (item, (yearly.flag(row, "statistic"),))
    interval = (
        (ABSENT,)
        if row.low is None or row.high is None
        else yearly.line("flags.interval", low=yearly.flag(row, "low"), high=yearly.flag(row, "high"))
    )
    return (item, (yearly.flag(row, "nominal_weight"),), (yearly.flag(row, "effective_weight"),), interval)
