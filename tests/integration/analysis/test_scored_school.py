"""The analysis of a school that dbt scored: its tree is dbt's, what it promises holds when dbt scores it.

The change is held to the independent reference, which also scores the items that dbt scored here.
"""

from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg.rows import dict_row

from orchestration.analysis.analyse import analyse, leverages
from orchestration.analysis.change import PARTS
from orchestration.analysis.leverage import Leverage
from orchestration.analysis.load import NotRestated, OtherCatalogue
from orchestration.analysis.tree import score_tree
from orchestration.analysis.write import write_analysis
from orchestration.warehouse.connections import Role
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import needed_by, put_restated_in_scope
from orchestration.warehouse.versions import Scope, _prune, scoring_lock
from tests.integration.analysis.rescoring import all_settings, parts_of
from tests.integration.analysis.school import BEFORE, NOW, School, open_school
from tests.integration.scored import NOT_BESIDE, Row, Scoring, deliver
from tests.integration.test_scoring_reference import SCHOOL

MARTS = ("score_change", "robustness", "leverage", "lost_points", "peer_gap", "item_flag")
DATA_TESTS = (
    "parts_of_a_change_sum_to_it",
    "probabilities_of_a_node_sum_to_one",
    "shares_of_lost_points_sum_to_one",
)
_BESIDE = """
    insert into ops.score_version
        (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage, provisional, scored_at)
    select %s, institution, quarter, catalogue_hash, code_hash, min_coverage, provisional, now()
    from ops.score_version where institution = %s and quarter = %s limit 1"""
_SHOW = """
    update ops.current_version set previous_version = score_version, score_version = %s where quarter = %s"""


@pytest.fixture(scope="module")
def school(unscored: Scoring) -> School:
    return open_school(unscored)


@pytest.fixture(scope="module")
def analysed(school: School) -> School:
    """The school with what the product restates for an analysis, and that analysis of both quarters."""
    scoring = school.scoring.copy()
    with scoring.warehouse.connect() as conn, pytest.raises(NotRestated, match=f"{BEFORE} was not scored"):
        analyse(conn, school.catalogue_at, SCHOOL, NOW, seed=7)
    with scoring_lock(scoring.warehouse) as conn:
        assert put_restated_in_scope(conn, needed_by(SCHOOL, NOW), school.catalogue_at, scoring.settings)
        failed = scoring.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
        assert not failed, failed
        mark_as_whole(conn)
    with scoring.warehouse.connect() as conn:
        analyse(conn, school.catalogue_at, SCHOOL, NOW, seed=7)
    return School(scoring, school.quarters)


@pytest.mark.parametrize("quarter", [BEFORE, NOW])
def test_every_node_agrees_with_dbt(school: School, quarter: str) -> None:
    for framework in school.quarters[quarter].tables["frameworks"]:
        with school.scoring.warehouse.connect() as conn:
            scored = school.loaded(conn, quarter, framework["code"])
        found = score_tree(scored.layout, scored.items.cells, scored.weights)
        assert found.shape == scored.nodes.score.shape
        assert found.size > 400
        np.testing.assert_array_equal(np.isnan(found), np.isnan(scored.nodes.score))
        np.testing.assert_allclose(found, scored.nodes.score, rtol=0, atol=1e-9)


