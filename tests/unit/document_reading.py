"""Documents read back: the figures of a page and of the workbook of figures, and numbers that are no figure.

Pure. Comparing figures with a database: `tests/integration/read_back.py`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from openpyxl import load_workbook

from orchestration.publishing.documents.figures_book import COLUMNS, HEAD_ROW
from orchestration.publishing.documents.key_text import Key, key_of_text

_SILENT = {"style", "title", "svg"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What may carry digits without being a figure: dates, quarters, hashes, versions, codes, addresses, numbering.
_NO_FIGURE = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?"
    rf"|\d{{1,2}} (?:{_MONTHS}) \d{{4}}|(?<!\d)\d{{4}}[QH][1-4](?:-[0-9a-f]+)?|\d{{4}} Q[1-4]|(?<![\d.])20\d\d(?![\d.])"
    r"|(?<![0-9A-Za-z])(?:[0-9a-f]{8,64}|[A-Z]{1,4}\d{1,4})(?![0-9A-Za-z])|第\d+[行列页章]|[\w.-]+\.(?:xlsx?|csv)"
)
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Read:
    """A figure read back; `value` as written, `place` blank on a page."""

    mart: str
    column: str
    key: Key
    value: str
    shown: str
    place: str = ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.figures: list[Read] = []
        self.text: list[str] = []
        self._open: dict[str, str] | None = None
        self._shown: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        if tag == "data":
            self._open, self._shown = {name: value or "" for name, value in attrs}, []
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        if tag == "data" and self._open is not None:
            have, self._open = self._open, None
            key = key_of_text(have["data-key"])
            shown = "".join(self._shown)
            self.figures.append(Read(have["data-mart"], have["data-column"], key, have["value"], shown))

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._shown.append(data)
        elif not self._silent:
            self.text.append(data)


def figures_of_page(html: str) -> list[Read]:
    """Every `<data>` of a page, in order."""
    return _read(html).figures


def stray_numbers(html: str, known: Collection[str] = ()) -> list[str]:
    """Numbers in a page's text outside `<data>` that are no code, date, quarter, hash or numbering.

    `known` are further texts that may stand there, such as a scale that a heading names.
    """
    text = "".join(_read(html).text)
    for one in sorted(known, key=len, reverse=True):
        text = text.replace(one, " ")
    return _NUMBER.findall(_NO_FIGURE.sub(" ", text))


def figures_of_book(path: Path) -> dict[tuple[str, str], list[Read]]:
    """Every row of the workbook of figures by document stem and language, in order."""
    sheet = load_workbook(path, read_only=True).worksheets[0]
    found: dict[tuple[str, str], list[Read]] = {}
    for row in sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True):
        have = dict(zip(COLUMNS, row, strict=True))
        value = have["value"]
        written = "" if value is None else repr(value) if isinstance(value, float) else str(value)
        one = Read(
            str(have["mart"]),
            str(have["column"]),
            key_of_text(str(have["key"] or "")),
            written,
            str(have["shown"] or ""),
            str(have["place"]),
        )
        found.setdefault((str(have["document"]), str(have["language"])), []).append(one)
    return found


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page
