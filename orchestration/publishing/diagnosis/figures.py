"""Scores as figures, on their colours, as ranges and lines: each the cell of a mart with the text a reader sees.

Not here: figures that are no scores (`amounts`), reading marts (`load`), the sentences around a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orchestration.messages import Language
from orchestration.publishing.diagnosis.model import DiagnosisData, Subject
from orchestration.publishing.diagnosis.wording import Words, words_of
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Chip, Inline, Range, Spark, TrendPoint
from orchestration.publishing.heat_map.model import Score
from orchestration.publishing.look import numbers
from orchestration.publishing.look.bands import BandStyle, band_styles
from orchestration.publishing.look.spark import scale_of

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ScoreMart:
    """A mart of scores: its name and the column that says of when they are."""

    name: str
    when: str


PERIOD = ScoreMart("fct_period_score", "period")
QUARTER = ScoreMart("fct_indicator_score", "quarter")
RESTATED = ScoreMart("fct_restated_score", "quarter")


@dataclass(frozen=True)
class Drafting:
    """The data of one period with one language's words and the styles of its bands: what all texts draw on."""

    data: DiagnosisData
    language: Language

    @cached_property
    def words(self) -> Words:
        return words_of(self.data.frame, self.language)

    @cached_property
    def styles(self) -> Mapping[str, BandStyle]:
        return band_styles(self.data.frame.bands)

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """The scores at which a colour begins, the worst colour's own left out: it is nobody's edge."""
        return self.words.scores.thresholds[:-1]

    def style(self, code: str | None) -> BandStyle | None:
        """The style of a band; None where the catalogue of the quarter does not know it."""
        return self.styles.get(code or "")

    def score(self, mart: ScoreMart, row: Score, column: str = "score", decimals: int = 1) -> Inline:
        """A score or bound, never on the wrong side of a threshold; a dash where there is none."""
        value: float | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        return Figure(mart.name, column, self._score_key(mart, row), value, self.points(value, decimals))

    def share(self, mart: ScoreMart, row: Score, column: str = "coverage") -> Inline:
        """A share in percent, never rounded across the least coverage or to 100 %."""
        value: float | None = getattr(row, column)
        if value is None:
            return numbers.ABSENT
        shown = self.words.scores.coverage(value)
        return Figure(mart.name, column, self._score_key(mart, row), value, shown)

    def chip(self, mart: ScoreMart, row: Score, decimals: int = 1, *, has_word: bool = False) -> Inline:
        """The score on its colour; the colour's name alone where there is no score."""
        style, figure = self.style(row.band), self.score(mart, row, "score", decimals)
        if style is None:
            return figure
        is_certain = style.is_grey or row.is_certain is True
        known = figure if isinstance(figure, Figure) else None
        return Chip(style, known, is_certain, row.band != row.band_by_score, has_word)

    def band_chip(self, code: str | None) -> Inline:
        """A colour by its name on its fill."""
        style = self.style(code)
        return Chip(style, None) if style else self.words.band(code)

    def range(self, mart: ScoreMart, row: Score, scale: tuple[float, float]) -> Inline:
        """The range in which the score may lie; in words where an end cannot be given."""
        low, high = self.score(mart, row, "score_low"), self.score(mart, row, "score_high")
        at = self.score(mart, row)
        if not isinstance(low, Figure) or not isinstance(high, Figure):
            return self.words.say("no_range")
        known = at if isinstance(at, Figure) else None
        return Range(low, high, known, self.style(row.band), scale, self.thresholds)

    def trend_point(
        self, quarter: str, subject: Subject, node: str, *, has_range: bool = False
    ) -> TrendPoint:
        """One quarter's score under the last quarter's catalogue; a gap where there is none."""
        row = self.data.in_trend.get((quarter, subject, node))
        figure = self.score(RESTATED, row) if row else None
        if row is None or not isinstance(figure, Figure):
            return TrendPoint(quarter, None, None)
        ends = [self.score(RESTATED, row, column) for column in ("score_low", "score_high")]
        low, high = (end if has_range and isinstance(end, Figure) else None for end in ends)
        return TrendPoint(quarter, figure, self.style(row.band), low, high)

    def trend(self, subject: Subject, node: str, *, has_range: bool = False) -> tuple[TrendPoint, ...]:
        """A node's quarters from the first that has a score; none where no quarter has one."""
        points = [self.trend_point(at, subject, node, has_range=has_range) for at in self.data.trend_quarters]
        first = next((index for index, point in enumerate(points) if point.figure), len(points))
        return tuple(points[first:])

    def spark(self, subject: Subject, node: str, label: str) -> Inline:
        """A node's small line; a dash where no quarter has a score."""
        points = self.trend(subject, node)
        return Spark(label, points, self.scale, self.thresholds) if points else numbers.ABSENT

    @cached_property
    def scale(self) -> tuple[float, float]:
        """One scale for every line and range of this period's documents."""
        least = min(self.thresholds, default=80.0) - 10.0
        first = [row.score for row in self.data.frame.scores if row.indicator in self._upper]
        low = [row.score_low for row in self.data.frame.scores if row.indicator in self._upper]
        history = [row.score for row in self.data.restated if row.indicator in self._upper]
        found = scale_of([*first, *low, *history], least)
        return found.low, found.high

    @cached_property
    def _upper(self) -> frozenset[str]:
        frame = self.data.frame
        return frozenset([frame.root.code, *(node.code for node in frame.firsts)])

    def _score_key(self, mart: ScoreMart, row: Score) -> Key:
        key = (
            ("institution", self.data.institution),
            (mart.when, row.quarter),
            ("framework", self.data.framework),
            ("subject_kind", row.subject_kind),
            ("subject_code", row.subject_code),
            ("indicator", row.indicator),
        )
        return (*key, ("catalogue_quarter", self.data.quarter)) if mart is RESTATED else key

    def points(self, value: float, decimals: int = 1) -> str:
        """A score as text, never on the wrong side of a threshold."""
        return self.words.scores.points(value, decimals)
