"""The intake's reader on the sample files: what was meant is what is read, but for the story's faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.core.delivery import Delivery, ReadCell
from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.reading.spec import reading_spec
from orchestration.samples.figures import Figures
from orchestration.samples.story import shipped_story
from orchestration.samples.write import write_mended
from tests.unit.samples import shipped, written

INSTITUTION = "demo"
DEPARTMENTS = [row.code for row in shipped().departments]
QUARTERS = ("2025Q4", "2026Q1", "2026Q3")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(seconds=20, memory_mb=512) as reader:
        yield reader


def read(reader: Reader, folder: Path, quarter: str, department: str) -> Delivery:
    files = [IncomingFile(path.name, path.read_bytes()) for path in sorted(folder.glob(f"{department}.*"))]
    assert files
    return reader.read(files, reading_spec(shipped().at(quarter), INSTITUTION, department, quarter))


def cells(delivery: Delivery) -> Iterator[tuple[str, ReadCell]]:
    for table in delivery.tables:
        for row in table.rows:
            for cell in row.cells:
                yield row.subject or "", cell


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_a_file_reads_as_it_was_meant(reader: Reader, department: str, quarter: str) -> None:
    delivery = read(reader, written(quarter), quarter, department)
    if (quarter, department) == ("2026Q1", "audit"):
        assert {(found.severity, found.rule) for found in delivery.findings} == {
            ("block", "wrong_quarter_inside")
        }
        assert delivery.tables == ()
        return
    assert [found for found in delivery.findings if found.severity == "block"] == []
    assert [row for table in delivery.tables for row in table.rows if row.problem] == []
    catalogue, story = shipped().at(quarter), shipped_story()
    figures = Figures(catalogue, INSTITUTION, quarter, 7, story.told_in(catalogue, INSTITUTION))
    items = {item.code: item for item in catalogue.items}
    kinds = {row.code: row.kind for row in catalogue.units} | {
        row.code: row.post_level for row in catalogue.posts
    }
    roles: dict[str, set[str]] = {}
    for column in catalogue.extract_columns:
        roles.setdefault(column.item, set()).add(column.role)
    bad = {(line.subject, line.item, line.role) for line in story.bad_cells if line.quarter == quarter}
    compared = 0
    for subject, cell in cells(delivery):
        item = items[cell.item]
        meant = None
        if item.applies(subject, kinds[subject]):
            meant = figures.figure(subject, item, frozenset(roles[item.code])).of(cell.role)
        if (subject, cell.item, cell.role) in bad:
            continue
        # A dash over a denominator of 0 says that nothing was done of nothing.
        if meant == 0 and cell.text == "—":
            continue
        assert cell.number == (meant if meant is None else pytest.approx(meant, abs=1e-9)), (subject, cell)
        compared += meant is not None
    assert compared > 150


def test_the_mended_file_reads(reader: Reader, tmp_path: Path) -> None:
    [path] = write_mended(tmp_path, shipped(), ["2026Q1"], 7)
    delivery = read(reader, path.parent, "2026Q1", "audit")
    assert delivery.findings == ()
    assert [(table.framework, len(table.rows)) for table in delivery.tables] == [
        ("ecology", 43),
        ("duty", 51),
    ]


def test_the_six_bad_cells_are_the_only_ones_without_a_sound_number(reader: Reader) -> None:
    told = {(line.subject, line.item, line.role): line.fault for line in shipped_story().bad_cells}
    found = {}
    for department in DEPARTMENTS:
        delivery = read(reader, written("2026Q3"), "2026Q3", department)
        for subject, cell in cells(delivery):
            if cell.problem or (cell.number is not None and (cell.number < 0 or cell.number % 1)):
                found[subject, cell.item, cell.role] = (department, cell.problem)
    percentages = {key for key in found if key[1] == "P045"}
    assert {key: found[key] for key in found if key not in percentages} == {
        ("C03", "P019", "numerator"): ("publicity", "not_a_number"),
        ("C15", "P011", "numerator"): ("publicity", None),
        ("F05", "N09", "value"): ("publicity", None),
        ("F08", "P020", "numerator"): ("publicity", "formula_without_value"),
        ("F12", "P068", "denominator"): ("publicity", "error_value"),
    }
    assert set(told) - set(found) == {("C09", "P067", "numerator")}
