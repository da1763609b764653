"""What is wrong with a catalogue: one Fault a place and reason, and the error that carries them all.

Not here: the checks that find them, the sentences (`report_templates/messages/catalogue.yml`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from orchestration.core.catalogue.models import Catalogue, Row


@dataclass(frozen=True)
class Fault:
    """One fault of one file, at the CSV line `row` (None: the file as a whole).

    `reason_key` names the message `catalogue.<reason_key>`; `values` fill its placeholders, a tuple being
    a list of words.
    """

    file: str
    row: int | None
    reason_key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The fault in plain English, for logs; people get the sentence of the message catalogue."""
        where = self.file if self.row is None else f"{self.file}, row {self.row}"
        values = "; ".join(f"{name}: {_words(value)}" for name, value in self.values.items())
        return f"{where}: {self.reason_key.replace('_', ' ')}" + (f" ({values})." if values else ".")


class CatalogueError(Exception):
    """A broken catalogue: it is not loaded and nothing is scored by it. `faults` holds every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def __reduce__(self) -> tuple[type["CatalogueError"], tuple[tuple[Fault, ...]]]:
        return CatalogueError, (self.faults,)


def at(row: Row, reason_key: str, **values: object) -> Fault:
    """The fault `reason_key` of the file and line where `row` stands."""
    return Fault(f"{stems()[type(row)]}.csv", row.line, reason_key, values)


@cache
def stems() -> Mapping[type[Row], str]:
    """The class of each file's rows → the file's stem, in the order of the catalogue."""
    return {get_args(field.annotation)[0]: name for name, field in Catalogue.model_fields.items()}


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
