"""Amounts that are no scores, each as the cell of its mart: changes, losses, gains, counts, days, sentences of issues.

Not here: scores on their colours (`figures`), the sentences around a figure.
"""

from collections.abc import Callable

from orchestration.core.catalogue.models import Band
from orchestration.publishing.diagnosis.figures import Drafting
from orchestration.publishing.diagnosis.rows import (
    BandCountRow,
    CellRow,
    ChangeRow,
    GapRow,
    IssueRow,
    ItemRow,
    LostRow,
    ObjectionRow,
    RobustRow,
    StepRow,
)
from orchestration.publishing.documents.figures import Figure, Value
from orchestration.publishing.documents.model import Inline
from orchestration.publishing.look import numbers

Show = Callable[[float], str]


def change(drafting: Drafting, row: ChangeRow, column: str = "change", decimals: int = 1) -> Inline:
    """Points gained or lost since the quarter before, or a part of them, signed."""
    return _of_subject(drafting, "fct_score_change", row, ("indicator",), column, _signed(decimals))


def changed_end(drafting: Drafting, row: ChangeRow, column: str) -> Inline:
    """The score at one end of a change."""
    return _of_subject(drafting, "fct_score_change", row, ("indicator",), column, drafting.points)


def item(drafting: Drafting, row: ItemRow, column: str) -> Inline:
    """A value or denominator as it was reported, a score with one decimal, a deduction with its minus."""
    shown: dict[str, Show] = {
        "score": drafting.points,
        "deduction": lambda value: f"{numbers.MINUS}{numbers.plain(value)}",
    }
    return _of_subject(drafting, "fct_item_score", row, ("item",), column, shown.get(column, numbers.plain))


def lost(drafting: Drafting, row: LostRow, column: str = "lost_points") -> Inline:
    """Points of the root that were lost, as a minus; shares in whole percent."""
    show = _lost if column == "lost_points" else numbers.percent
    return _of_subject(drafting, "fct_lost_points", row, ("dimension", "code"), column, show)


def step(drafting: Drafting, row: StepRow, column: str) -> Inline:
    """A gain, signed, or the score after all steps."""
    show = drafting.points if column == "score_after" else _signed(2 if column == "gain" else 1)
    return _of_subject(drafting, "fct_leverage", row, ("target_band", "step"), column, show)


def draw(drafting: Drafting, row: RobustRow, column: str) -> Inline:
    """A probability in percent, or the number of draws."""
    show = numbers.percent if column == "probability" else numbers.plain
    return _of_subject(drafting, "fct_robustness", row, ("indicator", "band"), column, show)


def gap(drafting: Drafting, row: GapRow, column: str) -> Inline:
    """A score or a median with one decimal, a gap signed."""
    show = _signed(1) if column == "gap" else drafting.points
    return _of_subject(drafting, "fct_peer_gap", row, ("indicator",), column, show)


def cells(drafting: Drafting, row: CellRow) -> Inline:
    """How many cells."""
    return _of_subject(drafting, "fct_cell_count", row, ("department", "state"), "cells", numbers.plain)


def band_count(drafting: Drafting, row: BandCountRow, column: str = "units") -> Inline:
    """How many units of a kind have a colour."""
    value: int | None = getattr(row, column)
    if value is None:
        return numbers.ABSENT
    where = (
        ("institution", drafting.data.institution),
        ("period", row.period),
        ("framework", drafting.data.framework),
        ("unit_kind", row.unit_kind),
        ("band", row.band),
    )
    return Figure("fct_band_count", column, where, value, str(value))


def deadline(drafting: Drafting, band: Band) -> Inline:
    """The working days in which a colour's action is due."""
    days = band.deadline_workdays
    if days is None:
        return numbers.ABSENT
    validity = ((name, getattr(band, name)) for name in ("valid_from", "valid_to"))
    where = (("code", band.code), *((name, value) for name, value in validity if value))
    return Figure("dim_band", "deadline_workdays", where, days, str(days))


def objection(drafting: Drafting, row: ObjectionRow, column: str) -> Inline:
    """A total with or without a contested cell, or the day by which it is decided."""
    value = getattr(row, column)
    if value is None:
        return numbers.ABSENT
    where = (("objection", str(row.objection)),)
    if column == "due_on":
        return Figure("fct_objection", column, where, str(value), drafting.words.scores.day(value))
    return Figure("fct_objection", column, where, value, drafting.points(value))


def issue(drafting: Drafting, row: IssueRow, what: str) -> Inline:
    """The sentence an issue says in this language: `message` or `todo`."""
    column = f"{what}_{'en' if drafting.language == 'en' else 'zh'}"
    value: str | None = getattr(row, column)
    return Figure("fct_validation_issue", column, (("issue", str(row.issue)),), value, value) if value else ""


def _of_subject(
    drafting: Drafting, mart: str, row: object, keys: tuple[str, ...], column: str, show: Show
) -> Inline:
    value: Value = getattr(row, column)
    if value is None:
        return numbers.ABSENT
    own = ("quarter", "subject_kind", "subject_code", *keys)
    key = (
        ("institution", drafting.data.institution),
        ("framework", drafting.data.framework),
        *((name, str(getattr(row, name))) for name in own),
    )
    return Figure(mart, column, key, value, show(float(value)))


def _signed(decimals: int) -> Show:
    return lambda value: numbers.signed(numbers.exact(value), decimals)


def _lost(value: float) -> str:
    return numbers.signed(-numbers.exact(value), 2)
