"""Many cases scored by one run of dbt, each in a quarter of its own, and what the warehouse then says of each.

Observations go straight into `raw`, as intake would write them after accepting. Not here: any figure.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from orchestration.core.catalogue.checks import check_structure
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.warehouse.connections import Warehouse
from tests.integration.method.case import Case, Placed, Tables, place
from tests.integration.scored import Scoring

Figures = dict[str, Any]
Connection = psycopg.Connection[Any]
NODES, ITEMS = "select * from marts.fct_indicator_score", "select * from marts.fct_item_score"


class TwiceError(Exception):
    """A node or an item has two rows; the arguments are its key."""


@dataclass(frozen=True)
class Scored:
    """One case and its rows. Nodes by (school, framework, kind, subject, node); items likewise by item."""

    case: Placed
    nodes: dict[tuple[str, ...], Figures]
    items: dict[tuple[str, ...], Figures]


def score(scoring: Scoring, cases: Sequence[Case], batch: str, first: int = 0) -> list[Scored]:
    """Score the cases in one run, from the quarter of the number `first` on.

    Schools of another batch in the same warehouse are others.
    """
    placed = [place(case, number, batch) for number, case in enumerate(cases, first)]
    deliver(scoring.warehouse, placed)
    scoring.run(catalogues(placed), f"run {batch} {first}")
    with scoring.warehouse.connect() as conn:
        return list(read(conn, placed))


def deliver(warehouse: Warehouse, placed: Sequence[Placed]) -> None:
    """What arrived for the cases, and what persons decided, as rows of the warehouse."""
    # As owner: decisions here are facts to score from, without the claims and objections they come of.
    with warehouse.connect("owner") as conn:
        conn.execute("alter table quality.cell_decision disable trigger user")
    with warehouse.connect() as conn:
        conn.execute("insert into ops.person (code, unit) values ('someone', 'u1') on conflict do nothing")
        for case in placed:
            _deliver(conn, case)


def catalogues(placed: Sequence[Placed]) -> dict[str, Catalogue]:
    """Each case's quarter and its catalogue."""
    return {case.quarter: catalogue_of(case.tables, case.quarter) for case in placed}


def catalogue_of(tables: Tables, quarter: str) -> Catalogue:
    """The catalogue as its files would give it, found sound for the quarter and narrowed to it."""
    files = {}
    for name in Catalogue.model_fields:
        rows = tables.get(name, [])
        if not rows:
            continue
        text = io.StringIO()
        writer = csv.DictWriter(text, list({column: None for row in rows for column in row}), restval="")
        writer.writeheader()
        writer.writerows(rows)
        files[name] = text.getvalue()
    catalogue = parse_catalogue(files).at(quarter)
    assert check_structure(catalogue) == [], check_structure(catalogue)
    return catalogue


def _deliver(conn: Connection, case: Placed) -> None:
    tables = case.valid()
    conn.execute("select ops.open_quarter(%s)", [case.quarter])
    kinds = {one["code"]: one["subject_kind"] for one in tables["frameworks"]}
    owner = {one["code"]: one["department"] for one in case.tables["items"]}
    for school in case.institutions:
        for department in (one["code"] for one in tables["departments"]):
            rows = [
                (framework, kinds[framework], subject, item, *figure)
                for (own, framework, subject, item), figure in case.cells.items()
                if own == school and owner[item] == department
            ]
            where = (school, case.quarter, department)
            number = 1
            if (school, department) in case.superseded:
                _submit(conn, where, number, "accepted", [(*row[:4], 1.0, 2.0, None) for row in rows])
                number += 1
            if (school, department) not in case.silent:
                _submit(conn, where, number, "accepted", rows)
                number += 1
            if (school, department) in case.refused:
                _submit(conn, where, number, "refused", [])
    for table, given in (("decision", case.decisions), ("confirmation", case.confirmations)):
        for key, value in given.items():
            conn.execute(_SAY[table], [case.quarter, *key, value])


def _submit(
    conn: Connection, where: tuple[str, str, str], number: int, state: str, rows: Iterable[tuple[object, ...]]
) -> None:
    rows = list(rows)
    sha256 = hashlib.sha256(repr(sorted(rows, key=str)).encode()).hexdigest()
    submission = conn.execute(
        "insert into raw.submission (institution, quarter, department, number, state, sha256) "
        "values (%s, %s, %s, %s, %s, %s) returning id",
        [*where, number, state, sha256],
    ).fetchone()
    assert submission
    with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row((submission[0], *where, *row, "f.xlsx", "B2"))


def read(
    conn: Connection, placed: Sequence[Placed], nodes: str = NODES, items: str = ITEMS
) -> Iterable[Scored]:
    """The rows of the cases, from the marts or from queries that give the same columns."""
    schools = [school for case in placed for school in case.institutions]
    quarters = [case.quarter for case in placed]
    found: dict[str, tuple[dict[Any, Figures], dict[Any, Figures]]] = {one: ({}, {}) for one in quarters}
    for place_of, (statement, name) in enumerate(((nodes, "indicator"), (items, "item"))):
        query = sql.SQL(_OF_CASES).format(sql.SQL(statement))  # type: ignore[arg-type]
        for row in conn.cursor(row_factory=dict_row).execute(query, [quarters, schools]):
            key = ("institution", "framework", "subject_kind", "subject_code", name)
            rows = found[row["quarter"]][place_of]
            where = tuple(row[column] for column in key)
            if where in rows:
                raise TwiceError(*where)
            rows[where] = row
    return [Scored(case, *found[case.quarter]) for case in placed]


_COPY: LiteralString = """
    copy raw.observation (submission, institution, quarter, department, framework, subject_kind, subject_code,
        item, value, denominator, state_reason, source_file, source_cell) from stdin"""
_SAY: dict[str, LiteralString] = {
    "decision": """
    insert into quality.cell_decision (quarter, institution, framework, subject_code, item, decision)
    values (%s, %s, %s, %s, %s, %s)""",
    "confirmation": """
    insert into ops.confirmation (period, institution, framework, subject_kind, subject_code, band, confirmed_by)
    values (%s, %s, %s, %s, %s, %s, 'someone')""",
}
_OF_CASES: LiteralString = """
    select * from ({}) as figures where quarter = any(%s) and institution = any(%s)"""
