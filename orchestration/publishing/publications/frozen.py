"""The figures of a publication as they were published, one a mart's cell, and what differs between two revisions.

`figures.json` is the canonical record that a later revision is compared with; the workbook for readers is
`documents.figures_book`. Not here: why figures differ (`causes`), saying so (`changes`).
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.documents.model import Document
from orchestration.publishing.folders import canonical

FIGURES = "figures.json"
_DIGITS = 9
Value = float | int | str | bool | None
Cell = tuple[str, str, tuple[tuple[str, str], ...]]  # mart, column, key


@dataclass(frozen=True)
class Frozen:
    """A cell's value, its text in each language, and the stems of the documents that show it, in their order."""

    value: Value
    shown: Mapping[Language, str]
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A cell that two revisions show differently; None where one of them does not show it."""

    cell: Cell
    before: Frozen | None
    now: Frozen | None


def frozen_figures(documents: Mapping[Language, Sequence[Document]]) -> dict[Cell, Frozen]:
    """Every cell that the documents show, in order of their first appearance."""
    values: dict[Cell, Value] = {}
    shown: dict[Cell, dict[Language, str]] = {}
    places: dict[Cell, dict[str, None]] = {}
    for language in LANGUAGES:
        for document in documents[language]:
            for figure in figures_in(document.blocks):
                cell = (figure.mart, figure.column, figure.key)
                values.setdefault(cell, _settled(figure))
                shown.setdefault(cell, {}).setdefault(language, figure.shown)
                places.setdefault(cell, {})[document.stem] = None
    return {cell: Frozen(value, shown[cell], tuple(places[cell])) for cell, value in values.items()}


def write_figures_json(figures: Mapping[Cell, Frozen], path: Path) -> None:
    """Write the figures in order of their cells: equal figures give equal bytes."""
    rows = [
        {"mart": mart, "column": column, "key": key, **vars(figures[mart, column, key])}
        for mart, column, key in sorted(figures)
    ]
    path.write_bytes(canonical({"figures": rows}) + b"\n")


def read_figures_json(path: Path) -> dict[Cell, Frozen]:
    """What `write_figures_json` wrote."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return {
        (row["mart"], row["column"], tuple((name, value) for name, value in row["key"])): Frozen(
            row["value"], row["shown"], tuple(row["documents"])
        )
        for row in rows
    }


def differences(before: Mapping[Cell, Frozen], now: Mapping[Cell, Frozen]) -> Iterator[Difference]:
    """Cells whose value differs, those still shown first, in the order of the documents; then those gone."""
    for cell, figure in now.items():
        old = before.get(cell)
        if old is None or not _equal(old.value, figure.value):
            yield Difference(cell, old, figure)
    for cell, old in before.items():
        if cell not in now:
            yield Difference(cell, old, None)


def _settled(figure: Figure) -> Value:
    return round(figure.value, _DIGITS) if isinstance(figure.value, float) else figure.value


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=0, abs_tol=10**-_DIGITS)
    return one == other
