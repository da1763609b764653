"""Open warnings and tasks on the heat map: the corner of a cell, the panel, the counts, the sheet, the revision."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.heat_map import render_html
from orchestration.publishing.heat_map.cells import Drawing
from orchestration.publishing.heat_map.follow_up import counts, tasks_of, warnings_of
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.revision import content_of
from orchestration.publishing.heat_map.workbook import write_xlsx
from tests.unit.board_rows import task, warning
from tests.unit.heat_map_pages import parts_of, table_of
from tests.unit.heat_map_rows import full_map, map_of, score, shipped

both = pytest.mark.parametrize("language", LANGUAGES)


def small() -> HeatMap:
    """Two units and the institution; C01 has a point in the large table."""
    return map_of(
        [
            score(),
            score(indicator="A", score=92.0),
            score(indicator="M01", score=91.0),
            score(subject_code="C02", score=97.0),
            score(subject_kind="institution", subject_code="demo"),
        ]
    )


def with_open(heat_map: HeatMap) -> HeatMap:
    """C01: a warning and a task on A, a task that names no node; C02 a warning."""
    return replace(
        heat_map,
        warnings=(
            warning(1, unit="C01", indicator="A", rectification=1),
            warning(2, unit="C02", kind="fell"),
        ),
        tasks=(task(1, unit="C01", indicator="A"), task(2, unit="C01", indicator=None)),
    )


@cache
def many() -> HeatMap:
    """300 warnings and 300 tasks over every unit."""
    codes = [unit.code for unit in shipped().units]
    nodes = [node.code for node in full_map().indicators]
    places = [(codes[n * 7 % len(codes)], nodes[n * 5 % len(nodes)]) for n in range(300)]
    return replace(
        full_map(),
        warnings=tuple(warning(n, unit=unit, indicator=node) for n, (unit, node) in enumerate(places)),
        tasks=tuple(task(n, unit=unit, indicator=node) for n, (unit, node) in enumerate(places)),
    )


def row_of(page: str, css: str, unit: str) -> list[str]:
    """The classes of a unit's cells in one table."""
    table = table_of(page, css)
    row = next(row for row in table.split("<tr>") if f"#d-{unit}" in row)
    return [quoted or bare for quoted, bare in re.findall(r'<td(?: class=(?:"([^"]+)"|(\w+)))?', row)]


def test_a_cell_with_a_task_has_a_corner_until_it_is_struck_off() -> None:
    page = render_html(with_open(small()), "zh-CN")
    assert row_of(page, "six", "C01")[:2] == ["a k t", "a k"]
    assert "k" not in " ".join(row_of(page, "six", "C02")).split()
    # Struck off: the row is no longer among the open tasks.
    assert "k" not in " ".join(row_of(render_html(small(), "zh-CN"), "six", "C01")).split()


def test_a_corner_stands_in_the_large_table_and_quiet_cells_go_without_a_class() -> None:
    heat_map = replace(small(), tasks=(task(1, unit="C01", indicator="M01"),))
    cells = row_of(render_html(heat_map, "zh-CN"), "pts", "C01")
    assert cells[:2] == ["a t", "a k"] or cells[:3] == ["a", "t", "a k"]
    assert row_of(render_html(small(), "zh-CN"), "pts", "C01")[1] == ""
    # No row at all is no band.
    assert set(row_of(render_html(small(), "zh-CN"), "pts", "C02")[1:]) == {"i"}


@both
def test_the_corner_is_explained_and_named(language: Language) -> None:
    page = render_html(full_map(), language)
    said = {"zh-CN": ("角：有整改待销号", '"待销号"'), "en": ("Corner: a task", '"to be struck off"')}[
        language
    ]
    assert all(words in page for words in said)


