"""How wide the columns of a table are on paper: numbers and chips on one line, the rest by its shares.

Widths in twentieths of a point. Not here: how a table is written (`docx_tables`).
"""

from dataclasses import replace

from orchestration.publishing.documents.docx_text import text_of
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import Bar, Chip, Line, Range, Spark, Table
from orchestration.publishing.documents.small import SPARK_WIDTH
from orchestration.publishing.documents.words import DocumentWords

# A4 less its margins.
TEXT_WIDTH = 8844
# Room for the space that office programs set between digits and Chinese, and for wider stand-in faces.
_MARGINS, _SLACK = 114, 120
# Numbers and chips take this much of the width at most; beyond it they wrap.
_MOST = 0.78
_PIXEL = 18
_LATIN, _WIDE = 0x2000, "%@WM"


def sole_chip(line: Line) -> Chip | None:
    """The chip that a cell holds and nothing else: its fill is the cell's."""
    parts = [part for part in line if not isinstance(part, str) or part.strip()]
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Chip) else None


def widths_of(table: Table, size: int, words: DocumentWords, *, is_short: bool) -> list[int]:
    """Widths that fill the page; `size` is the text's in half points."""
    shares = [max(0.1, column.share) for column in table.columns]
    needs = [_need(table, place, size, words, is_short=is_short) for place in range(len(shares))]
    if sum(needs) > _MOST * TEXT_WIDTH:
        needs = [int(need * _MOST * TEXT_WIDTH / sum(needs)) for need in needs]
    # What is left goes to the columns of words; to all where there are none.
    free = [place for place, need in enumerate(needs) if not need] or list(range(len(shares)))
    room, whole = TEXT_WIDTH - sum(needs), sum(shares[place] for place in free)
    widths = list(needs)
    for place in free:
        widths[place] += int(room * shares[place] / whole)
    widths[free[0]] += TEXT_WIDTH - sum(widths)
    return widths


def _need(table: Table, place: int, size: int, words: DocumentWords, *, is_short: bool) -> int:
    """The width a column of numbers, chips or drawings asks for; 0 for a column of words."""
    cells = [row.cells[place] for row in table.rows if not row.is_group]
    told = [cell for cell in cells if any(not isinstance(part, str) or part.strip() for part in cell)]
    if not all(_is_measured(cell) for cell in told):
        return 0
    widest = max((_width(cell, size, words, is_short=is_short) for cell in told), default=0)
    head = table.columns[place].head
    # A head breaks between words, and after five characters of Chinese.
    longest = max((text_width(word, size) for word in head.split()), default=0)
    return max(widest, min(longest, 50 * size)) + _MARGINS + _SLACK


def _is_measured(cell: Line) -> bool:
    """Whether a cell holds figures and drawings, with a few signs between them at most."""
    return all(
        isinstance(part, Figure | Chip | Range | Spark | Bar) or (isinstance(part, str) and len(part) <= 3)
        for part in cell
    )


def _width(cell: Line, size: int, words: DocumentWords, *, is_short: bool) -> int:
    drawn = sum(SPARK_WIDTH * _PIXEL for part in cell if isinstance(part, Spark))
    if is_short:
        # In a wide table the word of a lid may stand on a second line.
        cell = tuple(replace(part, has_lid=False) if isinstance(part, Chip) else part for part in cell)
    return drawn + sum(text_width(text_of(part, words, is_short=is_short), size) for part in cell)


def text_width(text: str, size: int) -> int:
    """A full-width character is as wide as high, a Latin one a little over half, in bold."""
    return sum(10 * size if ord(sign) >= _LATIN or sign in _WIDE else 6 * size for sign in text)
