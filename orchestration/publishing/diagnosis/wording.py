"""One language's words for diagnoses, and sentences of them in which figures stand as figures.

Words that the heat map has too (names, bands, quarters, kinds) are its own. Not here: which sentence is said when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from orchestration.messages import Language, catalogue, text
from orchestration.publishing.documents.model import Inline, Line
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.wording import Named, Wording, wording_of

Part = Inline | Line


@dataclass(frozen=True)
class Words:
    """Texts of one language; `scores` are the heat map's words for scores, names and quarters."""

    language: Language
    scores: Wording
    frame: HeatMap

    def say(self, key: str, **values: object) -> str:
        """The message `diagnosis.<key>`."""
        return text(f"diagnosis.{key}", self.language, **values)

    def line(self, key: str, **values: Part) -> Line:
        """The message `diagnosis.<key>` with what fills its placeholders standing in it as it is."""
        template = catalogue()[f"diagnosis.{key}"]["en" if self.language == "en" else "zh"]
        parts: list[Part] = []
        for literal, name, _, _ in Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(values[name])
        return joined(parts)

    @property
    def gap(self) -> str:
        """What stands between two sentences: Chinese has its stop alone."""
        return " " if self.language == "en" else ""

    @property
    def space(self) -> str:
        """What stands between two words that are no sentence."""
        return " " if self.language == "en" else "\N{IDEOGRAPHIC SPACE}"

    def listed(self, parts: Iterable[Part], separator: str = "list") -> Line:
        """An enumeration of lines; `separator` is a message."""
        return _between(parts, self.say(separator))

    def sentences(self, parts: Iterable[Part]) -> Line:
        """Sentences one after another; blank ones dropped."""
        return _between((part for part in parts if part), self.gap)

    def name(self, row: Named) -> str:
        """The row's name; its code where it has none in this language."""
        return self.scores.name(row)

    def quoted(self, row: Named) -> str:
        """The row's name in quotes."""
        return self.scores.say("quoted", name=self.name(row))

    def names(self, rows: Sequence[Named], most: int) -> str:
        """Names in quotes, `and others` where there are more than `most`."""
        listed = self.scores.listed(self.quoted(row) for row in rows[:most])
        return listed if len(rows) <= most else self.say("and_others", names=listed)

    def band(self, code: str | None) -> str:
        """A band's name; the code where the catalogue of the quarter does not know it."""
        band = self.frame.band_of.get(code or "")
        return self.name(band) if band else code or ""

    def named(self, code: str | None, rows: Mapping[str, Named]) -> str:
        """The name of the row with this code; the code where there is none."""
        row = rows.get(code or "")
        return self.name(row) if row else code or ""

    def quarter(self, quarter: str) -> str:
        """`2026Q3` in words."""
        return self.say(f"quarter.{quarter[5]}", year=quarter[:4])

    def period(self, period: str) -> str:
        """A half-year or a year in words."""
        return self.say(f"period.{period[4:] or 'year'}", year=period[:4])


def words_of(frame: HeatMap, language: Language) -> Words:
    """The words for the diagnoses of one framework."""
    return Words(language, wording_of(frame, language), frame)


def joined(parts: Iterable[Part]) -> Line:
    """Parts as one line, neighbouring texts run together, blank ones dropped."""
    line: list[Inline] = []
    for part in parts:
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, str) and line and isinstance(line[-1], str):
                line[-1] += one
            elif one != "":
                line.append(one)
    return tuple(line)


def _between(parts: Iterable[Part], separator: str) -> Line:
    found: list[Part] = []
    for part in parts:
        found += [separator, part] if found else [part]
    return joined(found)
