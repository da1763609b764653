"""After every way of building marts, access is as the project declares it; a run whose doors stand open fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from orchestration.assets.access import CHECK
from orchestration.partitions import range_tags
from orchestration.settings import Settings
from orchestration.warehouse.connections import open_warehouse
from tests.integration.access.doors import differing
from tests.integration.access.members import superuser
from tests.integration.project_copies import WithCopy, add_version, copied
from tests.integration.runs import School, reasons, theirs_ignored
from tests.integration.scored import NO_UNIT_TESTS, Scoring

QUARTER, MART = "2026Q3", "dim_department"


@pytest.fixture(scope="module")
def school(settings: Settings, with_marts: str, tmp_path_factory: pytest.TempPathFactory) -> School:
    """A school whose first run built the marts anew: nobody had noted what they declare."""
    open_warehouse(settings, "doors", template=with_marts)
    school = School(settings, "doors", tmp_path_factory.mktemp("doors"))
    school.deliver([QUARTER], by="inspection")
    with superuser(school.warehouse) as conn:
        conn.execute("update ops.marts_built set code_hash = ''")
    school.succeed(QUARTER)
    return school


@contextmanager
def stranger(school: School) -> Iterator[None]:
    """A login that nobody gave a membership: nothing that a run or its opening of the warehouse can mend."""
    with superuser(school.warehouse) as conn:
        conn.execute(
            f"create role stranger login; grant connect on database {school.database} to stranger".encode()
        )
        try:
            yield
        finally:
            conn.execute("drop owned by stranger; drop role stranger")


def readers(school: School, mart: str) -> set[str]:
    query = """
        select grantee::regrole::text from pg_class, aclexplode(relacl)
        where oid = %s::regclass and grantee <> relowner"""
    return {name for (name,) in school.rows(query, f"marts.{mart}")}


def test_a_run_notes_and_checks_what_it_builds(school: School) -> None:
    assert differing(school.warehouse) == []
    assert "bi_reader" in readers(school, MART)
    noted = "select count(distinct object) from ops.declared_access where source = 'dbt' and kind = 'owner'"
    ((marts,),) = school.rows(noted)
    assert marts == len(list((school.settings.dbt_project / "models" / "marts").glob("*.sql"))) + 1


def test_full_refresh_leaves_everything_as_declared(school: School) -> None:
    scoring = Scoring(school.warehouse, school.server)
    chosen = ("--select", "tag:scoring", MART, "fct_period_score", "fct_score_change")
    assert scoring.dbt("build", "--full-refresh", *chosen, *NO_UNIT_TESTS) == []
    assert differing(school.warehouse) == []


def test_a_run_whose_doors_stand_open_switches_nobody(school: School) -> None:
    switched = "select score_version from ops.current_version"
    before = school.rows(switched)
    school.deliver([QUARTER], seed=8, by="inspection")
    with stranger(school):
        result = school.run(QUARTER)
    (reason,) = reasons(result)
    assert reason.startswith("scores: ")
    assert "stranger" in reason
    assert "qingyuan db roles" in reason
    assert school.rows(switched) == before
    assert [event for event in result.all_events if event.event_type_value == "STEP_RESTARTED"] == []


def test_a_period_s_run_whose_doors_stand_open_publishes_nothing(school: School) -> None:
    with stranger(school):
        result = school.publish("half_year", "2026H2")
    (reason,) = reasons(result)
    assert "stranger" in reason
    assert result.get_asset_materialization_events() == []


def test_doors_opened_while_a_run_scores_fail_its_check(school: School) -> None:
    import dagster as dg

    with stranger(school), theirs_ignored(), dg.DagsterInstance.ephemeral() as instance:
        result = (
            school.definitions(with_periods=False)
            .resolve_job_def("quarter")
            .execute_in_process(
                instance=instance,
                tags=range_tags(QUARTER, QUARTER),
                asset_selection=[dg.AssetKey(["marts", "fct_indicator_score"])],
                raise_on_error=False,
            )
        )
    assert not result.success
    (check,) = (one for one in result.get_asset_check_evaluations() if one.check_name == CHECK)
    assert not check.passed
    (reason,) = reasons(result)
    assert "stranger" in reason


def test_marts_built_by_themselves_fail_beside_an_open_door(school: School) -> None:
    import dagster as dg

    with theirs_ignored():
        job = school.definitions().resolve_implicit_global_asset_job_def()
        chosen = [dg.AssetKey(["marts", MART])]
        with dg.DagsterInstance.ephemeral() as instance:
            run = partial(
                job.execute_in_process, instance=instance, asset_selection=chosen, raise_on_error=False
            )
            with stranger(school):
                (reason,) = reasons(run())
            assert "stranger" in reason
            assert run().success


@pytest.fixture(scope="module")
def changed(school: School, tmp_path_factory: pytest.TempPathFactory) -> School:
    """The same school with a project in which a mart has a second version."""
    project: WithCopy = copied(school.server, tmp_path_factory.mktemp("second") / "project")
    add_version(project, MART, without="name_en")
    return School(project, school.database, school.home)


def test_a_failed_build_leaves_everything_as_declared(changed: School) -> None:
    with superuser(changed.warehouse) as conn:
        conn.execute("drop view marts.heat_map; create view marts.heat_map as select 1 as other")
        conn.execute("alter view marts.heat_map owner to mart_owner")
    assert not changed.run(QUARTER).success
    assert readers(changed, MART) == readers(changed, f"{MART}_v2")
    assert differing(changed.warehouse) == []
    with superuser(changed.warehouse) as conn:
        conn.execute("drop view marts.heat_map")


def test_a_new_version_of_a_mart_is_for_the_same_readers(changed: School) -> None:
    changed.succeed(QUARTER)
    assert readers(changed, MART) == readers(changed, f"{MART}_v2") != set()
    assert differing(changed.warehouse) == []
