"""CSV text → the rows of a catalogue, or every fault of the text, each with its file and line. Pure.

Not here: reading files (`warehouse.catalogue`), what rows must be to each other in a quarter (`checks`).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from orchestration.core.catalogue.cells import CellError, read_cell
from orchestration.core.catalogue.check_key_tasks import key_tasks
from orchestration.core.catalogue.check_supervision_modes import supervision_modes
from orchestration.core.catalogue.faults import CatalogueError, Fault, at, stems
from orchestration.core.catalogue.models import Catalogue, Row, ValidRow

# A catalogue may do without these: a school of units only, without aliases, caps or registers, is one.
OPTIONAL_FILES = frozenset(
    {
        "unit_aliases",
        "posts",
        "portfolios",
        "item_overrides",
        "item_steps",
        "colour_caps",
        "calendar",
        "risk_points",
        "key_tasks",
        "report_thresholds",
        "warning_rules",
        "supervision_modes",
    }
)
_OPTIONAL_COLUMNS = frozenset(ValidRow.model_fields)
_ALWAYS = ("", "~")  # before and after every quarter, as text


def parse_catalogue(files: Mapping[str, str]) -> Catalogue:
    """The catalogue of `files`: the stem of each CSV file (`units`) → its text, a BOM accepted.

    Files that no part of Qingyuan reads are ignored. Raises CatalogueError with every fault of columns, cells
    and keys. References between rows are checked a quarter at a time, by `checks.check_structure`.
    """
    rows: dict[str, Sequence[Row]] = {}
    faults: list[Fault] = []
    for model, stem in stems().items():
        parsed = list(_parse_file(stem, model, files.get(stem)))
        found = [part for part in parsed if isinstance(part, Fault)]
        rows[stem] = [part for part in parsed if isinstance(part, Row)]
        faults += found or _key_faults(rows[stem])
    if faults:
        raise CatalogueError(faults)
    catalogue = Catalogue.model_validate(rows)
    if timeless := [*_alias_faults(catalogue), *key_tasks(catalogue), *supervision_modes(catalogue)]:
        raise CatalogueError(timeless)
    return catalogue


def _parse_file(stem: str, model: type[Row], text: str | None) -> Iterator[Row | Fault]:
    file, needed = f"{stem}.csv", stem not in OPTIONAL_FILES
    if text is None:
        if needed:
            yield Fault(file, None, "file_absent")
        return
    lines = _lines(file, text)
    first = next(lines, None)
    if first is None:
        if needed:
            yield Fault(file, None, "file_empty")
        return
    if isinstance(first, Fault):
        yield first
        return
    header = [cell.strip() for cell in first[1]]
    if faults := list(_header_faults(file, first[0], header, model)):
        yield from faults
        return
    is_bare = True
    for line in lines:
        is_bare = False
        yield from [line] if isinstance(line, Fault) else _parse_row(file, *line, header, model)
    if is_bare and needed:
        yield Fault(file, None, "file_empty")


def _lines(file: str, text: str) -> Iterator[tuple[int, list[str]] | Fault]:
    """Each line that is not blank, with the number of the physical line where it begins."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    while True:
        begin = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # What follows a broken quotation is not to be trusted.
            yield Fault(file, begin, "csv_broken")
            return
        if any(cell.strip() for cell in cells):
            yield begin, cells


def _header_faults(file: str, line: int, header: list[str], model: type[Row]) -> Iterator[Fault]:
    known = tuple(model.model_fields)
    for number, column in enumerate(header, 1):
        if not column:
            yield Fault(file, line, "column_unnamed", {"number": number})
        elif column not in known:
            yield Fault(file, line, "column_unknown", {"column": column, "expected": known})
        elif column in header[: number - 1]:
            yield Fault(file, line, "column_twice", {"column": column})
    for column in known:
        if column not in header and column not in _OPTIONAL_COLUMNS:
            yield Fault(file, line, "column_absent", {"column": column})


def _parse_row(
    file: str, line: int, cells: list[str], header: list[str], model: type[Row]
) -> Iterator[Row | Fault]:
    if len(cells) != len(header):
        yield Fault(file, line, "row_width_bad", {"found": len(cells), "expected": len(header)})
        return
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for column, cell in zip(header, cells, strict=True):
        try:
            values[column] = read_cell(cell, column, model.model_fields[column])
        except CellError as error:
            faults.append(Fault(file, line, error.reason_key, error.values))
    if faults:
        yield from faults
        return
    row = model.model_validate(values).at_line(line)
    begin, end = _span(row)
    if begin > end:
        yield at(row, "validity_backwards", valid_from=begin, valid_to=end)
    yield row


def _span(row: Row) -> tuple[str, str]:
    """First and last quarter of a row, both sorting as text beyond every quarter where open."""
    if not isinstance(row, ValidRow):
        return _ALWAYS
    return row.valid_from or _ALWAYS[0], row.valid_to or _ALWAYS[1]


def _key_faults(rows: Sequence[Row]) -> list[Fault]:
    """Rows of one key whose validities touch: in some quarter the key would stand twice."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(getattr(row, column) for column in row.key)].append(row)
    faults = [
        at(row, reason, key=_key_text(key), other=other.line)
        for key, group in groups.items()
        for row, other, reason in _overlaps(group)
    ]
    return sorted(faults, key=lambda fault: fault.row or 0)


def _overlaps(group: Sequence[Row]) -> Iterator[tuple[Row, Row, str]]:
    """Each row that begins before one that began earlier has ended, with that one and the reason."""
    longest: Row | None = None
    for row in sorted(group, key=_span):
        if longest is not None and _span(row)[0] <= _span(longest)[1]:
            later, earlier = sorted((row, longest), key=lambda one: one.line or 0, reverse=True)
            yield later, earlier, "validity_overlaps" if isinstance(row, ValidRow) else "key_twice"
        if longest is None or _span(row)[1] > _span(longest)[1]:
            longest = row


def _key_text(key: tuple[object, ...]) -> str:
    return " / ".join("–" if part is None else str(part) for part in key)


def _alias_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """Aliases have no validity of their own: their unit must have been one in some quarter."""
    units = {(unit.institution, unit.code) for unit in catalogue.units}
    for row in catalogue.unit_aliases:
        if (row.institution, row.unit) not in units:
            yield at(row, "unit_unknown", column="unit", found=row.unit)
