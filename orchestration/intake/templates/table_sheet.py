"""Draws one framework's sheet: title, headers, a row a subject; due cells open, all others locked.

The header is one that the reader finds: keys and columns in two rows, and below them a row of hints without a
key or a digit. Not here: what Excel lets be typed into a cell (`validation`), the words.
"""

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from orchestration.intake.templates.plan import Field, Group, Table
from orchestration.intake.templates.style import LINE, SECOND, Style, lines, width_of, write
from orchestration.intake.templates.validation import add_validations
from orchestration.intake.templates.words import TemplateWords

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_TITLE, _LEAD, _GROUP, _LABEL, _HINT = range(1, 6)
FIRST_ROW, FIRST_COLUMN = 6, 3
_PAIRED, _ALONE = 11.0, 14.0  # widths of columns, in digits
# Digits across an A4 sheet on its side at full size, and the smallest size in percent that is still read.
_PAGE, _SMALLEST = 112.0, 70


def draw_table(sheet: "Worksheet", table: Table, words: TemplateWords, style: Style) -> None:
    """Draws `table` on the empty `sheet`."""
    _head(sheet, table, words, style)
    _keys(sheet, table, style)
    heights = [0.0, 0.0, 0.0]
    for column, group in _placed(table):
        _group_head(sheet, column, group, words, style, heights)
    for row, height in zip((_GROUP, _LABEL, _HINT), heights, strict=True):
        sheet.row_dimensions[row].height = height
    due = _body(sheet, table, style)
    add_validations(sheet, [(field, column, due[column]) for column, field in _columns(table)], words)
    _lay_out(sheet, table, words)


def _placed(table: Table) -> Iterator[tuple[int, Group]]:
    """Every group with its first column."""
    column = FIRST_COLUMN
    for group in table.groups:
        yield column, group
        column += len(group.fields)


def _columns(table: Table) -> Iterator[tuple[int, Field]]:
    return enumerate((field for _, field in table.fields), FIRST_COLUMN)


def _head(sheet: "Worksheet", table: Table, words: TemplateWords, style: Style) -> None:
    title = words.title(words.name(table.framework))
    write(sheet, _TITLE, 1, title, style.font(14, bold=True, is_heading=True))
    write(sheet, _LEAD, 1, words.lead(table.framework), style.font(colour=SECOND))
    sheet.row_dimensions[_TITLE].height, sheet.row_dimensions[_LEAD].height = 2 * LINE, 1.4 * LINE


def _keys(sheet: "Worksheet", table: Table, style: Style) -> None:
    """The headers of code and name, and both of every subject."""
    code, name = table.keys
    for column, label in enumerate(table.keys, 1):
        write(sheet, _GROUP, column, label, style.font(bold=True), "center", wrap=True)
    areas = [(1, 2)] if code == name else [(1, 1), (2, 2)]
    if code == name:  # one word over both columns
        sheet.cell(_GROUP, 2).value = None
    for first, last in areas:
        _merge(sheet, _GROUP, first, _HINT, last)
    for row in range(_GROUP, _HINT + 1):
        for column in (1, 2):
            sheet.cell(row, column).border = style.rule
            sheet.cell(row, column).fill = style.wash


def _group_head(
    sheet: "Worksheet", column: int, group: Group, words: TemplateWords, style: Style, heights: list[float]
) -> None:
    """The headers over one item's columns, and its comment; raises `heights` of the three rows as needed."""
    from openpyxl.comments import Comment

    last = column + len(group.fields) - 1
    room = sum(_widths(group))
    for row in range(_GROUP, _HINT + 1):
        for at in range(column, last + 1):
            sheet.cell(row, at).border, sheet.cell(row, at).fill = style.rule, style.wash
    top = group.title or group.fields[0].label
    head = write(sheet, _GROUP, column, top, style.font(bold=True), "center", wrap=True)
    needed = LINE * lines(top, room) + 3
    labels = [field.label for field in group.fields] if group.title else []
    for at, (label, width) in enumerate(zip(labels, _widths(group), strict=False), column):
        write(sheet, _LABEL, at, label, style.font(), "center", wrap=True)
        heights[1] = max(heights[1], LINE * lines(label, width) + 3)
    heights[1] = max(heights[1], LINE + 3)
    heights[0] = max(heights[0], needed if group.title else needed - heights[1])
    _merge(sheet, _GROUP, column, _GROUP if group.title else _LABEL, last)
    for at, (field, width) in enumerate(zip(group.fields, _widths(group), strict=True), column):
        hint = words.hint(field)
        write(sheet, _HINT, at, hint, style.font(9, colour=SECOND), "center", wrap=True)
        heights[2] = max(heights[2], 0.9 * LINE * lines(hint, width) + 3)
    said = words.comment(group)
    head.comment = Comment(
        said, words.name(words.plan.institution), width=340, height=22 * lines(said, 46) + 12
    )


