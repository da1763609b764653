"""The analysis of a school that dbt scored: its tree is dbt's, what it promises holds when dbt scores it.

The change is held to the independent reference, which also scores the items that dbt scored here.
"""

from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg.rows import dict_row

from orchestration.analysis.analyse import Version, analyse, ends_of, leverages
from orchestration.analysis.change import split_change
from orchestration.analysis.layout import layout_of
from orchestration.analysis.leverage import Leverage
from orchestration.analysis.load import OtherCatalogue
from orchestration.analysis.tree import score_tree
from orchestration.analysis.write import write_analysis
from orchestration.warehouse.connections import Role
from orchestration.warehouse.versions import Scope, _prune
from tests.integration.analysis.rescoring import QUARTERS, all_settings, parts_of
from tests.integration.analysis.school import BEFORE, NOW, School, open_school
from tests.integration.scored import Row, Scoring, deliver
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
def restated(school: School) -> tuple[Scoring, dict[tuple[int, int], Version]]:
    """By (data, catalogue): each quarter scored once more by the catalogue of the other."""
    found, scoring = {}, school.scoring.copy()
    for catalogues in (QUARTERS, QUARTERS[::-1]):
        at = {
            quarter: school.quarters[other].catalogue
            for quarter, other in zip(QUARTERS, catalogues, strict=True)
        }
        for scope in scoring.run(at):
            data = QUARTERS.index(scope.quarter)
            catalogue = QUARTERS.index(catalogues[data])
            found[data, catalogue] = scope.score_version, scope.quarter
    assert len(set(found.values())) == 4
    return scoring, found


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


def test_the_split_is_that_of_sixteen_rescorings(
    school: School, restated: tuple[Scoring, dict[tuple[int, int], Version]]
) -> None:
    scoring, versions = restated
    scores = all_settings(school)
    catalogues = [school.quarters[quarter].catalogue for quarter in QUARTERS]
    seen = np.zeros(4)
    for framework in catalogues[1].frameworks:
        layout = layout_of(catalogues[1], SCHOOL, framework.code)
        with scoring.warehouse.connect() as conn:
            ends = ends_of(conn, layout, catalogues, versions)
        assert ends
        split = split_change(ends)
        for row, node in enumerate(split.nodes):
            for column, (kind, code) in enumerate(split.columns):
                values = {s: one[(framework.code, kind, code), node] for s, one in scores.items()}
                parts = split.parts[:, row, column]
                expected = parts_of(values)
                assert np.isnan(parts).all() == (expected is None), (kind, code, node)
                if expected is not None:
                    assert parts == pytest.approx(expected, abs=1e-9), (kind, code, node)
                    change = split.now[row, column] - split.before[row, column]
                    assert parts.sum() == pytest.approx(change, abs=1e-9)
                    seen = np.maximum(seen, np.abs(parts))
    assert (seen > 1).all()  # each part moved something somewhere


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
        seen = rows_of(school, mart, "bi_reader")
        public = [row for row in rows if row.get("subject_kind", "office_holder") != "office_holder"]
        assert seen == public, mart
    assert {row["subject_kind"] for row in first["lost_points"]} == {"unit", "institution", "office_holder"}
    assert {row["subject_kind"] for row in first["robustness"]} == {"unit", "institution"}
    assert {row["flag"] for row in first["item_flag"]} >= {"saturated", "weight_gap"}
    assert not school.scoring.dbt("test", "--select", *DATA_TESTS)


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
    failed = school.scoring.dbt("test", "--select", *DATA_TESTS)
    assert len(failed) == len(DATA_TESTS), failed
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
