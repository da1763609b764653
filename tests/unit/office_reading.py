"""An office document as a plain reader of its XML sees it: paragraphs with their styles, tables, the page.

Not here: what the parts should say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of(part: Element) -> str:
    """The text of all runs below a part."""
    return "".join(one.text or "" for one in part.iter(f"{W}t"))


@dataclass(frozen=True)
class Office:
    """One document; `files` are its parts by name."""

    files: dict[str, bytes]

    @property
    def body(self) -> Element:
        found = ElementTree.fromstring(self.files["word/document.xml"]).find(f"{W}body")
        assert found is not None
        return found

    def paragraphs(self) -> list[tuple[str, str]]:
        """Style and text of the paragraphs outside tables."""
        return [(_style(one), text_of(one)) for one in self.body.findall(f"{W}p")]

    def headings(self) -> list[tuple[str, str]]:
        return [(style, text) for style, text in self.paragraphs() if style.startswith("Heading")]

    def tables(self) -> list[Element]:
        return self.body.findall(f"{W}tbl")

    def sizes(self, name: str) -> dict[str, str]:
        """The attributes of the page's part `pgMar` or `pgSz`."""
        found = self.body.find(f"{W}sectPr/{W}{name}")
        assert found is not None
        return {key.removeprefix(W): value for key, value in found.attrib.items()}


def rows(table: Element) -> list[Element]:
    return table.findall(f"{W}tr")


def cells(row: Element) -> list[Element]:
    return row.findall(f"{W}tc")


def has(part: Element, name: str) -> bool:
    """Whether a part holds an element of that name."""
    return next(part.iter(f"{W}{name}"), None) is not None


def values(part: Element, name: str, attribute: str) -> Iterator[str]:
    """That attribute of every element of that name below a part."""
    return (one.attrib[f"{W}{attribute}"] for one in part.iter(f"{W}{name}"))


def opened(path: Path) -> Office:
    """The document of a file; ElementTree refuses what is not well-formed."""
    with ZipFile(path) as package:
        office = Office({name: package.read(name) for name in package.namelist()})
    for name, content in office.files.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)
    return office


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.attrib[f"{W}val"]
