"""A year of rows for the yearly report, written or drawn by hand: of the shipped catalogue, or of another one.

Not a test of the method: rows say what a test wants to read back in words.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous
from orchestration.publishing.annual.model import AnnualData
from orchestration.publishing.annual.rows import (
    ALL,
    AssessmentRow,
    DrawRow,
    FlagRow,
    NodeRow,
    QualityRow,
    TaskCountRow,
    TaskRow,
)
from orchestration.publishing.diagnosis.model import DiagnosisData
from orchestration.publishing.diagnosis.rows import BandCountRow, ChangeRow
from orchestration.publishing.follow_up.rows import RateRow
from tests.unit import board_rows
from tests.unit.diagnosis_rows import QUARTER, data_of
from tests.unit.heat_map_rows import rows_of, shipped

YEAR, BEFORE = "2026", "2025"
QUARTERS = tuple(f"{YEAR}Q{number}" for number in range(1, 5))
OLD, NEW = "aa" * 32, "bb" * 32


def base_of(
    catalogue: Catalogue | None = None, framework: str = "ecology", institution: str = "demo"
) -> DiagnosisData:
    """Every subject and node of a catalogue in the year, the year before, and eight quarters, with drawn scores."""
    known = (catalogue or shipped()).at(QUARTER)
    drawn = rows_of(known, framework, QUARTER, quarters=8)
    now = [row for row in drawn if row.quarter == QUARTER]
    base = data_of(
        *(replace(row, quarter=YEAR, score_version=f"{YEAR}-{'0' * 15}a") for row in now),
        catalogue=known,
        framework=framework,
        institution=institution,
        before=[replace(row, quarter=BEFORE) for row in drawn if row.quarter == previous(QUARTER, 4)],
        scores=tuple(now),
        restated=tuple(drawn),
        period=YEAR,
        previous_period=BEFORE,
        quarters=QUARTERS,
        score_versions=(f"{YEAR}-{'0' * 15}a", *(f"{quarter}-{'1' * 16}" for quarter in QUARTERS)),
        data_on=date(2027, 1, 12),
    )
    return replace(base, band_counts=tuple(_counts(base)))


def full(
    catalogue: Catalogue | None = None, framework: str = "ecology", institution: str = "demo"
) -> AnnualData:
    """A year in which everything happened: every chapter has something to say."""
    base = base_of(catalogue, framework, institution) if catalogue else shipped_base()
    tasks = tuple(_tasks(base))
    return AnnualData(
        base,
        quality=tuple(_quality(base)),
        tasks=tasks,
        task_count=TaskCountRow(YEAR, len(tasks), 1, 1, 1, len(tasks) - 3, 2) if tasks else None,
        assessments=tuple(_assessments(base)),
        moves=tuple(_moves(base)),
        nodes=tuple(_nodes(base)),
        draws=tuple(_draws(base)),
        flags=tuple(_flags(base)),
        robust_least=0.8,
        **_follow_up(base),
    )


@cache
def shipped_base() -> DiagnosisData:
    """`base_of` the shipped catalogue: drawn once."""
    return base_of()


def bare(base: DiagnosisData | None = None) -> AnnualData:
    """A year of which nothing is known but its scores, if any."""
    return AnnualData(base or shipped_base())


def assessment(**values: object) -> AssessmentRow:
    """The institution blue by the group and by the machine, signed by two."""
    plain = AssessmentRow(
        1, YEAR, "institution", "demo", "P01 P04", date(2027, 1, 20), "blue", "blue", 84.52,
        f"{YEAR}-{'0' * 15}a", True, None, date(2027, 1, 22), 2, "signed",
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def task(**values: object) -> TaskRow:
    """A task that was struck off in time."""
    plain = TaskRow(
        YEAR, "T01", "责任清单分解", "Break the list down", "ecology", "M15", "F02", date(2026, 3, 31),
        "struck_off", date(2026, 3, 30), "清办〔2026〕7号", date(2026, 3, 28), date(2026, 4, 2), False,
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def quality_row(period: str, department: str, **values: object) -> QualityRow:
    """A department whose first submission passed, with nothing to mend."""
    plain = QualityRow(period, department, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.0, None)
    return replace(plain, **values)  # type: ignore[arg-type]


def move(quarter: str, **values: object) -> ChangeRow:
    """A quarter in which the institution's total rose by data alone."""
    plain = ChangeRow(
        quarter, "institution", "demo", "T", previous(quarter), 85.0, 84.5, 0.5, 0.5, 0.0, 0.0, 0.0
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def node(quarter: str, indicator: str, weight: float, catalogue_hash: str = OLD) -> NodeRow:
    """A node of the institution in a quarter."""
    return NodeRow(
        quarter, "institution", "demo", indicator, weight, catalogue_hash, f"{quarter}-{'1' * 16}", False
    )


def draw(code: str, band: str, probability: float, **values: object) -> DrawRow:
    """How often a unit's total had a colour."""
    plain = DrawRow(QUARTER, "unit", code, "T", band, probability, 3.0, 7.4, 1000, 20261)
    return replace(plain, **values)  # type: ignore[arg-type]


def _follow_up(base: DiagnosisData) -> dict[str, Any]:
    """Rates of each dimension, a task struck off in the year and a warning that ended in it."""
    root = base.root
    unit, framework = base.frame.units[0].code if base.frame.units else "", base.framework
    modes = [row.code for row in base.catalogue.supervision_modes][:1]
    rates = [("unit", unit), ("theme", root), *(("supervision_mode", code) for code in modes)]
    place: dict[str, Any] = {"unit": unit, "framework": framework, "indicator": root}
    return {
        "rates": tuple(RateRow(dimension, code, 4, 3, 2, 1, 0, 0.75) for dimension, code in rates),
        "tasks_done": (
            board_rows.struck_off(9, **place, due_on=date(2026, 9, 1), struck_off_on=date(2026, 8, 3)),
        ),
        "warnings_ended": (board_rows.warning(8, **place, is_open=False, ended_on=date(2026, 7, 16)),),
    }


def _counts(base: DiagnosisData) -> Iterator[BandCountRow]:
    for kind in base.frame.kinds:
        rows = [base.in_period.get((base.subject(unit), base.root)) for unit in kind.units]
        for band in base.frame.bands:
            count = sum(row is not None and row.band == band.code for row in rows)
            yield BandCountRow(YEAR, kind.code, band.code, count, count + 1)


def _quality(base: DiagnosisData) -> Iterator[QualityRow]:
    for place, department in enumerate(base.departments):
        yield quality_row(
            YEAR, department, submissions=4 + place, first_submissions=4, first_passes=3, later_submissions=place,
            issues=7 * place, issues_fixed=5 * place, issues_waived=place % 2, issues_unmended=place,
            first_pass_rate=0.75, days_to_fix=2.25 * place or None,
        )  # fmt: skip
        if place:
            yield quality_row(
                QUARTERS[place % 4], department, later_submissions=place, issues_fixed=5 * place
            )
    yield quality_row(
        YEAR, ALL, submissions=49, first_submissions=28, first_passes=21, later_submissions=21, issues=147,
        issues_fixed=105, issues_waived=3, issues_unmended=21, objections=4, objections_upheld=1,
        objections_dismissed=2, objections_undecided=1, first_pass_rate=0.75, days_to_fix=6.74,
    )  # fmt: skip


def _tasks(base: DiagnosisData) -> Iterator[TaskRow]:
    states = ("struck_off", "open", "reported", "returned")
    for place, row in enumerate(one for one in base.catalogue.key_tasks if one.year == YEAR):
        state = states[place % 4] if place < 4 else "struck_off"
        done = state == "struck_off"
        reported = None if state == "open" else row.due_on - timedelta(days=2)
        yield task(
            task=row.task, name_zh=row.name_zh, name_en=row.name_en, point=row.point, lead_unit=row.lead_unit,
            due_on=row.due_on, state=state, reported_on=reported, document="清办〔2026〕7号" if reported else None,
            document_on=reported, struck_off_on=row.due_on if done else None,
            is_overdue=not done and row.due_on < date(2026, 7, 1),
        )  # fmt: skip


def _assessments(base: DiagnosisData) -> Iterator[AssessmentRow]:
    posts = " ".join(row.code for row in base.catalogue.posts[:3])
    best, *others = (band.code for band in base.frame.judged)
    place = {"subject_code": base.institution, "members": posts}
    yield assessment(**place, band=best, machine_band=best, state="superseded")
    yield assessment(
        **place, assessment=2, band=(others or [best])[0], machine_band=best, is_agreed=False,
        reason="一项专项审计在年后结束，其问题不在本年数据中", score_version=f"{YEAR}-{'0' * 15}9",
    )  # fmt: skip
    if base.frame.units:
        unit = base.frame.units[0].code
        yield assessment(
            assessment=3, subject_kind="unit", subject_code=unit, members=posts, band=best, machine_band=best
        )


def _moves(base: DiagnosisData) -> Iterator[ChangeRow]:
    for quarter in QUARTERS:
        yield move(quarter, subject_code=base.institution, indicator=base.root)


def _nodes(base: DiagnosisData) -> Iterator[NodeRow]:
    for quarter in (previous(QUARTERS[0]), *QUARTERS):
        for place, row in enumerate(base.frame.indicators):
            is_late = quarter >= QUARTERS[2]
            weight = row.weight * (0.85 if is_late and place == 3 else 1.0)
            made = node(quarter, row.code, weight, NEW if is_late else OLD)
            yield replace(made, subject_code=base.institution)


def _draws(base: DiagnosisData) -> Iterator[DrawRow]:
    def of(subject_kind: str, code: str, indicator: str, band: str | None, place: int) -> DrawRow:
        ranks = (None, None) if subject_kind == "institution" else (float(place + 1), place + 3.45)
        made = draw(code, band or "", 1.0 - 0.07 * (place % 5), rank_p05=ranks[0], rank_p95=ranks[1])
        return replace(made, subject_kind=subject_kind, indicator=indicator)

    for place, unit in enumerate(base.frame.units):
        if row := base.in_quarter.get((base.subject(unit), base.root)):
            yield of("unit", unit.code, base.root, row.band_by_score, place)
    for place, code in enumerate((base.root, *(first.code for first in base.frame.firsts))):
        if row := base.in_quarter.get((base.school, code)):
            yield of("institution", base.institution, code, row.band_by_score, place)


def _flags(base: DiagnosisData) -> Iterator[FlagRow]:
    items = [row.code for row in base.catalogue.items if row.framework == base.framework]
    plain = FlagRow(QUARTER, "", "saturated", None, 0.97, None, None, 0.02, 0.03, 0, 20261, 43)
    if len(items) > 2:
        yield replace(plain, item=items[0], flag="redundant", other_item=items[1], statistic=0.981)
        yield replace(plain, item=items[1])
        yield replace(
            plain, item=items[2], flag="weight_gap", statistic=0.08, low=0.06, high=0.11, draws=1000
        )
