"""The yearly report of a scored school: every figure of it is a cell of its mart, in both languages."""

from datetime import date
from pathlib import Path

import psycopg
import pytest

from orchestration.analysis.analyse import analyse
from orchestration.core.catalogue.models import Catalogue, KeyTask
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.annual import AnnualData, annual_report, load_annual
from orchestration.publishing.documents.figures_book import write_figures
from orchestration.publishing.documents.html import render_html
from orchestration.stewardship.assessment import Subject, record_assessment, sign_assessment
from orchestration.stewardship.key_tasks import enter_register, report_task, strike_task
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import needed_by, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock
from tests.integration.read_back import faults
from tests.integration.scored import NOT_BESIDE, Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import DEPARTMENT, NAMES, SCHOOL, TREE, small
from tests.integration.stewardship.rows import issue, person
from tests.unit.document_reading import figures_of_book, figures_of_page

YEAR, TODAY = "2026", date(2027, 1, 22)
QUARTERS = tuple(f"{YEAR}Q{number}" for number in range(1, 5))
UNITS = {"U1": "ward", "U2": "ward", "U3": "ward", "O1": "office", "O2": "office"}


def tables(quarter: str) -> Tables:
    """Two first-level nodes, one with points below; from the third quarter on B weighs more."""
    made = small(
        nodes={"T": ("", 1), "A": ("T", 1), "A1": ("A", 1), "A2": ("A", 2), "B": ("T", 3 if quarter > "2026Q2" else 1)},
        items=[
            *({"code": f"i{n}", "point": point, "method": "ratio", "weight": 1}
              for n, point in enumerate(("A1", "A1", "A2", "B"))),
            {"code": "case", "point": "B", "method": "count_deduct", "deduct_per_case": 5, "max_deduction": 30},
        ],
        units=dict.fromkeys(UNITS, "1"),
        caps=[{"code": "K1", "when": "node", "when_level": 1, "when_band": "red", "at_most_band": "yellow"}],
    )  # fmt: skip
    made["units"] = [{**row, "kind": UNITS[row["code"]]} for row in made["units"]]
    made["posts"] = [
        {"institution": SCHOOL, "code": code, "post_level": "chief", "unit": "", **NAMES}
        for code in ("B1", "B2")
    ]
    return made


def cells(quarter: str) -> Cells:
    """Percentages that differ by unit, item and quarter; one unit lacks an item, one has cases."""
    found: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {}
    for place, unit in enumerate(UNITS):
        for item in range(4):
            if (unit, item) != ("O2", 1):
                found[TREE, unit, f"i{item}"] = (60 + 7 * place + 3 * item + int(quarter[5]), 100, None)
        found[TREE, unit, "case"] = (int(place == 1), None, None)
    return found


def catalogue(quarter: str) -> Catalogue:
    tasks = tuple(
        KeyTask(
            institution=SCHOOL, year=YEAR, task=task, point=point, lead_unit=unit, due_on=date(2026, 9, 30),
            name_zh="任务", name_en="A task",
        )
        for task, point, unit in (("K1", "A2", "O1"), ("K2", "B", "O2"))
    )  # fmt: skip
    return catalogue_of(tables(quarter)).model_copy(update={"key_tasks": tasks})


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    """The year and the quarter before it, scored, analysed, with tasks, assessments and issues of the year."""
    at = {quarter: catalogue(quarter) for quarter in ("2025Q4", *QUARTERS)}
    for quarter in (*at, "2026Q2"):  # the second quarter is delivered again
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells(quarter))
    unscored.run(at)
    for quarter in QUARTERS:
        restate(unscored, at, quarter)
        with unscored.warehouse.connect() as conn:
            analyse(conn, at, SCHOOL, quarter, seed=7)
    with unscored.warehouse.connect() as conn:
        acts(conn, at["2026Q4"])
    return unscored


def restate(scoring: Scoring, at: dict[str, Catalogue], quarter: str) -> None:
    """What an analysis of the quarter rests on, scored where the catalogue changed."""
    with scoring_lock(scoring.warehouse) as conn:
        if put_restated_in_scope(conn, needed_by(SCHOOL, quarter), at, scoring.settings):
            failed = scoring.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
            assert not failed, failed
            mark_as_whole(conn)


