"""From what was read to the frames that Great Expectations judges. pandas lives here and nowhere else.

Not here: what a frame's columns mean (`expectations.rulebook`), the records (`cells`, `pairs`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations import Contract
from orchestration.core.delivery import Delivery
from orchestration.intake.frames.cells import (
    PlacedCell,
    PlacedRow,
    Record,
    cell_records,
    placed_cells,
    placed_rows,
    row_records,
)
from orchestration.intake.frames.duties import Duties
from orchestration.intake.frames.figures import Figures
from orchestration.intake.frames.pairs import (
    PlacedItem,
    comparison_records,
    observation_records,
    placed_items,
)
from orchestration.intake.frames.spots import Spot

if TYPE_CHECKING:
    import pandas as pd

FRAMES = ("frameworks", "columns", "rows", "cells", "observations", "comparisons")


@dataclass(frozen=True)
class Prepared:
    """A delivery laid out for judging: `frames` by name, and for each the spot of every label.

    `rows`, `cells` and `items` stand at their labels in the frames `rows`, `cells` and `observations`.
    """

    frames: Mapping[str, "pd.DataFrame"]
    spots: Mapping[str, Sequence[Spot]]
    rows: Sequence[PlacedRow]
    cells: Sequence[PlacedCell]
    items: Sequence[PlacedItem]


def prepare(delivery: Delivery, duties: Duties, figures: Figures, contract: Contract) -> Prepared:
    """The frames of one delivery that reading did not refuse."""
    rows = placed_rows(delivery)
    cells = placed_cells(rows, duties)
    items = placed_items(cells, duties)
    parts: dict[str, Iterable[tuple[Spot, Record]]] = {
        "frameworks": _framework_records(delivery, duties),
        "columns": _column_records(delivery, duties),
        "rows": row_records(rows),
        "cells": cell_records(cells, figures, contract),
        "observations": observation_records(items, cells, figures),
        "comparisons": comparison_records(cells, duties, figures, contract),
    }
    frames, spots = {}, {}
    for name, records in parts.items():
        pairs = list(records)
        spots[name] = [spot for spot, _ in pairs]
        frames[name] = _frame([record for _, record in pairs])
    return Prepared(frames, spots, rows, cells, items)


def _frame(records: Sequence[Record]) -> "pd.DataFrame":
    """One row a record; `is_` and `has_` as bool, texts as objects, all else as float64."""
    import pandas as pd

    texts = ("framework", "subject", "problem")
    columns = {}
    for name in records[0] if records else ():
        values = [record[name] for record in records]
        kind = "object" if name in texts else "bool" if name.startswith(("is_", "has_")) else "float64"
        columns[name] = pd.Series(values, dtype=kind)
    return pd.DataFrame(columns)


def _framework_records(delivery: Delivery, duties: Duties) -> Iterator[tuple[Spot, Record]]:
    there = {table.framework for table in delivery.tables}
    due = duties.frameworks
    for framework in due:
        yield (
            Spot(_files(delivery), framework=framework),
            {
                "is_present": framework in there,
                "is_any_present": not there.isdisjoint(due),
            },
        )


def _column_records(delivery: Delivery, duties: Duties) -> Iterator[tuple[Spot, Record]]:
    """Due columns of the frameworks that were delivered; an absent framework is one fault, not fifty."""
    for framework in duties.frameworks:
        tables = [table for table in delivery.tables if table.framework == framework]
        read = {column for table in tables for column in table.columns.values()}
        for (item, role), column in duties.columns.items():
            if not tables or not column.is_due or column.item.framework != framework:
                continue
            spot = Spot(
                tables[0].file_name,
                tables[0].sheet,
                framework=framework,
                item=item,
                role=role,
                header=column.header,
            )
            yield spot, {"is_present": (item, role) in read}


def _files(delivery: Delivery) -> str:
    names = {table.file_name for table in delivery.tables} | set(delivery.encodings)
    return "、".join(sorted(names))
