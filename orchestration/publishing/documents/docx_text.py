"""Runs and paragraphs of an office document as WordprocessingML: fonts by role, inline parts in words.

Source: GB/T 9704 for faces and sizes. Not here: tables (`docx_tables`), blocks (`docx_blocks`), parts (`docx`).
"""

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from orchestration.core.inert import inert
from orchestration.messages import Language
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

Face = Literal["title", "song", "hei", "kai", "fang"]

# The faces that the standard and its common practice name; none is shipped. `font_table.xml` names stand-ins.
FACES: dict[Face, str] = {
    "title": "方正小标宋简体",
    "song": "宋体",
    "hei": "黑体",
    "kai": "楷体",
    "fang": "仿宋",
}
LATIN = "Times New Roman"
_SECOND = "525A63"
_TEXT_SIZE = 32
_NOT_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


@dataclass(frozen=True)
class Type:
    """The type of a run: face, size in half points, weight."""

    face: Face = "fang"
    size: int = 32
    is_bold: bool = False


def plain(text: str) -> str:
    """Text as XML takes it: nothing that steers, ends a tag, or is no character."""
    return escape(inert(text).translate(_NOT_XML))


def attribute(text: str) -> str:
    """Text as an attribute's value, with its quotes."""
    return quoteattr(inert(text).translate(_NOT_XML))


def run(text: str, kind: Type, *, colour: str = "", shading: str = "") -> str:
    """One run with its fonts; `shading` is a `w:shd` element."""
    if not text:
        return ""
    return f'<w:r>{_properties(kind, colour, shading)}<w:t xml:space="preserve">{plain(text)}</w:t></w:r>'


def _properties(kind: Type, colour: str, shading: str) -> str:
    bold = "<w:b/>" if kind.is_bold else ""
    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    faces = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{FACES[kind.face]}"/>'
    # 28 characters of 16 points on 156 mm of line: a fifth of a point closer.
    tight = '<w:spacing w:val="-4"/>' if kind.size == _TEXT_SIZE else ""
    size = f'<w:sz w:val="{kind.size}"/><w:szCs w:val="{kind.size}"/>'
    return f"<w:rPr>{faces}{bold}{tint}{tight}{size}{shading}</w:rPr>"


def paragraph(runs: str, style: str, properties: str = "") -> str:
    """A paragraph of a style; `properties` follow the style in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def shading_of(style: BandStyle) -> str:
    """A band's fill; grey is a light hatch."""
    if style.is_grey:
        return '<w:shd w:val="thinDiagStripe" w:color="C4C9CE" w:fill="FFFFFF"/>'
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{style.fill[1:]}"/>'


def chip_text(chip: Chip, words: DocumentWords) -> str:
    """Mark, number, the colour in a word, and doubt and lid in words."""
    style, is_grey = chip.style, chip.style.is_grey
    is_open = not chip.is_certain and not is_grey
    number = chip.figure.shown if chip.figure else ""
    word = words.name(style.band) if chip.has_word or not chip.figure else words.colour(style.band)
    if is_grey and chip.figure and not chip.has_word:
        word = words.say("grey")
    gap = " " if number and (chip.has_word or words.language == "en") else ""
    told = {(True, True): "uncertain_lid", (True, False): "uncertain", (False, True): "lid"}
    key = told.get((is_open, chip.has_lid))
    return (
        f"{words.mark(style, is_certain=chip.is_certain)}{number}{gap}{word}{words.say(key) if key else ''}"
    )


def line_runs(line: Line, kind: Type, language: Language, *, is_cell_shaded: bool = False) -> str:
    """The inline parts as runs; a chip carries its fill unless its cell does."""
    words = DocumentWords(language)
    return "".join(_runs(part, kind, words, is_cell_shaded=is_cell_shaded) for part in line)


def _runs(part: Inline, kind: Type, words: DocumentWords, *, is_cell_shaded: bool) -> str:
    if isinstance(part, LineBreak):
        return "<w:r><w:br/></w:r>"
    if isinstance(part, Strong):
        return run(part.text, Type(kind.face, kind.size, is_bold=True))
    if isinstance(part, Quiet):
        return run(part.text, Type(kind.face, max(18, kind.size - 3)), colour=_SECOND)
    if isinstance(part, Chip):
        bold = Type(kind.face, kind.size, is_bold=bool(part.style.band.alarm))
        shading = "" if is_cell_shaded else shading_of(part.style)
        return run(chip_text(part, words), bold, colour=part.style.text[1:], shading=shading)
    return run(words_of(part, words), kind)


def words_of(part: str | Figure | Range | Spark | Bar, words: DocumentWords) -> str:
    """A part that the office document says in figures alone: a range, the scores of a line, a bar."""
    if isinstance(part, str):
        return part
    if isinstance(part, Figure):
        return part.shown
    if isinstance(part, Range):
        if part.low.shown == part.high.shown:
            return part.low.shown
        return words.say("range", low=part.low.shown, high=part.high.shown)
    if isinstance(part, Spark):
        return " ".join(point.figure.shown if point.figure else words.say("absent") for point in part.points)
    return part.figure.shown
