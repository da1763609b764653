"""Score versions: what a quarter's scores rest on, which are to be scored, and which are kept.

The version's name is a hash of its inputs, so the same inputs find their rows there and write nothing.
Not here: the scores and the switch of what readers see (both dbt), the catalogue's rows (`catalogue.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings
from orchestration.warehouse.basis import Basis, code_hash, owing_departments, read_basis
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from orchestration.warehouse.contested import contested_basis, place_beside

# The one lock for scope and dbt step together: ops.scoring_scope is one table.
SCORING_LOCK = 7_163_411_902
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Scope:
    """One institution's quarter in a run. `is_scored`: its rows stand; `is_current`: readers see them.

    `contested`: the version with the cells that undecided objections keep out of this one, where there are any.
    """

    institution: str
    quarter: str
    score_version: str
    is_scored: bool
    is_current: bool
    run_id: str
    contested: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left for dbt to do."""
        return self.is_scored and self.is_current


@contextmanager
def scoring_lock(warehouse: Warehouse) -> Iterator[Connection]:
    """The lock of everything between `open_scope` and `close_scope`, waited for; yields its connection.

    A session lock on a connection of its own (autocommit): when the holder is killed the server frees it.
    """
    with warehouse.connect(autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(%s)", [SCORING_LOCK])
        try:
            yield conn
        finally:
            if not conn.broken:
                conn.execute("select pg_advisory_unlock(%s)", [SCORING_LOCK])


def open_scope(
    conn: Connection, catalogues: Mapping[str, Catalogue], settings: Settings, run_id: str
) -> list[Scope]:
    """Name the version of every institution and quarter; what dbt has to do goes into ops.scoring_scope.

    `catalogues` maps a quarter to the catalogue narrowed to it. In the scope are versions whose rows are not
    there yet, and, as `is_scored`, those that stand but that readers do not see. Under `scoring_lock` only.
    """
    code = code_hash(settings.dbt_project)
    for quarter in catalogues:
        conn.execute("select ops.open_quarter(%s)", [quarter])
    scopes: list[Scope] = []
    with conn.transaction():
        conn.execute("delete from ops.scoring_scope")
        for quarter, catalogue in catalogues.items():
            name = store_catalogue(conn, catalogue)
            for institution in sorted(row.code for row in catalogue.institutions):
                due = owing_departments(catalogue, institution)
                basis = read_basis(conn, institution, quarter, due, (name, code, settings.min_coverage))
                scopes.append(_open(conn, basis, run_id))
    _analyze(conn, scopes)
    return scopes


def close_scope(conn: Connection, scopes: Sequence[Scope]) -> None:
    """Note how the run ended for each scope that became current, and delete versions that nobody needs.

    Kept are the current version, the one before it, the contested one beside it, those that restate it, and
    published ones. A scope that dbt did not get to stays open: its run has no end.
    """
    with conn.transaction():
        for scope in scopes:
            place_beside(conn, scope.score_version, scope.contested)
            outcome = "unchanged" if scope.is_settled else "scored"
            ended = conn.execute(_END_RUN, _values(scope, outcome))
            if ended.rowcount and not scope.is_settled:
                _prune(conn, scope)
    _analyze(conn, scopes)  # readers join what was just written


def _open(conn: Connection, basis: Basis, run_id: str) -> Scope:
    """Write the version down with what it rests on, unless it is there; into scope with it if need be."""
    version = write_down(conn, basis)
    contested = contested_basis(conn, basis)
    row = conn.execute(_STANDING, [version]).fetchone()
    is_scored, is_current = (bool(row[0]), bool(row[1])) if row else (False, False)
    beside = None if contested is None else write_down(conn, contested)
    scope = Scope(basis.institution, basis.quarter, version, is_scored, is_current, run_id, beside)
    if not scope.is_settled:
        conn.execute(
            "insert into ops.scoring_scope (institution, quarter, score_version, catalogue_hash, "
            "min_coverage, provisional, is_scored) values (%s, %s, %s, %s, %s, %s, %s)",
            [scope.institution, scope.quarter, version, basis.catalogue_hash, basis.min_coverage,
             basis.provisional, is_scored],
        )  # fmt: skip
    conn.execute(_BEGIN_RUN, _values(scope))
    return scope


def write_down(conn: Connection, basis: Basis) -> str:
    """The name of the version of `basis`; what it rests on is pinned unless it is known."""
    version = basis.score_version()
    new = conn.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, "
        "min_coverage, provisional) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [version, basis.institution, basis.quarter, basis.catalogue_hash, basis.code_hash, basis.min_coverage,
         basis.provisional],
    ).rowcount  # fmt: skip
    if new:
        _pin(conn, version, basis)
    return version


