"""One cell as drawn: classes, number, arrow, and the words that hover and panel give. Pure.

Not here: the words themselves, what stands in which table (`page`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from orchestration.messages import Language
from orchestration.publishing.follow_up.rows import RectificationRow
from orchestration.publishing.heat_map.causes import causes
from orchestration.publishing.heat_map.model import SCHOOL, HeatMap, Score
from orchestration.publishing.heat_map.wording import Wording, wording_of
from orchestration.publishing.look import numbers
from orchestration.publishing.look.bands import BandStyle, band_styles

# An arrow stands where the colour moved and the score by at least this much; less is noise at a threshold.
ARROW_POINTS = 3
# The class of a cell with a corner: a task on its node is not struck off.
TO_STRIKE = "k"
Arrow = Literal["", "fell", "rose"]


@dataclass(frozen=True)
class Facts:
    """What hover and panel tell of a cell, each part as text; blank where it goes without saying.

    `change` is signed points, `span` a range of scores, `coverage` percent, `why` whole clauses.
    """

    score: str
    change: str
    span: str
    coverage: str
    why: str


@dataclass(frozen=True)
class Cell:
    """`css` are class names of ours; `facts` is None where the number says all."""

    css: str
    text: str
    arrow: Arrow = ""
    facts: Facts | None = None


@dataclass(frozen=True)
class Drawing:
    """A heat map with one language's words and the styles of its bands."""

    heat_map: HeatMap
    language: Language

    @cached_property
    def words(self) -> Wording:
        return wording_of(self.heat_map, self.language)

    @cached_property
    def styles(self) -> Mapping[str, BandStyle]:
        return band_styles(self.heat_map.bands)

    @cached_property
    def plain(self) -> str:
        """The class of the best band, which a quiet cell of the large table goes without; blank for an alarm."""
        best = next(iter(self.heat_map.judged), None)
        return self.styles[best.code].css if best and not best.alarm else ""

    def style(self, code: str | None) -> BandStyle | None:
        """The style of a band; None where the catalogue of the quarter does not know it."""
        return self.styles.get(code or "")


def is_hollow(drawing: Drawing, score: Score) -> bool:
    """Whether missing data could change the colour; grey is not a judgement that could change."""
    style = drawing.style(score.band)
    return style is not None and not style.is_grey and score.is_certain is not True


def has_lid(score: Score) -> bool:
    """Whether a rule, not the score, set the colour."""
    return score.band != score.band_by_score


def arrow(heat_map: HeatMap, now: Score, before: Score | None) -> Arrow:
    """The way the colour moved since the quarter before, where the score moved by 3 points or more."""
    points = moved(now, before)
    ranks = {band.code: band.rank for band in heat_map.judged}
    if before is None or points is None or abs(points) < ARROW_POINTS:
        return ""
    if now.band not in ranks or before.band not in ranks or now.band == before.band:
        return ""
    return "fell" if ranks[now.band] > ranks[before.band] else "rose"


def moved(now: Score | None, before: Score | None) -> Decimal | None:
    """Points since the quarter before, or None."""
    if now is None or before is None:
        return None
    return numbers.change(now.score, before.score)


def tasks_of(heat_map: HeatMap, now: Score) -> Sequence[RectificationRow]:
    """The open tasks of a unit's node: until the last is struck off its cell says so."""
    return heat_map.tasks_at.get((now.subject_code, now.indicator), ()) if now.subject_kind != SCHOOL else ()


def is_quiet(drawing: Drawing, now: Score) -> bool:
    """Whether number and arrow say all: certain, complete, its colour by score and without alarm."""
    style = drawing.style(now.band)
    if style is None or style.is_grey or style.band.alarm or is_hollow(drawing, now) or has_lid(now):
        return False
    return now.coverage is None or now.coverage >= 1


def cell(
    drawing: Drawing, now: Score | None, before: Score | None, decimals: int = 0, *, is_told: bool
) -> Cell:
    """The cell of `now`; with words where `is_told`. No row at all is an empty dash without a colour."""
    if now is None:
        return Cell("", numbers.ABSENT)
    style = drawing.style(now.band)
    classes = [style.css] if style else []
    if is_hollow(drawing, now):
        classes.append("o")
    if has_lid(now):
        classes.append("l")
    if tasks_of(drawing.heat_map, now):
        classes.append(TO_STRIKE)
    text = drawing.words.points(now.score, decimals)
    way = arrow(drawing.heat_map, now, before)
    if len(text) + bool(way) > 3 and not decimals:
        classes.append("n")
    return Cell(" ".join(classes), text, way, facts(drawing, now, before) if is_told else None)


def facts(drawing: Drawing, now: Score, before: Score | None) -> Facts:
    """Number, change, range, coverage and cause of a cell."""
    words, points = drawing.words, moved(now, before)
    is_partial = now.coverage is not None and now.coverage < 1
    return Facts(
        score="" if now.score is None else words.points(now.score),
        change="" if points is None else words.moved(points),
        span=_span(drawing, now),
        coverage=words.coverage(now.coverage) if is_partial else "",
        why=words.joined(causes(drawing.heat_map, words, now)),
    )


def sentence(drawing: Drawing, told: Facts) -> str:
    """The facts in one line, as hover words them."""
    words = drawing.words
    return words.joined(
        [
            words.say("words.score", score=told.score) if told.score else words.say("words.no_score"),
            words.say("words.change", change=told.change) if told.change else "",
            words.say("words.range", range=told.span) if told.span else "",
            words.say("words.coverage", coverage=told.coverage) if told.coverage else "",
            told.why,
        ]
    )


def _span(drawing: Drawing, now: Score) -> str:
    """The range, where cells are missing and it says more than the number."""
    words = drawing.words
    if now.coverage is None or now.score is None or (now.coverage >= 1 and now.is_certain):
        return ""
    if now.score_low is None or now.score_high is None:
        return words.say("words.no_range")
    span = words.span(now.score_low, now.score_high)
    return "" if span == words.points(now.score, 0) else span
