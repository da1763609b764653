"""Score versions: the same inputs write nothing, new ones make a new version, killed runs leave the old one whole."""

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orchestration.settings import Settings
from orchestration.warehouse.versions import SCORING_LOCK, open_scope, scoring_lock
from tests.integration.processes import FORKED, kill, start
from tests.integration.scored import (
    Cells,
    Scoring,
    Tables,
    catalogue_of,
    deliver,
    with_coverage,
)
from tests.integration.small_catalogue import NAMES, SCHOOL, TREE, small

QUARTER = "2026Q3"
TABLES = small(
    nodes={"T": ("", 1), "M": ("T", 1)},
    items=[{"code": "share", "point": "M", "method": "ratio", "weight": 1}],
    units={"U1": "1", "U2": "1"},
)


def cells(*percentages: float) -> Cells:
    units = [row["code"] for row in TABLES["units"]]
    return {(TREE, unit, "share"): (x, 100, None) for unit, x in zip(units, percentages, strict=True)}


@pytest.fixture(scope="module")
def scored(unscored: Scoring) -> Scoring:
    """A quarter scored once with 80 and 90; nothing else in the warehouse."""
    deliver(unscored.warehouse, TABLES, SCHOOL, QUARTER, cells(80, 90))
    unscored.run({QUARTER: catalogue_of(TABLES)})
    return unscored


@pytest.fixture
def scoring(scored: Scoring) -> Scoring:
    """A copy of it for each test."""
    return scored.copy()


def rows(scoring: Scoring, query: str) -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect() as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def stored(scoring: Scoring) -> list[tuple[Any, ...]]:
    """Every stored row of scores with the transaction that wrote it."""
    return [
        row
        for table in ("item_score", "indicator_score")
        for row in rows(
            scoring, f"select score_version, subject_code, xmin, ctid from scores.{table} order by 1, 2, 4"
        )
    ]


def score(scoring: Scoring, unit: str = "U1") -> float:
    return float(scoring.nodes(QUARTER)["unit", unit, "T"]["score"])


def test_the_same_inputs_write_nothing(scoring: Scoring) -> None:
    before = stored(scoring)
    assert len(before) == 2 + 3 * 2
    (scope,) = scoring.run({QUARTER: catalogue_of(TABLES)}, "again")
    assert scope.is_settled
    assert stored(scoring) == before
    assert rows(scoring, "select count(*) from ops.scoring_scope") == [(0,)]
    assert rows(scoring, "select run_id, outcome from ops.run order by 1") == [
        ("again", "unchanged"),
        ("test", "scored"),
    ]


def test_a_new_submission_makes_a_version_and_the_one_before_stays(scoring: Scoring) -> None:
    versions = [scoring.run({QUARTER: catalogue_of(TABLES)})[0].score_version]
    for percentage in (70, 60):
        deliver(scoring.warehouse, TABLES, SCHOOL, QUARTER, cells(percentage, 90))
        versions.append(scoring.run({QUARTER: catalogue_of(TABLES)})[0].score_version)
        assert score(scoring) == percentage
    assert len(set(versions)) == 3
    kept = {
        version for (version,) in rows(scoring, "select distinct score_version from scores.indicator_score")
    }
    assert kept == set(versions[1:])
    assert rows(scoring, "select score_version, previous_version from ops.current_version") == [
        (versions[2], versions[1])
    ]


def test_published_versions_are_kept(scoring: Scoring) -> None:
    with scoring.warehouse.connect() as conn:
        conn.execute("update ops.score_version set published_at = now()")
    for percentage in (70, 60):
        deliver(scoring.warehouse, TABLES, SCHOOL, QUARTER, cells(percentage, 90))
        scoring.run({QUARTER: catalogue_of(TABLES)})
    assert rows(scoring, "select count(distinct score_version) from scores.indicator_score") == [(3,)]


def test_a_refused_submission_changes_nothing(scoring: Scoring) -> None:
    with scoring.warehouse.connect() as conn:
        conn.execute(
            "insert into raw.submission (institution, quarter, department, number, state, sha256) "
            "select institution, quarter, department, 2, 'refused', 'x' from raw.submission"
        )
    assert scoring.run({QUARTER: catalogue_of(TABLES)})[0].is_settled


def test_what_the_figures_rest_on_names_the_version(scoring: Scoring) -> None:
    """The threshold of grey and the catalogue; going back finds the old rows and only switches."""
    (first,) = scoring.run({QUARTER: catalogue_of(TABLES)})
    (stricter,) = with_coverage(scoring, 0.9).run({QUARTER: catalogue_of(TABLES)})
    assert stricter.score_version != first.score_version
    before = stored(scoring)
    (back,) = scoring.run({QUARTER: catalogue_of(TABLES)})
    assert (back.score_version, back.is_scored, back.is_current) == (first.score_version, True, False)
    assert stored(scoring) == before
    assert rows(scoring, "select score_version from ops.current_version") == [(first.score_version,)]


