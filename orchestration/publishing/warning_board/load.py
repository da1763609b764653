"""From the marts and the catalogue to one `Board`. Reads marts and nothing else.

Not here: which connection and snapshot it is read on (the caller's), wording, drawing.
"""

from dataclasses import fields
from datetime import date

from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.publishing.follow_up.load import Connection
from orchestration.publishing.follow_up.rows import RectificationRow, WarningRow
from orchestration.publishing.marts import read_rows
from orchestration.publishing.warning_board.model import QUARTERS_SHOWN, Board, Waiting

_QUARTERS = """
    select quarter, min(catalogue_hash), min(score_version), bool_or(provisional)
    from marts.fct_indicator_score
    where institution = %(institution)s and level = 0 and subject_kind in ('unit', 'institution')
    group by quarter
    order by quarter desc
    limit %(shown)s
"""
_WAITING = """
    select {columns}
    from marts.fct_indicator_score
    where
        institution = %(institution)s and quarter = any(%(quarters)s) and band_pending is not null
        and subject_kind in ('unit', 'institution')
    order by quarter desc, framework, subject_kind, subject_code, indicator
""".format(columns=", ".join(field.name for field in fields(Waiting)))  # noqa: S608
_WARNINGS = "institution = %(institution)s and (is_open or quarter >= %(first)s)"


def load_board(
    conn: Connection, catalogue: Catalogue, institution: str, *, today: date, min_coverage: float
) -> Board:
    """The board of an institution on a day, as the reader of `conn` (pipeline or bi_reader) may see it.

    `catalogue` whole: the last scored quarter says which rows hold. Several statements: read in one REPEATABLE READ
    transaction. A warehouse whose marts were never built gives the board of a school without a scored quarter.
    Raises StopIteration for an institution that the catalogue does not hold.
    """
    where: dict[str, object] = {"institution": institution, "shown": QUARTERS_SHOWN}
    place = next(row for row in catalogue.institutions if row.code == institution)
    has_marts = conn.execute("select to_regclass('marts.fct_warning') is not null").fetchone()
    scored = conn.execute(_QUARTERS, where).fetchall() if has_marts and has_marts[0] else []
    if not scored:
        return Board(catalogue, place, None, today, min_coverage)
    quarters = tuple(sorted(row[0] for row in scored))
    where |= {"quarters": list(quarters), "first": quarters[0]}
    with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        waiting = tuple(cursor.execute(_WAITING, where).fetchall())
    _, catalogue_hash, score_version, is_provisional = scored[0]
    return Board(
        catalogue=catalogue.at(quarters[-1]),
        institution=place,
        quarter=quarters[-1],
        today=today,
        min_coverage=min_coverage,
        quarters=quarters,
        catalogue_hash=catalogue_hash,
        score_version=score_version,
        is_provisional=is_provisional,
        warnings=read_rows(conn, "fct_warning", WarningRow, _WARNINGS, where, "warning"),
        tasks=read_rows(
            conn,
            "fct_rectification",
            RectificationRow,
            "institution = %(institution)s",
            where,
            "rectification",
        ),
        waiting=waiting,
    )
