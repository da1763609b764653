"""A catalogue and observations in, scores out: what the scoring tests share. Runs dbt in this process.

Observations are written straight into `raw`, as intake would after accepting them. Not here: figures.
"""

import csv
import hashlib
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from orchestration.core.catalogue.models import Catalogue
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse, open_warehouse
from orchestration.warehouse.contested import mark_as_whole, put_in_scope
from orchestration.warehouse.versions import Scope, close_scope, open_scope, scoring_lock

Row = dict[str, str]
Tables = dict[str, list[Row]]
Cells = Mapping[tuple[str, str, str], tuple[float | None, float | None, str | None]]
Figures = dict[str, Any]
NOT_BESIDE = ("resource_type:unit_test", "config.materialized:switch")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


def catalogue_of(tables: Tables) -> Catalogue:
    """The rows of text as a Catalogue; a file that is not there has no rows."""
    return Catalogue.model_validate(
        {
            name: [{column: cell or None for column, cell in row.items()} for row in tables.get(name, [])]
            for name in Catalogue.model_fields
        }
    )


def tables_of(folder: Path, quarter: str) -> Tables:
    """The CSV files of a catalogue as rows of text, only the rows valid in the quarter."""
    return {
        path.stem: [
            row
            for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
            if (row.get("valid_from") or quarter) <= quarter <= (row.get("valid_to") or quarter)
        ]
        for path in sorted(folder.glob("*.csv"))
    }


def deliver(warehouse: Warehouse, tables: Tables, institution: str, quarter: str, cells: Cells) -> None:
    """One accepted submission of each department with its cells: (framework, subject, item) → (x, b, reason)."""
    items = {row["code"]: row for row in tables["items"]}
    kinds = {row["code"]: row["subject_kind"] for row in tables["frameworks"]}
    departments: dict[str, list[tuple[Any, ...]]] = {row["code"]: [] for row in tables["departments"]}
    for (framework, subject, item), figures in cells.items():
        departments[items[item]["department"]].append((framework, kinds[framework], subject, item, *figures))
    with warehouse.connect() as conn:
        conn.execute("select ops.open_quarter(%s)", [quarter])
        for department, rows in departments.items():
            where = [institution, quarter, department]
            sha256 = hashlib.sha256(json.dumps(sorted(rows, key=str)).encode()).hexdigest()
            row = conn.execute(
                "insert into raw.submission (institution, quarter, department, number, state, sha256) "
                "select %s, %s, %s, 1 + count(*), 'accepted', %s from raw.submission "
                "where institution = %s and quarter = %s and department = %s returning id",
                [*where, sha256, *where],
            ).fetchone()
            assert row
            with (
                conn.cursor() as cursor,
                cursor.copy(
                    "copy raw.observation (quarter, submission, institution, department, framework, subject_kind, "
                    "subject_code, item, value, denominator, state_reason, source_file, source_cell) from stdin"
                ) as copy,
            ):
                for one in rows:
                    copy.write_row((quarter, row[0], institution, department, *one, "f.xlsx", "B2"))


@dataclass(frozen=True)
class Scoring:
    """Runs dbt over quarters of one warehouse and reads what it wrote."""

    warehouse: Warehouse
    settings: Settings

    def copy(self) -> "Scoring":
        """The same as it stands, in a database of its own; a tenth of what scoring costs."""
        database = f"t_{uuid4().hex[:12]}"
        return replace(self, warehouse=open_warehouse(self.settings, database, self.warehouse.database))

    def run(self, catalogues: Mapping[str, Catalogue], run_id: str = "test") -> list[Scope]:
        """A run of these quarters, as the product does it; fails the test when dbt fails."""
        with scoring_lock(self.warehouse) as conn:
            scopes = open_scope(conn, catalogues, self.settings, run_id)
            if not all(scope.is_settled for scope in scopes):
                failed = self.dbt("build", "--select", "tag:scoring", *NO_UNIT_TESTS)
                assert not failed, failed
            if put_in_scope(conn, [scope.contested for scope in scopes if scope.contested]):
                failed = self.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
                assert not failed, failed
                mark_as_whole(conn)
            close_scope(conn, scopes)
        return scopes

    def dbt(self, *arguments: str) -> list[str]:
        """A dbt command; the names of the nodes that did not succeed."""
        result = dbt(self.warehouse, self.settings, arguments)
        if result.exception:
            raise result.exception
        return [
            f"{one.node.name}: {one.message}"
            for one in result.result.results
            if one.status not in ("success", "pass")
        ]

    def nodes(self, quarter: str) -> dict[tuple[str, str, str], Figures]:
        """The current rows of the quarter: (subject kind, subject, node) → figures. One framework a catalogue."""
        rows = self._rows("indicator_score", quarter)
        return {(row["subject_kind"], row["subject_code"], row["indicator"]): row for row in rows}

    def items(self, quarter: str) -> dict[tuple[str, str], Figures]:
        """The current item rows of the quarter: (subject, item) → figures."""
        return {(row["subject_code"], row["item"]): row for row in self._rows("item_score", quarter)}

    def _rows(self, table: str, quarter: str) -> Sequence[Figures]:
        from psycopg.rows import dict_row

        with self.warehouse.connect() as conn:
            rows = conn.cursor(row_factory=dict_row).execute(
                f"select * from marts.fct_{table} where quarter = %s", [quarter]
            )
            return rows.fetchall()


def open_scoring(warehouse: Warehouse, settings: Settings) -> Scoring:
    """A scoring whose marts are built. The fixture `unscored` copies one that was opened before."""
    scoring = Scoring(warehouse, settings)
    failed = scoring.dbt("build", "--select", "tag:mart", *NO_UNIT_TESTS)
    assert not failed, failed
    return scoring


def with_coverage(scoring: Scoring, min_coverage: float) -> Scoring:
    """The same with another threshold for grey."""
    return replace(scoring, settings=scoring.settings.model_copy(update={"min_coverage": min_coverage}))


def dbt(warehouse: Warehouse, settings: Settings, arguments: Sequence[str]) -> Any:
    """One dbt command against the warehouse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dbt's own
        from dbt.cli.main import dbtRunner

        from orchestration.assets.dbt_runner import prepare

        manifest = prepare(settings.dbt_project, settings.home).graph(warehouse.database)
        os.environ.update(warehouse.dbt_environment())
        project, target = str(settings.dbt_project), settings.home / "dbt-tests"
        places = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(target)]
        quiet = ["--quiet", "--log-level-file", "none", "--log-path", str(target)]
        # In a thread, as the product does: dbt looks through the whole stack of its caller nine times.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(
                dbtRunner(manifest).invoke, [*quiet, *arguments, "--no-write-json", *places]
            ).result()
