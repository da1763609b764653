"""A table laid out on a sheet as one department does it: title, header, body, totals, foot.

Rows and columns count from 1. Not here: what the cells say (`tables`, `wording`), files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from orchestration.samples.habits import Habit, Words
from orchestration.samples.school import Subject
from orchestration.samples.tables import Column, Row, Table
from orchestration.samples.wording import Content, Formula, Wording

NOTE_ROWS = 3
SHEET_NAME = 31  # the longest that spreadsheet programs take


@dataclass
class Sheet:
    """Cells by (row, column), ranges merged as (first row, first column, last row, last column)."""

    name: str
    cells: dict[tuple[int, int], Content] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    header_rows: tuple[int, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    is_hidden: bool = False

    @property
    def last_row(self) -> int:
        """The last row with a cell; 0 for an empty sheet."""
        return max((row for row, _ in self.cells), default=0)


class SheetMaker:
    """Lays out one table; `phrases` fill the templates of title and foot."""

    def __init__(
        self,
        table: Table,
        habit: Habit,
        words: Words,
        wording: Wording,
        phrases: Mapping[str, str],
        day: date,
    ) -> None:
        self._table, self._habit, self._words, self._wording = table, habit, words, wording
        self._phrases, self._day = {**phrases, "framework": table.framework.name_zh}, day
        framework = table.framework
        by_name = habit.sheet == "name" and len(framework.name_zh) <= SHEET_NAME
        self._sheet = Sheet(framework.name_zh if by_name else framework.code)
        self._left = habit.blank_columns + 1
        self._first = self._left + len(habit.keys) + habit.gap_column
        self._row = habit.blank_rows + 1
        self._body: tuple[int, int] = (0, 0)

    def sheet(self) -> Sheet:
        """The sheet."""
        self._title()
        (self._merged_header if self._habit.header == "merged" else self._single_header)()
        self._rows()
        self._total(self._words.total, self._table.rows, as_formula=self._habit.total == "formula")
        self._foot()
        return self._sheet

    def _put(self, column: int, content: Content) -> None:
        if content is not None and content != "":
            self._sheet.cells[self._row, column] = content

    def _fill(self, template: str) -> Content:
        if template == "{date}" and self._habit.date == "cell":
            return self._day
        return template.format_map(self._phrases)

    def _title(self) -> None:
        last = self._first + len(self._table.columns) - 1
        for place, line in enumerate(self._habit.title):
            self._put(self._left, self._fill(line))
            if place == 0 and self._habit.file == "xlsx":
                self._sheet.merges.append((self._row, self._left, self._row, last))
            self._row += 1
        for place, cell in enumerate(self._habit.report):
            self._put(self._left + place, self._fill(cell))
        self._row += bool(self._habit.report)

    def _key_headers(self) -> list[str]:
        kind, words = self._table.framework.subject_kind, self._words
        own = {
            "index": words.index,
            "quarter": words.quarter,
            "code": words.code[kind],
            "name": words.name[kind],
        }
        return [own[key] for key in self._habit.keys]

    def _single_header(self) -> None:
        for place, header in enumerate(self._key_headers()):
            self._put(self._left + place, header)
        for place, column in enumerate(self._table.columns):
            separator = self._words.separator
            broken = column.header.replace(separator, f"{separator}\n")
            self._put(self._first + place, broken if self._habit.header == "broken" else column.header)
        self._sheet.header_rows = (self._row,)
        self._row += 1

    def _merged_header(self) -> None:
        """Group names over the names of their columns; a column of its own stands over both rows."""
        top, separator = self._row, self._words.separator
        for place, header in enumerate(self._key_headers()):
            self._put(self._left + place, header)
            self._sheet.merges.append((top, self._left + place, top + 1, self._left + place))
        place = self._first
        for group, columns in groupby(
            self._table.columns, key=lambda column: column.header.split(separator)[0]
        ):
            names = [column.header.partition(separator)[2] for column in columns]
            self._put(place, group)
            for offset, name in enumerate(names):
                if name:
                    self._sheet.cells[top + 1, place + offset] = name
                else:
                    self._sheet.merges.append((top, place + offset, top + 1, place + offset))
            if len(names) > 1 and all(names):
                self._sheet.merges.append((top, place, top, place + len(names) - 1))
            place += len(names)
        self._sheet.header_rows = (top, top + 1)
        self._row += 2

    def _rows(self) -> None:
        first, index = self._row, 0
        for number, (_, rows) in enumerate(groupby(self._table.rows, key=lambda row: row.subject.kind)):
            group = list(rows)
            self._row += bool(number and self._habit.blank_between_kinds)
            for row in group:
                index += 1
                self._keys(row.subject, index)
                for place, content in enumerate(row.contents):
                    self._put(self._first + place, content)
                self._row += 1
            if self._habit.subtotal:
                self._total(self._words.subtotal, group, as_formula=False)
        self._body = (first, self._row - 1)
        if self._habit.hidden_row and index > 1:
            self._sheet.hidden_rows = (first + 1,)

    def _keys(self, subject: Subject, index: int) -> None:
        own: dict[str, Content] = {
            "index": index,
            "quarter": self._phrases["quarter"],
            "code": subject.code,
            "name": subject.name,
        }
        for place, key in enumerate(self._habit.keys):
            self._put(self._left + place, own[key])

    def _total(self, label: str, rows: tuple[Row, ...] | list[Row], *, as_formula: bool) -> None:
        """A row of sums under the columns that count something."""
        self._put(self._left + next(i for i, key in enumerate(self._habit.keys) if key != "quarter"), label)
        for place, column in enumerate(self._table.columns):
            if not counts(column):
                continue
            written = [row.contents[place] for row in rows]
            total = sum(number for row in rows if (number := row.numbers[place]) is not None)
            if as_formula:
                letter = letters(self._first + place)
                stored = sum(value for content in written if (value := stored_number(content)) is not None)
                formula = f"=SUM({letter}{self._body[0]}:{letter}{self._body[1]})"
                self._put(self._first + place, Formula(formula, stored))
            else:
                self._put(self._first + place, self._wording.plain(total))
        self._row += 1

    def _foot(self) -> None:
        for line in self._habit.foot:
            for place, cell in enumerate(line):
                self._put(self._left + place, self._fill(cell))
            self._row += 1


def notes(sheet: Sheet, name: str) -> Sheet:
    """A hidden copy of the header and a few rows, as someone kept them for the next quarter."""
    last = max(sheet.header_rows) + NOTE_ROWS
    kept = {place: content for place, content in sheet.cells.items() if place[0] <= last}
    return Sheet(name, kept, header_rows=sheet.header_rows, is_hidden=True)


def counts(column: Column) -> bool:
    """Whether a sum of the column means anything."""
    return column.role in ("numerator", "denominator") or bool(
        column.item and column.item.method == "count_deduct"
    )


def stored_number(content: Content) -> float | None:
    """The number that a sum of the sheet's program finds in a cell."""
    if isinstance(content, Formula):
        return content.stored
    return float(content) if isinstance(content, int | float) else None


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
