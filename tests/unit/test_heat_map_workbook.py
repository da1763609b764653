"""The workbook: band fills, numbers as numbers, frozen names, print set-up, text that is never a formula."""

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.core.catalogue.models import Catalogue
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.heat_map.load import assemble
from orchestration.publishing.heat_map.model import HeatMap, Score
from orchestration.publishing.heat_map.revision import content_of
from orchestration.publishing.heat_map.workbook import write_xlsx
from tests.unit.heat_map_rows import full_map, map_of, score, shipped

FIRST_ROW = 5


def bytes_of(heat_map: HeatMap, language: Language) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_xlsx(heat_map, language, path)
        return path.read_bytes()


@cache
def full(language: Language) -> bytes:
    return bytes_of(full_map(), language)


@cache
def full_sheets(language: Language) -> list[Worksheet]:
    return sheets_of(full(language))


def sheets_of(content: bytes) -> list[Worksheet]:
    return [
        sheet for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets if isinstance(sheet, Worksheet)
    ]


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == code)


def pair(sheet: Worksheet, row: int, index: int) -> tuple[Cell, Cell]:
    """Mark and number of the total (0) or of a node (1 …)."""
    mark, number = sheet.cell(row, 3 + 2 * index), sheet.cell(row, 4 + 2 * index)
    assert isinstance(mark, Cell)
    assert isinstance(number, Cell)
    return mark, number


def drawn(*rows: Score) -> tuple[Cell, Cell]:
    """The total of C01 in a workbook that knows only these rows."""
    sheet = sheets_of(bytes_of(map_of(rows), "zh-CN"))[0]
    return pair(sheet, row_of(sheet, "C01"), 0)


both = pytest.mark.parametrize("language", LANGUAGES)


@both
def test_the_sheets(language: Language) -> None:
    titles = [sheet.title for sheet in full_sheets(language)]
    assert (
        titles
        == {
            "zh-CN": ["一级指标", "监测点", "近季", "预警与整改", "说明"],
            "en": ["First level", "Points", "Quarters", "Warnings", "Notes"],
        }[language]
    )


@both
def test_every_score_is_an_unrounded_number_on_its_bands_fill(language: Language) -> None:
    heat_map = full_map()
    nodes = [[node.code for node in heat_map.firsts], [leaf.indicator.code for leaf in heat_map.leaves]]
    checked = 0
    for sheet, codes in zip(full_sheets(language), nodes, strict=False):
        for unit in heat_map.units:
            row = row_of(sheet, unit.code)
            for index, node in enumerate([heat_map.root.code, *codes]):
                now = heat_map.now[(unit.code, node)]
                band = heat_map.band_of[now.band or ""]
                mark, number = pair(sheet, row, index)
                assert number.value == "—" if now.score is None else number.value == round(now.score, 6)
                for cell in (mark, number):
                    ground = cell.fill.bgColor if band.min_score is None else cell.fill.fgColor
                    assert ground.rgb == f"FF{band.hex[1:]}"
                    assert cell.fill.patternType == ("lightUp" if band.min_score is None else "solid")
                checked += 1
    assert checked == 43 * (7 + 29)


@both
def test_kinds_stand_apart_and_the_school_on_top(language: Language) -> None:
    sheet = full_sheets(language)[0]
    assert sheet.cell(FIRST_ROW, 2).value == {"zh-CN": "全校", "en": "The institution"}[language]
    college = {"zh-CN": "学院（19）", "en": "Schools (19)"}[language]
    office = {"zh-CN": "机关与职能部门（24）", "en": "Offices (24)"}[language]
    assert row_of(sheet, college) < row_of(sheet, "C01") < row_of(sheet, office) < row_of(sheet, "F01")


@both
def test_names_are_frozen_and_print_is_a3_with_heads_repeated(language: Language) -> None:
    for sheet in full_sheets(language)[:3]:
        assert sheet.freeze_panes == "C5"
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$4:$4", "$A:$B")
    for sheet in full_sheets(language):
        setup, properties = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
        assert (setup.orientation, int(setup.paperSize or 0)) == ("landscape", 8)
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        assert properties
        assert properties.fitToPage
        foot = sheet.oddFooter
        assert foot
        assert foot.left
        assert content_of(full_map()).revision in str(foot.left.text)


