"""A few small schools, ready to be scored by any copy of the dbt project, beside what the reference says of them.

Each scoring is rolled back, so that the next one finds the warehouse as it was. Not here: the schools
(`schools.py`), the mutations (`rules.yml`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import LiteralString, cast

import psycopg
from psycopg import sql

from orchestration.warehouse.versions import open_scope
from tests.integration.method.batch import Connection, Scored, TwiceError, catalogues, deliver, read
from tests.integration.method.case import Case, Placed, place
from tests.integration.method.compare import Expected, expected, parted
from tests.integration.mutations.compiled import Project
from tests.integration.scored import Scoring

PATIENCE = 20  # seconds for a statement that a mutation may have made endless


class UnfitError(Exception):
    """A mutation that proves nothing: its text is not there once, or what it makes does not run."""


@dataclass(frozen=True)
class Mutation:
    """One rule of scoring.md broken: `text`, which occurs once in the `file` of the dbt project, `becomes` another."""

    rule: str
    file: str
    text: str
    becomes: str

    def of(self, folder: Path) -> Project:
        """The dbt project in this folder, broken; the folder stays as it is."""
        path = folder / self.file
        found = path.read_text() if path.exists() else ""
        if (times := found.count(self.text)) != 1:
            raise UnfitError(f"{self.rule}: {self.file} has {times} times, not once: {self.text}")
        return Project(folder, {path: found.replace(self.text, self.becomes)})


class Stage:
    """The schools in a warehouse, in scope to be scored. `conn` is held until the last scoring."""

    def __init__(self, scoring: Scoring, conn: Connection, cases: Sequence[Case], first: int = 0) -> None:
        self.conn, self.project = conn, scoring.settings.dbt_project
        self.cases: list[Placed] = [place(case, number) for number, case in enumerate(cases, first)]
        deliver(scoring.warehouse, self.cases)
        conn.execute(_STRAYS)
        open_scope(conn, catalogues(self.cases), scoring.settings, "stage")
        conn.commit()
        self.expected: list[Expected] = [expected(case, scoring.settings.min_coverage) for case in self.cases]

    def parted(self, mutation: Mutation) -> list[str]:
        """Where the warehouse, scored with the mutation, parts first from the reference; nowhere: it survived."""
        return list(islice(self.disagreements(mutation.of(self.project)), 1))

    def disagreements(self, project: Project) -> Iterator[str]:
        """Where the schools part from the reference when the dbt project scores them."""
        try:
            found = self.scored(project)
        except (psycopg.IntegrityError, psycopg.DataError, TwiceError) as problem:
            yield f"no run would end with this: {problem!r}"
            return
        except psycopg.Error as problem:
            raise UnfitError(f"does not run: {problem}") from problem
        for one, by_reference in zip(found, self.expected, strict=True):
            yield from parted(one, by_reference)

    def scored(self, project: Project) -> list[Scored]:
        """The rows of every school as the dbt project makes them."""
        with self.conn.transaction(force_rollback=True):
            self.conn.execute(f"set local statement_timeout = '{PATIENCE}s'")
            self.write(project)
            return self.read(project)

    def read(self, project: Project) -> list[Scored]:
        """The rows that stand in the warehouse, as the project's marts show them."""
        queries = project.query("fct_indicator_score"), project.query("fct_item_score")
        return list(read(self.conn, self.cases, *queries))

    def write(self, project: Project) -> None:
        """What the materializations `versioned` and `switch` do."""
        self.conn.execute("set local enable_nestloop = off")
        for name in project.tables("versioned"):
            relation = sql.Identifier(*project.relation(name).split("."))
            self.conn.execute(sql.SQL(_DELETE).format(relation))
            self._insert(project, name, self._columns(project.relation(name)))
        self.conn.execute("delete from ops.current_version")
        for name in project.tables("switch"):
            self._insert(project, name, ["institution", "quarter", "score_version"])

    def _insert(self, project: Project, name: str, columns: Sequence[str]) -> None:
        statement = sql.SQL("insert into {} ({names}) select {names} from ({}) as scored").format(
            sql.Identifier(*project.relation(name).split(".")),
            sql.SQL(cast(LiteralString, project.query(name))),
            names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        self.conn.execute(statement)

    def _columns(self, relation: str) -> list[str]:
        found: Iterator[tuple[str]] = self.conn.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
            "and attname <> 'shelf'",
            [relation],
        )  # type: ignore[assignment]
        return [name for (name,) in found]


# Of each item every other department says 1 of 2: nobody asked it.
_STRAYS: LiteralString = """
    insert into raw.observation (submission, institution, quarter, department, framework, subject_kind,
        subject_code, item, value, denominator, source_file, source_cell)
    select distinct other.id, other.institution, other.quarter, other.department, told.framework, told.subject_kind,
        told.subject_code, told.item, 1, 2, 'stray.xlsx', 'B2'
    from raw.observation as told
    join raw.submission as other using (institution, quarter)
    where other.state = 'accepted' and other.department <> told.department"""
_DELETE: LiteralString = """
    delete from {} where score_version in (select score_version from ops.scoring_scope)"""
