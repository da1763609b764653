"""Inline parts of an office document: figures and chips in words, small lines as pictures.

Not here: runs and fonts (`docx_xml`), tables (`docx_tables`), blocks (`docx_blocks`).
"""

from dataclasses import dataclass, field

from orchestration.publishing.documents.docx_pictures import Pictures
from orchestration.publishing.documents.docx_xml import Type, run
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Bar,
    Chip,
    Inline,
    Line,
    LineBreak,
    Quiet,
    Range,
    Spark,
    Strong,
)
from orchestration.publishing.documents.words import DocumentWords
from orchestration.publishing.look.bands import BandStyle

_SECOND = "525A63"


@dataclass(frozen=True)
class Pen:
    """Writes in one language; the pictures it draws are collected."""

    words: DocumentWords
    pictures: Pictures = field(default_factory=Pictures)

    def line(self, line: Line, kind: Type, *, is_shaded: bool = False, is_short: bool = False) -> str:
        """The inline parts as runs.

        A chip carries its fill unless its cell does (`is_shaded`); where there is little room (`is_short`) its
        hollow mark alone tells doubt.
        """
        return "".join(self._part(part, kind, is_shaded=is_shaded, is_short=is_short) for part in line)

    def _part(self, part: Inline, kind: Type, *, is_shaded: bool, is_short: bool) -> str:
        if isinstance(part, LineBreak):
            return "<w:r><w:br/></w:r>"
        if isinstance(part, Spark):
            return self.pictures.spark(part, self.words)
        if isinstance(part, Strong):
            return run(part.text, Type(kind.face, kind.size, is_bold=True))
        if isinstance(part, Quiet):
            return run(part.text, Type(kind.face, max(18, kind.size - 3)), colour=_SECOND)
        told = text_of(part, self.words, is_short=is_short)
        if isinstance(part, Chip):
            bold = Type(kind.face, kind.size, is_bold=bool(part.style.band.alarm))
            return run(
                told, bold, colour=part.style.text[1:], shading="" if is_shaded else shading_of(part.style)
            )
        return run(told, kind)


def shading_of(style: BandStyle) -> str:
    """A band's fill; grey is a light hatch."""
    if style.is_grey:
        return '<w:shd w:val="thinDiagStripe" w:color="C4C9CE" w:fill="FFFFFF"/>'
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{style.fill[1:]}"/>'


def text_of(part: Inline, words: DocumentWords, *, is_short: bool = False) -> str:
    """A part in words; blank where it is a picture or a new line."""
    if isinstance(part, str):
        return part
    if isinstance(part, Strong | Quiet):
        return part.text
    if isinstance(part, Figure):
        return part.shown
    if isinstance(part, Bar):
        return part.figure.shown
    if isinstance(part, Chip):
        return _chip_text(part, words, is_short=is_short)
    if isinstance(part, Range):
        ends = {"low": part.low.shown, "high": part.high.shown}
        return part.low.shown if len(set(ends.values())) == 1 else words.say("range", **ends)
    return ""


def chip_lines(chip: Chip, words: DocumentWords) -> list[str]:
    """A chip on lines of its own: mark and number, then the band's name with doubt and lid in words."""
    mark = words.mark(chip.style, is_certain=chip.is_certain)
    name = words.name(chip.style.band) + _told(chip, words)
    return [f"{mark}{chip.figure.shown}", name] if chip.figure else [mark + name]


def _chip_text(chip: Chip, words: DocumentWords, *, is_short: bool) -> str:
    """Mark, number, the colour in a word, and doubt and lid in words."""
    number = chip.figure.shown if chip.figure else ""
    is_named = chip.has_word or not chip.figure
    word = words.name(chip.style.band) if is_named else words.colour(chip.style)
    gap = " " if number and (chip.has_word or words.language == "en") else ""
    mark = words.mark(chip.style, is_certain=chip.is_certain)
    return f"{mark}{number}{gap}{word}{_told(chip, words, is_short=is_short)}"


def _told(chip: Chip, words: DocumentWords, *, is_short: bool = False) -> str:
    """Doubt and lid in words; where there is little room the hollow mark alone tells doubt."""
    # Where the mark has no hollow twin, only words tell.
    is_shown = is_short and chip.style.has_hollow_twin
    is_open = not chip.is_certain and not chip.style.is_grey and not is_shown
    keys = {(True, True): "uncertain_lid", (True, False): "uncertain", (False, True): "lid"}
    key = keys.get((is_open, chip.has_lid))
    return words.say(key) if key else ""
