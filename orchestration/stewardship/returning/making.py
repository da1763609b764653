"""Makes one returned workbook from a request and the bytes of the delivered files. Runs in the child.

Not here: opening files (`gathering.py`), what may not stay (`stripping.py`), the list of issues (`listing.py`).
"""

from orchestration.stewardship.returning.gathering import gather
from orchestration.stewardship.returning.listing import write_list
from orchestration.stewardship.returning.marking import mark_cells
from orchestration.stewardship.returning.request import Request
from orchestration.stewardship.returning.stored import saved


def make(request: Request, content: bytes) -> bytes:
    """The bytes of the workbook. A file that cannot be opened is said on the first sheet, and has no sheet."""
    gathered = gather(request, content)
    sheet = gathered.book.create_sheet(request.listing.title, 0)
    first = write_list(sheet, request, gathered)
    mark_cells(sheet, request, gathered, first)
    for other in gathered.book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    gathered.book.active = 0
    return saved(gathered.book, gathered.stored)