def test_what_leverage_promises_is_what_dbt_scores(school: School) -> None:
    """Every unit's promise at once: no unit's score depends on another's cells in the shipped catalogue."""
    given = school.quarters[NOW]
    framework = next(row["code"] for row in given.tables["frameworks"] if row["subject_kind"] == "unit")
    with school.scoring.warehouse.connect() as conn:
        scored = school.loaded(conn, NOW, framework)
    promised: dict[str, Leverage] = dict(leverages(scored, given.catalogue))
    kept = {unit: one for unit, one in promised.items() if one.is_reachable}
    assert len(kept) > 20
    items = {row["code"]: row for row in given.tables["items"]}
    cells = dict(given.cells)
    for unit, one in kept.items():
        for place in one.items:
            item = scored.layout.items[place]
            _, b, _ = cells[framework, unit, item]
            cells[framework, unit, item] = (at_best(given.tables["item_steps"], items[item], b), b, None)
    copied = school.scoring.copy()
    deliver(copied.warehouse, given.tables, SCHOOL, NOW, cells)
    copied.run({NOW: given.catalogue})
    again = School(copied, school.quarters)
    with copied.warehouse.connect() as conn:
        after = again.loaded(conn, NOW, framework)
    for unit, one in kept.items():
        at = 0, after.layout.subjects.index(unit)
        assert after.nodes.score[at] == pytest.approx(one.score, abs=1e-9), unit
        assert after.nodes.score[at] - scored.nodes.score[at] == pytest.approx(one.gain_total, abs=1e-9)
        before, now = (f.bands.place(f.nodes.band_pending[at] or f.nodes.band[at]) for f in (scored, after))
        assert (one.target, now) == (before - 1, one.band), unit
        assert now <= one.target
    for place, unit in enumerate(scored.layout.subjects):
        band = scored.nodes.band_pending[0, place] or scored.nodes.band[0, place]
        assert (unit in promised) == (scored.bands.place(band) not in (0, scored.bands.grey)), unit


def test_the_split_is_that_of_sixteen_rescorings(analysed: School) -> None:
    scores = all_settings(analysed)
    found = rows_of(analysed, "score_change")
    both = [set(one) for one in (scores[0, 0, 0, 0], scores[1, 1, 1, 1])]
    assert len(found) == len(both[0] & both[1]) > 4500
    seen = dict.fromkeys(PARTS, 0.0)
    for row in found:
        at = (row["framework"], row["subject_kind"], row["subject_code"]), row["indicator"]
        values = {setting: one[at] for setting, one in scores.items()}
        expected = parts_of(values)
        assert (row["previous_quarter"], row["change"] is None) == (BEFORE, expected is None), at
        assert (row["score"], row["previous_score"]) == (close(values[1, 1, 1, 1]), close(values[0, 0, 0, 0]))
        for name, part in zip(PARTS, expected or [None] * 4, strict=True):
            assert row[name] == close(part), (at, name)
            seen[name] = max(seen[name], abs(part or 0.0))
        if expected is not None:
            assert sum(row[name] for name in PARTS) == close(row["change"]), at
            assert row["change"] == close(row["score"] - row["previous_score"]), at
    assert min(seen.values()) > 1  # each part moved something somewhere


def close(figure: float | None) -> Any:
    return None if figure is None else pytest.approx(figure, abs=1e-9)


def test_what_is_found_stands_in_the_marts_under_its_version(school: School) -> None:
    """Written again it is the same; a reader sees no office-holder, and no flag on an item."""
    catalogue_at = {NOW: school.quarters[NOW].catalogue}
    with school.scoring.warehouse.connect() as conn:
        version = analyse(conn, catalogue_at, SCHOOL, NOW, seed=7)
    first = {mart: rows_of(school, mart) for mart in MARTS}
    assert [mart for mart, rows in first.items() if not rows] == [
        "score_change"
    ]  # no quarter before was given
    assert {row["score_version"] for rows in first.values() for row in rows} == {version}
    with school.scoring.warehouse.connect() as conn:
        analyse(conn, catalogue_at, SCHOOL, NOW, seed=7)
    assert {mart: rows_of(school, mart) for mart in MARTS} == first
    for mart, rows in first.items():
        if mart == "item_flag":  # for the method board alone
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                rows_of(school, mart, "bi_reader")
            continue
        public = [row for row in rows if row["subject_kind"] != "office_holder"]
        assert rows_of(school, mart, "bi_reader") == public, mart
    assert {row["subject_kind"] for row in first["lost_points"]} == {"unit", "institution", "office_holder"}
    assert {row["subject_kind"] for row in first["robustness"]} == {"unit", "institution"}
    assert {row["flag"] for row in first["item_flag"]} >= {"saturated", "weight_gap"}
    assert not school.scoring.dbt("test", "--select", "tag:analysis")


