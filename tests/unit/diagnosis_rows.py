"""Rows of marts for diagnoses, written by hand: one unit of the shipped catalogue, as each test needs it.

Not a test of the method: rows say what a test wants to read back in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous
from orchestration.messages import Language
from orchestration.publishing.diagnosis import rows
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.model import DiagnosisData, Subject
from orchestration.publishing.diagnosis.result import result
from orchestration.publishing.documents.figures import Figure
from orchestration.publishing.documents.model import (
    Block,
    Chip,
    Document,
    Heading,
    LineBreak,
    Quiet,
    Strong,
    Table,
    TrendChart,
)
from orchestration.publishing.heat_map.load import assemble
from orchestration.publishing.heat_map.model import Score
from tests.unit.heat_map_rows import score, shipped

PERIOD, BEFORE, QUARTER = "2026H2", "2026H1", "2026Q4"
QUARTERS = ("2026Q3", "2026Q4")
TREND = tuple(previous(QUARTER, back) for back in reversed(range(8)))
UNIT = Subject("unit", "C05")
SCHOOL = Subject("institution", "demo")


def of_period(**values: object) -> Score:
    """A certain green root of C05 over the period, but for `values`."""
    return score(**{"quarter": PERIOD, "subject_code": "C05", "score_version": "2026H2-0a", **values})


def of_quarter(**values: object) -> Score:
    """The same in the last quarter."""
    return score(**{"quarter": QUARTER, "subject_code": "C05", **values})


def capped() -> tuple[Score, ...]:
    """C05 over the period: blue by score, yellow because D is red, which is certain although data are missing."""
    return (
        of_period(
            score=86.83, score_low=82.71, score_high=87.2, coverage=0.95, band="yellow",
            band_by_score="blue", band_cause="CAP1",
        ),
        of_period(indicator="A", score=95.4, score_low=95.4, score_high=95.4),
        of_period(
            indicator="D", score=66.64, score_low=57.3, score_high=67.5, coverage=0.9, band="red",
            band_by_score="red",
        ),
    )  # fmt: skip


def data_of(
    *period: Score,
    catalogue: Catalogue | None = None,
    before: Sequence[Score] = (),
    institution: str = "demo",
    framework: str = "ecology",
    **values: object,
) -> DiagnosisData:
    """The data of a second half-year that knows these rows of the period and nothing else but `values`."""
    known = (catalogue or shipped()).at(QUARTER)
    frame = replace(
        assemble(known, institution, framework, QUARTER, (), 0.8), scores=period, before=tuple(before)
    )
    data = DiagnosisData(
        catalogue=known,
        frame=frame,
        period=PERIOD,
        previous_period=BEFORE,
        quarter=QUARTER,
        quarters=QUARTERS,
        trend_quarters=TREND,
        is_draft=False,
        objection_workdays=5,
    )
    return replace(data, **values)  # type: ignore[arg-type]


def drafting_of(data: DiagnosisData, language: Language = "zh-CN") -> Drafting:
    return Drafting(data, language)


def item_row(item: str, **values: object) -> rows.ItemRow:
    """A reported item of C05 with 4 of 11, 36.4 points, from two cells of a sheet."""
    plain = rows.ItemRow(
        QUARTER, "unit", "C05", item, "M18", "audit", "reported", None, 4.0, 11.0, 36.3636364, None,
        False, "audit.xlsx", "ecology", "H8", "I8",
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def change_row(**values: object) -> rows.ChangeRow:
    """C05's total from 90.7 to 86.8, mostly by data."""
    plain = rows.ChangeRow(
        QUARTER, "unit", "C05", "T", "2026Q3", 86.83, 90.69, -3.86, -3.06, -0.39, -0.03, -0.38
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def step_row(step: int, item: str | None, **values: object) -> rows.StepRow:
    """One of the fewest steps of C05 to blue."""
    plain = rows.StepRow(QUARTER, "unit", "C05", "blue", item, step, 1.22, 1.22, True, True, 88.04, "blue")
    return replace(plain, **values)  # type: ignore[arg-type]


def lost_row(rank: int, code: str, points: float, **values: object) -> rows.LostRow:
    """What an item cost C05."""
    plain = rows.LostRow(QUARTER, "unit", "C05", "item", code, points, 0.1, rank, 0.1 * rank)
    return replace(plain, **values)  # type: ignore[arg-type]


def cell_row(department: str, cells: int, **values: object) -> rows.CellRow:
    """Cells of C05 that a department did not report in the last quarter."""
    plain = rows.CellRow(QUARTER, "unit", "C05", department, "missing", cells)
    return replace(plain, **values)  # type: ignore[arg-type]


def said(part: object) -> str:
    """What a reader reads of a part of a document, in order: texts, figures as shown, colours by name in brackets."""
    return "".join(_said(part))


def text_of(document: Document) -> str:
    """Everything a document says, furniture aside, block by block."""
    return "\n".join([document.heading, *(said(block) for block in document.blocks)])


def _said(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Figure):
        yield part.shown
    elif isinstance(part, Strong | Quiet):
        yield part.text
    elif isinstance(part, LineBreak):
        yield "\n"
    elif isinstance(part, Chip):
        shown = part.figure.shown if part.figure else ""
        yield f"[{part.style.band.code}{' ' + shown if shown else ''}]"
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _said(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _said(getattr(part, field.name))


def table_in(blocks: tuple[Block, ...]) -> Table:
    return next(block for block in blocks if isinstance(block, Table))


def read(blocks: tuple[Block, ...]) -> list[str]:
    """Each row of the tables as its cells with bars between, each other block as read."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            found += ["|".join(said(cell) for cell in row.cells) for row in block.rows]
        elif isinstance(block, Heading):
            found.append(block.text)
        elif not isinstance(block, TrendChart):
            found += [said(getattr(block, "line", ()) or getattr(block, "lines", ()))]
    return found


def lines_of(data: DiagnosisData, language: Language = "zh-CN") -> dict[str, str]:
    """The result's lines as read, by label."""
    found = result(drafting_of(data, language), UNIT)
    assert found is not None
    return {label: said(line) for label, line in found.lines}
