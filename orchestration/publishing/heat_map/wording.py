"""One language's words for scores, bands, names and quarters. Pure text; numbers come from `numbers`.

Not here: which words a cell or a heading gets (`cells`, `causes`, `headline`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from orchestration.core.catalogue.models import Department
from orchestration.messages import Language, catalogue, text
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.look import numbers

_SOFT_HYPHEN = "\u00ad"


class Named(Protocol):
    """A catalogue row with a name in both languages and a code to fall back on."""

    @property
    def code(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


@dataclass(frozen=True)
class Wording:
    """Texts of one language; `thresholds` are the scores and `min_coverage` the share not to round across."""

    language: Language
    thresholds: tuple[float, ...]
    min_coverage: float

    def say(self, key: str, **values: object) -> str:
        """The message `heat_map.<key>`."""
        return text(f"heat_map.{key}", self.language, **values)

    def name(self, row: Named) -> str:
        """The row's name in this language; its code where that is blank."""
        return (row.name_en if self.language == "en" else row.name_zh) or row.code

    def pieces(self, framework: str, row: Named) -> tuple[str, ...]:
        """The row's name cut where a heading may break, if the message catalogue has cuts for this very name."""
        key, name = f"heat_map.break.{framework}.{row.code}", self.name(row)
        if key in catalogue():
            pieces = tuple(text(key, self.language).split("|"))
            if "".join(pieces).replace(_SOFT_HYPHEN, "") == name:
                return pieces
        return (name,)

    def kind(self, code: str) -> str:
        """The name of a kind of units; its code where no message names it."""
        return self.say(f"kind.{code}") if f"heat_map.kind.{code}" in catalogue() else code

    def quarter(self, quarter: str) -> str:
        """`2026Q3` in words."""
        return self.say(f"quarter.{quarter[5]}", year=quarter[:4])

    def day(self, day: date | None) -> str:
        """A date in words; blank for none."""
        return self.say(f"day.{day.month}", day=day.day, year=day.year) if day else ""

    def provisional(self, absent: Sequence[Department]) -> str:
        """Why the scores are provisional, naming the departments whose data are not in."""
        if not absent:
            return self.say("foot.provisional")
        return self.say("foot.absent", departments=self.listed(self.name(row) for row in absent))

    def points(self, score: float | None, decimals: int = 1) -> str:
        """A score, never on the wrong side of a threshold."""
        return numbers.shown(score, decimals, self.thresholds)

    def span(self, low: float | None, high: float | None) -> str:
        """A range of scores in whole points; one number where both ends read alike."""
        ends = [self.points(low, 0), self.points(high, 0)]
        return ends[0] if ends[0] == ends[1] else self.say("range", low=ends[0], high=ends[1])

    def coverage(self, share: float | None) -> str:
        """A coverage in percent, never rounded across the least coverage or to 100 %."""
        return numbers.percent(share, (self.min_coverage,))

    def moved(self, points: Decimal | None) -> str:
        """A change in points with its sign."""
        return numbers.signed(points)

    def listed(self, parts: Iterable[str]) -> str:
        """An enumeration."""
        return self.say("list").join(parts)

    def joined(self, clauses: Sequence[str]) -> str:
        """Clauses of one sentence; blank ones dropped."""
        return self.say("clause").join(clause for clause in clauses if clause)


def wording_of(heat_map: HeatMap, language: Language) -> Wording:
    """The words for one heat map."""
    thresholds = tuple(band.min_score for band in heat_map.judged if band.min_score is not None)
    return Wording(language, thresholds, heat_map.min_coverage)
