"""Words of documents' forms in one language: bands, marks, points, charts. Not here: what a document says."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.core.catalogue.models import Band
from orchestration.messages import Language, text
from orchestration.publishing.documents.model import BarChart, TrendChart, TrendPoint
from orchestration.publishing.look.bands import BandStyle


@dataclass(frozen=True)
class DocumentWords:
    """Texts of one language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """The message `documents.<key>`."""
        return text(f"documents.{key}", self.language, **values)

    def name(self, band: Band) -> str:
        """The band's name; its code where that is blank."""
        return (band.name_en if self.language == "en" else band.name_zh) or band.code

    def colour(self, style: BandStyle) -> str:
        """The band's colour in a word: the catalogue's in Chinese, its name in English, grey by its own."""
        if style.is_grey:
            return self.say("grey")
        return (
            self.name(style.band) if self.language == "en" else style.band.colour_zh or self.name(style.band)
        )

    def mark(self, style: BandStyle, *, is_certain: bool = True) -> str:
        """The mark that stands in text; blank for grey, whose texture no font of the office has."""
        if style.is_grey:
            return ""
        return style.mark if is_certain else style.hollow

    def points(self, points: Sequence[TrendPoint]) -> str:
        """The points of a line in words; a dash where there is no score."""
        return self.say("point.join").join(
            self.say("point", label=one.label, score=one.figure.shown if one.figure else self.say("absent"))
            for one in points
        )

    def chart(self, chart: TrendChart | BarChart) -> str:
        """A chart in words, for who cannot see it: each line's points, each bar's figure."""
        if isinstance(chart, BarChart):
            told = [self.say("point", label=name, score=figure.shown) for name, figure, _ in chart.bars]
        else:
            told = [self.say("series.name", name=one.name) + self.points(one.points) for one in chart.series]
        return self.say("series.join").join([chart.caption, *told])
