"""What the README tells of the samples comes true: files as read, scored by the independent reference."""

import csv
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from orchestration.intake.reading.reader import IncomingFile, Reader
from orchestration.intake.reading.spec import reading_spec
from orchestration.samples.write import write_mended, write_samples
from orchestration.settings import PROJECT
from tests.integration.reference import Node, Reference
from tests.integration.reference_cells import Given, Row
from tests.integration.reference_colours import Colours
from tests.unit.samples import shipped

RANK = {"green": 1, "blue": 2, "yellow": 3, "red": 4}
Pair = dict[str, float | None]


@cache
def tables() -> dict[str, list[Row]]:
    """The shipped rows, of the framework over units alone."""
    folder = PROJECT / "dbt_project" / "catalogue"
    rows = {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        for path in sorted(folder.glob("*.csv"))
    }
    ours = {row["code"] for row in rows["frameworks"] if row["subject_kind"] == "unit"}
    rows["frameworks"] = [row for row in rows["frameworks"] if row["code"] in ours]
    for stem in ("indicators", "items", "colour_caps"):
        rows[stem] = [row for row in rows[stem] if row["framework"] in ours]
    return rows


def given(folder: Path, quarter: str) -> Given:
    """What a quarter's files say; a pair or count that cannot be is left out, as intake would hold it."""
    read: dict[tuple[str, str, str], Pair] = {}
    with Reader(seconds=20, memory_mb=512) as reader:
        for department in (row.code for row in shipped().departments):
            files = [IncomingFile(p.name, p.read_bytes()) for p in sorted(folder.glob(f"{department}.*"))]
            spec = reading_spec(shipped().at(quarter), "demo", department, quarter)
            for table in reader.read(files, spec).tables:
                for row in table.rows:
                    for cell in row.cells:
                        key = (table.framework, row.subject or "", cell.item)
                        read.setdefault(key, {})[cell.role] = cell.number
    return Given({key: figure(pair, key[2]) for key, pair in read.items()})


def figure(pair: Pair, item: str) -> tuple[float | None, float | None, str | None]:
    x, b = pair.get("numerator", pair.get("value")), pair.get("denominator")
    is_ratio = next(row.method for row in shipped().items if row.code == item) == "ratio"
    if x is not None and (x < 0 or (is_ratio and (x % 1 or (b is not None and x > b)))):
        return None, None, "quarantined"
    return x, b, None if x is not None else "blank"


@cache
def scored(quarter: str) -> Reference:
    """The quarter with every department's right file."""
    with TemporaryDirectory() as folder:
        write_samples(Path(folder), shipped(), [quarter], 7)
        write_mended(Path(folder), shipped(), [quarter], 7)
        return coloured(Path(folder), quarter)


def coloured(target: Path, quarter: str) -> Reference:
    reference = Reference(tables(), "demo", given(target / "demo" / quarter, quarter))
    Colours(reference, 0.8)
    return reference


def root(quarter: str, unit: str) -> Node:
    return scored(quarter).nodes[("ecology", "unit", unit), "T"]


def roots(reference: Reference) -> list[Node]:
    return [node for (subject, code), node in reference.nodes.items() if subject[1] == "unit" and code == "T"]


def shown(quarter: str, unit: str) -> tuple[float | None, object, object]:
    node = root(quarter, unit)
    score = None if node.score is None else round(node.score, 1)
    return score, node.colours["band"], node.colours["band_pending"]


@pytest.mark.parametrize(
    ("unit", "quarter", "expected"),
    [
        ("C07", "2025Q4", (78.1, "yellow", None)),
        ("C07", "2026Q1", (84.3, "blue", None)),
        ("C07", "2026Q2", (87.1, "blue", None)),
        ("C07", "2026Q3", (94.9, "green", None)),
        ("F21", "2026Q1", (93.5, "green", None)),
        ("F21", "2026Q2", (82.7, "blue", "yellow")),
        ("F21", "2026Q3", (96.2, "green", None)),
        ("C12", "2025Q4", (None, "insufficient", None)),
        ("C12", "2026Q1", (89.6, "blue", None)),
        ("C18", "2026Q3", (97.6, "insufficient", None)),
        ("F20", "2026Q3", (68.8, "yellow", "red")),
        ("C05", "2026Q2", (86.6, "blue", None)),
        ("C05", "2026Q3", (85.9, "yellow", None)),
    ],
)
def test_the_story_comes_true(unit: str, quarter: str, expected: tuple[float, str, str]) -> None:
    assert shown(quarter, unit) == expected


def test_every_colour_occurs_in_2026q3() -> None:
    nodes = [node for (subject, _), node in scored("2026Q3").nodes.items() if subject[1] == "unit"]
    assert {node.colours["band"] for node in nodes} == {*RANK, "insufficient"}
    assert {node.colours["band"] for node in roots(scored("2026Q3"))} == {
        "green",
        "blue",
        "yellow",
        "insufficient",
    }
    assert {node.colours["is_certain"] for node in roots(scored("2026Q3"))} == {True, False}


@pytest.mark.parametrize("quarter", ["2025Q4", "2026Q1", "2026Q2", "2026Q3"])
def test_a_school_as_schools_are(quarter: str) -> None:
    school = scored(quarter).nodes[("ecology", "institution", "demo"), "T"].score
    assert school is not None
    assert 87 < school < 91
    bands = [node.colours["band"] for node in roots(scored(quarter))]
    assert 15 <= bands.count("green") <= 24
    assert 14 <= bands.count("blue") <= 24
    assert 2 <= bands.count("yellow") <= 6


def test_no_root_jumps_over_a_colour() -> None:
    quarters = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    for before, after in pairwise(quarters):
        for subject, code in scored(before).nodes:
            ends = [scored(q).nodes[subject, code].colours.get("band_by_score") for q in (before, after)]
            if code == "T" and set(ends) <= set(RANK):
                assert abs(RANK[str(ends[0])] - RANK[str(ends[1])]) <= 1, (subject, before)


def test_without_audits_file_2026q1_is_grey(tmp_path: Path) -> None:
    write_samples(tmp_path, shipped(), ["2026Q1"], 7)
    reference = coloured(tmp_path, "2026Q1")
    assert [node.colours["band_by_score"] for node in roots(reference)] == ["insufficient"] * 43
    school = reference.nodes[("ecology", "institution", "demo"), "T"]
    assert round(school.coverage or 0, 3) == 0.788
