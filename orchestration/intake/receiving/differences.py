"""Two submissions of one department compared cell by cell, and the differences kept.

Rows are matched by their subject, then by their place; a figure written in another way is no difference. Not
here: which submissions are compared (`returned`).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import psycopg

from orchestration.intake.receiving.landing import copy_rows

_CELLS = """
    select framework, file_name, sheet, row_number, address, subject_code, subject_text, item, role, raw_text, number
    from raw.cell
    where quarter = %s and submission = %s
    order by framework, file_name, sheet, row_number, length(address), address
"""
# As far as floating-point numbers survive being saved by another program.
_CLOSE = 1e-14


@dataclass(frozen=True)
class CellChange:
    """One cell that differs: where it stands now (or stood), whose it is, what was written before and after.

    `item` is None and `role` is `subject` where the row's key was changed.
    """

    framework: str
    source_file: str
    source_sheet: str | None
    source_cell: str
    subject_code: str | None
    subject_text: str | None
    item: str | None
    role: str
    before: str | None
    after: str | None


class _Cell(NamedTuple):
    framework: str
    file: str
    sheet: str | None
    row: int
    address: str
    subject_code: str | None
    subject_text: str | None
    item: str
    role: str
    text: str | None
    number: float | None


_Key = tuple[str, str, int]
_Row = Mapping[tuple[str, str], _Cell]


def differences(conn: psycopg.Connection[Any], quarter: str, base: int, other: int) -> list[CellChange]:
    """What `other` holds otherwise than `base`, in the order of `other`'s rows, then rows that are gone."""
    before, after = _rows(conn, quarter, base), _rows(conn, quarter, other)
    pairs = _paired(before, after)
    changes: list[CellChange] = []
    for key, row in after.items():
        changes += _between(before.get(pairs[key], {}) if key in pairs else {}, row)
    matched = set(pairs.values())
    for key, row in before.items():
        if key not in matched:
            changes += _between(row, {})
    return changes


def _rows(conn: psycopg.Connection[Any], quarter: str, submission: int) -> dict[_Key, _Row]:
    """Rows of cells by (framework, subject or its text, which of those)."""
    placed: dict[tuple[str, str, str | None, int], dict[tuple[str, str], _Cell]] = {}
    for record in conn.execute(_CELLS, (quarter, submission)):
        cell = _Cell(*record)
        placed.setdefault((cell.framework, cell.file, cell.sheet, cell.row), {})[cell.item, cell.role] = cell
    rows: dict[_Key, _Row] = {}
    times: dict[tuple[str, str], int] = defaultdict(int)
    for row in placed.values():
        first = next(iter(row.values()))
        name = (first.framework, first.subject_code or f"?{first.subject_text or ''}")
        rows[(*name, times[name])] = row
        times[name] += 1
    return rows


def _paired(before: Mapping[_Key, _Row], after: Mapping[_Key, _Row]) -> dict[_Key, _Key]:
    """Row of `after` → row of `before`: the same subject, else the same row of the same framework's table."""
    pairs = {key: key for key in after if key in before}
    left = {_place(row): key for key, row in before.items() if key not in pairs}
    for key, row in after.items():
        if key not in pairs and _place(row) in left:
            pairs[key] = left[_place(row)]
    return pairs


def _place(row: _Row) -> tuple[str, int]:
    first = next(iter(row.values()))
    return first.framework, first.row


def _between(before: _Row, after: _Row) -> Iterable[CellChange]:
    if before and after:
        old, new = next(iter(before.values())), next(iter(after.values()))
        if (old.subject_text or "") != (new.subject_text or ""):
            yield _change(new, "subject", old.subject_text, new.subject_text, item=None)
    for key in [*after, *(key for key in before if key not in after)]:
        own, other = after.get(key), before.get(key)
        if not _is_same(other, own):
            place = own or other
            assert place is not None  # noqa: S101 - the key is of one of them
            yield _change(place, place.role, other and other.text, own and own.text, item=place.item)


def _is_same(before: _Cell | None, after: _Cell | None) -> bool:
    if (before.text if before else None) == (after.text if after else None):
        return True
    if before is None or after is None or before.number is None or after.number is None:
        return False
    return math.isclose(before.number, after.number, rel_tol=_CLOSE)


def _change(cell: _Cell, role: str, before: str | None, after: str | None, *, item: str | None) -> CellChange:
    return CellChange(
        framework=cell.framework,
        source_file=cell.file,
        source_sheet=cell.sheet,
        source_cell=cell.address,
        subject_code=cell.subject_code,
        subject_text=cell.subject_text,
        item=item,
        role=role,
        before=before,
        after=after,
    )


def keep_differences(
    conn: psycopg.Connection[Any], submission: int, base: int, other: int, changes: Sequence[CellChange]
) -> None:
    """Write them to `quality.cell_change` under the `submission` that was delivered."""
    row = {"submission": submission, "base": base, "other": other}
    copy_rows(conn, "quality", "cell_change", ({**row, **asdict(change)} for change in changes))
