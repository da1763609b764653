"""What set a colour, and how sure it is, as sentences of figures. Reads what the warehouse decided; decides nothing.

Source: scoring.md section 7. Not here: headings and what to do (`result`).
"""

from collections.abc import Sequence

from orchestration.core.catalogue.models import ColourCap, Indicator
from orchestration.publishing.diagnosis.amounts import cells
from orchestration.publishing.diagnosis.figures import Drafting, ScoreMart
from orchestration.publishing.diagnosis.model import Subject
from orchestration.publishing.diagnosis.rows import CellRow
from orchestration.publishing.documents.model import Line
from orchestration.publishing.heat_map.causes import BOUND, CONFIRMATION, bands_between, cap_nodes, is_grey
from orchestration.publishing.heat_map.model import HeatMap, Score

MISSING, UNDER_REVIEW, NOT_APPLICABLE = "missing", "under_review", "not_applicable"
_DEPARTMENTS_NAMED = 3
_NODES_NAMED = 3


def is_unjudged(drafting: Drafting, row: Score) -> bool:
    """Whether the colour is grey, or one that the catalogue of the quarter does not know."""
    return is_grey(drafting.data.frame, row)


def was_unjudged(frame: HeatMap, row: Score) -> bool:
    """Whether the score alone would have been grey."""
    band = frame.band_of.get(row.band_by_score or "")
    return band is None or band.min_score is None


def cap_of(frame: HeatMap, row: Score) -> ColourCap | None:
    """The cap that set the colour."""
    return next((cap for cap in frame.caps if cap.code == row.band_cause), None)


def cause(drafting: Drafting, mart: ScoreMart, frame: HeatMap, row: Score) -> Line:
    """Score, colour by score, the rule that changed it, and what waits for a person. `frame` holds the rows."""
    words = drafting.words
    if is_unjudged(drafting, row):
        return _grey(drafting, mart, row)
    values = {
        "score": drafting.score(mart, row),
        "by_score": drafting.band_chip(row.band_by_score),
        "band": drafting.band_chip(row.band),
    }
    line: Line
    if row.band == row.band_by_score:
        line = words.line("cause.score", score=values["score"], band=values["band"])
    elif cap := cap_of(frame, row):
        line = _cap(drafting, mart, frame, row, cap)
    elif row.band_cause == BOUND and was_unjudged(frame, row):
        high, coverage = drafting.score(mart, row, "score_high"), drafting.share(mart, row)
        line = words.line("cause.bound_up", high=high, coverage=coverage, band=values["band"])
    elif row.band_cause == BOUND:
        line = words.line("cause.bound_down", low=drafting.score(mart, row, "score_low"), **values)
    elif row.band_cause == CONFIRMATION:
        line = words.line("cause.confirmation", pending=drafting.band_chip(row.band_pending), **values)
    else:
        line = words.line("cause.rule", rule=row.band_cause or "", **values)
    if row.band_pending and row.band_cause != CONFIRMATION:
        pending = words.line("cause.pending", band=drafting.band_chip(row.band_pending))
        return words.sentences([line, pending, _grave_items(drafting, row)])
    return line


def confidence(drafting: Drafting, mart: ScoreMart, frame: HeatMap, row: Score) -> Line:
    """Whether the colour is certain, and why: what is missing, what it could change, caps that depend on it."""
    words = drafting.words
    if is_unjudged(drafting, row):
        return _unsure(drafting, mart, row)
    caps, is_open = _caps_in_doubt(drafting, frame, row)
    verdict = "sure.yes" if row.is_certain and not is_open else "sure.no"
    said = [words.line("sure.waits" if row.band_pending else verdict)]
    if row.coverage is not None and round(row.coverage, 6) >= 1:
        return words.sentences([*said, words.line("sure.complete")])
    if row.score_low is None or row.score_high is None:
        return words.sentences([*said, words.line("sure.no_range")])
    owed = owing(drafting, Subject(row.subject_kind, row.subject_code))
    said.append(words.line("sure.missing", owed=owed) if owed else words.line("sure.some_missing"))
    low, high = drafting.score(mart, row, "score_low"), drafting.score(mart, row, "score_high")
    if row.is_certain:
        said.append(words.line("sure.certain", low=low))
    else:
        could = bands_between(frame, row.score_low, row.score_high)
        bands = words.listed((drafting.band_chip(band.code) for band in could), "or_else")
        said.append(words.line("sure.open", low=low, high=high, bands=bands))
    return words.sentences([*said, caps])


