"""Figures that documents show: each is one cell of a mart. Not here: how a number is written (`look.numbers`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

Value = float | int | str | bool | None


@dataclass(frozen=True)
class Figure:
    """One figure as the reader sees it, and the cell of the mart that it is.

    `mart` without its schema; `key` names the columns, and their values as text, that lead to the one row;
    `value` is what stands there, unrounded; `shown` is the reader's text of it.
    """

    mart: str
    column: str
    key: tuple[tuple[str, str], ...]
    value: Value
    shown: str


def key_of(row: Mapping[str, object], *columns: str) -> tuple[tuple[str, str], ...]:
    """The key of a figure from the columns of its row; raises KeyError for a column that is not there."""
    return tuple((column, str(row[column])) for column in columns)


def figures_in(part: object) -> Iterator[Figure]:
    """Every figure in a document or a part of one, in reading order, repeats included."""
    if isinstance(part, Figure):
        yield part
    elif isinstance(part, tuple | list):
        for one in part:
            yield from figures_in(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from figures_in(getattr(part, field.name))