def test_the_panel_says_what_stands_open() -> None:
    drawing = Drawing(with_open(small()), "zh-CN")
    assert warnings_of(drawing, "C01") == "预警1件：A 颜色变差"
    assert (
        tasks_of(drawing, "C01") == "待销号2项：A 2026年12月18日到期，整改中；总评 2026年12月18日到期，整改中"
    )
    assert warnings_of(drawing, "C02") == "预警1件：总评 下降"
    assert (warnings_of(drawing, "C03"), tasks_of(drawing, "C02")) == ("", "")
    panel = render_html(with_open(small()), "zh-CN").split("id=d-C01 ")[1].split("</section>")[0]
    assert "预警1件：A 颜色变差" in panel


def test_what_belongs_to_no_tree_stands_in_the_panel_without_a_corner() -> None:
    row = warning(1, unit="C02", framework=None, indicator=None, kind="department_late")
    heat_map = replace(small(), warnings=(row,), tasks=(task(1, unit="C02", framework=None, indicator=None),))
    drawing = Drawing(heat_map, "zh-CN")
    assert warnings_of(drawing, "C02") == "预警1件：其他 迟报"
    assert tasks_of(drawing, "C02") == "待销号1项：其他 2026年12月18日到期，整改中"
    assert "k" not in " ".join(row_of(render_html(heat_map, "zh-CN"), "six", "C02")).split()


def test_a_unit_with_many_names_nodes_alone() -> None:
    nodes = ["T", "A", "M01", "M02", "B", "C", "D"]
    due = date(2026, 12, 1)
    drawing = Drawing(
        replace(
            small(),
            warnings=tuple(warning(n, unit="C01", indicator=node) for n, node in enumerate(nodes)),
            tasks=tuple(
                task(n, unit="C01", indicator=node, due_on=due + timedelta(days=n))
                for n, node in enumerate(nodes)
            ),
        ),
        "zh-CN",
    )
    assert warnings_of(drawing, "C01") == "预警7件：总评、A、M01、M02、B、C…"
    assert tasks_of(drawing, "C01") == "待销号7项：总评、A、M01、M02、B、C…；最早2026年12月1日到期"


@both
def test_the_head_counts_and_links_to_the_board(language: Language) -> None:
    said = counts(Drawing(with_open(small()), language))
    assert [int(number) for number in re.findall(r"\d+", said)] == [2, 2, 2]
    page = render_html(with_open(small()), language)
    assert said in page
    assert f"../../warnings/current/warnings.{language}.html" in parts_of(page).hrefs
    assert counts(Drawing(small(), language)) == ""


@both
def test_three_hundred_warnings_and_tasks_fit(language: Language) -> None:
    page = render_html(many(), language)
    assert len(page.encode()) < 150_000
    inside = {href[1:] for href in parts_of(page).hrefs if href.startswith("#")}
    assert inside <= set(parts_of(page).ids)


def test_what_stands_open_makes_a_revision_and_nothing_besides() -> None:
    plain, found = content_of(small()).sha256, content_of(with_open(small())).sha256
    assert plain != found
    again = with_open(small())
    unseen = replace(
        again.warnings[0], value=3.0, threshold=1.0, score=1.0, quarter="2026Q4", action_zh="…", object="x"
    )
    assert content_of(replace(again, warnings=(unseen, again.warnings[1]))).sha256 == found
    step = replace(again.tasks[0], state="submitted")
    assert content_of(replace(again, tasks=(step, again.tasks[1]))).sha256 != found


@both
def test_the_workbook_lists_both_and_marks_the_cell(language: Language, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_xlsx(with_open(small()), language, path)
    book = openpyxl.load_workbook(path)
    rows = [[cell for cell in row if cell is not None] for row in book.worksheets[3].values]
    warned = next(row for row in rows if row[:1] == ["C01"])
    assert warned[2].startswith("A ")
    assert (warned[3], warned[-1]) == ("■", 1)
    assert 92.0 in warned  # the node's score in this quarter, not the warning's of a later one
    assert date(2026, 10, 20) in [value.date() for value in warned if hasattr(value, "date")]
    marks = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if "◢" in str(cell.value)]
    assert marks == ["●◢", "●◢"]
    write_xlsx(small(), language, path)
    assert not [row for row in openpyxl.load_workbook(path).worksheets[3].values if row[0] == "C01"]
