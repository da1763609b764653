"""How a mart changes while people read it: a second version beside the first, for two quarters.

What may not happen to readers, and how a column goes all the same. In copies of the dbt project alone.
"""

from typing import Any

import psycopg
import pytest

from orchestration.assets.dbt_runner import prepare
from orchestration.publishing.data_dictionary import render
from orchestration.warehouse.marts import marts_are_built, note_marts
from tests.integration.project_copies import WithCopy, add_version, copied, drop_column, on_copy, reshape
from tests.integration.runs import theirs_ignored
from tests.integration.scored import NO_UNIT_TESTS, Scoring

MART, GONE = "dim_department", "name_en"
# Other marts stand on it.
STOOD_ON, LOST = "fct_period_score", "clip_adjustment"
TURNED, UNNAMED, UNTRUE = "dim_quarter", "fct_publication", "fct_submission"
# Nobody reads a view that made way.
RETIRED = "select relname from pg_class where relnamespace = 'marts'::regnamespace and relname ~ '^retired_'"


@pytest.fixture(scope="module")
def changed(unscored: Scoring, tmp_path_factory: pytest.TempPathFactory) -> WithCopy:
    """A project in which marts changed in every way; nothing of it built yet."""
    settings = copied(unscored.settings, tmp_path_factory.mktemp("changed") / "project")
    add_version(settings, MART, without=GONE)
    drop_column(settings, STOOD_ON, LOST, loses=[LOST])
    reshape(settings, TURNED, [*reversed(columns(unscored, TURNED))])
    drop_column(settings, UNNAMED, "code_version")
    drop_column(settings, UNTRUE, "sha256", contract=False)
    return settings


@pytest.fixture(scope="module")
def built(unscored: Scoring, changed: WithCopy) -> Scoring:
    """The versioned mart built over what stood."""
    copy = on_copy(unscored, changed)
    assert copy.dbt("build", "--select", MART, *NO_UNIT_TESTS) == []
    return copy


def columns(scoring: Scoring, mart: str, role: Any = "bi_reader") -> list[str]:
    with scoring.warehouse.connect(role) as conn:
        shown = conn.execute(f"select * from marts.{mart} limit 0")  # type: ignore[arg-type]
        return [column.name for column in shown.description or ()]


def rows(scoring: Scoring, query: Any) -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect() as conn:
        return conn.execute(query).fetchall()


def readers(scoring: Scoring, mart: str) -> list[tuple[Any, ...]]:
    return rows(
        scoring,
        f"select grantee::regrole::text from pg_class, aclexplode(relacl) where oid = 'marts.{mart}'::regclass "
        "and grantee <> relowner order by 1",
    )


def test_a_reader_has_both_versions_side_by_side(built: Scoring) -> None:
    assert columns(built, MART) == ["code", "name_zh", "name_en", "sort"]
    assert columns(built, f"{MART}_v2") == ["code", "name_zh", "sort"]
    assert readers(built, MART) == readers(built, f"{MART}_v2") != []


def test_the_older_one_says_until_when_it_stands(built: Scoring, changed: WithCopy) -> None:
    with theirs_ignored():
        nodes = prepare(changed.dbt_project, changed.home).manifest()["nodes"]
    first, second = (nodes[f"model.qingyuan.{MART}.v{number}"] for number in (1, 2))
    assert (first["deprecation_date"][:10], second["deprecation_date"]) == ("2027-06-30", None)
    assert (first["alias"], second["alias"]) == (MART, f"{MART}_v2")
    page = render(changed.dbt_project)
    old, new = (page.split(f"\n## {name}\n")[1].split("\n## ")[0] for name in (MART, f"{MART}_v2"))
    assert "Stands until 2027-06-30" in old
    assert "Stands until" not in new
    assert ("| name_en |" in old, "| name_en |" in new) == (True, False)


def test_both_are_tested_and_a_run_sees_whether_both_stand(built: Scoring, changed: WithCopy) -> None:
    with theirs_ignored():
        whole = prepare(changed.dbt_project, changed.home).graph("any", whole=True)
    tested = {node.attached_node for node in whole.nodes.values() if "mart_test" in node.tags}
    assert {f"model.qingyuan.{MART}.v{number}" for number in (1, 2)} <= tested
    with built.warehouse.connect() as conn:
        note_marts(conn, changed.dbt_project)
        assert marts_are_built(conn, changed.dbt_project)
        conn.execute(f"drop view marts.{MART}_v2")  # type: ignore[arg-type]
        assert not marts_are_built(conn, changed.dbt_project)
        conn.rollback()


def test_a_column_is_not_lost_by_the_way(built: Scoring) -> None:
    """Neither against the contract, nor with the contract changed as well."""
    (said,) = built.dbt("build", "--select", UNTRUE, *NO_UNIT_TESTS)
    assert "enforced contract" in said
    (said,) = built.dbt("build", "--select", UNNAMED, *NO_UNIT_TESTS)
    assert f"{UNNAMED} would lose code_version" in said
    assert "new version" in said
    assert "sha256" in columns(built, UNTRUE)
    assert "code_version" in columns(built, UNNAMED)


def test_columns_in_another_order_break_nobody(built: Scoring) -> None:
    before, granted = columns(built, TURNED), readers(built, TURNED)
    assert built.dbt("build", "--select", TURNED, *NO_UNIT_TESTS) == []
    assert columns(built, TURNED) == before[::-1]
    assert readers(built, TURNED) == granted != []


def test_a_column_that_a_mart_says_it_loses_goes_under_the_readers_eyes(
    built: Scoring, changed: WithCopy
) -> None:
    granted, dependent = readers(built, STOOD_ON), "fct_key_task"
    assert built.dbt("build", "--select", STOOD_ON, *NO_UNIT_TESTS) == []
    assert LOST not in columns(built, STOOD_ON)
    assert readers(built, STOOD_ON) == granted != []
    # What stands on the old view still reads it; no reader does.
    ((retired,),) = rows(built, RETIRED)
    assert columns(built, dependent)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        columns(built, retired)
    with built.warehouse.connect() as conn:
        note_marts(conn, changed.dbt_project)
    assert rows(built, RETIRED) == [(retired,)]
    # Built again, they stand on the new one, and the old one goes.
    assert built.dbt("build", "--select", f"{STOOD_ON}+", "--resource-type", "model") == []
    with built.warehouse.connect() as conn:
        note_marts(conn, changed.dbt_project)
    assert rows(built, RETIRED) == []
    assert columns(built, dependent)
