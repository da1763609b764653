"""Hostile names and texts in every place of a document: inert on the page, in DOCX, in the workbook, in charts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook

from orchestration.publishing.documents.docx import write_docx
from orchestration.publishing.documents.figures import figures_in
from orchestration.publishing.documents.figures_book import write_figures
from orchestration.publishing.documents.html import render_html
from orchestration.publishing.documents.model import Document
from orchestration.publishing.look.bands import BandStyle
from tests.unit.document_reading import figures_of_page
from tests.unit.document_report import report
from tests.unit.document_samples import diagnosis
from tests.unit.heat_map_pages import parts_of

EVIL = [
    "<script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    "' onmouseover=alert(1) x='",
    '" autofocus onfocus=alert(1) "',
    "}}{{7*7}}{% raw %}",
    "=1+1",
    "@SUM(A1)",
    "a\x00b\x1b[31m\x7f",
    "a\u202eb\u2066c\u200b",
    "]]><w:t>&amp;&#x41;",
    "\ufffe\uffff",
    "datum.value})['constructor']",
    "长" * 400,
    "W" * 400,
    "{name} %s",
]
ACTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
KEPT = {"css", "stem", "language", "subject_kind", "align", "role", "mart", "column"}


def poisoned(part: Any, words: Iterator[str]) -> Any:
    """A copy of a part with the next word in every text; figures keep their mart, column and value."""
    if isinstance(part, str):
        return next(words) if part.strip() else part
    if isinstance(part, BandStyle):
        names = {name: next(words) for name in ("name_zh", "name_en", "colour_zh")}
        return replace(part, band=part.band.model_copy(update=names))
    if isinstance(part, tuple):
        return tuple(poisoned(one, words) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        texts = {
            field.name: poisoned(getattr(part, field.name), words)
            for field in fields(part)
            if field.name not in KEPT
        }
        return replace(part, **texts)
    return part


@cache
def documents() -> tuple[Document, ...]:
    """Both documents, the words in turn: what stands where differs between them."""
    words = cycle(EVIL)
    return poisoned(diagnosis(), words), poisoned(report(), words)


def frame(page: str) -> Counter[str]:
    """The elements of a page but for the insides of charts, whose ticks follow their labels."""
    return Counter(tag for tag, _ in parts_of(re.sub(r"<figure>.*?</svg>", "", page)).tags)


def test_a_page_stays_what_it_was() -> None:
    for plain, evil in zip((diagnosis(), report()), documents(), strict=True):
        before, after = (render_html(one, alternate="x.html") for one in (plain, evil))
        assert frame(after) == frame(before)
        read = parts_of(after)
        assert not [name for _, have in read.tags for name in have if name.startswith("on")]
        assert {tag for tag, _ in read.tags} == {tag for tag, _ in parts_of(before).tags}
        assert not ACTIVE.search("".join(read.text))
        # Not one style of ours was ended by a name in it.
        assert after.count("</style>") == 1


def test_an_alternate_is_no_script() -> None:
    hrefs = parts_of(render_html(diagnosis(), alternate="javascript:alert(1)")).hrefs
    assert not [href for href in hrefs if href.startswith("javascript:")]


def test_an_office_document_stays_whole(tmp_path: Path) -> None:
    for plain, evil in zip((diagnosis(), report()), documents(), strict=True):
        counts = []
        for document in (plain, evil):
            write_docx(document, tmp_path / "document.docx")
            with ZipFile(tmp_path / "document.docx") as package:
                read = {one: package.read(one) for one in package.namelist() if not one.endswith(".png")}
            trees = {name: ElementTree.fromstring(content) for name, content in read.items()}
            assert not ACTIVE.search("".join(trees["word/document.xml"].itertext()))
            tags = [node.tag.split("}")[1] for node in trees["word/document.xml"].iter()]
            counts.append([tags.count(tag) for tag in ("tbl", "tr", "tc", "p", "docPr")])
        assert counts[0] == counts[1]


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    write_figures(documents(), tmp_path / "figures.xlsx")
    sheet = load_workbook(tmp_path / "figures.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == "=1+1" and cell.quotePrefix]
    assert sum(1 for cell in cells if cell.data_type == "n") > 300


def test_figures_come_back_from_a_hostile_page() -> None:
    evil = documents()[0]
    read = figures_of_page(render_html(evil, alternate=None))
    assert sorted(one.key for one in read) == sorted(one.key for one in figures_in(evil.blocks))
