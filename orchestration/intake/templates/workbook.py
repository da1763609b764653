"""A blank workbook as bytes: the guide, then a sheet a framework. The same plan gives the same bytes.

Not here: what stands on it (`plan`), where it is written (`write`).
"""

import io
import re
import zipfile
from typing import TYPE_CHECKING

from orchestration.intake.templates.guide_sheet import GUIDE, draw_guide
from orchestration.intake.templates.plan import Plan
from orchestration.intake.templates.style import Style
from orchestration.intake.templates.table_sheet import draw_table
from orchestration.intake.templates.words import ItemWords, TemplateWords

if TYPE_CHECKING:
    from openpyxl import Workbook

# Members of an archive need a date, and a workbook says when it was saved: neither may tell two runs apart.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)


def workbook_bytes(plan: Plan, items: ItemWords, catalogue_hash: str) -> bytes:
    """The workbook of `plan`; `catalogue_hash` stands at the foot of its guide."""
    from openpyxl import Workbook

    words, style = TemplateWords(plan, items), Style(plan.language)
    book = Workbook()
    guide = book.worksheets[0]
    guide.title = GUIDE
    draw_guide(guide, words, style, catalogue_hash)
    for table in plan.tables:
        draw_table(book.create_sheet(table.sheet), table, words, style)
    book.properties.title, book.properties.creator = words.title(GUIDE), words.name(plan.institution)
    return _stable(book)


def _stable(book: "Workbook") -> bytes:
    saved, stable = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(b"", content)
            target.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return stable.getvalue()
