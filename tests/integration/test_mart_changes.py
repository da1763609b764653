"""How a mart changes while people read it: a second version beside the first, for two quarters."""

from typing import Any

import psycopg
import pytest

from orchestration.assets.dbt_runner import prepare
from tests.integration.project_copies import WithCopy, add_version, copied, on_copy
from tests.integration.runs import theirs_ignored
from tests.integration.scored import NO_UNIT_TESTS, Scoring

MART, GONE = "dim_department", "name_en"


@pytest.fixture(scope="module")
def versioned(unscored: Scoring, tmp_path_factory: pytest.TempPathFactory) -> WithCopy:
    """A project in which a mart has a second version, without one column; built over what stood."""
    settings = copied(unscored.settings, tmp_path_factory.mktemp("versioned") / "project")
    add_version(settings, MART, without=GONE)
    assert on_copy(unscored, settings).dbt("build", "--select", MART, *NO_UNIT_TESTS) == []
    return settings


def columns(conn: psycopg.Connection[Any], mart: str) -> list[str]:
    return [column.name for column in conn.execute(f"select * from marts.{mart}").description or ()]  # type: ignore[arg-type]


def test_a_reader_has_both_versions_side_by_side(unscored: Scoring, versioned: WithCopy) -> None:
    with unscored.warehouse.connect("bi_reader") as conn:
        assert columns(conn, MART) == ["code", "name_zh", "name_en", "sort"]
        assert columns(conn, f"{MART}_v2") == ["code", "name_zh", "sort"]


def test_the_older_one_says_until_when_it_stands(versioned: WithCopy) -> None:
    with theirs_ignored():
        nodes = prepare(versioned.dbt_project, versioned.home).manifest()["nodes"]
    first, second = (nodes[f"model.qingyuan.{MART}.v{number}"] for number in (1, 2))
    assert (first["deprecation_date"][:10], second["deprecation_date"]) == ("2027-06-30", None)
    assert (first["alias"], second["alias"]) == (MART, f"{MART}_v2")
