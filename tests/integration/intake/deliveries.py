"""Workbooks and CSV files as a department of a small, other school would deliver them, flaw by flaw.

The catalogue is the small one of the catalogue's tests, widened so that every way of reading a column occurs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from orchestration.core.catalogue.models import Catalogue, ExtractColumn
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.intake.incoming import HeldFile, Incoming
from tests.unit.small_catalogue import Edit, change, copy, edited

INSTITUTION = "s1"
# (framework, subject, item, role)
Place = tuple[str, str, str, str]
CLEAN = {"numerator": 8, "denominator": 10, "value": 5}
CLEAN_ITEMS = {"I6": 85.5, "I7": 1}


def widened(*edits: Edit) -> Catalogue:
    """`money`: a pair, a banded value, a shared count, a percentage, a yes or no, a banded pair, and one of posts;
    `safety`: the count it owns, goalposts for wards only, meetings of the chief."""
    return parse_catalogue(
        edited(
            copy("items", 2, code="I6", name_zh="完成率", name_en="Done", weight="1", target="100"),
            copy(
                "items",
                2,
                code="I7",
                name_zh="已备案",
                name_en="Filed",
                method="boolean",
                weight="1",
                target="1",
            ),
            copy("items", 3, code="I8", name_zh="支出比", name_en="Spent", unit_of_measure="%"),
            copy("items", 2, code="I9", framework="work", point="Y1", name_zh="出席率", name_en="Attended"),
            change("items", 4, applies_to=""),
            copy("item_steps", 2, item="I8"),
            copy("item_steps", 3, item="I8"),
            copy("extract_columns", 4, header="完成率", item="I6"),
            copy("extract_columns", 4, header="已备案", item="I7"),
            copy("extract_columns", 2, header="实际支出", item="I8"),
            copy("extract_columns", 3, header="预算", item="I8"),
            copy("extract_columns", 2, header="实到", item="I9"),
            copy("extract_columns", 3, header="应到", item="I9"),
            # Nobody reports on itself: an own row is an issue of its own.
            change("units", 4, reports_as=""),
            *edits,
        )
    )


def many_wards(count: int) -> Edit:
    """As many further wards, W001 and on."""

    def add(files: dict[str, str]) -> dict[str, str]:
        for number in range(1, count + 1):
            name = f"W{number:03}"
            files = copy("units", 2, code=name, name_zh=f"病区{name}", name_en=name)(files)
        return files

    return add


@dataclass
class Book:
    """One department's workbook: clean, but for what is changed in it. Keys stand in A, headers in row 1."""

    catalogue: Catalogue
    department: str = "money"
    cells: Mapping[Place, object] = field(default_factory=dict)
    keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows_again: Sequence[tuple[str, str]] = ()
    without: Sequence[str] = ()
    further_headers: Sequence[str] = ()
    frameworks: Sequence[str] = ("care", "work")

    def columns(self, framework: str) -> list[ExtractColumn]:
        """The department's declared columns on one sheet, in order, without those left out."""
        items = {item.code: item.framework for item in self.catalogue.items}
        return [
            row
            for row in self.catalogue.extract_columns
            if row.department == self.department
            and items[row.item] == framework
            and row.header not in self.without
        ]

    def subjects(self, framework: str) -> list[str]:
        """The subjects of one sheet, in order, those repeated at the end."""
        rows = self.catalogue.units if framework == "care" else self.catalogue.posts
        return [row.code for row in rows] + [
            subject for sheet, subject in self.rows_again if sheet == framework
        ]

    def address(self, framework: str, subject: str, item: str, role: str) -> str:
        """The address of a cell in the workbook."""
        at = [(row.item, row.role) for row in self.columns(framework)].index((item, role))
        return f"{get_column_letter(at + 2)}{self.subjects(framework).index(subject) + 2}"

    def table(self, framework: str) -> Iterator[list[object]]:
        """Header and rows of one sheet."""
        columns = self.columns(framework)
        yield [
            "单位代码" if framework == "care" else "岗位代码",
            *(c.header for c in columns),
            *self.further_headers,
        ]
        for subject in self.subjects(framework):
            values = [self._value(framework, subject, column) for column in columns]
            yield [
                self.keys.get((framework, subject), subject),
                *values,
                *("x" for _ in self.further_headers),
            ]

    def _value(self, framework: str, subject: str, column: ExtractColumn) -> object:
        place = (framework, subject, column.item, column.role)
        if place in self.cells:
            return self.cells[place]
        item = next(item for item in self.catalogue.items if item.code == column.item)
        people = self.catalogue.units if framework == "care" else self.catalogue.posts
        kind = next(getattr(row, "kind", None) or row.post_level for row in people if row.code == subject)
        if not item.applies(subject, kind):
            return None
        return CLEAN_ITEMS.get(column.item, CLEAN[column.role])

    @cached_property
    def xlsx(self) -> bytes:
        """The workbook; the library stamps the time into it, so it is made once."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for framework in self.frameworks:
            if self.columns(framework):
                sheet = book.create_sheet(framework)
                for row in self.table(framework):
                    sheet.append(row)
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    def csv(self, framework: str, encoding: str = "utf-8") -> bytes:
        """One table as CSV."""
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in self.table(framework))
        return "\r\n".join(lines).encode(encoding)

    def incoming(self, quarter: str) -> Incoming:
        """The workbook as it lies in the inbox."""
        file = HeldFile(f"{self.department}.xlsx", self.xlsx)
        return Incoming(INSTITUTION, quarter, self.department, (file,))
