"""Where a fault lies and what stood there, for the person who has to mend it. Plain data.

Not here: sentences (`issues.texts`), rules (`expectations`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FOUND_LENGTH = 40


@dataclass(frozen=True)
class Spot:
    """One place in a delivered file: a file, a sheet, a row's key cell, a cell, a column that is not there.

    `found` is what stood there, `last` the same figure a quarter before; `beside` names the
    department or the column it was compared with; `values` fill the rule's sentence.
    """

    file_name: str
    sheet: str | None = None
    address: str | None = None
    framework: str | None = None
    subject: str | None = None
    item: str | None = None
    role: str | None = None
    header: str | None = None
    beside: str | None = None
    found: str | None = None
    last: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def shortened(text: str | None) -> str | None:
    """`text` on one line, without control characters, of at most 40 characters."""
    if text is None:
        return None
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= FOUND_LENGTH else line[: FOUND_LENGTH - 1] + "…"


def shown(number: float | None) -> str | None:
    """A number as a person writes it: no trailing zeros, no exponent below 10^15."""
    return None if number is None else f"{number:.15g}"
