"""Why a colour is what it is, in words: short beside a total, whole in a unit's panel (颜色由来).

Reads what the warehouse decided (`band_cause`, `band_pending`); decides nothing. Source: scoring.md section 7.
"""

from collections.abc import Sequence

from orchestration.core.catalogue.models import Band, ColourCap, Indicator
from orchestration.publishing.heat_map.model import HeatMap, Score
from orchestration.publishing.heat_map.wording import Wording
from orchestration.publishing.look.numbers import exact

BOUND, CONFIRMATION = "bound", "confirmation"
_NODES_NAMED = 3


def is_grey(heat_map: HeatMap, score: Score) -> bool:
    """Whether the cell is not judged: no band, or one without a threshold."""
    band = heat_map.band_of.get(score.band or "")
    return band is None or band.min_score is None


def short_cause(heat_map: HeatMap, words: Wording, score: Score) -> str:
    """A few characters beside a total; blank where the score alone made the colour, or a person is waited for."""
    if is_grey(heat_map, score):
        return _grey(words, score, heat_map.min_coverage)
    if score.band == score.band_by_score:
        return ""
    if cap := _cap(heat_map, score):
        return _short_cap(heat_map, words, score, cap)
    if score.band_cause == BOUND:
        return words.say("cause.bound_up.short" if _was_grey(heat_map, score) else "cause.bound_down.short")
    if score.band_cause == CONFIRMATION and score.band_pending:
        return ""
    return words.say("cause.rule", rule=score.band_cause or "")


def causes(heat_map: HeatMap, words: Wording, score: Score) -> tuple[str, ...]:
    """Whole clauses: what set the colour, what waits for a person, why there is no judgement."""
    found: list[str] = []
    if is_grey(heat_map, score):
        found.append(_grey(words, score, heat_map.min_coverage, is_whole=True))
    elif score.band != score.band_by_score:
        found.append(_rule(heat_map, words, score))
    # A colour held back only by the confirmation has said so already.
    if score.band_pending and score.band_cause != CONFIRMATION:
        found.append(_pending(heat_map, words, score))
    return tuple(clause for clause in found if clause)


def band_name(heat_map: HeatMap, words: Wording, code: str | None) -> str:
    """A band's name; the code itself where the catalogue of the quarter does not know it."""
    band = heat_map.band_of.get(code or "")
    return words.name(band) if band else code or ""


def cap_nodes(heat_map: HeatMap, score: Score, cap: ColourCap) -> tuple[Indicator, ...]:
    """The subject's nodes whose own colour set off the cap, in catalogue order."""
    trigger = heat_map.band_of.get(cap.when_band or "")
    if cap.when != "node" or trigger is None:
        return ()
    ranks = {band.code: band.rank for band in heat_map.judged}
    found = []
    for node in heat_map.indicators:
        row = heat_map.now.get((score.subject_code, node.code))
        if row and node.level == cap.when_level and ranks.get(row.band_by_score or "", -1) >= trigger.rank:
            found.append(node)
    return tuple(found)


def bands_between(heat_map: HeatMap, low: float, high: float) -> Sequence[Band]:
    """The colours by score alone between two scores, worst first."""
    judged = heat_map.judged

    def at(score: float) -> int:
        reached = (index for index, band in enumerate(judged) if exact(band.min_score or 0) <= exact(score))
        return next(reached, len(judged) - 1)

    return judged[at(high) : at(low) + 1][::-1]


def _rule(heat_map: HeatMap, words: Wording, score: Score) -> str:
    band = band_name(heat_map, words, score.band)
    if cap := _cap(heat_map, score):
        nodes = cap_nodes(heat_map, score, cap)
        if cap.when != "node" or not nodes:
            return words.say("cause.grave.long", band=band)
        names = words.listed(words.say("quoted", name=words.name(node)) for node in nodes[:_NODES_NAMED])
        by = band_name(heat_map, words, cap.when_band)
        return words.say("cause.cap.long", nodes=names, by=by, band=band)
    if score.band_cause == BOUND:
        key = "cause.bound_up.long" if _was_grey(heat_map, score) else "cause.bound_down.long"
        return words.say(key, band=band)
    if score.band_cause == CONFIRMATION:
        by = band_name(heat_map, words, score.band_pending)
        return words.say("cause.confirmation.long", by=by, band=band)
    return words.say("cause.rule", rule=score.band_cause or "")


def _pending(heat_map: HeatMap, words: Wording, score: Score) -> str:
    band = band_name(heat_map, words, score.band_pending)
    waits = any(
        cap.needs_confirmation and cap.when == "grave_item" and cap.at_most_band == score.band_pending
        for cap in heat_map.caps
    )
    return words.say("pending.grave" if waits else "pending.colour", band=band)


def _short_cap(heat_map: HeatMap, words: Wording, score: Score, cap: ColourCap) -> str:
    nodes = cap_nodes(heat_map, score, cap)
    if not nodes:
        return words.say("cause.grave.short")
    band = heat_map.band_of[cap.when_band or ""]
    colour = band.colour_zh if words.language == "zh-CN" else words.name(band)
    if len(nodes) > _NODES_NAMED:
        return words.say("cause.caps.short", first=nodes[0].code, count=len(nodes), colour=colour)
    return words.say("cause.cap.short", nodes=words.listed(node.code for node in nodes), colour=colour)


def _cap(heat_map: HeatMap, score: Score) -> ColourCap | None:
    return next((cap for cap in heat_map.caps if cap.code == score.band_cause), None)


def _was_grey(heat_map: HeatMap, score: Score) -> bool:
    band = heat_map.band_of.get(score.band_by_score or "")
    return band is None or band.min_score is None


def _grey(words: Wording, score: Score, min_coverage: float, *, is_whole: bool = False) -> str:
    if score.score is None:
        return words.say("grey.nothing_due" if score.coverage is None else "grey.no_data")
    if score.coverage is not None and round(score.coverage, 6) >= min_coverage:
        return words.say("grey.mostly_nothing_due")
    return "" if is_whole else words.say("words.coverage", coverage=words.coverage(score.coverage))
