"""10,000 failing cells: as one issue of one rule, and as many issues at once; recorded, listed, shown in time."""

import time
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from expectations import contract_of
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.frames.spots import Spot
from orchestration.intake.incoming import HeldFile, Incoming
from orchestration.intake.issues import ledger
from orchestration.intake.issues.changes import Opening
from orchestration.intake.issues.issue import Fault, Scope, issues_of
from orchestration.intake.issues.texts import Wording
from orchestration.stewardship.listing import list_issues, show_issue
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.conftest import Intake
from tests.integration.intake.deliveries import INSTITUTION, Book, widened
from tests.integration.stewardship.desk import SCHOOL, a_submission, calendar

MANY = 10_000
WRONG = [("I1", "numerator"), ("I1", "denominator"), ("I2", "value"), ("I6", "value")]
SECONDS = 20


@pytest.mark.parametrize("text", ["查", "@SUM(1)<b>"])
def test_a_file_with_ten_thousand_wrong_cells(intake: Intake, text: str) -> None:
    wards = large()
    incoming = Incoming(INSTITUTION, intake.quarter, "money", (HeldFile("money.xlsx", wrong(wards, text)),))
    began = time.monotonic()
    receipt = intake.take(wards, incoming)
    with intake.warehouse.connect() as conn:
        (row,) = list_issues(conn, quarter=intake.quarter, rule="not_a_number")
        view = show_issue(conn, row["id"])
    seconds = time.monotonic() - began
    assert receipt.state == "accepted"
    assert (receipt.cells_held, row["cells"], len(view.cells)) == (MANY, MANY, MANY)
    assert {cell["found"] for cell in view.cells} == {text}
    assert seconds < SECONDS


def large() -> Catalogue:
    """The small school with 2,500 further wards."""
    school = widened()
    ward = school.units[0]
    names = [f"W{number:04}" for number in range(2500)]
    wards = [ward.model_copy(update=dict.fromkeys(("code", "name_zh", "name_en"), name)) for name in names]
    return school.model_copy(update={"units": (*school.units, *wards)})


def wrong(catalogue: Catalogue, text: str) -> bytes:
    """A workbook with `text` in four cells of each of 2,500 rows, and nothing else in them."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "care"
    columns = Book(catalogue).columns("care")
    sheet.append(["单位代码", *(column.header for column in columns)])
    broken = [(column.item, column.role) in WRONG for column in columns]
    for unit in [unit.code for unit in catalogue.units if unit.kind == "ward"][-2500:]:
        sheet.append([unit, *(text if is_wrong else None for is_wrong in broken)])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_ten_thousand_issues_at_once(settled: Warehouse) -> None:
    """As many of one rule in one file are one issue: so this is files, not one."""
    faults = [
        Fault(
            "not_a_number",
            "quarantine",
            "intake.not_a_number",
            Spot(f"{number // 100}.csv", "care", f"B{number}", "care", f"U{number}", "I1", found="查"),
            is_cell=True,
        )
        for number in range(MANY)
    ]
    scope, workdays = Scope(SCHOOL, "2026Q3", "money"), contract_of("money").workdays
    opening = Opening(date(2026, 10, 9), calendar(), workdays)
    issues = issues_of(faults, scope, Wording())
    with settled.connect() as conn:
        first, second = a_submission(conn), a_submission(conn)
        began = time.monotonic()
        log.append(conn, ledger.record(conn, issues, first, opening))
        assert len(list_issues(conn, quarter="2026Q3", rule="not_a_number")) == MANY
        assert ledger.record(conn, issues, second, opening) == []
        fixed = ledger.fix_absent(conn, scope, issues[1:], second)
        log.append(conn, fixed)
        assert len(fixed) == 1
        log.append(conn, ledger.fix_absent(conn, scope, [], second))
        seconds = time.monotonic() - began
        assert conn.execute(
            "select count(*) from quality.issue where quarter = '2026Q3' and state = 'fixed'"
        ).fetchone() == (MANY,)
        assert log.verify(conn).broken is None
        conn.rollback()
    assert seconds < SECONDS
