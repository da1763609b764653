"""Where each figure of a document stands: under which heading, in which table, chart or text, row and column.

The numbers are those that the office document prints. Not here: drawing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orchestration.messages import Language
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.documents.model import (
    BarChart,
    Block,
    Document,
    Heading,
    Listing,
    Result,
    Table,
    TrendChart,
)
from orchestration.publishing.documents.words import DocumentWords

Kind = Literal["result", "table", "chart", "list", "text"]
_HAN = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Placed:
    """A figure and its place; `number` is the heading's in the office document, rows and columns count from 1."""

    figure: Figure
    heading: str
    number: str
    kind: Kind
    index: int
    row: int | None = None
    column: int | None = None

    def words(self, language: Language) -> str:
        """The place in the office document: heading, table or text, row and column."""
        words = DocumentWords(language)
        parts = [words.say(f"place.{self.kind}", index=self.index)]
        if self.row is not None:
            parts.append(words.say("place.row", row=self.row))
        if self.column is not None:
            parts.append(words.say("place.column", column=self.column))
        return words.say("point.join").join(parts)


def ranks_of(document: Document) -> dict[int, int]:
    """The levels used, as ranks from 1: a document without chapters begins with its sections."""
    levels = sorted({block.level for block in document.blocks if isinstance(block, Heading)})
    return {level: rank for rank, level in enumerate(levels, 1)}


def placed(document: Document) -> Iterator[Placed]:
    """Every figure of the document with its place, in reading order."""
    ranks, heading, number = ranks_of(document), document.heading, ""
    counts: Counter[int] = Counter()
    kinds: Counter[Kind] = Counter()
    for block in document.blocks:
        if isinstance(block, Heading):
            rank = ranks[block.level]
            counts[rank] += 1
            for below in range(rank + 1, 4):
                counts[below] = 0
            heading, number = block.text, numbered(counts, rank, document.language)
            continue
        kind = _kind(block)
        kinds[kind] += 1
        for figure, row, column in _inside(block):
            yield Placed(figure, heading, number, kind, kinds[kind], row, column)


def numbered(counts: Counter[int], rank: int, language: Language) -> str:
    """A heading's number: 一、 （一） 1. in Chinese; 1, 1.1, 1.1.1 in English."""
    if language == "en":
        return ".".join(str(counts[one]) for one in range(1, rank + 1))
    count = counts[rank]
    return (f"{han(count)}、", f"（{han(count)}）", f"{count}.")[rank - 1]


def han(number: int) -> str:
    """A number below 100 in Chinese: 十一, 二十."""
    tens, ones = divmod(number, 10)
    front = ("" if tens == 1 else _HAN[tens]) + "十" if tens else ""
    return front + (_HAN[ones] if ones or not tens else "")


def _kind(block: Block) -> Kind:
    kinds: tuple[tuple[type, Kind], ...] = ((Result, "result"), (Table, "table"), (Listing, "list"))
    for known, kind in kinds:
        if isinstance(block, known):
            return kind
    return "chart" if isinstance(block, TrendChart | BarChart) else "text"


def _inside(block: Block) -> Iterator[tuple[Figure, int | None, int | None]]:
    if isinstance(block, Table):
        for row, one in enumerate(block.rows, 1):
            for column, cell in enumerate(one.cells, 1):
                yield from ((figure, row, column) for figure in figures_in(cell))
    elif isinstance(block, Listing):
        for row, line in enumerate(block.lines, 1):
            yield from ((figure, row, None) for figure in figures_in(line))
    else:
        yield from ((figure, None, None) for figure in figures_in(block))
