"""Sheets into CSV files in the department's encoding, one a framework. Not here: layout, workbooks."""

import csv
from datetime import date
from io import StringIO

from orchestration.samples.layout import Sheet
from orchestration.samples.wording import Content, Formula, Shown, number_text


def csv_bytes(sheet: Sheet, encoding: str) -> bytes:
    """The sheet's cells as comma-separated lines; empty where nothing stands."""
    width = max(column for _, column in sheet.cells)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in range(1, sheet.last_row + 1):
        writer.writerow([_text(sheet.cells.get((row, column))) for column in range(1, width + 1)])
    return text.getvalue().encode(encoding)


def _text(content: Content) -> str:
    if isinstance(content, Formula):
        return content.text if content.stored is None else number_text(content.stored)
    if isinstance(content, Shown):
        return number_text(content.number)
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, int | float):
        return number_text(float(content))
    return content or ""
