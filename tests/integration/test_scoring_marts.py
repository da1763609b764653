"""The marts as outsiders read them: contracts, comments, owners, who sees what, words spelt out, rebuilding."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.settings import Settings
from orchestration.warehouse.connections import Role
from orchestration.warehouse.log import SYSTEM, Entry, append
from orchestration.warehouse.marts import marts_are_built, note_marts
from tests.integration.scored import NO_UNIT_TESTS, Scoring, catalogue_of, deliver, tables_of
from tests.integration.stewardship.rows import Connection, issue, objection, person
from tests.integration.test_scoring_reference import SCHOOL, random_cells

QUARTERS = ("2026Q2", "2026Q3")


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    catalogues = {}
    for seed, quarter in enumerate(QUARTERS):
        tables = tables_of(unscored.settings.catalogue, quarter)
        deliver(unscored.warehouse, tables, SCHOOL, quarter, random_cells(tables, seed, 0.7))
        catalogues[quarter] = catalogue_of(tables)
    unscored.run(catalogues)
    return unscored


def read(scoring: Scoring, query: str, role: Role = "pipeline") -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect(role) as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def declared(settings: Settings) -> dict[str, dict[str, Any]]:
    """Each mart's YAML."""
    folder = settings.dbt_project / "models" / "marts"
    marts = {
        path.stem: yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))
        for path in folder.glob("*.sql")
    }
    assert len(marts) >= 11
    return {name: content["models"][0] for name, content in marts.items()}


def test_columns_types_comments_and_owners_are_as_declared(scoring: Scoring, settings: Settings) -> None:
    for name, mart in declared(settings).items():
        found = read(
            scoring,
            "select attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum) from pg_attribute "
            f"where attrelid = 'marts.{name}'::regclass and attnum > 0 order by attnum",
        )
        expected = [(c["name"], c["data_type"], c["config"]["meta"]["zh"]) for c in mart["columns"]]
        assert found == expected, name
        assert all(re.search(r"[\u4e00-\u9fff]", zh) for _, _, zh in expected), name
        assert mart["description"].startswith("One row per "), name
        assert all(column["description"] for column in mart["columns"]), name
        owner = read(
            scoring,
            "select relowner::regrole::text, relkind, obj_description(oid) from pg_class "
            f"where oid = 'marts.{name}'::regclass",
        )
        sees_all = (
            "owner='mart_whole'" in (settings.dbt_project / "models" / "marts" / f"{name}.sql").read_text()
        )
        assert owner == [("mart_whole" if sees_all else "mart_owner", "v", mart["config"]["meta"]["zh"])], (
            name
        )


def object_to_some_cell(conn: Connection, framework: str) -> None:
    (subject, item, department, sent) = (
        conn.execute(
            "select subject_code, item, department, submission from raw.observation where framework = %s limit 1",
            [framework],
        ).fetchone()
        or (None,) * 4
    )
    by = person(conn, framework, str(subject), "object", at=SCHOOL)
    objection(conn, (SCHOOL, "2026Q3", framework, str(subject), str(item)), str(department), by, int(sent))


def test_a_reader_sees_no_office_holder(scoring: Scoring) -> None:
    with scoring.warehouse.connect() as conn:
        for framework in ("ecology", "duty"):
            key = issue(conn, framework, framework=framework)
            append(conn, [Entry(SYSTEM, "issue.opened", SCHOOL, "2026Q3", "issue", str(key))])
            object_to_some_cell(conn, framework)
        conn.execute(
            "insert into ops.restated_version select institution, quarter, quarter, score_version, score_version "
            "from ops.current_version"
        )
    for mart in (
        "fct_indicator_score",
        "fct_item_score",
        "fct_period_score",
        "fct_restated_score",
        "fct_cell_count",
        "fct_validation_issue",
        "fct_issue_event",
        "fct_objection",
        "dim_indicator",
        "dim_item",
    ):
        query = f"select distinct framework from marts.{mart} order by 1"
        assert read(scoring, query) == [("duty",), ("ecology",)], mart
        assert read(scoring, query, "bi_reader") == [("ecology",)], mart
    assert read(scoring, "select count(*) from marts.fct_indicator_score", "bi_reader") == [(2 * 44 * 72,)]
    assert read(scoring, "select distinct subject_kind from marts.heat_map order by 1", "bi_reader") == [
        ("institution",),
        ("unit",),
    ]