def test_provisional_until_every_department_has_delivered(scoring: Scoring) -> None:
    assert {row["provisional"] for row in scoring.nodes(QUARTER).values()} == {False}
    more: Tables = {**TABLES, "departments": [*TABLES["departments"], {"code": "late", **NAMES}]}
    more["items"] = [*TABLES["items"], {**TABLES["items"][0], "code": "due", "department": "late"}]
    scoring.run({QUARTER: catalogue_of(more)})
    assert {row["provisional"] for row in scoring.nodes(QUARTER).values()} == {True}


def test_two_schools_do_not_touch_each_other(scoring: Scoring) -> None:
    both: Tables = {**TABLES, "institutions": [*TABLES["institutions"], {"code": "other", **NAMES}]}
    both["units"] = [*TABLES["units"], {**TABLES["units"][0], "institution": "other"}]
    deliver(scoring.warehouse, both, "other", QUARTER, {(TREE, "U1", "share"): (10, 100, None)})
    scoring.run({QUARTER: catalogue_of(both)})
    found = rows(
        scoring,
        "select institution, subject_code, score from marts.fct_indicator_score "
        "where level = 0 and subject_kind = 'unit' order by 1, 2",
    )
    assert found == [("other", "U1", 10.0), (SCHOOL, "U1", 80.0), (SCHOOL, "U2", 90.0)]


def test_a_failed_test_of_the_data_leaves_readers_where_they_were(scoring: Scoring) -> None:
    """Bands that begin at 5 leave scores without a colour: dbt stops before the switch."""
    broken: Tables = {**TABLES, "bands": [dict(row) for row in TABLES["bands"]]}
    broken["bands"][3]["min_score"] = "5"
    before = rows(scoring, "select score_version from ops.current_version")
    with pytest.raises(AssertionError, match="bands_cover_every_score"):
        scoring.run({QUARTER: catalogue_of(broken)})
    assert rows(scoring, "select score_version from ops.current_version") == before
    assert score(scoring) == 80.0


def run(scoring: Scoring) -> None:
    """Everything a run does."""
    scoring.run({QUARTER: catalogue_of(TABLES)})


def killed_while_waiting(scoring: Scoring, says: Path, table: str) -> None:
    """Start a run, let it wait for `table`, which this holds, and kill it there."""
    waiting = "select from pg_locks where relation = %s::regclass and not granted"
    with scoring.warehouse.connect("owner") as holder, scoring.warehouse.connect(autocommit=True) as watcher:
        holder.execute(f"lock table only {table} in share mode")
        process = start(run, scoring, says=says)
        while not watcher.execute(waiting, [table]).rowcount:
            process.join(0.05)
            assert process.is_alive(), says.read_text()
        kill(process)


@pytest.mark.parametrize("table", ["scores.item_score", "scores.indicator_score", "ops.current_version"])
def test_a_killed_run_leaves_the_old_version_whole(scoring: Scoring, tmp_path: Path, table: str) -> None:
    before = scoring.nodes(QUARTER)
    deliver(scoring.warehouse, TABLES, SCHOOL, QUARTER, cells(55, 65))
    killed_while_waiting(scoring, tmp_path / "said", table)
    assert scoring.nodes(QUARTER) == before
    scoring.run({QUARTER: catalogue_of(TABLES)})
    assert [score(scoring, unit) for unit in ("U1", "U2")] == [55.0, 65.0]
    (version,) = rows(scoring, "select score_version from ops.current_version")[0]
    assert rows(
        scoring, f"select count(*) from scores.indicator_score where score_version = '{version}'"
    ) == [(6,)]


def hold(scoring: Scoring, held: Connection) -> None:
    with scoring_lock(scoring.warehouse):
        held.send("held")
        held.recv()


def test_a_killed_holder_frees_the_lock(scoring: Scoring, settings: Settings, tmp_path: Path) -> None:
    held, theirs = FORKED.Pipe()
    with held, theirs, scoring.warehouse.connect(autocommit=True) as conn:
        process = start(hold, scoring, theirs, says=tmp_path / "said")
        assert held.recv() == "held"
        conn.execute("set lock_timeout = '1ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            conn.execute("select pg_advisory_lock(%s)", [SCORING_LOCK])
        kill(process)
    with scoring_lock(scoring.warehouse) as conn:
        (scope,) = open_scope(conn, {QUARTER: catalogue_of(TABLES)}, settings, "after")
    assert scope.is_settled
