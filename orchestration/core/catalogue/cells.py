"""One cell of a catalogue file → one value, by the type of its column. Strict: what is odd is a fault.

Not here: files, rows and keys (`parse`), what values mean to each other (`checks`).
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from orchestration.core.quarters import parse_quarter

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"true": True, "false": False}
# PostgreSQL's integer.
_LARGEST = 2**31 - 1
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class CellError(ValueError):
    """A cell that cannot be read; `reason_key` and `values` make its Fault."""

    def __init__(self, reason_key: str, **values: object) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key
        self.values: Mapping[str, object] = values


def read_cell(text: str, column: str, field: FieldInfo) -> object:
    """The value of the cell `text` under `column`; a blank one is the column's default, if it has one.

    Raises CellError for a blank where a value is needed and for anything not of the column's type.
    """
    text = text.strip()
    if _CONTROL.search(text):
        raise CellError("control_character", column=column)
    if not text:
        if field.is_required():
            raise CellError("cell_blank", column=column)
        return field.get_default()
    if column in ("valid_from", "valid_to"):
        return _quarter(text, column)
    return _value(text, column, _without_none(field.annotation))


def _value(text: str, column: str, kind: Any) -> object:
    if get_origin(kind) is Literal:
        return _word(text, column, get_args(kind))
    readers = {str: _text, float: _number, int: _whole, bool: _flag, date: _day}
    return readers[kind](text, column)


def _without_none(annotation: Any) -> Any:
    """`float | None` → `float`."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return next(kind for kind in get_args(annotation) if kind is not NoneType)


def _text(text: str, _column: str) -> str:
    return text


def _number(text: str, column: str) -> float:
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number + 0.0  # −0 is 0
    raise CellError("number_bad", column=column, found=text)


def _whole(text: str, column: str) -> int:
    if _WHOLE.fullmatch(text) and abs(number := int(text)) <= _LARGEST:
        return number
    raise CellError("whole_number_bad", column=column, found=text)


def _flag(text: str, column: str) -> bool:
    # Spreadsheet programs write TRUE and FALSE when they save a CSV file.
    if text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    raise CellError("flag_bad", column=column, found=text)


def _day(text: str, column: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CellError("date_bad", column=column, found=text)


def _quarter(text: str, column: str) -> str:
    try:
        return parse_quarter(text)
    except ValueError:
        raise CellError("quarter_bad", column=column, found=text) from None


def _word(text: str, column: str, words: tuple[str, ...]) -> str:
    if text in words:
        return text
    raise CellError("word_unknown", column=column, found=text, expected=words)
