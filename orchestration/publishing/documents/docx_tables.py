"""Tables of an office document as WordprocessingML, written directly: a dozen a document, 65 documents a half-year.

Not here: runs (`docx_text`), the width of columns (`docx_widths`), other blocks (`docx_blocks`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from orchestration.publishing.documents.docx_text import Pen, chip_lines, shading_of, text_of
from orchestration.publishing.documents.docx_widths import TEXT_WIDTH, sole_chip, text_width, widths_of
from orchestration.publishing.documents.docx_xml import Type, attribute, paragraph, run
from orchestration.publishing.documents.model import Column, Line, Result, Row, Spark, Table

_SIDES = {"left": "left", "right": "right", "centre": "center"}
_RULE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
_INK, _HAIR = "1B1F24", "C9CED4"
# Half points of a cell's text by the number of columns: twelve points where they fit, less for sentences.
_SIZES = ((4, 24), (7, 21))
_SMALL, _FEW = 18, 6
_SENTENCE, _OF_SENTENCES = 40, 21
# The result: half points of its number and its name, its width and the room beside its text.
_RESULT, _LEAST, _MOST, _ROOM = (40, 28), 2200, 3400, 300


def table_xml(table: Table, pen: Pen) -> str:
    """The table: header row repeated on each page, no row split, columns wide enough for their numbers."""
    if table.halves and not any(row.is_group or row.is_sum for row in table.rows):
        table = _side_by_side(table)
    size = _size(table, pen)
    is_short = len(table.columns) > _FEW
    widths = widths_of(table, size, pen.words, is_short=is_short)
    head = [_head(table.columns, widths, size)] if any(column.head for column in table.columns) else []
    rows = (_row(row, table.columns, widths, size, pen, is_short=is_short) for row in table.rows)
    return _table(table.caption, widths, [*head, *rows])


def result_xml(result: Result, label: str, pen: Pen) -> str:
    """The result block: the colour and the score at the left, labels and text at the right."""
    lines = chip_lines(result.chip, pen.words)
    left = max(text_width(told, size) for told, size in zip(lines, _RESULT, strict=False)) + _ROOM
    widths = [min(max(left, _LEAST), _MOST), 0]
    widths[1] = TEXT_WIDTH - widths[0]
    chip = "".join(
        paragraph(
            run(told, Type("hei", size, is_bold=True), colour=result.chip.style.text[1:]),
            "Cell",
            '<w:jc w:val="center"/>',
        )
        for told, size in zip(lines, _RESULT, strict=False)
    )
    shaded = _cell(chip, widths[0], shading_of(result.chip.style))
    told = "".join(
        paragraph(
            run(name, Type(size=24, is_bold=True)) + pen.line(line, Type(size=24)), "Cell", _spaced(line, 26)
        )
        for name, line in result.lines
    )
    right = _cell(told or paragraph("", "Cell"), widths[1])
    return _table(label, widths, [_table_row(shaded + right)])


def _size(table: Table, pen: Pen) -> int:
    size = next((size for most, size in _SIZES if len(table.columns) <= most), _SMALL)
    cells = (cell for row in table.rows for cell in row.cells)
    is_told = any(sum(len(text_of(part, pen.words)) for part in cell) > _SENTENCE for cell in cells)
    return min(size, _OF_SENTENCES) if is_told else size


def _side_by_side(table: Table) -> Table:
    """The second half of the rows beside the first, as on the page; a last row may stay alone."""
    rows, height = table.rows, -(-len(table.rows) // 2)
    blank = Row(tuple(() for _ in table.columns))
    pairs = zip_longest(rows[:height], rows[height:], fillvalue=blank)
    beside = tuple(Row(left.cells + right.cells) for left, right in pairs)
    return replace(table, columns=table.columns * 2, rows=beside)


def _table(caption: str, widths: Sequence[int], rows: Iterable[str]) -> str:
    top, bottom = (_RULE.format(side=side, size=8, colour=_INK) for side in ("top", "bottom"))
    inside = _RULE.format(side="insideH", size=4, colour=_HAIR)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{top}{bottom}{inside}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0620"/><w:tblCaption w:val={attribute(caption)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _head(columns: Sequence[Column], widths: Sequence[int], size: int) -> str:
    rule = f"<w:tcBorders>{_RULE.format(side='bottom', size=8, colour=_INK)}</w:tcBorders>"
    kind = Type("hei", size)
    cells = [
        _cell(paragraph(run(column.head, kind), "Cell", "<w:keepNext/>" + _aligned(column)), width, rule)
        for column, width in zip(columns, widths, strict=True)
    ]
    return _table_row("".join(cells), "<w:tblHeader/>")


def _row(
    row: Row, columns: Sequence[Column], widths: Sequence[int], size: int, pen: Pen, *, is_short: bool
) -> str:
    if row.is_group:
        group = paragraph(pen.line(row.cells[0], Type("hei", size)), "Cell", "<w:keepNext/>")
        return _table_row(_cell(group, sum(widths), f'<w:gridSpan w:val="{len(widths)}"/>'))
    rule = f"<w:tcBorders>{_RULE.format(side='top', size=8, colour=_INK)}</w:tcBorders>" if row.is_sum else ""
    kind = Type(size=size, is_bold=row.is_sum)
    cells = []
    for line, column, width in zip(row.cells, columns, widths, strict=True):
        chip = sole_chip(line)
        shading = shading_of(chip.style) if chip else ""
        runs = pen.line(line, kind, is_shaded=chip is not None, is_short=is_short)
        place = _spaced(line, size) + _aligned(column)
        cells.append(_cell(paragraph(runs, "Cell", place), width, rule + shading))
    return _table_row("".join(cells))


def _spaced(line: Line, size: int) -> str:
    """Lines of 1.3 times the text's height, whatever face stands in; pictures would be cut off."""
    if any(isinstance(part, Spark) for part in line):
        return ""
    return f'<w:spacing w:before="0" w:after="0" w:line="{13 * size}" w:lineRule="exact"/>'


def _aligned(column: Column) -> str:
    return "" if column.align == "left" else f'<w:jc w:val="{_SIDES[column.align]}"/>'


def _cell(content: str, width: int, properties: str = "") -> str:
    """A cell; `properties` in schema order: span, borders, shading."""
    told = f'<w:tcW w:w="{width}" w:type="dxa"/>{properties}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{told}</w:tcPr>{content}</w:tc>"


def _table_row(cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{cells}</w:tr>"
