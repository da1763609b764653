"""Blocks of a document as the body of an office document; the pictures it needs beside it.

Not here: runs (`docx_text`), tables (`docx_tables`), the package (`docx`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.publishing.documents.charts import chart_png
from orchestration.publishing.documents.docx_tables import result_xml, table_xml
from orchestration.publishing.documents.docx_text import Face, Type, attribute, line_runs, paragraph, run
from orchestration.publishing.documents.model import (
    BarChart,
    Block,
    Document,
    Heading,
    Listing,
    Paragraph,
    Result,
    Table,
    TrendChart,
)
from orchestration.publishing.documents.outline import chart_words, ranks_of
from orchestration.publishing.documents.styles import has_doubt, has_lid, styles_in
from orchestration.publishing.documents.words import DocumentWords

# Lists begin after the numbering of headings and that of points without order.
FIRST_LIST = 3
_FACE: dict[int, Face] = {1: "hei", 2: "kai", 3: "fang"}
_NOTE = Type(size=24)
# English metric units of a picture 15.4 cm wide.
_PICTURE_WIDTH = 5_544_000
# What separates one table from the next, and from text: two tables side by side would become one.
_GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'


@dataclass
class Body:
    """The body in the making: pictures by number, and how many numbered lists there are."""

    document: Document
    pictures: list[bytes] = field(default_factory=list)
    lists: int = 0

    def xml(self) -> str:
        """Title, conclusion, blocks, and what the figures rest on."""
        ranks = ranks_of(self.document)
        return "".join(
            (
                *_opening(self.document),
                *(self._block(block, ranks) for block in self.document.blocks),
                *_closing(self.document),
            )
        )

    def _block(self, block: Block, ranks: dict[int, int]) -> str:
        language = self.document.language
        if isinstance(block, Heading):
            return _heading(block, ranks[block.level])
        if isinstance(block, Paragraph):
            return _paragraph(block, self.document)
        if isinstance(block, Listing):
            return self._listing(block)
        if isinstance(block, Result):
            return result_xml(block, self.document.heading, language) + _GAP
        if isinstance(block, Table):
            caption = paragraph(run(block.caption, Type("hei", 24)), "Caption", "<w:keepNext/>")
            return (caption if block.is_caption_shown else "") + table_xml(block, language) + _GAP
        return self._picture(block)

    def _listing(self, block: Listing) -> str:
        number = 2
        if block.is_numbered:
            number, self.lists = FIRST_LIST + self.lists, self.lists + 1
        numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        lines = (line_runs(line, Type(), self.document.language) for line in block.lines)
        return "".join(paragraph(runs, "ListParagraph", numbered) for runs in lines)

    def _picture(self, block: TrendChart | BarChart) -> str:
        png = chart_png(block)
        self.pictures.append(png)
        place = len(self.pictures)
        wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        told = attribute(chart_words(block, self.document.language))
        drawn = _DRAWING.format(place=place, cx=_PICTURE_WIDTH, cy=_PICTURE_WIDTH * high // wide, told=told)
        caption = paragraph(run(block.caption, _NOTE), "Caption")
        return paragraph(f"<w:r>{drawn}</w:r>", "Picture", "<w:keepNext/>") + caption


def _opening(document: Document) -> list[str]:
    furniture, words = document.furniture, DocumentWords(document.language)
    state = [words.say("in_brackets", text=words.say("provisional"))] if furniture.is_draft else []
    under = "".join([furniture.period, *state])
    return [
        paragraph(run(furniture.title, Type("title", 44)), "Title"),
        paragraph(run(furniture.owner, Type("kai")), "Subtitle"),
        paragraph(run(under, Type("kai")), "Subtitle"),
        _GAP,
        paragraph(run(document.heading, Type("hei")), "BodyText"),
    ]


def _closing(document: Document) -> list[str]:
    """The legend of the marks used, and the versions behind the figures."""
    furniture, words = document.furniture, DocumentWords(document.language)
    doubt = [words.say("legend.hollow_in_words")] if has_doubt(document) else []
    lid = [words.say("legend.lid_in_words")] if has_lid(document) else []
    bands = [
        f"{words.mark(style) or words.say('grey')}{' ' if words.language == 'en' else ''}{words.name(style.band)}"
        for style in styles_in(document)
    ]
    legend = words.say("series.join").join(
        [*([words.say("foot.join").join(bands)] if bands else []), *doubt, *lid]
    )
    data = [words.say("furniture.data", day=furniture.data_on)] if furniture.data_on else []
    lines = [
        *([words.say("legend.line", legend=legend)] if legend else []),
        *data,
        words.say("foot.catalogue", hash=furniture.catalogue_hash),
        words.say("foot.versions", versions=words.say("foot.join").join(furniture.score_versions)),
        *([furniture.foot] if furniture.foot else []),
    ]
    return [paragraph(run(line, _NOTE), "Note") for line in lines]


def _heading(block: Heading, rank: int) -> str:
    page = "<w:pageBreakBefore/>" if block.starts_page and rank == 1 else ""
    return paragraph(run(block.text, Type(_FACE[rank])), f"Heading{rank}", page)


def _paragraph(block: Paragraph, document: Document) -> str:
    if block.role == "note":
        return paragraph(line_runs(block.line, _NOTE, document.language), "Note")
    kind = Type("hei") if block.role == "lead" else Type()
    return paragraph(line_runs(block.line, kind, document.language), "BodyText")


def picture_names(pictures: Sequence[bytes]) -> list[str]:
    """The files of the pictures, in order."""
    return [f"chart{place}.png" for place in range(1, len(pictures) + 1)]


_DRAWING = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
    '<wp:docPr id="{place}" name="chart {place}" descr={told}/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="{place}" name="chart{place}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="chart{place}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)
