"""Warnings and tasks for the board, written by hand, of the shipped catalogue on one day of November 2026."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from orchestration.core.quarters import previous
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.warning_board.model import Board, Waiting
from tests.unit.heat_map_rows import HASH, shipped

TODAY = date(2026, 11, 23)
QUARTER = "2026Q3"
QUARTERS = tuple(previous(QUARTER, back) for back in reversed(range(8)))


def warning(number: int = 1, **values: object) -> WarningRow:
    """C05's total that turned red in 2026Q3, opened a month ago, due in December, but for `values`."""
    plain = WarningRow(
        warning=number,
        quarter=QUARTER,
        first_quarter=QUARTER,
        rule="W01",
        kind="colour_worsened",
        name_zh="颜色变差",
        name_en="Colour worsened",
        framework="ecology",
        subject_kind="unit",
        subject_code="C05",
        unit="C05",
        indicator="T",
        object=None,
        severity="red",
        score=66.64,
        previous_score=82.1,
        change=-15.46,
        value=-15.46,
        threshold=3.0,
        band="red",
        previous_band="blue",
        opened_on=date(2026, 10, 20),
        due_on=date(2026, 12, 18),
        ended_on=None,
        is_open=True,
        rectification=None,
        action_zh="集体会商，人工确认后督办",
        action_en="Consultation; supervised after a person confirms",
    )
    unit = {"subject_code": values["unit"]} if "unit" in values and "subject_code" not in values else {}
    return replace(plain, **unit, **values)  # type: ignore[arg-type]


def task(number: int = 1, **values: object) -> RectificationRow:
    """A task on C05's total in progress, due in December, but for `values`."""
    plain = RectificationRow(
        rectification=number,
        framework="ecology",
        unit="C05",
        indicator="T",
        severity="red",
        source="warning",
        supervision_mode=None,
        task="整改",
        responsible_post=None,
        state="in_progress",
        opened_on=date(2026, 10, 20),
        submitted_on=None,
        document=None,
        struck_off_on=None,
        due_on=date(2026, 12, 18),
        consultations=0,
        is_open=True,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def struck_off(number: int = 9, **values: object) -> RectificationRow:
    """A task that was struck off ten days ago."""
    done = {
        "state": "struck_off",
        "is_open": False,
        "document": "校整〔2026〕31号",
        "struck_off_on": TODAY - timedelta(days=10),
        "consultations": 1,
    }
    return task(number, **{**done, **values})


def waiting(**values: object) -> Waiting:
    """F21's total, yellow until a person confirms red."""
    plain = Waiting(QUARTER, "ecology", "unit", "F21", "T", 68.0, True, "yellow", "red")
    return replace(plain, **values)  # type: ignore[arg-type]


def board_of(
    *warnings: WarningRow,
    tasks: Sequence[RectificationRow] = (),
    waits: Sequence[Waiting] = (),
    **values: object,
) -> Board:
    """A board of the shipped catalogue that knows these rows."""
    known = shipped()
    plain = Board(
        catalogue=known,
        institution=known.institutions[0],
        quarter=QUARTER,
        today=TODAY,
        min_coverage=0.8,
        quarters=QUARTERS,
        catalogue_hash=HASH,
        score_version="2026Q3-0412",
        is_provisional=True,
        warnings=warnings,
        tasks=tuple(tasks),
        waiting=tuple(waits),
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def full() -> Board:
    """A board on which every group and section has something."""
    yellow, blue = {"severity": "yellow", "band": "yellow"}, {"severity": "blue", "band": "blue"}
    letter = {"action_zh": "预警函，限期整改并销号", "action_en": "Warning letter; mend by the deadline"}
    ask = {"action_zh": "催报，不作判断", "action_en": "Ask for the data; no judgement"}
    notice = {"action_zh": "提示函，本季自查", "action_en": "Notice; self-check within the quarter"}
    warnings = (
        warning(1, indicator="D", score=66.6, rectification=1),
        warning(2, indicator="D", kind="fell", rule="W02", name_zh="大幅下降", name_en="Fell", rectification=1),
        warning(
            3, unit="C16", kind="grave_case", rule="W06", name_zh="严重情形", name_en="Grave case",
            indicator="M20", object="N20", value=1.0, due_on=date(2026, 11, 27), **yellow, **letter,
        ),
        warning(
            4, unit="F20", kind="declined", rule="W03", name_zh="连续下降", name_en="Declined", score=77.8,
            change=-2.2, first_quarter="2026Q1", rectification=2, **yellow, **letter,
        ),
        warning(5, unit="F19", indicator="F", score=78.0, due_on=None, **blue, **notice, opened_on=TODAY),
        warning(
            6, unit="C19", kind="coverage_low", rule="W07", name_zh="覆盖不足", name_en="Coverage low",
            severity="insufficient", value=0.73, threshold=0.8, due_on=date(2026, 11, 19), **ask,
        ),
        warning(
            7, unit="F02", subject_kind="department", subject_code=shipped().departments[0].code,
            kind="department_late", rule="W08", name_zh="迟报", name_en="Late", indicator=None, threshold=10.0,
            severity="insufficient", due_on=None, opened_on=TODAY - timedelta(days=2), **ask,
        ),
        warning(8, unit="F21", score=68.0, **yellow, **letter, previous_band="blue", change=-4.1),
        warning(
            9, unit="C01", is_open=False, quarter="2026Q2", first_quarter="2025Q4",
            ended_on=TODAY - timedelta(days=30), **yellow,
        ),
    )  # fmt: skip
    tasks = (
        task(1, indicator="D", due_on=date(2026, 11, 20)),
        task(2, unit="F20", severity="yellow", state="rechecked", consultations=1, due_on=date(2026, 11, 26)),
        struck_off(9, unit="C01", severity="yellow"),
        struck_off(8, unit="C02", severity="yellow", struck_off_on=date(2026, 5, 3)),
    )
    return board_of(*warnings, tasks=tasks, waits=[waiting()])