def test_the_heat_map_spells_everything_out(scoring: Scoring) -> None:
    """Every node of every unit has its words; last quarter's figures are last quarter's."""
    (total, worded, before) = read(
        scoring,
        "select count(*), count(subject_name_zh || subject_name_en || indicator_name_zh || indicator_name_en || "
        "band_name_zh || band_name_en || band_colour_zh || band_mark || band_hex || band_by_score_name_zh || "
        "framework_name_zh || institution_name_en || quarter_name_zh), count(previous_band_name_zh) "
        "from marts.heat_map where quarter = '2026Q3'",
        "bi_reader",
    )[0]
    assert total == worded == before == 44 * 72
    wrong = read(
        scoring,
        "select count(*) from marts.heat_map as later join marts.fct_indicator_score as earlier "
        "using (institution, framework, subject_kind, subject_code, indicator) "
        "where later.quarter = '2026Q3' and earlier.quarter = '2026Q2' "
        "and (later.previous_score, later.previous_band, later.score_change) "
        "is distinct from (earlier.score, earlier.band, later.score - earlier.score)",
    )
    assert wrong == [(0,)]
    assert read(scoring, "select distinct previous_quarter from marts.heat_map order by 1") == [
        ("2026Q1",),
        ("2026Q2",),
    ]
    quarter = read(
        scoring,
        "select name_zh, name_en, first_on::text, last_on::text, previous_quarter, same_quarter_last_year "
        "from marts.dim_quarter where quarter = '2026Q3'",
    )
    names = ("2026年第三季度", "Quarter 3 of 2026")
    assert quarter == [(*names, "2026-07-01", "2026-09-30", "2026Q2", "2025Q3")]


def test_dimensions_have_one_row_a_key(scoring: Scoring) -> None:
    sizes = {
        "dim_unit": 43,
        "dim_department": 7,
        "dim_band": 5,
        "dim_quarter": 2,
        "dim_indicator": 72,
        "dim_item": 96,
    }
    for mart, size in sizes.items():
        assert read(scoring, f"select count(*) from marts.{mart}", "bi_reader") == [(size,)], mart
    assert read(scoring, "select count(*) from marts.dim_indicator where is_point", "bi_reader") == [(28,)]


def test_contributions_of_items_make_up_their_point(scoring: Scoring) -> None:
    gaps = read(
        scoring,
        "select max(abs(p.contribution - i.contribution - p.effective_weight * "
        "(p.clip_adjustment + case when p.nothing_due_share = 1 then 100 else 0 end))), count(*) "
        "from marts.fct_indicator_score as p join (select quarter, framework, subject_kind, subject_code, point, "
        "coalesce(sum(contribution), 0) as contribution from marts.fct_item_score group by 1, 2, 3, 4, 5) as i "
        "on (i.quarter, i.framework, i.subject_kind, i.subject_code, i.point) = "
        "(p.quarter, p.framework, p.subject_kind, p.subject_code, p.indicator) where p.contribution is not null",
    )
    assert gaps[0][0] < 1e-9
    assert gaps[0][1] > 3000


def test_submissions_say_whether_they_count(scoring: Scoring) -> None:
    found = read(scoring, "select is_counted, count(*) from marts.fct_submission group by 1", "bi_reader")
    assert found == [(True, 14)]


def test_rebuilding_keeps_what_depends_and_what_was_granted(scoring: Scoring) -> None:
    with scoring.warehouse.connect("owner") as conn:
        conn.execute("set role mart_whole")
        conn.execute("create view marts.of_a_reader as select code from marts.dim_unit")
        conn.execute("grant select on marts.dim_unit to public")
    assert scoring.dbt("build", "--select", "tag:mart", *NO_UNIT_TESTS) == []
    assert read(scoring, "select count(*) from marts.of_a_reader") == [(43,)]
    granted = "select count(*) from pg_class, aclexplode(relacl) where oid = 'marts.dim_unit'::regclass and grantee = 0"
    assert read(scoring, granted) == [(1,)]
    with scoring.warehouse.connect() as conn:
        conn.execute("drop view marts.of_a_reader")


def test_marts_are_built_again_when_their_sql_changed(
    scoring: Scoring, settings: Settings, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(settings.dbt_project, project, ignore=shutil.ignore_patterns("target", "logs"))
    with scoring.warehouse.connect() as conn:
        assert marts_are_built(conn, project), "they were noted when they were built"
        conn.execute("update ops.marts_built set code_hash = 'other'")
        assert not marts_are_built(conn, project)
        note_marts(conn, project)
        assert marts_are_built(conn, project)
        mart = project / "models" / "marts" / "dim_unit.sql"
        mart.write_text(mart.read_text("utf-8") + "-- changed\n", "utf-8")
        assert not marts_are_built(conn, project)
        note_marts(conn, project)
        (project / "models" / "marts" / "dim_new.sql").write_text("select 1 as code\n", "utf-8")
        note_marts(conn, project)
        assert not marts_are_built(conn, project), "a view that is not there is not built"
        conn.rollback()
