"""A document as DOCX after GB/T 9704: a package of few parts, the same bytes for the same document.

Parts are templates in `report_templates/docx/`. Not here: what stands in the body (`docx_blocks`).
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from orchestration.core.inert import inert
from orchestration.publishing.documents.docx_blocks import FIRST_LIST, Body
from orchestration.publishing.documents.docx_text import Pen
from orchestration.publishing.documents.docx_xml import FACES, LATIN
from orchestration.publishing.documents.model import Document
from orchestration.publishing.documents.words import DocumentWords
from orchestration.publishing.templates import environment

# Members of a package need a date: a fixed one, so that the same document gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PARTS = {
    "[Content_Types].xml": "content_types",
    "_rels/.rels": "rels",
    "docProps/core.xml": "core",
    "word/_rels/document.xml.rels": "document_rels",
    "word/document.xml": "document",
    "word/styles.xml": "styles",
    "word/numbering.xml": "numbering",
    "word/settings.xml": "settings",
    "word/fontTable.xml": "font_table",
}
# Odd pages carry their furniture at the right, even ones at the left.
_SIDES = (("1", "right"), ("2", "left"))


def write_docx(document: Document, path: Path) -> None:
    """Write the document; headings, tables and numbering can be edited as such."""
    from markupsafe import Markup

    pen = Pen(DocumentWords(document.language))
    body, words, pictures = Body(document, pen), pen.words, pen.pictures
    furniture = document.furniture
    shared: dict[str, object] = {
        "body": Markup(body.xml()),  # built of escaped parts  # noqa: S704
        "language": document.language,
        "faces": FACES,
        "latin": LATIN,
        "lists": body.lists,
        "first_list": FIRST_LIST,
        "pictures": pictures.names,
        "is_draft": furniture.is_draft,
        "provisional": words.say("provisional"),
        "owner": inert(furniture.owner),
        "title": inert(
            words.say("title", title=furniture.title, period=furniture.period, owner=furniture.owner)
        ),
    }
    with ZipFile(path, "w") as package:
        for name, template in _PARTS.items():
            _add(package, name, _drawn(template, shared))
        for number, side in _SIDES:
            for part in ("header", "footer"):
                _add(package, f"word/{part}{number}.xml", _drawn(part, shared | {"side": side}))
        for name, picture in zip(pictures.names, pictures.contents, strict=True):
            _add(package, f"word/media/{name}", picture, ZIP_STORED)


def _drawn(template: str, shared: dict[str, object]) -> bytes:
    return environment().get_template(f"docx/{template}.xml.j2").render(shared).strip().encode()


def _add(package: ZipFile, name: str, content: bytes, compression: int = ZIP_DEFLATED) -> None:
    package.writestr(ZipInfo(name, _EPOCH), content, compression)
