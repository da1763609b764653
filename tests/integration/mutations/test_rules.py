"""Every rule of scoring.md broken in turn: the independent reference must disagree, else no figure depended on it.

Not here: the list (`rules.yml`), the schools (`schools.py`).
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orchestration.settings import PROJECT, Settings
from orchestration.warehouse.connections import Warehouse
from tests.integration.mutations.compiled import Project
from tests.integration.mutations.listed import mutations
from tests.integration.mutations.schools import MIN_COVERAGE, schools
from tests.integration.mutations.stage import Mutation, Stage, UnfitError
from tests.integration.scored import NO_UNIT_TESTS, Scoring

LISTED = mutations()
LEAST = 40  # of the list
NO_FIGURES = (
    "generate_schema_name.sql",
    "in_scope.sql",
    "planned.sql",
    "scores_in_scope.sql",
)  # of the macros
PLAIN = Mutation(
    "a plain one",
    "models/staging/stg_units.sql",
    "coalesce(units.weight, 1)",
    "coalesce(units.weight, 0)",
)


@pytest.fixture(scope="module")
def scoring(warehouse: Warehouse, settings: Settings) -> Scoring:
    return Scoring(warehouse, settings.model_copy(update={"min_coverage": MIN_COVERAGE}))


@pytest.fixture(scope="module")
def stage(scoring: Scoring) -> Iterator[Stage]:
    with scoring.warehouse.connect() as conn:
        yield Stage(scoring, conn, schools())


def kill(stage: Stage, mutation: Mutation) -> None:
    """Fails when no figure depends on what the mutation changes."""
    assert stage.parted(mutation), f"survived: {mutation.rule}"


def test_the_project_as_it_is_agrees(stage: Stage) -> None:
    assert not list(stage.disagreements(Project(stage.project)))


def test_dbt_itself_writes_the_same_rows(stage: Stage, scoring: Scoring) -> None:
    """Else what is compiled here would not be what a run scores by."""
    compiled = stage.scored(Project(stage.project))
    assert not scoring.dbt("build", "--select", "tag:scoring", *NO_UNIT_TESTS)
    assert stage.read(Project(stage.project)) == compiled
    stage.conn.commit()
    assert all(one.nodes and one.items for one in compiled)


@pytest.mark.parametrize("mutation", LISTED, ids=[one.rule for one in LISTED])
def test_a_broken_rule_shows(stage: Stage, mutation: Mutation) -> None:
    kill(stage, mutation)


def test_what_changes_no_figure_is_told_as_a_survivor(stage: Stage) -> None:
    with pytest.raises(AssertionError, match="survived: a plain one"):
        kill(stage, replace(PLAIN, becomes="coalesce(units.weight, 2 - 1)"))
    kill(stage, PLAIN)


@pytest.mark.parametrize(
    "mutation",
    [
        replace(PLAIN, text="coalesce(units.heaviness, 1)"),
        replace(PLAIN, text="scope"),
        replace(PLAIN, file="models/staging/stg_nothing.sql"),
        replace(PLAIN, becomes="coalesce(units.weight, 1"),
        replace(PLAIN, becomes="coalesce(units.heaviness, 0)"),
    ],
    ids=["text that is not there", "text that is there twice", "no such file", "no SQL", "no such column"],
)
def test_what_breaks_no_rule_is_refused(stage: Stage, mutation: Mutation) -> None:
    with pytest.raises(UnfitError):
        kill(stage, mutation)


def test_a_refused_one_leaves_no_trace(stage: Stage) -> None:
    assert not list(stage.disagreements(Project(stage.project)))


def test_the_list_is_whole() -> None:
    """Each rule once, in every section of the method, and in every file that computes."""
    assert len(LISTED) >= LEAST
    assert len({one.rule for one in LISTED}) == len(LISTED)
    assert len({(one.file, one.text, one.becomes) for one in LISTED}) == len(LISTED)
    assert {one.rule[0] for one in LISTED} >= set("234567")
    project = PROJECT / "dbt_project"
    models = (project / "models/intermediate").glob("int_*.sql")
    computing = {path for path in models if "select" in path.read_text()}  # else it only calls a macro
    computing |= {path for path in (project / "macros").glob("*.sql") if path.name not in NO_FIGURES}
    assert computing - {project / one.file for one in LISTED} == set()
