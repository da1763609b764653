"""Every rule of half-years and years broken in turn: the independent reference must disagree.

Each school's quarters have catalogues of their own, and the first quarter of the first half-year was never scored.
Not here: the list (`period_rules.yml`), the rules of a quarter (`test_rules`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import psycopg
import pytest
from psycopg.rows import dict_row

from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.method.case import Case
from tests.integration.method.periods import (
    Schools,
    coloured,
    confirm,
    pending,
    period_disagreements,
    periods,
)
from tests.integration.mutations.colours import capped
from tests.integration.mutations.compiled import Project
from tests.integration.mutations.listed import LIST, mutations
from tests.integration.mutations.schools import MIN_COVERAGE, schools
from tests.integration.mutations.stage import Mutation, Stage, UnfitError
from tests.integration.scored import Scoring

LISTED = mutations(LIST.with_name("period_rules.yml"))


def later(case: Case) -> Case:
    """The same a quarter later: nobody has a case, and A2 stands under B."""
    cells = {key: (0.0, *figure[1:]) if key[3] == "case" else figure for key, figure in case.cells.items()}
    nodes = [row | {"parent": "B"} if row["code"] == "A2" else row for row in case.tables["indicators"]]
    return replace(case.with_tables(indicators=nodes), cells=cells, confirmations={})


def years() -> list[Case]:
    """The schools of `test_rules`, and after the one with caps the same once more: the two are a half-year."""
    given = schools()
    at = 1 + [case.tables for case in given].index(capped().tables)
    return [*given[:at], later(given[at - 1]), *given[at:]]


@dataclass(frozen=True)
class Periods:
    """The schools as scored by the project as it is, and what the reference says of their periods."""

    stage: Stage
    expected: Schools

    def parted(self, project: Project) -> list[str]:
        """Where the project reads periods otherwise than the reference."""
        query = project.query("fct_period_score")
        with self.stage.conn.transaction(force_rollback=True):
            try:
                rows = self.stage.conn.cursor(row_factory=dict_row).execute(query).fetchall()  # type: ignore[arg-type]
            except psycopg.Error as problem:
                raise UnfitError(f"does not run: {problem}") from problem
        return list(period_disagreements(rows, self.expected))


@pytest.fixture(scope="module")
def read(warehouse: Warehouse, settings: Settings) -> Iterator[Periods]:
    scoring = Scoring(warehouse, settings.model_copy(update={"min_coverage": MIN_COVERAGE}))
    with warehouse.connect() as conn:
        stage = Stage(scoring, conn, years(), first=1)
        expected = periods([(case, MIN_COVERAGE) for case in stage.cases])
        with conn.transaction(force_rollback=True):
            stage.write(Project(stage.project))
            coloured(expected, {})
            confirmed = pending(expected)
            confirm(conn, confirmed)
            coloured(expected, confirmed)
            yield Periods(stage, expected)


def test_periods_agree_as_they_are(read: Periods) -> None:
    assert len(read.expected) >= 4
    assert not read.parted(Project(read.stage.project))


@pytest.mark.parametrize("mutation", LISTED, ids=[one.rule for one in LISTED])
def test_a_broken_rule_shows(read: Periods, mutation: Mutation) -> None:
    assert read.parted(mutation.of(read.stage.project)), f"survived: {mutation.rule}"
