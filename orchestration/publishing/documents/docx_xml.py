"""Text, runs and paragraphs as WordprocessingML: fonts by role, nothing that steers or ends a tag.

Source: GB/T 9704 for faces and sizes. Not here: what inline parts say (`docx_text`).
"""

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from orchestration.core.inert import inert

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
TEXT_SIZE = 32


@dataclass(frozen=True)
class Type:
    """The type of a run: face, size in half points, weight."""

    face: Face = "fang"
    size: int = TEXT_SIZE
    is_bold: bool = False


def plain(text: str) -> str:
    """Text as XML takes it: nothing that steers, ends a tag, or is no character."""
    return escape(inert(text))


def attribute(text: str) -> str:
    """Text as an attribute's value, with its quotes."""
    return quoteattr(inert(text))


def run(text: str, kind: Type, *, colour: str = "", shading: str = "") -> str:
    """One run with its fonts; `colour` as `RRGGBB`, `shading` a `w:shd` element."""
    if not text:
        return ""
    return f'<w:r>{_properties(kind, colour, shading)}<w:t xml:space="preserve">{plain(text)}</w:t></w:r>'


def _properties(kind: Type, colour: str, shading: str) -> str:
    bold = "<w:b/>" if kind.is_bold else ""
    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    faces = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{FACES[kind.face]}"/>'
    # 28 characters of 16 points on 156 mm of line: a fifth of a point closer.
    tight = '<w:spacing w:val="-4"/>' if kind.size == TEXT_SIZE else ""
    size = f'<w:sz w:val="{kind.size}"/><w:szCs w:val="{kind.size}"/>'
    return f"<w:rPr>{faces}{bold}{tint}{tight}{size}{shading}</w:rPr>"


def paragraph(runs: str, style: str, properties: str = "") -> str:
    """A paragraph of a style; `properties` follow the style in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'
