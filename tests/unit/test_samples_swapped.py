"""A swapped catalogue samples too: other departments, methods, kinds and depth, no word of the story."""

from pathlib import Path

from openpyxl import load_workbook

from orchestration.core.catalogue.models import Catalogue
from orchestration.samples.write import write_mended, write_samples
from tests.unit.samples import cell, sheet

METHODS = ("ratio", "count_ratio", "boolean", "banded", "goalposts", "minmax", "zscore", "percentile_rank")


def tiny(departments: int = 1) -> Catalogue:
    """One hospital of two wards, a leaf right under the root, one item a method and a single column each."""
    names = [f"d{number}" for number in range(departments)]
    items = [
        {
            "framework": "care",
            "code": f"i_{method}",
            "point": "leaf",
            "polarity": "positive",
            "name_zh": method,
            "name_en": method,
            "method": method,
            "weight": 1,
            "department": "d0",
            "unit_of_measure": "%",
            "target": 95 if method == "ratio" else 4,
            "lower": 10,
            "upper": 30,
            "direction": -1,
        }
        for method in METHODS
    ]
    items.append(items[0] | {"code": "n", "polarity": "negative", "method": "count_deduct", "grave": True})
    columns = [
        {"department": name, "header": f"{item['code']} {name}", "item": item["code"], "role": "value"}
        for name in names
        for item in items
    ]
    return Catalogue.model_validate(
        {
            "institutions": [{"code": "h", "name_zh": "医院", "name_en": "Hospital"}],
            "frameworks": [
                {"code": "care", "subject_kind": "unit", "name_zh": "照护" * 20, "name_en": "Care"}
            ],
            "departments": [{"code": name, "name_zh": name, "name_en": name} for name in names],
            "units": [
                {"institution": "h", "code": code, "name_zh": f"病区{code}", "name_en": code, "kind": "ward"}
                for code in ("w1", "w2")
            ],
            "indicators": [
                {"framework": "care", "code": "top", "level": 0, "name_zh": "总", "name_en": "", "weight": 1},
                {"framework": "care", "code": "leaf", "parent": "top", "level": 1, "name_zh": "叶",
                 "name_en": "", "weight": 1},
            ],
            "items": items,
            "item_steps": [
                {"item": "i_banded", "upper_bound": 5, "score": 100},
                {"item": "i_banded", "upper_bound": None, "score": 50},
            ],
            "extract_columns": columns,
            "unit_aliases": [], "posts": [], "portfolios": [],
            "item_overrides": [], "bands": [], "colour_caps": [],
        }
    )  # fmt: skip


def test_every_method_gets_a_plausible_figure(tmp_path: Path) -> None:
    [path] = write_samples(tmp_path, tiny(), ["2030Q1"], 3)
    assert path == tmp_path / "h" / "2030Q1" / "d0.xlsx"
    assert load_workbook(path).sheetnames == ["care"]
    grid = sheet(path)
    for ward in ("w1", "w2"):
        figures = {method: cell(grid, ward, f"i_{method} d0") for method in METHODS}
        assert 50 < figures["ratio"] <= 100
        assert 3 <= figures["count_ratio"] <= 5
        assert figures["boolean"] in (0, 1)
        assert figures["banded"] > 0
        assert all(10 <= figures[method] <= 30 for method in METHODS[4:])
        assert cell(grid, ward, "n d0") == 0


def test_departments_beyond_the_habits_begin_again(tmp_path: Path) -> None:
    paths = write_samples(tmp_path, tiny(9), ["2030Q1"], 1)
    assert [path.suffix for path in paths] == [".csv" if place == 5 else ".xlsx" for place in range(9)]
    assert paths[5].name == "d5.csv"
    titles = [sheet(paths[place])[0][0].replace(f"d{place}", "d") for place in (0, 7, 6)]
    assert titles[0] == titles[1] != titles[2]


def test_percentages_stand_as_text_and_as_a_format(tmp_path: Path) -> None:
    paths = write_samples(tmp_path, tiny(5), ["2030Q1"], 1)
    text = cell(sheet(paths[3]), "w1", "i_ratio d3")
    page = load_workbook(paths[4]).worksheets[0]
    shown = next(c for row in page.iter_rows() for c in row if c.number_format == "0.0%")
    assert text.endswith("%")
    assert f"{100 * shown.value:.10g}%" == text


def test_nothing_is_refused_or_mended_where_the_story_names_nothing(tmp_path: Path) -> None:
    assert write_mended(tmp_path, tiny(), ["2026Q1"], 7) == []


def test_a_quarter_without_columns_has_no_file(tmp_path: Path) -> None:
    catalogue = tiny()
    ended = tuple(row.model_copy(update={"valid_to": "2029Q4"}) for row in catalogue.extract_columns)
    later = catalogue.model_copy(update={"extract_columns": ended})
    assert write_samples(tmp_path, later, ["2030Q1"], 1) == []
    assert list(tmp_path.iterdir()) == []
