"""Issues still to be mended as an .xlsx for stewards: an overview, one sheet a department, filters, links.

Every text arrives as text. Not here: the workbook a department gets back (`returning`), acts on issues.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.states import UNMENDED
from orchestration.messages import LANGUAGES, Language, text
from orchestration.sandbox.addresses import address
from orchestration.stewardship.cell_texts import literal, write

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

Connection = psycopg.Connection[Any]
Row = Mapping[str, Any]
_A3 = "8"  # as the format numbers papers
SEVERITIES = ("block", "quarantine", "warn")
_ISSUES = """
    select issue.id, issue.quarter, issue.institution, issue.department, issue.severity, issue.state, issue.due_on,
        issue.owner, issue.rule, issue.source_file, issue.source_sheet, issue.source_cell, issue.subject_code,
        issue.item, issue.found, issue.last_value, issue.cells, issue.message_zh, issue.todo_zh, issue.message_en,
        issue.todo_en, (issue.opened_at at time zone %(timezone)s)::date as opened_on
    from quality.issue as issue
    where issue.state = any(%(states)s)
        and (%(institution)s::text is null or issue.institution = %(institution)s)
        and (%(quarter)s::text is null or issue.quarter = %(quarter)s)
        and (%(department)s::text is null or issue.department = %(department)s)
    order by issue.department nulls last, issue.quarter, array_position(%(severities)s::text[], issue.severity),
        issue.due_on nulls last, issue.source_file, issue.source_sheet, issue.id
"""
_COMMON = (
    ("id", 8), ("quarter", 9), ("severity", 10), ("state", 12), ("due_on", 12), ("opened_on", 12), ("owner", 12),
    ("source_file", 18), ("source_sheet", 14), ("source_cell", 9), ("subject_code", 12), ("item", 10),
    ("found", 20), ("last_value", 12), ("cells", 7),
)  # fmt: skip
_SENTENCES: Mapping[Language, Sequence[tuple[str, int]]] = {
    "zh-CN": (("message_zh", 56), ("todo_zh", 44)),
    "en": (("message_en", 56), ("todo_en", 44)),
}


def export_issues(
    conn: Connection,
    catalogue_at_quarter: Catalogue,
    today: date,
    institution: str | None = None,
    quarter: str | None = None,
    department: str | None = None,
    language: Language | None = None,
    timezone: str = "Asia/Shanghai",
) -> bytes:
    """The workbook's bytes; None asks for all, and for the sentences in both languages, Chinese first.

    `today` tells what is overdue. Heads and names are in `language`, else in Chinese.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            _ISSUES,
            {
                "states": list(UNMENDED),
                "severities": list(SEVERITIES),
                "institution": institution,
                "quarter": quarter,
                "department": department,
                "timezone": timezone,
            },
        )
        rows = cursor.fetchall()
    groups = [(code, list(own)) for code, own in groupby(rows, key=lambda row: row["department"])]
    return _Export(catalogue_at_quarter, language, today).made(groups)


class _Export:
    """One workbook in the making."""

    def __init__(self, catalogue: Catalogue, language: Language | None, today: date) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self._today = today
        self._says: Language = language or "zh-CN"
        self._languages = (language,) if language else LANGUAGES
        own = "name_zh" if self._says == "zh-CN" else "name_en"
        self._names = {row.code: str(getattr(row, own)) for row in catalogue.departments}
        self._font, self._bold = (
            Font(name="Microsoft YaHei", size=10),
            Font(name="Microsoft YaHei", size=10, bold=True),
        )
        self._link = Font(name="Microsoft YaHei", size=10, color="FF1D3557", underline="single")
        self._wash = PatternFill("solid", fgColor="FFF5F6F7")
        self._wrapped = Alignment(wrap_text=True, vertical="top", horizontal="left")

    def made(self, groups: Sequence[tuple[str | None, Sequence[Row]]]) -> bytes:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        titles = {code: self._title(code) for code, _ in groups}
        self._overview(book, groups, titles)
        for code, rows in groups:
            self._department(book, titles[code], rows)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def _title(self, department: str | None) -> str:
        """The name of a department's sheet; a code is unique where a name may not be."""
        if department is None:
            return self._say("nobody")
        name = self._names.get(department, "")
        return "".join("_" if mark in "[]:*?/\\'" else mark for mark in f"{name} {department}".strip())[-31:]

    def _overview(
        self,
        book: "Workbook",
        groups: Sequence[tuple[str | None, Sequence[Row]]],
        titles: Mapping[str | None, str],
    ) -> None:
        from openpyxl.utils import quote_sheetname
        from openpyxl.worksheet.hyperlink import Hyperlink

        sheet = book.create_sheet(self._say("overview"))
        heads = ["department", *SEVERITIES, "overdue"]
        self._head(sheet, [self._say(f"head.{name}") for name in heads], [30, 10, 10, 10, 10])
        for number, (code, rows) in enumerate(groups, 2):
            first = self._cell(sheet, titles[code])
            first.hyperlink = Hyperlink(
                ref=address(number, 1), location=f"{quote_sheetname(titles[code])}!{address(1, 1)}"
            )
            first.font = self._link
            counts = [sum(row["severity"] == severity for row in rows) for severity in SEVERITIES]
            late = sum(row["due_on"] is not None and row["due_on"] < self._today for row in rows)
            sheet.append([first, *(self._cell(sheet, count) for count in (*counts, late))])

    def _department(self, book: "Workbook", title: str, rows: Sequence[Row]) -> None:
        sheet = book.create_sheet(title)
        columns = [*_COMMON, *(column for language in self._languages for column in _SENTENCES[language])]
        sheet.auto_filter.ref = f"{address(1, 1)}:{address(len(rows) + 1, len(columns))}"
        self._head(sheet, [self._say(f"head.{name}") for name, _ in columns], [width for _, width in columns])
        for row in rows:
            sheet.append(list(self._line(sheet, row, [name for name, _ in columns])))

    def _line(self, sheet: Any, row: Row, columns: Sequence[str]) -> Iterator[Any]:
        for name in columns:
            value = row[name]
            if name in ("severity", "state"):
                value = self._say(f"{name}.{value}")
            yield self._cell(sheet, value)

    def _head(self, sheet: Any, heads: Sequence[str], widths: Sequence[float]) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet.freeze_panes = address(2, 1)
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        cells = [self._cell(sheet, head) for head in heads]
        for cell in cells:
            cell.font, cell.fill = self._bold, self._wash
        sheet.append(cells)

    def _cell(self, sheet: Any, value: object) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet)
        if isinstance(value, int | float | date | datetime):
            cell.value = value
            if isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
        elif value is not None:
            write(cell, literal(str(value)))
        cell.font, cell.alignment = self._font, self._wrapped
        return cell

    def _say(self, key: str) -> str:
        return text(f"returning.export.{key}", self._says)
