"""What was read from one department's files of one quarter, before anyone judged it. Pure data.

Written by `intake` (the reader in the child process), judged by `expectations`, landed by `intake`.
Not here: parsing, rules, messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["block", "quarantine", "warn"]
CellState = Literal["read", "missing", "claimed", "unreadable"]


@dataclass(frozen=True)
class ReadCell:
    """One cell under a header the catalogue knows.

    `number` is the value in the item's unit of measure (85.5 for 85.5 %), None unless `state` is `read`.
    `problem` says why a cell is `unreadable`: `not_a_number`, `error_value`, `formula_without_value`.
    """

    address: str
    header: str
    item: str
    role: Literal["value", "numerator", "denominator"]
    text: str | None
    number: float | None
    state: CellState
    problem: str | None = None


@dataclass(frozen=True)
class ReadRow:
    """One row of a table: the subject it names and its cells.

    `problem` is None or `unknown_subject`, `duplicate_subject`, `code_name_disagree`; the row is then held.
    """

    row: int
    key_address: str
    key_text: str
    subject: str | None
    cells: tuple[ReadCell, ...]
    problem: str | None = None


@dataclass(frozen=True)
class ReadTable:
    """One sheet or CSV file of one framework. `columns` maps a header address to (item, role)."""

    file_name: str
    sheet: str | None
    framework: str
    columns: Mapping[str, tuple[str, str]]
    rows: tuple[ReadRow, ...]


@dataclass(frozen=True)
class Finding:
    """One fault of a file, a row or a cell, of one rule.

    `rule` names the message (`intake.<rule>` in the message catalogue); `values` fills its placeholders.
    `found` is what stood there, at most 40 characters.
    """

    rule: str
    severity: Severity
    file_name: str
    sheet: str | None = None
    address: str | None = None
    framework: str | None = None
    subject: str | None = None
    item: str | None = None
    found: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadSheet:
    """One sheet or CSV file that was looked at; `framework` None: nobody reads it.

    `digest` stands for all that it holds and for what it was read by; a sheet `is_carried` when the reader knew
    the digest: it was not read again, and its table is the one read before.
    """

    file_name: str
    sheet: str | None
    framework: str | None
    digest: str
    is_carried: bool = False


@dataclass(frozen=True)
class Delivery:
    """All files of one submission as read: tables, and what reading itself found (block and warn).

    `sheets` are all that were looked at; `tokens` those of returned workbooks; `readings` each file's reading
    as it came from the reader, to be kept.
    """

    tables: tuple[ReadTable, ...]
    findings: tuple[Finding, ...]
    encodings: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[ReadSheet, ...] = ()
    tokens: tuple[str, ...] = ()
    readings: Mapping[str, bytes] = field(default_factory=dict)