def test_data_tests_fail_where_what_is_found_is_wrong_and_it_goes_with_its_version(school: School) -> None:
    """A version that nobody reads: shown to the data tests for a moment, then deleted as a run deletes it."""
    key = ("wrong", SCHOOL, NOW)
    of = ("ecology", "unit", "C01")
    wrong: dict[str, list[tuple[object, ...]]] = {
        "score_change": [(*of, "n", BEFORE, 80, 70, 10, 4, 3, 2, 2, "v")],
        "robustness": [(*of, "n", "green", 0.9, None, None, 1000, 7)],
        "leverage": [(*of, "green", "i", 1, 2, 2, True, True, 90, "green")],
        "lost_points": [(*of, "item", "i", 1, 0.9, 1, 0.9)],
        "peer_gap": [(*of, "n", "college", 3, 80, 75, 5, True, False)],
        "item_flag": [("ecology", "i", "saturated", "", 1, None, None, None, None, 0, 7, 9)],
    }
    assert set(wrong) == set(MARTS)
    with school.scoring.warehouse.connect() as conn:
        conn.execute(_BESIDE, key)
        write_analysis(conn, key, wrong)
        conn.execute(_SHOW, [key[0], NOW])
    failed = school.scoring.dbt("test", "--select", "tag:analysis")
    assert sorted(name.partition(":")[0] for name in failed) == sorted(DATA_TESTS)
    with school.scoring.warehouse.connect() as conn:
        conn.execute(
            "update ops.current_version set score_version = previous_version where quarter = %s", [NOW]
        )
        conn.execute("update ops.current_version set previous_version = null where quarter = %s", [NOW])
        kept = count(conn)
        _prune(conn, Scope(SCHOOL, NOW, "", is_scored=True, is_current=True, run_id=""))
        assert count(conn) == {table: rows - 1 for table, rows in kept.items()}


def count(conn: psycopg.Connection[Any]) -> dict[str, int]:
    found = {table: conn.execute(f"select count(*) from scores.{table}").fetchone() for table in MARTS}
    return {table: row[0] for table, row in found.items() if row}


def test_another_catalogue_than_the_scores_rest_on_is_refused(school: School) -> None:
    with school.scoring.warehouse.connect() as conn:
        with pytest.raises(OtherCatalogue, match=f"run {NOW} again"):
            analyse(conn, {NOW: school.quarters[BEFORE].catalogue}, SCHOOL, NOW, seed=7)
        assert analyse(conn, school.catalogue_at, "elsewhere", NOW, seed=7) is None


def rows_of(school: School, mart: str, role: Role = "pipeline") -> list[dict[str, Any]]:
    with school.scoring.warehouse.connect(role) as conn:
        cursor = conn.cursor(row_factory=dict_row).execute(f"select * from marts.fct_{mart}")
        return sorted(cursor.fetchall(), key=str)


def at_best(steps: list[Row], item: Row, b: float | None) -> float:
    """A value that scores 100, or no case."""
    if item["method"] == "count_deduct":
        return 0.0
    if item["method"] == "banded":
        best = max((row for row in steps if row["item"] == item["code"]), key=lambda row: float(row["score"]))
        assert best["score"] == "100"
        bounds = sorted(
            float(row["upper_bound"]) for row in steps if row["item"] == item["code"] and row["upper_bound"]
        )
        high = float(best["upper_bound"]) if best["upper_bound"] else bounds[-1] + 1
        return high if b is None else high * b / 100
    if item["method"] == "boolean":
        return 1.0
    if item["method"] == "goalposts":
        return float(item["lower"] if item["direction"] == "-1" else item["upper"])
    if item["method"] == "count_ratio":
        return b if b is not None else 1e6
    return b if b is not None else 100.0