def _merge(sheet: "Worksheet", top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _body(sheet: "Worksheet", table: Table, style: Style) -> dict[int, list[int]]:
    """A row a subject; the rows of the open cells, by column."""
    from openpyxl.styles import Alignment, Protection

    right, is_open = Alignment(horizontal="right", vertical="center"), Protection(locked=False)
    text, face = style.font(), style.font(11)
    due: dict[int, list[int]] = {column: [] for column, _ in _columns(table)}
    for row, subject in enumerate(table.subjects, FIRST_ROW):
        name = subject.name_zh if style.language == "zh-CN" else subject.name_en
        for column, words in enumerate((subject.code, name), 1):
            key = write(sheet, row, column, words, text, indent=1)
            key.border, key.fill = style.rule, style.wash
        for column, (item, _) in enumerate(table.fields, FIRST_COLUMN):
            figure = sheet.cell(row, column)
            figure.border = style.rule
            if item.applies(subject.code, subject.kind):
                figure.protection, figure.alignment, figure.font = is_open, right, face
                due[column].append(row)
            else:
                figure.fill = style.grey
        sheet.row_dimensions[row].height = 1.2 * LINE
    return due


def _widths(group: Group) -> list[float]:
    return [_PAIRED if group.title else _ALONE] * len(group.fields)


def _lay_out(sheet: "Worksheet", table: Table, words: TemplateWords) -> None:
    """Widths, frozen names and headers, protection without a password, A4 on its side."""
    from openpyxl.utils import get_column_letter

    names = [row.name_zh if words.language == "zh-CN" else row.name_en for row in table.subjects]
    code = max(10.0, *(width_of(row.code) + 3 for row in table.subjects))
    widths = [code, min(44.0, max([14.0, *(width_of(name) + 3 for name in names)]))]
    widths += [width for group in table.groups for width in _widths(group)]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(FIRST_ROW, FIRST_COLUMN).coordinate
    protect(sheet)
    set_page(sheet)
    _print_title(sheet, table, words, len(widths))
    _break_pages(sheet, table, sum(widths[:2]))


def _print_title(sheet: "Worksheet", table: Table, words: TemplateWords, columns: int) -> None:
    """On paper the title stands above every page, the headers and names on each."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.header_footer import HeaderFooterItem

    last = f"{get_column_letter(columns)}{_HINT + len(table.subjects)}"
    sheet.print_area = f"A{_GROUP}:{last}"
    sheet.print_title_rows, sheet.print_title_cols = f"{_GROUP}:{_HINT}", "A:B"
    head = HeaderFooterItem()
    head.left.text, head.left.size = words.title(words.name(table.framework)).replace("&", "&&"), 12
    sheet.oddHeader = head


def _break_pages(sheet: "Worksheet", table: Table, names: float) -> None:
    """As many pages across as it takes, about as wide, none beginning in the middle of a group."""
    from openpyxl.worksheet.pagebreak import Break, ColBreak

    figures = sum(width for group in table.groups for width in _widths(group))
    room = 100 * _PAGE / _SMALLEST - names
    even = figures / ceil(figures / max(room, _ALONE))
    breaks, pages, before = ColBreak(), [0.0], 0.0
    for column, group in _placed(table):
        width = sum(_widths(group))
        if before + width / 2 > len(pages) * even:
            breaks.append(Break(id=column - 1))
            pages.append(0.0)
        pages[-1] += width
        before += width
    sheet.col_breaks = breaks
    sheet.page_setup.scale = max(10, min(100, int(100 * _PAGE / (names + max(pages)))))


def protect(sheet: "Worksheet") -> None:
    """Locks what is not open, without a password: against slips, not against people. Sizes may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def set_page(sheet: "Worksheet") -> None:
    """A4 on its side, the page's number below."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem

    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    margins = sheet.page_margins
    margins.left = margins.right = 10 / 25.4
    margins.top, margins.header = 20 / 25.4, 8 / 25.4
    margins.bottom, margins.footer = 15 / 25.4, 7 / 25.4
    foot = HeaderFooterItem()
    foot.right.text = "&P / &N"
    sheet.oddFooter = foot
