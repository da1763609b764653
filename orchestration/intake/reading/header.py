"""Where the header is and what each column means: title rows above it, merged and two- or three-row headers.

The header is the first row (with the rows it spans) that holds a key column and a header of the catalogue.
Where a group stands over its columns, both are read as the declared `group｜column`. Not here: the rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orchestration.intake.reading import words
from orchestration.intake.reading.forms import header_form
from orchestration.intake.reading.grid import Sheet
from orchestration.intake.reading.spec import Column, FrameworkSpec
from orchestration.sandbox.addresses import address

_DEEPEST = 3  # rows of a header
_SEARCHED = 60  # rows that are not blank
KEY_FORMS = {kind: frozenset(map(header_form, keys)) for kind, keys in words.KEYS.items()}
REGISTER_FORMS = frozenset(map(header_form, words.REGISTER_KEYS))
_ALL_KEYS = REGISTER_FORMS.union(*KEY_FORMS.values())
_QUARTERS = frozenset(map(header_form, words.QUARTER_HEADERS))
_NUMBERINGS = frozenset(map(header_form, words.NUMBERING_HEADERS))


@dataclass
class Header:
    """Rows `top`..`bottom`, and columns by meaning; `unknown` and `foreign` map them to the words there."""

    top: int
    bottom: int
    keys: list[int] = field(default_factory=list)
    quarters: list[int] = field(default_factory=list)
    columns: dict[int, Column] = field(default_factory=dict)
    foreign: dict[int, tuple[str, str]] = field(default_factory=dict)  # words, department
    unknown: dict[int, str] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)
    joins_top: bool = False  # a known header makes use of the top row

    @property
    def known(self) -> int:
        """How many columns the catalogue knows, whosever they are."""
        return len(self.columns) + len(self.foreign)


def find_header(sheet: Sheet, framework: FrameworkSpec) -> Header | None:
    """The first header of a table of `framework`, None if there is none."""
    for row in list(sheet.rows)[:_SEARCHED]:
        found: Header | None = None
        for depth in range(1, _DEEPEST + 1):
            header = _read_header(sheet, row, row + depth - 1, framework)
            if not header.keys or not header.joins_top:
                continue
            if found is None or header.known > found.known:
                found = header
        if found is not None:
            return found
    return None


def holds_key(sheet: Sheet, forms: frozenset[str]) -> bool:
    """Whether one of the first rows holds a cell that is exactly one of these key words."""
    return any(
        header_form(cell.text) in forms
        for row in list(sheet.rows)[:_SEARCHED]
        for cell in sheet.rows[row].values()
        if cell.kind == "text"
    )


def _read_header(sheet: Sheet, top: int, bottom: int, framework: FrameworkSpec) -> Header:
    header = Header(top, bottom)
    span = range(top, bottom + 1)
    columns = sorted({column for row in span for column in sheet.rows.get(row, ())} | _merged(sheet, span))
    above: dict[int, str] = {}  # the last words of each row, for groups that are not merged
    for column in columns:
        texts = [(row, _words(sheet, row, column)) for row in span]
        stack = [(row, text) for row, text in texts if text]
        if stack:
            header.addresses[column] = address(stack[-1][0], column)
            is_own = any(sheet.anchor(row, column)[1] == column for row, _ in stack)
            _place(header, column, list(_readings(stack, above)), stack, framework, is_own)
        above.update(stack)
    return header


def _merged(sheet: Sheet, span: range) -> set[int]:
    """Columns of merged cells in these rows: the right half of a group may have nothing of its own."""
    return {
        column
        for first, left, last, right in sheet.merges
        if first in span or last in span
        for column in range(left, min(right, left + 100) + 1)
    }


def _words(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cell(*sheet.anchor(row, column))
    return cell.text if cell is not None and cell.kind == "text" else ""


def _readings(stack: list[tuple[int, str]], above: dict[int, str]) -> Iterator[tuple[str, int]]:
    """What the words over one column may mean, likeliest first: (form, first row used)."""
    distinct = [entry for place, entry in enumerate(stack) if place == 0 or entry[1] != stack[place - 1][1]]
    for start in range(len(distinct)):
        yield header_form("".join(text for _, text in distinct[start:])), distinct[start][0]
    row, text = distinct[-1]
    group = above.get(row - 1)
    if group is not None and len(distinct) == 1:
        yield header_form(group + text), row - 1
    for row, text in distinct:
        yield header_form(text), row


def _place(
    header: Header,
    column: int,
    readings: list[tuple[str, int]],
    stack: list[tuple[int, str]],
    framework: FrameworkSpec,
    is_own: bool,
) -> None:
    """Note what the column means: the first reading that means something.

    A column that only shares its neighbour's merged cell (not `is_own`) may be a second key, nothing else.
    """
    label = " ".join(dict.fromkeys(" ".join(text.split()) for _, text in stack))
    for form, row in readings:
        if not is_own and form not in KEY_FORMS[framework.kind]:
            continue
        if form in framework.columns:
            header.columns[column] = framework.columns[form]
        elif form in framework.elsewhere:
            header.foreign[column] = (label, framework.elsewhere[form])
        elif form in KEY_FORMS[framework.kind]:
            header.keys.append(column)
            return
        elif form in _QUARTERS:
            header.quarters.append(column)
            return
        elif form in _NUMBERINGS or form in _ALL_KEYS:
            return
        else:
            continue
        header.joins_top = header.joins_top or row == header.top
        return
    if is_own:
        header.unknown[column] = label
