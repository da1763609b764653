"""Blocks of a document as the body of an office document; the pictures it needs beside it.

Not here: runs (`docx_text`), tables (`docx_tables`), the package (`docx`).
"""

from dataclasses import dataclass

from orchestration.publishing.documents.docx_tables import result_xml, table_xml
from orchestration.publishing.documents.docx_text import Pen
from orchestration.publishing.documents.docx_xml import Face, Type, paragraph, run
from orchestration.publishing.documents.model import (
    Block,
    Document,
    Heading,
    Listing,
    Paragraph,
    Result,
    Table,
)
from orchestration.publishing.documents.outline import ranks_of
from orchestration.publishing.documents.styles import marks_of

# Lists begin after the numbering of headings and that of points without order.
FIRST_LIST = 3
_FACE: dict[int, Face] = {1: "hei", 2: "kai", 3: "fang"}
_NOTE = Type(size=24)
_BASIS = Type(size=18)
# What separates one table from the next, and from text: two tables side by side would become one.
_GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'


@dataclass
class Body:
    """The body in the making: the pen with its pictures, and how many numbered lists there are."""

    document: Document
    pen: Pen
    lists: int = 0

    def xml(self) -> str:
        """Title, conclusion, blocks, and what the figures rest on."""
        ranks = ranks_of(self.document)
        return "".join(
            (
                *_opening(self.document, self.pen),
                *(self._block(block, ranks) for block in self.document.blocks),
                *_closing(self.document, self.pen),
            )
        )

    def _block(self, block: Block, ranks: dict[int, int]) -> str:
        if isinstance(block, Heading):
            return _heading(block, ranks[block.level])
        if isinstance(block, Paragraph):
            return _paragraph(block, self.pen)
        if isinstance(block, Listing):
            return self._listing(block)
        if isinstance(block, Result):
            return result_xml(block, self.document.heading, self.pen) + _GAP
        if isinstance(block, Table):
            caption = paragraph(run(block.caption, Type("hei", 24)), "Caption", "<w:keepNext/>")
            return (caption if block.is_caption_shown else "") + table_xml(block, self.pen) + _GAP
        picture = paragraph(self.pen.pictures.chart(block, self.pen.words), "Picture", "<w:keepNext/>")
        return picture + paragraph(run(block.caption, _NOTE), "Caption")

    def _listing(self, block: Listing) -> str:
        number = 2
        if block.is_numbered:
            number, self.lists = FIRST_LIST + self.lists, self.lists + 1
        numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        lines = (self.pen.line(line, Type()) for line in block.lines)
        return "".join(paragraph(runs, "ListParagraph", numbered) for runs in lines)


def _opening(document: Document, pen: Pen) -> list[str]:
    furniture, words = document.furniture, pen.words
    state = [words.say("in_brackets", text=words.say("provisional"))] if furniture.is_draft else []
    under = words.say("subtitle", owner=furniture.owner, period="".join([furniture.period, *state]))
    return [
        paragraph(run(furniture.title, Type("title", 44)), "Title"),
        paragraph(run(under, Type("kai")), "Subtitle"),
        _GAP,
        paragraph(run(document.heading, Type("hei")), "BodyText"),
    ]


def _closing(document: Document, pen: Pen) -> list[str]:
    """The legend of the marks used, and the versions behind the figures."""
    furniture, words, marks = document.furniture, pen.words, marks_of(document)
    doubt = [words.say("legend.hollow_in_words")] if marks.has_doubt else []
    lid = [words.say("legend.lid_in_words")] if marks.has_lid else []
    bands = [f"{words.mark(style) or words.say('grey')} {words.name(style.band)}" for style in marks.styles]
    legend = words.say("series.join").join(
        [*([words.say("foot.join").join(bands)] if bands else []), *doubt, *lid]
    )
    data = [words.say("furniture.data", day=furniture.data_on)] if furniture.data_on else []
    lines = [
        *([words.say("legend.line", legend=legend)] if legend else []),
        words.say("foot.join").join([*data, words.say("foot.catalogue", hash=furniture.catalogue_hash)]),
        words.say("foot.versions", versions=words.say("foot.join").join(furniture.score_versions)),
        *([furniture.foot] if furniture.foot else []),
    ]
    return [paragraph(run(line, _BASIS), "Basis") for line in lines]


def _heading(block: Heading, rank: int) -> str:
    # Sections flow: at 16 points their pages are not those of the page on A4.
    page = "<w:pageBreakBefore/>" if block.starts_page and block.level == 1 else ""
    return paragraph(run(block.text, Type(_FACE[rank])), f"Heading{rank}", page)


def _paragraph(block: Paragraph, pen: Pen) -> str:
    if block.role == "note":
        return paragraph(pen.line(block.line, _NOTE), "Note")
    kind = Type("hei") if block.role == "lead" else Type()
    return paragraph(pen.line(block.line, kind), "BodyText")