def short_cause(drafting: Drafting, mart: ScoreMart, frame: HeatMap, row: Score) -> Line:
    """A few words on what set a colour; blank where the score alone did."""
    words = drafting.words
    line: Line = ()
    if is_unjudged(drafting, row):
        if row.coverage is not None:
            line = words.line("short.grey", coverage=drafting.share(mart, row))
    elif row.band != row.band_by_score:
        line = _short_rule(drafting, frame, row)
    if not row.band_pending:
        return line
    pending = words.line("short.pending", band=drafting.band_chip(row.band_pending))
    return words.listed([part for part in (line, pending) if part], "clause")


def owing(drafting: Drafting, subject: Subject) -> Line:
    """Who owes how many cells, most first, three departments a quarter; blank where nothing is missing."""
    data, words = drafting.data, drafting.words
    rows = [
        row for row in data.cells_of.get(subject, ()) if row.state in (MISSING, UNDER_REVIEW) and row.cells
    ]
    quarters = []
    for quarter in data.quarters:
        owed = sorted((row for row in rows if row.quarter == quarter), key=lambda row: -row.cells)
        if owed:
            line = _owed(drafting, owed)
            quarters.append(words.line("owed.quarter", quarter=words.quarter(quarter), cells=line))
    return words.listed(quarters, "clause")


def node_names(
    drafting: Drafting, mart: ScoreMart, frame: HeatMap, row: Score, nodes: Sequence[Indicator]
) -> Line:
    """Nodes in quotes, each with the subject's score in it; at most three."""
    words, named = drafting.words, []
    for node in nodes[:_NODES_NAMED]:
        own = frame.now.get((row.subject_code, node.code))
        name = words.quoted(node)
        score = drafting.score(mart, own) if own else None
        named.append(words.line("named_score", name=name, score=score) if score else (name,))
    line = words.listed(named)
    return line if len(nodes) <= _NODES_NAMED else words.line("and_others", names=line)


def _owed(drafting: Drafting, rows: Sequence[CellRow]) -> Line:
    words, departments = drafting.words, drafting.data.departments
    named = [
        words.line(
            "owed.cells", department=words.named(row.department, departments), cells=cells(drafting, row)
        )
        for row in rows[:_DEPARTMENTS_NAMED]
    ]
    line = words.listed(named)
    return line if len(rows) <= _DEPARTMENTS_NAMED else words.line("owed.more", cells=line)


def _cap(drafting: Drafting, mart: ScoreMart, frame: HeatMap, row: Score, cap: ColourCap) -> Line:
    words, nodes = drafting.words, cap_nodes(frame, row, cap)
    values = {
        "score": drafting.score(mart, row),
        "by_score": drafting.band_chip(row.band_by_score),
        "band": drafting.band_chip(row.band),
        "rule": cap.code,
    }
    if nodes:
        names = node_names(drafting, mart, frame, row, nodes)
        return words.line("cause.cap", nodes=names, by=drafting.band_chip(cap.when_band), **values)
    return words.sentences([words.line("cause.grave", **values), _grave_items(drafting, row)])


def _grave_items(drafting: Drafting, row: Score) -> Line:
    """The grave items of the last quarter; none where they are of an earlier one."""
    data, words = drafting.data, drafting.words
    subject = Subject(row.subject_kind, row.subject_code)
    named = [
        words.quoted(data.item_of[one.item])
        for one in data.items_of.get(subject, ())
        if one.is_grave_case and one.item in data.item_of
    ]
    if not named:
        return ()
    items = words.listed(named)
    return words.line("cause.grave_items", items=items, quarter=words.quarter(data.quarter))


