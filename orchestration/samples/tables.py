"""One framework's table of one department: columns and the content of every cell, before any layout.

Here the story touches cells: rows that do not arrive and cells that cannot be believed. Not here: title,
header and foot (`layout`), files (`workbooks`, `csv_files`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.core.catalogue.models import Framework, Item
from orchestration.samples.figures import Figure
from orchestration.samples.habits import Habit, Words
from orchestration.samples.school import School, Subject
from orchestration.samples.story import BadCell, Role
from orchestration.samples.wording import Content, Formula, Wording

REMARK = 0.12


@dataclass(frozen=True)
class Column:
    """One column; `item` and `role` are None where the department keeps it for itself."""

    header: str
    item: Item | None = None
    role: Role | None = None


@dataclass(frozen=True)
class Row:
    """One subject's cells and the numbers meant by them, for totals; both in the order of the columns."""

    subject: Subject
    contents: tuple[Content, ...]
    numbers: tuple[float | None, ...]


@dataclass(frozen=True)
class Table:
    """One framework's rows of one department."""

    framework: Framework
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class TableMaker:
    """Makes the tables of one department."""

    def __init__(self, school: School, department: str, habit: Habit) -> None:
        self._school, self._department, self._habit = school, department, habit
        self._wording = Wording(habit, school.words, school.draws)
        self._bad = {
            (line.subject, line.item, line.role): line
            for line in school.story.bad_cells
            if line.quarter == school.quarter
        }

    def tables(self) -> list[Table]:
        """The department's tables in the order of the frameworks; those without columns or rows left out."""
        tables = [self._table(framework) for framework in self._school.ranked_frameworks()]
        return [table for table in tables if table.columns and table.rows]

    def _table(self, framework: Framework) -> Table:
        columns = tuple(self._columns(framework))
        story, quarter = self._school.story, self._school.quarter
        rows = tuple(
            self._row(subject, columns)
            for subject in self._school.subjects(framework, self._department, aliases=self._habit.aliases)
            if not story.is_absent(quarter, subject.code, self._department)
        )
        return Table(framework, columns, rows if any(column.item for column in columns) else ())

    def _columns(self, framework: Framework) -> Iterable[Column]:
        items = {item.code: item for item in self._school.catalogue.items}
        separator = self._school.words.separator
        columns: dict[tuple[str, Role], Column] = {}
        for row in self._school.catalogue.extract_columns:
            item = items.get(row.item)
            # A second header of one cell is another of the department's words: a file uses one of them.
            if item and row.department == self._department and item.framework == framework.code:
                columns.setdefault((row.item, row.role), Column(row.header, item, row.role))
        for place, column in enumerate(columns.values()):
            yield column
            if self._habit.rate and place == 1 and column.role == "denominator":
                yield Column(f"{column.header.split(separator)[0]}{separator}{self._school.words.rate}")
        if self._habit.remark:
            yield Column(self._school.words.remark)

    def _row(self, subject: Subject, columns: tuple[Column, ...]) -> Row:
        roles: dict[str, frozenset[str]] = {}
        for column in columns:
            if column.item and column.role:
                roles[column.item.code] = roles.get(column.item.code, frozenset()) | {column.role}
        figures = {
            column.item.code: self._school.figures.figure(subject.code, column.item, roles[column.item.code])
            for column in columns
            if column.item and column.item.applies(subject.code, subject.kind)
        }
        cells = [self._cell(subject, column, figures, columns) for column in columns]
        return Row(subject, tuple(content for content, _ in cells), tuple(number for _, number in cells))

    def _cell(
        self, subject: Subject, column: Column, figures: dict[str, Figure], columns: tuple[Column, ...]
    ) -> tuple[Content, float | None]:
        if column.item is None or column.role is None:
            return self._own_column(subject, column, figures, columns), None
        figure = figures.get(column.item.code)
        if figure is None:
            return self._habit.inapplicable or None, None
        number = figure.of(column.role)
        bad = self._bad.get((subject.code, column.item.code, column.role))
        if bad:
            return spoiled(bad, figure, self._school.words), None
        if self._habit.idle and column.role == "numerator" and figure.denominator == 0:
            return self._habit.idle, number
        place = (self._department, subject.code, column.item.code, column.role, self._school.quarter)
        return self._wording.spell(number, column.item, column.role == "value", *place), number

    def _own_column(
        self, subject: Subject, column: Column, figures: dict[str, Figure], columns: tuple[Column, ...]
    ) -> Content:
        """A remark now and then, or the rate of the pair to the left."""
        words, draws = self._school.words, self._school.draws
        if column.header == words.remark:
            lot = draws.uniform("remark", self._department, subject.code, self._school.quarter)
            return words.remarks[int(len(words.remarks) * lot / REMARK)] if lot < REMARK else None
        item = columns[columns.index(column) - 1].item
        figure = figures.get(item.code) if item else None
        if not figure or not figure.denominator or figure.numerator is None:
            return None
        return f"{100 * figure.numerator / figure.denominator:.1f}%"


def spoiled(line: BadCell, figure: Figure, words: Words) -> Content:
    """What stands in a cell that cannot be believed."""
    number = figure.of(line.role) or 1.0
    spoilt: dict[str, Content] = {
        "not_a_number": words.not_a_number,
        "above_denominator": (figure.denominator or 1.0) + 2,
        "negative": -number,
        "error_value": "#REF!",
        "not_whole": number - 0.5,
        "empty_formula": Formula(words.empty_formula, None),
    }
    return spoilt[line.fault]
