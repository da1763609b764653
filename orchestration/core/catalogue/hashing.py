"""The name of a catalogue: a hash of the rows valid in one quarter, whatever their order in the files.

Not here: choosing the rows (`Catalogue.at`), storing them under the hash (`warehouse.catalogue`).
"""

import hashlib
import json
from collections.abc import Iterator

from orchestration.core.catalogue.models import Catalogue, Row, ValidRow

# They score nothing: a holiday of 2027 or a register's new row must not make a new version of 2026.
_UNSCORED = frozenset(
    {"calendar", "risk_points", "key_tasks", "report_thresholds", "warning_rules", "supervision_modes"}
)


def hashed_tables(catalogue: Catalogue) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The files that make up the hash, and that the warehouse keeps under it: stem and rows."""
    return ((stem, rows) for stem, rows in catalogue.tables() if stem not in _UNSCORED)


def catalogue_hash(catalogue_at_quarter: Catalogue) -> str:
    """sha256, in hex, of the sorted rows of a catalogue already narrowed to one quarter.

    `valid_from` and `valid_to` are not in it: they have done their work in choosing the rows, and a row that
    is closed in order to change in 2027 must leave 2026 as it was.
    """
    lines = sorted(
        json.dumps(
            [stem, row.model_dump(exclude=set(ValidRow.model_fields))], ensure_ascii=False, sort_keys=True
        )
        for stem, rows in hashed_tables(catalogue_at_quarter)
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