def _grey(drafting: Drafting, mart: ScoreMart, row: Score) -> Line:
    if row.score is None:
        return drafting.words.line("cause.no_score")
    return drafting.words.line("cause.grey", score=drafting.score(mart, row))


def _unsure(drafting: Drafting, mart: ScoreMart, row: Score) -> Line:
    words = drafting.words
    if row.coverage is None:
        return words.line("sure.nothing_due")
    coverage = drafting.share(mart, row)
    if round(row.coverage, 6) >= drafting.data.frame.min_coverage:
        return words.line("sure.little_due", share=drafting.share(mart, row, "nothing_due_share"))
    owed = owing(drafting, Subject(row.subject_kind, row.subject_code))
    if owed:
        return words.line("sure.grey", coverage=coverage, owed=owed)
    return words.line("sure.grey_plain", coverage=coverage)


def _caps_in_doubt(drafting: Drafting, frame: HeatMap, row: Score) -> tuple[Line, bool]:
    """Whether the cap that acts could go, or another could come, once what is missing arrives; and if so, True."""
    words, acting = drafting.words, cap_of(frame, row)
    if acting and acting.when == "node":
        nodes = cap_nodes(frame, row, acting)
        held = [node for node in nodes if _is_at_worst(frame, row, node, acting, "score_high")]
        by, names = drafting.band_chip(acting.when_band), words.names(held or nodes, _NODES_NAMED)
        key = "sure.cap_holds" if held else "sure.cap_may_lift"
        return words.line(key, nodes=names, by=by), not held
    rank = {band.code: band.rank for band in frame.judged}
    stricter = (
        cap
        for cap in frame.caps
        if cap.when == "node" and rank.get(cap.at_most_band, 0) > rank.get(row.band or "", len(rank))
    )
    for cap in sorted(stricter, key=lambda cap: -rank[cap.at_most_band]):
        nodes = tuple(node for node in frame.indicators if node.level == cap.when_level)
        at_risk = [node for node in nodes if _is_at_worst(frame, row, node, cap, "score_low")]
        if at_risk:
            by, band = drafting.band_chip(cap.when_band), drafting.band_chip(cap.at_most_band)
            names = words.names(at_risk, _NODES_NAMED)
            return words.line("sure.cap_may_come", nodes=names, by=by, band=band), True
    return (), False


def _short_rule(drafting: Drafting, frame: HeatMap, row: Score) -> Line:
    words = drafting.words
    if cap := cap_of(frame, row):
        nodes = cap_nodes(frame, row, cap)
        if not nodes:
            return words.line("short.grave")
        codes = words.say("list").join(node.code for node in nodes[:_NODES_NAMED])
        names = codes if len(nodes) <= _NODES_NAMED else words.say("and_others", names=codes)
        return words.line("short.cap", nodes=names, by=words.band(cap.when_band))
    if row.band_cause == BOUND:
        return words.line("short.bound_up" if was_unjudged(frame, row) else "short.bound_down")
    return () if row.band_pending else words.line("short.rule", rule=row.band_cause or "")


def _is_at_worst(frame: HeatMap, row: Score, node: Indicator, cap: ColourCap, end: str) -> bool:
    """Whether a node of the subject, at this end of its range, is in the cap's colour or a worse one."""
    own, trigger = frame.now.get((row.subject_code, node.code)), frame.band_of.get(cap.when_band or "")
    bound: float | None = getattr(own, end) if own else None
    if bound is None or trigger is None or own is None:
        return False
    # Grey for want of data is judged once they arrive; grey because nothing was due stays.
    if is_grey(frame, own) and (own.coverage is None or round(own.coverage, 6) >= frame.min_coverage):
        return False
    return bands_between(frame, bound, bound)[0].rank >= trigger.rank
