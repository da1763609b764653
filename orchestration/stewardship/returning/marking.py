"""The failing cells of a returned workbook: filled, outlined, commented, linked; and marks of before taken off.

The comment says what is wrong and what to do; the first cell of a marked row leads back to the list. Runs in the
child. Not here: the list itself (`listing.py`).
"""

from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from orchestration.stewardship.cell_texts import literal, write
from orchestration.stewardship.returning.listing import FIRST_KEPT, link
from orchestration.stewardship.returning.request import Request

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from orchestration.stewardship.returning.gathering import Gathered

# No band of a score has this colour (look.md section 4): it means “look here” and nothing else.
_FILL = PatternFill("solid", fgColor="FFEBD9F2")
_INK = Side(style="medium", color="FF1B1F24")
_OUTLINE = Border(left=_INK, right=_INK, top=_INK, bottom=_INK)
_MOST_KEPT = 2  # cells of one issue: a value, or a numerator and its denominator
_COMMENT_SIZE = 340, 150  # pixels
_LONGEST_COMMENT = 1_500  # characters; more is read in the list


def take_off_marks(book: "Workbook", title: str, author: str) -> None:
    """Give the cells that an earlier list names their formats back, drop its comments, and the list itself."""
    if title not in book.sheetnames:
        return
    old = book[title]
    for row in old.iter_rows(min_col=FIRST_KEPT, max_col=FIRST_KEPT + _MOST_KEPT - 1):
        for keeper in row:
            name, _, address = str(keeper.value or "").rpartition("!")
            if name in book.sheetnames and name != title:
                _take_off(book[name], address, keeper)
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.comment is not None:
                    cell.comment = _without_ours(cell.comment, author)
    book.remove(old)


def _without_ours(comment: Comment, author: str) -> Comment | None:
    """What somebody else wrote above our part; not by its author, whom some programs forget."""
    theirs, ours, _ = str(comment.text).partition(_signed(author))
    if not ours:
        return comment
    return Comment(theirs.strip(), comment.author) if theirs.strip() else None


def _signed(author: str) -> str:
    """The line that our part of a comment begins with."""
    return f"【{author}】"


def _take_off(sheet: "Worksheet", address: str, keeper: Any) -> None:
    try:
        coordinate_from_string(address)
        cell = sheet[address]
    except (ValueError, KeyError):  # somebody wrote into the hidden column
        return
    if cell.fill.fgColor.rgb == _FILL.fgColor.rgb:
        cell._style = copy(keeper._style)


def mark_cells(sheet: "Worksheet", request: Request, gathered: "Gathered", first: int) -> None:
    """Mark every cell that the list names; `first` is the row of its first issue."""
    marker = _Marker(sheet, request.listing.title, request.listing.author)
    for index, mark in enumerate(request.marks):
        target = gathered.places.get((mark.file or "", mark.sheet))
        if target is None or mark.cell is None:
            continue
        for place, address in enumerate((mark.cell, *mark.also)[:_MOST_KEPT]):
            marker.mark(target, address, first + index, place, mark.comment)
    for column in range(FIRST_KEPT, FIRST_KEPT + _MOST_KEPT):
        sheet.column_dimensions[get_column_letter(column)].hidden = True


def _style(cell: Any) -> Any:
    """The cell's format; one that was never formatted has none."""
    return cell._style if cell._style is not None else StyleArray()


class _Marker:
    """Marks cells, each once however many issues it has."""

    def __init__(self, sheet: "Worksheet", title: str, author: str) -> None:
        self._list, self._title, self._author = sheet, title, author
        self._anchors: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}
        self._styles: dict[tuple[int, ...], Any] = {}
        self._marked: set[tuple[str, str]] = set()
        self._widths: dict[str, int] = {}
        self._linked: set[tuple[str, int]] = set()

    def mark(self, target: "Worksheet", address: str, row: int, place: int, comment: str) -> None:
        """Fill and outline one cell, note its old format beside the list's `row`, say what is wrong there."""
        cell = self._anchor(target, target[address])
        key = (target.title, cell.coordinate)
        if key not in self._marked:
            self._marked.add(key)
            keeper: Any = self._list.cell(row, FIRST_KEPT + place)
            write(keeper, literal(f"{target.title}!{cell.coordinate}"))
            keeper._style = copy(_style(cell))
            self._dress(cell)
        if comment:
            self._comment(cell, literal(comment))
        self._link_back(target, cell.row, row)

    def _anchor(self, target: "Worksheet", cell: Any) -> Any:
        """The cell itself, or the first of the merged range that it stands in."""
        if target.title not in self._anchors:
            self._anchors[target.title] = {
                (row, column): (area.min_row, area.min_col)
                for area in target.merged_cells.ranges
                for row, column in area.cells
            }
        own = self._anchors[target.title].get((cell.row, cell.column))
        return target.cell(*own) if own else cell

    def _dress(self, cell: Any) -> None:
        key = tuple(_style(cell))
        if key not in self._styles:
            cell.fill, cell.border = _FILL, _OUTLINE
            self._styles[key] = cell._style
        cell._style = copy(self._styles[key])

    def _comment(self, cell: Any, text: str) -> None:
        before = str(cell.comment.text) if cell.comment is not None else ""
        if text in before:
            return
        signed = _signed(self._author)
        own = text if signed in before else f"{signed}\n{text}"
        whole = f"{before}\n\n{own}" if before else own
        comment = Comment(whole[:_LONGEST_COMMENT], cell.comment.author if before else self._author)
        comment.width, comment.height = _COMMENT_SIZE
        cell.comment = comment

    def _link_back(self, target: "Worksheet", row: int, line: int) -> None:
        """From the first cell of the row; a link on the marked cell itself would be in the way of typing."""
        if (target.title, row) in self._linked:
            return
        self._linked.add((target.title, row))
        if target.title not in self._widths:
            self._widths[target.title] = target.max_column
        [cells] = target.iter_rows(row, row, 1, self._widths[target.title])
        first = next((cell for cell in cells if cell.value is not None), None)
        if first is not None:
            first.hyperlink = link(self._title, f"A{line}")
