"""Departments' own rows in what they delivered, each with a hash of its values and whether it is counter-signed.

Met by `intake`, which flags unsigned ones, and `stewardship`, which signs. Not here: which units are whose.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

Connection = psycopg.Connection[Any]
# A signature is given to values: it holds for a later file that reports the same, and for no other.
_ROWS = """
    with own as (
        select framework, subject_code, min(source_file) as source_file, min(source_sheet) as source_sheet,
            min(source_cell) as source_cell, encode(sha256(convert_to(
                json_agg(json_build_array(item, value, denominator) order by item collate "C")::text, 'UTF8'
            )), 'hex') as values_hash
        from raw.observation
        where quarter = %(quarter)s and submission = %(submission)s and subject_kind = 'unit'
            and subject_code = any(%(units)s)
        group by framework, subject_code
    )
    select own.framework, own.subject_code, own.values_hash, own.source_file, own.source_sheet, own.source_cell,
        exists (
            select from quality.counter_signature as signature
            where
                signature.institution = %(institution)s and signature.quarter = %(quarter)s
                and signature.department = %(department)s and signature.framework = own.framework
                and signature.subject_code = own.subject_code and signature.values_hash = own.values_hash
        ) as is_signed
    from own
    order by own.framework, own.subject_code"""


class OwnRow(NamedTuple):
    """One unit's row in the file of the department that it reports as; the place is its first cell."""

    framework: str
    subject_code: str
    values_hash: str
    source_file: str
    source_sheet: str | None
    source_cell: str
    is_signed: bool


def own_rows(
    conn: Connection,
    where: tuple[str, str, str],
    submission: int,
    units: Sequence[str],
) -> list[OwnRow]:
    """The rows of `units` in an accepted submission of (institution, quarter, department)."""
    institution, quarter, department = where
    values = {"institution": institution, "quarter": quarter, "department": department}
    rows = conn.execute(_ROWS, {**values, "submission": submission, "units": list(units)})
    return [OwnRow(*row) for row in rows]
