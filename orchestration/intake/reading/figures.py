"""What one cell says: a figure, nothing (a mark), a claim that nothing was due, or something unreadable.

Figures are read in the item's unit of measure: for a percentage `85.5%`, 85.5 and 0.855 shown as 85.5 % are
all 85.5. Not here: whether a figure is plausible, whole or in range; that is judged later.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from orchestration.intake.reading import words
from orchestration.intake.reading.forms import name_form, narrow
from orchestration.intake.reading.grid import Cell
from orchestration.intake.reading.spec import Measure

State = Literal["read", "missing", "claimed", "unreadable"]

_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)
_MULTIPLIERS = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 10**8,
}
_FIGURE = re.compile(
    r"[¥￥]?\s*(?P<digits>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|[+-]?\.[0-9]+)"
    r"(?P<exponent>e[+-]?[0-9]{1,3})?"
    rf"\s*(?P<times>{'|'.join(sorted(filter(None, _MULTIPLIERS), key=len, reverse=True))})?"
    rf"\s*(?:(?P<percent>%|个?百分点)|{'|'.join(sorted(words.MEASURES, key=len, reverse=True))})?",
    re.IGNORECASE,
)
_LONGEST = 60  # characters of a figure; longer text is a sentence
_APOSTROPHES = "'’‘`"
_MINUS = str.maketrans("−–—", "---")
_YES = {name_form(word) for word in words.YES}
_NO = {name_form(word) for word in words.NO}


@dataclass(frozen=True)
class Figure:
    """What a cell says; `number` only when `state` is `read`, `problem` only when it is `unreadable`."""

    state: State
    number: float | None = None
    problem: str | None = None


_NOT_A_NUMBER = Figure("unreadable", problem="not_a_number")
_ERROR_VALUE = Figure("unreadable", problem="error_value")
_NO_VALUE = Figure("unreadable", problem="formula_without_value")
_MISSING = Figure("missing")


def figure(cell: Cell | None, measure: Measure, missing_forms: frozenset[str]) -> Figure:
    """What `cell` says under a column of this `measure`; `missing_forms`: marks for nothing."""
    if cell is None:
        return _MISSING
    match cell.kind:
        case "error":
            return _ERROR_VALUE
        case "formula":
            return _NO_VALUE
        case "number" | "percent":
            return _number(cell, measure)
        case "boolean":
            return Figure("read", cell.number) if measure == "boolean" else _NOT_A_NUMBER
        case "date":
            return _NOT_A_NUMBER
    return _text(cell.text, measure, missing_forms)


def _number(cell: Cell, measure: Measure) -> Figure:
    if cell.number is None or not math.isfinite(cell.number):
        return _NOT_A_NUMBER
    if cell.kind == "percent" and measure == "percent":
        return Figure("read", float(Decimal(repr(cell.number)) * 100))
    return Figure("read", float(cell.number))


def _text(text: str, measure: Measure, missing_forms: frozenset[str]) -> Figure:
    form = name_form(text)
    if not form or form in missing_forms:
        return _MISSING
    if form == words.CLAIM:
        return Figure("claimed")
    said = narrow(text)
    if _ERROR.fullmatch(said):
        return _ERROR_VALUE
    if said.startswith("="):
        return _NO_VALUE
    if measure == "boolean" and (form in _YES or form in _NO):
        return Figure("read", 1.0 if form in _YES else 0.0)
    number = typed_number(said, measure)
    return _NOT_A_NUMBER if number is None else Figure("read", number)


def typed_number(said: str, measure: Measure) -> float | None:
    """The number that `said` (narrow characters) spells, None if it spells none. A `%` needs a percentage."""
    if said[:1] in _APOSTROPHES:
        said = said[1:].strip()
    match = _FIGURE.fullmatch(said.translate(_MINUS)) if len(said) <= _LONGEST else None
    if match is None or (match["percent"] and measure != "percent"):
        return None
    try:
        digits = Decimal(match["digits"].replace(",", "") + (match["exponent"] or ""))
        number = float(digits * _MULTIPLIERS[match["times"] or ""])
    except (InvalidOperation, OverflowError):
        return None
    return number if math.isfinite(number) else None


def missing_forms(marks: tuple[str, ...]) -> frozenset[str]:
    """The marks as they are compared."""
    return frozenset(name_form(mark) for mark in marks)
