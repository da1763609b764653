"""The records of rows and cells: one a row of each frame, with the spot it stands for.

Pure. Columns of the records are those of `expectations.rulebook`. Not here: pairs and comparisons
(`pairs`), pandas (`prepare`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from expectations import Contract
from orchestration.core.delivery import Delivery, ReadCell, ReadRow, ReadTable
from orchestration.intake.frames.duties import Column, Duties
from orchestration.intake.frames.figures import Figures
from orchestration.intake.frames.spots import Spot, shortened, shown

Record = Mapping[str, object]


@dataclass(frozen=True)
class PlacedRow:
    """A row of a table; sound when its subject is known, named once and not contradicted."""

    table: ReadTable
    row: ReadRow
    is_sound: bool


@dataclass(frozen=True)
class PlacedCell:
    """A cell of a row; `column` is None for one the department's catalogue rows do not know."""

    placed: PlacedRow
    cell: ReadCell
    column: Column | None
    applies: bool

    @property
    def is_judged(self) -> bool:
        """Whether the cell's content is looked at: a sound row, and an item that applies to its subject."""
        return self.placed.is_sound and self.applies

    @property
    def key(self) -> tuple[str, str, str, str]:
        """(framework, subject, item, role)."""
        return self.placed.table.framework, self.placed.row.subject or "", self.cell.item, self.cell.role


def placed_rows(delivery: Delivery) -> list[PlacedRow]:
    """Every row of every table, in order: its position is its label in the frame `rows`."""
    rows = [(table, row) for table in delivery.tables for row in table.rows]
    named = Counter((table.framework, row.subject) for table, row in rows if is_countable(row))
    return [
        PlacedRow(table, row, row.problem is None and named[table.framework, row.subject] == 1)
        for table, row in rows
    ]


def is_countable(row: ReadRow) -> bool:
    """Whether the row names one subject, be it twice in the file."""
    return row.subject is not None and row.problem in (None, "duplicate_subject")


def placed_cells(rows: list[PlacedRow], duties: Duties) -> list[PlacedCell]:
    """Every cell of every row, in order: its position is its label in the frame `cells`."""
    return [
        PlacedCell(placed, cell, column, _applies(column, placed.row, duties))
        for placed in rows
        for cell in placed.row.cells
        for column in [duties.columns.get((cell.item, cell.role))]
    ]


def _applies(column: Column | None, row: ReadRow, duties: Duties) -> bool:
    return column is not None and duties.applies(column.item, row.subject)


def row_records(rows: list[PlacedRow]) -> Iterator[tuple[Spot, Record]]:
    """Records of the frame `rows`."""
    for placed in rows:
        table, row = placed.table, placed.row
        spot = Spot(
            table.file_name,
            table.sheet,
            row.key_address,
            framework=table.framework,
            subject=row.subject,
            found=shortened(row.key_text),
        )
        yield (
            spot,
            {
                "framework": table.framework,
                "subject": row.subject,
                "problem": row.problem,
                "is_countable": is_countable(row),
            },
        )


def cell_records(
    cells: list[PlacedCell], figures: Figures, contract: Contract
) -> Iterator[tuple[Spot, Record]]:
    """Records of the frame `cells`."""
    for placed in cells:
        last = figures.last.get(placed.key)
        yield cell_spot(placed, last), _cell_record(placed, last, contract)


def cell_spot(placed: PlacedCell, last: float | None = None, **values: str | None) -> Spot:
    """The spot of one cell."""
    table, row, cell = placed.placed.table, placed.placed.row, placed.cell
    low, high = (placed.column.usual if placed.column else None) or (None, None)
    bounds = {"low": shown(low), "high": shown(high)}
    return Spot(
        table.file_name,
        table.sheet,
        cell.address,
        framework=table.framework,
        subject=row.subject,
        item=cell.item,
        role=cell.role,
        header=cell.header,
        found=shortened(cell.text),
        last=shown(last),
        values={name: text for name, text in {**bounds, **values}.items() if text is not None},
    )


def _cell_record(placed: PlacedCell, last: float | None, contract: Contract) -> Record:
    cell, column = placed.cell, placed.column
    number, facts = cell.number, column.facts if column else None
    is_boolean = facts is not None and facts.is_boolean
    problem = cell.problem
    if is_boolean and problem == "not_a_number":
        problem = "invalid_boolean"
    change = contract.far_from_last_quarter
    low, high = (column.usual if column else None) or (None, None)
    return {
        "problem": problem,
        "number": number,
        "fraction": None if number is None else number % 1,
        "outside": None if number is None else _outside(number, low, high),
        "change_times": None if number is None or last is None else _times(number, last),
        "is_moved": number is not None and last is not None and abs(number - last) >= change.at_least,
        "is_judged": placed.is_judged,
        "is_inapplicable": placed.placed.is_sound and not placed.applies,
        "is_counted": facts is not None and facts.is_counted,
        "is_whole": facts is not None and facts.is_counted and not (column and column.has_fractions),
        "is_percentage": facts is not None and facts.is_percentage,
        "is_boolean": is_boolean,
        "is_bounded": column is not None and column.usual is not None,
    }


def _outside(number: float, low: float | None, high: float | None) -> float:
    """How far `number` lies outside its usual range; 0 within."""
    return max(0.0, low - number if low is not None else 0.0, number - high if high is not None else 0.0)


def _times(number: float, last: float) -> float:
    """How many times as large the larger of two numbers is; infinite across zero."""
    smaller, larger = sorted((abs(number), abs(last)))
    return float("inf") if smaller == 0 or number * last < 0 else larger / smaller