def _pin(conn: Connection, version: str, basis: Basis) -> None:
    pins: tuple[tuple[LiteralString, Sequence[Sequence[object]]], ...] = (
        ("ops.score_version_submission (score_version, department, submission) values (%s, %s, %s)",
         [(one.department, one.id) for one in basis.submissions]),
        ("ops.score_version_decision (score_version, framework, subject_code, item, decision) "
         "values (%s, %s, %s, %s, %s)", basis.decisions),
        ("ops.score_version_confirmation (score_version, framework, subject_kind, subject_code, band) "
         "values (%s, %s, %s, %s, %s)", basis.confirmations),
    )  # fmt: skip
    for target, rows in pins:
        with conn.cursor() as cursor:
            cursor.executemany(f"insert into {target}", [(version, *row) for row in rows])


def _analyze(conn: Connection, scopes: Sequence[Scope]) -> None:
    """Tell the planner what the quarters to be scored hold: it takes a partition without statistics for empty."""
    quarters = sorted({scope.quarter for scope in scopes if not scope.is_scored})
    for quarter in quarters:
        conn.execute("select ops.analyze_quarter(%s)", [quarter])
    if quarters:
        conn.execute("select ops.analyze_catalogue(), ops.analyze_scope()")


def _prune(conn: Connection, scope: Scope) -> None:
    tables = (("scores", "item_score"), ("scores", "indicator_score"), ("ops", "score_version"))
    conn.execute(_NO_LONGER_RESTATED, [scope.institution, scope.quarter])
    gone = [row[0] for row in conn.execute(_UNNEEDED, [scope.institution, scope.quarter])]
    for table in tables if gone else ():
        statement = sql.SQL("delete from {} where quarter = %s and score_version = any(%s) {}")
        # Rows on other shelves go with their shelf.
        only = sql.SQL("and shelf = 0" if table[0] == "scores" else "")
        conn.execute(statement.format(sql.Identifier(*table), only), [scope.quarter, gone])
    if gone:
        conn.execute("select ops.clear_shelves(%s)", [scope.quarter])


def _values(scope: Scope, outcome: str | None = None) -> dict[str, object]:
    return {**vars(scope), "outcome": outcome}


_STANDING: LiteralString = """
    select versions.scored_at is not null, current_version.score_version is not null
    from ops.score_version as versions
    left join ops.current_version as current_version using (institution, quarter, score_version)
    where versions.score_version = %s"""
_BEGIN_RUN: LiteralString = """
    insert into ops.run (run_id, institution, quarter, score_version)
    values (%(run_id)s, %(institution)s, %(quarter)s, %(score_version)s)
    on conflict (run_id, institution, quarter) do update
        set score_version = excluded.score_version, started_at = now(), finished_at = null, outcome = null"""
_END_RUN: LiteralString = """
    update ops.run set finished_at = now(), outcome = %(outcome)s
    from ops.current_version
    where
        run.run_id = %(run_id)s and run.institution = %(institution)s and run.quarter = %(quarter)s
        and current_version.institution = run.institution and current_version.quarter = run.quarter
        and current_version.score_version = %(score_version)s"""
_UNNEEDED: LiteralString = """
    select versions.score_version
    from ops.score_version as versions
    join ops.current_version as current_version using (institution, quarter)
    where
        versions.institution = %s and versions.quarter = %s and versions.published_at is null
        and versions.score_version not in
            (current_version.score_version, coalesce(current_version.previous_version, ''))
        and versions.score_version not in (select score_version from ops.contested_version)
        and versions.score_version not in (select score_version from ops.restated_version)"""
_NO_LONGER_RESTATED: LiteralString = """
    delete from ops.restated_version
    using ops.current_version
    where
        restated_version.institution = %s and restated_version.quarter = %s
        and current_version.institution = restated_version.institution
        and current_version.quarter = restated_version.quarter
        and restated_version.restates <> current_version.score_version"""
