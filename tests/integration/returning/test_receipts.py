"""What Dagster and the terminal say of a returned workbook that came back."""

import io

import dagster as dg
import openpyxl
from openpyxl.chart import BarChart, Reference

from orchestration.assets.extracts import metadata
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.incoming import Incoming
from orchestration.intake.receiving.telling import sentence
from tests.integration.intake.deliveries import INSTITUTION, Book
from tests.integration.returning.conftest import Desk, saved
from tests.integration.returning.test_come_back import mended
from tests.integration.returning.test_give_back import HELD, LIST


def test_the_differences_stand_in_the_metadata_and_the_sentence(desk: Desk, school: Catalogue) -> None:
    settings, money = desk.intake.settings, school.departments[0]
    first = desk.deliver(("money.xlsx", Book(school, cells={HELD: "待查"}).xlsx))
    again = desk.deliver(("money.xlsx", mended(desk, first, {("care", "B2"): 7})))
    incoming = Incoming(INSTITUTION, desk.intake.quarter, "money")
    table = metadata([incoming], [again], settings)["changes"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [dict(record.data) for record in table.records] == [
        {
            "institution": INSTITUTION,
            "is_stale": False,
            "source_sheet": "care",
            "source_cell": "B2",
            "subject_text": "U1",
            "item": "I1",
            "role": "numerator",
            "before": "待查",
            "after": "7",
        }
    ]
    assert "changes" not in metadata([incoming], [first], settings)
    assert sentence(again, money, settings).endswith("与退回的那次比较，改动 1 格；1 张表没有改动，未重读。")
    untouched = desk.deliver(("money.xlsx", desk.give_back(again).content))
    assert untouched.state == "untouched"
    assert "退回的工作簿没有改动" in sentence(untouched, money, settings)


def test_a_chart_is_left_out_and_said(desk: Desk, school: Catalogue) -> None:
    book = openpyxl.load_workbook(io.BytesIO(Book(school, cells={HELD: "待查"}).xlsx))
    chart = BarChart()
    chart.add_data(Reference(book["care"], min_col=2, min_row=1, max_row=4))
    book["care"].add_chart(chart, "M2")
    back = desk.opened(desk.deliver(("money.xlsx", saved(book))))
    assert not back["care"]._charts
    assert "图表没有保留" in str(back[LIST]["A6"].value)
