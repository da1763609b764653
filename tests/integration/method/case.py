"""One generated school: catalogue, cells and decisions, as text and numbers; placed in a quarter when scored.

Cells of text that begin with `@` are quarters counted from the scored one (`@-1`), those that begin with `§` are
institutions: so that one case can be scored in any quarter beside any other. Not here: how cases are drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Row = dict[str, str]
Tables = dict[str, list[Row]]
CellKey = tuple[str, str, str, str]  # institution, framework, subject, item
Figure = tuple[float | None, float | None, str | None]  # x, b, why it is missing
RootKey = tuple[str, str, str, str]  # institution, framework, kind of subject, subject


@dataclass(frozen=True)
class Case:
    """What is scored together. `silent`, `superseded`, `refused`: (institution, department)."""

    tables: Tables
    cells: Mapping[CellKey, Figure] = field(default_factory=dict)
    decisions: Mapping[CellKey, str] = field(default_factory=dict)
    confirmations: Mapping[RootKey, str] = field(default_factory=dict)
    silent: frozenset[tuple[str, str]] = frozenset()
    superseded: frozenset[tuple[str, str]] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()

    @property
    def institutions(self) -> list[str]:
        return [row["code"] for row in self.tables["institutions"]]

    def with_tables(self, **tables: list[Row]) -> "Case":
        """The same with other rows in some files."""
        return replace(self, tables={**self.tables, **tables})


@dataclass(frozen=True)
class Placed(Case):
    """A case in a quarter of its own among others; nothing in it is relative any more."""

    quarter: str = ""

    def valid(self) -> Tables:
        """The rows valid in the quarter."""
        return {
            name: [row for row in rows if _holds(row, self.quarter)] for name, rows in self.tables.items()
        }


def place(case: Case, number: int, batch: str = "") -> Placed:
    """The case in the quarter of this number, its institutions told apart by `batch`."""
    quarter = quarter_of(number)

    def cell(text: str) -> str:
        if text.startswith("@"):
            return quarter_of(number + int(text[1:]))
        return f"s{text[1:]}{batch}" if text.startswith("§") else text

    def key(parts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cell(part) for part in parts)

    return Placed(
        tables={
            name: [{column: cell(text) for column, text in row.items()} for row in rows]
            for name, rows in case.tables.items()
        },
        cells={key(name): figure for name, figure in case.cells.items()},  # type: ignore[misc]
        decisions={key(name): decision for name, decision in case.decisions.items()},  # type: ignore[misc]
        confirmations={key(name): band for name, band in case.confirmations.items()},  # type: ignore[misc]
        silent=frozenset(map(key, case.silent)),  # type: ignore[arg-type]
        superseded=frozenset(map(key, case.superseded)),  # type: ignore[arg-type]
        refused=frozenset(map(key, case.refused)),  # type: ignore[arg-type]
        quarter=quarter,
    )


def quarter_of(number: int) -> str:
    """The quarter of a number, 2020Q1 being 0."""
    year, index = divmod(2020 * 4 + number, 4)
    return f"{year}Q{index + 1}"


def _holds(row: Row, quarter: str) -> bool:
    return (row.get("valid_from") or quarter) <= quarter <= (row.get("valid_to") or quarter)


def described(case: Case) -> str:
    """The case for a reader: each row's filled cells, then what was delivered and decided."""
    lines = []
    for name, rows in case.tables.items():
        dull = {"name_zh", "name_en", "hex", "mark", "colour_zh", "header"}
        lines += [
            f"{name}: " + " ".join(f"{c}={v}" for c, v in row.items() if v and c not in dull) for row in rows
        ]
    lines += [f"cell {' '.join(key)}: x={x} b={b} {why or ''}" for key, (x, b, why) in case.cells.items()]
    lines += [f"decision {' '.join(key)}: {value}" for key, value in case.decisions.items()]
    lines += [f"confirmed {' '.join(key)}: {value}" for key, value in case.confirmations.items()]
    lines += [f"silent: {' '.join(key)}" for key in sorted(case.silent)]
    return "\n".join(lines)