def acts(conn: psycopg.Connection, at: Catalogue) -> None:
    for code, unit, right in (("one", "O1", "enter"), ("two", "O2", "approve")):
        person(conn, code, unit, right, "confirm", at=SCHOOL)
    enter_register(conn, at)
    key = (SCHOOL, YEAR, "K1")
    report_task(conn, "one", key, "No. 1", date(2026, 9, 1), today=TODAY)
    strike_task(conn, "two", key, today=TODAY)
    for unit, band in ((None, "green"), ("U1", "red")):
        number = record_assessment(
            conn, "one", Subject(SCHOOL, YEAR, TREE, unit), band, ["B1", "B2"], TODAY, "a reason",
            catalogue=at, today=TODAY,
        )  # fmt: skip
        for who in ("one", "two"):
            sign_assessment(conn, who, number, today=TODAY)
    place = {"institution": SCHOOL, "quarter": "2026Q2", "department": DEPARTMENT, "framework": TREE}
    mended = issue(conn, "mended", opened_at="2026-07-01", **place)
    conn.execute("update quality.issue set state = 'fixed', fixed_at = '2026-07-04' where id = %s", [mended])
    issue(conn, "left", **place)


@pytest.fixture(scope="module")
def data(scoring: Scoring) -> AnnualData:
    return load(scoring, catalogue("2026Q4"), YEAR)


def load(scoring: Scoring, at: Catalogue, year: str) -> AnnualData:
    with scoring.warehouse.connect() as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return load_annual(conn, at, SCHOOL, TREE, year, min_coverage=0.8)


def test_every_chapter_has_its_rows(data: AnnualData) -> None:
    assert [row.quarter for row in data.moves] == list(QUARTERS)
    assert {row.quarter for row in data.nodes} == {"2025Q4", *QUARTERS}
    assert len(set(data.hashes.values())) == 2
    assert [(row.task, row.state) for row in data.tasks] == [("K1", "struck_off"), ("K2", "open")]
    assert [(row.subject_code, row.state, row.is_agreed) for row in data.assessments][1] == (
        "U1",
        "signed",
        False,
    )
    assert [(row.period, row.later_submissions, row.issues_fixed) for row in data.mended] == [
        ("2026Q2", 1, 1)
    ]
    assert data.of_all
    assert (data.of_all.issues, data.of_all.days_to_fix) == (2, 3.0)
    assert {row.subject_kind for row in data.draws} == {"unit", "institution"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_page_is_a_cell_of_its_mart(
    scoring: Scoring, data: AnnualData, language: Language
) -> None:
    read = figures_of_page(render_html(annual_report(data, language), alternate=None))
    with scoring.warehouse.connect() as conn:
        assert faults(conn, read) == []
    shown = {one.mart for one in read}
    assert shown >= {
        "fct_period_score", "fct_key_task", "fct_key_task_count", "fct_data_quality", "fct_assessment",
        "fct_robustness", "fct_score_change", "fct_band_count", "fct_indicator_score", "dim_band",
    }  # fmt: skip


def test_every_figure_of_the_workbook_is_one_too(scoring: Scoring, data: AnnualData, tmp_path: Path) -> None:
    write_figures((annual_report(data, "zh-CN"),), tmp_path / "figures.xlsx")
    with scoring.warehouse.connect() as conn:
        (read,) = figures_of_book(tmp_path / "figures.xlsx").values()
        assert faults(conn, read) == []


def test_a_year_that_was_not_scored_still_gives_a_report(scoring: Scoring) -> None:
    empty = load(scoring, catalogue("2027Q4"), "2027")
    assert "没有评分" in render_html(annual_report(empty, "zh-CN"), alternate=None)


def test_weights_that_changed_are_named_with_both_ends(data: AnnualData) -> None:
    page = render_html(annual_report(data, "en"), alternate=None)
    assert "2026Q3" in page
    changed = [row.weight for row in data.nodes if row.indicator == "B"]
    assert changed == [1, 1, 1, 3, 3]
