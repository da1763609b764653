"""The quarter a file says it is about: in a title, beside a label, in a column. It must be that of its path.

A date of filling in (填报日期) says nothing. Not here: the quarter of the path.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping

from orchestration.intake.reading import words
from orchestration.intake.reading.forms import name_form
from orchestration.intake.reading.grid import Cell, Sheet
from orchestration.intake.reading.header import Header
from orchestration.sandbox.addresses import address
from orchestration.sandbox.findings import RefusedError

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_WITH_YEAR = re.compile(
    rf"(?<![0-9]){_YEAR}(?:年度?|[-./])?(?:第?(?P<q1>[1-4])季度?|q(?P<q2>[1-4]))(?![0-9])", re.IGNORECASE
)
_QUARTER_FIRST = re.compile(rf"q(?P<q1>[1-4])[-/,]?{_YEAR}(?![0-9])", re.IGNORECASE)
_BARE = re.compile(r"(?:[0-9]{2}年)?(?:第?(?P<q1>[1-4])(?:季度?)?|q(?P<q2>[1-4]))", re.IGNORECASE)
_DATE = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})[-/.年](?P<month>[0-9]{1,2})(?:[-/.月][0-9]{1,2}日?|月)?(?:[t ].*)?"
)
_DATE_LABELS = tuple(name_form(label) for label in words.DATE_LABELS)
_QUARTER_LABELS = tuple(name_form(label) for label in words.QUARTER_LABELS)


def quarters_in(text: str) -> set[str]:
    """Every quarter with its year that `text` names: `2026年第三季度`, `2026Q3`, `二〇二六年三季度`."""
    said = _said(text)
    found = set()
    for pattern in (_WITH_YEAR, _QUARTER_FIRST):
        for match in pattern.finditer(said):
            groups = match.groupdict()
            found.add(f"{groups['year']}Q{groups['q1'] or groups.get('q2')}")
    return found


def agrees(text: str, quarter: str) -> bool | None:
    """Whether a value that ought to be a quarter is `quarter`; None when it names no quarter at all.

    `第三季度` and `3` are compared without the year, a date by the quarter it lies in.
    """
    quarters = quarters_in(text)
    if quarters:
        return quarter in quarters
    bare = _BARE.fullmatch(_said(text))
    if bare is not None:
        return (bare["q1"] or bare["q2"]) == quarter[-1]
    date = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if date is not None and 1 <= int(date["month"]) <= 12:
        return f"{date['year']}Q{(int(date['month']) + 2) // 3}" == quarter
    return None


def check_quarter(
    sheet: Sheet, header: Header, data_rows: Collection[int], quarter: str, missing_forms: frozenset[str]
) -> None:
    """Raises RefusedError (`wrong_quarter_inside`) at the first place that names another quarter."""
    for row, cells in sheet.rows.items():
        if row in data_rows:
            wrong = _in_columns(cells, header, quarter, missing_forms)
        elif row < header.top or row > header.bottom:
            wrong = _in_words(cells, quarter, is_title=row < header.top)
        else:
            continue
        if wrong is not None:
            raise RefusedError(
                "wrong_quarter_inside",
                sheet=sheet.name,
                address=address(row, wrong),
                found=cells[wrong].text,
                expected=quarter,
            )


def _in_columns(
    cells: Mapping[int, Cell], header: Header, quarter: str, missing_forms: frozenset[str]
) -> int | None:
    """The quarter column of a data row that does not say `quarter`; a blank one says nothing."""
    for column in header.quarters:
        said = cells[column].text if column in cells else ""
        if said and name_form(said) not in missing_forms and not agrees(said, quarter):
            return column
    return None


def _in_words(cells: Mapping[int, Cell], quarter: str, is_title: bool) -> int | None:
    """The cell of a title or foot row that names another quarter."""
    for column, cell in cells.items():
        form = name_form(cell.text)
        label = next((label for label in _QUARTER_LABELS if form.startswith(label)), None)
        if label is not None:
            said = form.removeprefix(label).lstrip(":;-")
        elif is_title or _beside(cells, column, _QUARTER_LABELS):
            said = form
        else:
            continue
        is_labelled = label is not None or _beside(cells, column, _QUARTER_LABELS)
        if _beside(cells, column, _DATE_LABELS):
            continue
        named = quarters_in(said)
        if (named and quarter not in named) or (is_labelled and agrees(said, quarter) is False):
            return column
    return None


def _beside(cells: Mapping[int, Cell], column: int, labels: tuple[str, ...]) -> bool:
    """Whether the cell itself begins with one of `labels`, or the nearest cell to its left is one."""
    if name_form(cells[column].text).startswith(labels):
        return True
    left = [other for other in cells if other < column]
    return bool(left) and name_form(cells[max(left)].text).rstrip(":") in labels


def _said(text: str) -> str:
    return name_form(text).translate(_NUMERALS)