@both
def test_the_quarters_hold_the_school_alone(language: Language) -> None:
    heat_map, sheet = full_map(), full_sheets(language)[2]
    assert [sheet.cell(4, 3 + 2 * index).value for index in range(8)] == list(heat_map.quarters)
    leaf = heat_map.leaves[5].indicator.code
    row = row_of(sheet, leaf)
    for index, quarter in enumerate(heat_map.quarters):
        assert pair(sheet, row, index)[1].value == round(heat_map.school[(quarter, leaf)].score or 0, 6)


@both
def test_notes_state_what_the_figures_rest_on(language: Language) -> None:
    heat_map = full_map()
    text = "\n".join(str(cell.value) for row in full_sheets(language)[-1] for cell in row)
    for stated in (heat_map.catalogue_hash, heat_map.score_version, content_of(heat_map).sha256):
        assert stated in text


@pytest.mark.parametrize(
    ("value", "decimals"), [(79.6, "0.0"), (79.97, "0.00"), (79.4, "0.0"), (79.9996, "0.0000"), (80.0, "0.0")]
)
def test_a_number_format_never_rounds_across_a_threshold(value: float, decimals: str) -> None:
    number = drawn(score(score=value, band="yellow"))[1]
    assert number.number_format == decimals


def test_doubt_lid_and_arrow() -> None:
    now = score(band="yellow", band_by_score="blue", score=86.8, is_certain=False)
    mark, number = drawn(now, score(quarter="2026Q2", band="blue", score=90.0))
    assert mark.value == "◇↓"
    assert mark.border.top.style == number.border.top.style == "thick"
    assert number.font.bold
    plain = drawn(score())
    assert plain[0].value == "●"
    assert plain[0].border.top.style is None


def test_white_text_stands_on_a_dark_fill() -> None:
    mark, number = drawn(score(band="red", band_by_score="red", score=60.0))
    assert mark.font.color
    assert number.font.color
    assert mark.font.color.rgb == number.font.color.rgb == "FFFFFFFF"


def test_what_waits_for_a_person_has_its_own_column() -> None:
    held = score(
        band="yellow", band_by_score="red", score=68.0, band_cause="confirmation", band_pending="red"
    )
    sheet = sheets_of(bytes_of(map_of([held]), "zh-CN"))[0]
    column = next(cell.column for cell in sheet[4] if cell.value == "待确认")
    assert sheet.cell(row_of(sheet, "C01"), column).value == "■"
    assert sheet.cell(row_of(sheet, "C02"), column).value is None


def renamed(name: str) -> Catalogue:
    units = tuple(
        unit.model_copy(update={"name_zh": name, "name_en": name}) if unit.code == "C01" else unit
        for unit in shipped().units
    )
    return shipped().model_copy(update={"units": units})


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("x")', "+1", "-1", "@sum", "a\x07b"])
def test_a_name_is_never_a_formula(name: str) -> None:
    heat_map = assemble(renamed(name), "demo", "ecology", "2026Q3", [score()], 0.8)
    sheet = sheets_of(bytes_of(heat_map, "zh-CN"))[0]
    cell = sheet.cell(row_of(sheet, "C01"), 2)
    assert cell.value == name.replace("\x07", "")
    assert cell.data_type == "s"
    formulas = [one for row in sheet for one in row if one.data_type == "f"]
    assert not formulas


@both
def test_equal_maps_give_equal_bytes(language: Language) -> None:
    assert bytes_of(full_map(), language) == full(language)


@both
def test_no_scores_is_a_workbook_that_says_so(language: Language) -> None:
    sheets = sheets_of(bytes_of(map_of([]), language))
    assert len(sheets) == 1
    assert {"zh-CN": "2026年第三季度没有评分。", "en": "There are no scores for 2026 Q3"}[
        language
    ] in "\n".join(str(cell.value) for row in sheets[0] for cell in row)
