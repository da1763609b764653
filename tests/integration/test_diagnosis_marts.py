"""Diagnoses of a scored school: every figure they show is a cell of the mart it names, read back from the page.

The school is small and hand-made: one unit capped, one grey, one with a grave case that waits, one without a loss.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest

from orchestration.analysis.analyse import analyse
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.diagnosis import DiagnosisData, diagnoses, load_diagnosis
from orchestration.publishing.documents.html import render_html
from orchestration.publishing.documents.model import Document
from orchestration.warehouse.contested import mark_as_whole
from orchestration.warehouse.restated import needed_by, put_restated_in_scope
from orchestration.warehouse.versions import scoring_lock
from tests.integration.read_back import faults
from tests.integration.scored import NOT_BESIDE, Cells, Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import NAMES, SCHOOL, TREE, row, small
from tests.unit.document_reading import figures_of_page, stray_numbers

QUARTERS = ("2025Q4", "2026Q1", "2026Q2")
PERIOD, LAST = "2026H1", "2026Q2"
ITEMS = ("a1x", "a1y", "b1x", "b2x")
NODES = {
    "T": ("", 1.0), "A": ("T", 3.0), "B": ("T", 1.0), "A1": ("A", 1.0), "B1": ("B", 1.0), "B2": ("B", 1.0),
}  # fmt: skip
# unit → quarter → percentages of a1, a2, b1 and b2; None is not delivered.
CASES: dict[str, dict[str, tuple[float | None, ...]]] = {
    "capped": {"2025Q4": (98, 97, 92, 96), "2026Q1": (98, 96, 60, 62), "2026Q2": (99, 97, 58, 66)},
    "grey": {"2025Q4": (90, 90, 90, 90), "2026Q1": (90, None, None, None), "2026Q2": (91, None, None, 80)},
    "grave": dict.fromkeys(QUARTERS, (88, 87, 86, 86)),
    "perfect": dict.fromkeys(QUARTERS, (100, 100, 100, 100)),
    "plain": dict.fromkeys(QUARTERS, (92, 92, 92, 92)),
    "open": {"2025Q4": (95, 92, 91, 93), "2026Q1": (95, 92, 91, 93), "2026Q2": (95, 92, None, None)},
}


def tables(quarter: str) -> Tables:
    """B weighs more from 2026Q2 on; every name is its code."""
    given = small(
        nodes=NODES | {"B": ("T", 1.2 if quarter == LAST else 1.0)},
        items=[
            *({"code": code, "point": code[:2].upper(), "method": "ratio", "weight": 1} for code in ITEMS),
            {"code": "case", "point": "A1", "method": "count_deduct", "deduct_per_case": 5, "max_deduction": 20,
             "grave": "true", "applies_to": "grave"},
        ],
        units=dict.fromkeys(CASES, "1"),
        caps=[
            {"code": "K1", "when": "node", "when_level": 1, "when_band": "red", "at_most_band": "yellow"},
            {"code": "K3", "when": "grave_item", "at_most_band": "yellow", "needs_confirmation": "true"},
        ],
    )  # fmt: skip
    for one in (one for rows in given.values() for one in rows if "name_en" in one):
        one["name_en"] = one["code"]
    for node in given["indicators"]:
        node["lead_unit"] = "perfect" if node["code"] == "B" else ""
    for band in given["bands"]:
        band |= {"action_zh": "整改", "action_en": "Mend", "deadline_workdays": "15"} if band["alarm"] else {}
    blank = {"valid_from": "", "valid_to": ""}
    post = row(
        institution=SCHOOL,
        code="P1",
        name_zh="院长",
        name_en="Director",
        post_level="chief",
        unit="",
        **blank,
    )
    given["report_thresholds"] = [
        row(code=code, value=value, **NAMES)
        for code, value in (("strength_gap", 5), ("weakness_gap", 5), ("peers_least", 3))
    ]
    given["posts"] = [post]
    given["portfolios"] = [
        row(institution=SCHOOL, post="P1", unit="capped", indicator="", **blank),
        row(institution=SCHOOL, post="P1", unit="", indicator="B", **blank),
    ]
    return given


def cells(quarter: str) -> Cells:
    found: dict[tuple[str, str, str], tuple[float | None, float | None, str | None]] = {
        (TREE, unit, code): (x, 100, None)
        for unit, quarters in CASES.items()
        for code, x in zip(ITEMS, quarters[quarter], strict=True)
        if x is not None
    }
    return {**found, (TREE, "grave", "case"): (1, None, None)}


@pytest.fixture(scope="module")
def scored(unscored: Scoring) -> Scoring:
    """Scored, restated under the last quarter's catalogue, analysed."""
    catalogues = {quarter: catalogue_of(tables(quarter)) for quarter in QUARTERS}
    for quarter in QUARTERS:
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells(quarter))
    unscored.run(catalogues)
    with scoring_lock(unscored.warehouse) as conn:
        assert put_restated_in_scope(conn, needed_by(SCHOOL, LAST), catalogues, unscored.settings)
        failed = unscored.dbt("build", "--select", "tag:scoring", "--exclude", *NOT_BESIDE)
        assert not failed, failed
        mark_as_whole(conn)
    with unscored.warehouse.connect() as conn:
        analyse(conn, catalogues, SCHOOL, LAST, seed=7)
    return unscored


@pytest.fixture(scope="module")
def conn(scored: Scoring) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with scored.warehouse.connect() as conn:
        yield conn


@pytest.fixture(scope="module")
def data(conn: psycopg.Connection[tuple[object, ...]]) -> DiagnosisData:
    return load_diagnosis(conn, catalogue_of(tables(LAST)), SCHOOL, TREE, PERIOD, min_coverage=0.8)


def page_of(document: Document) -> str:
    return render_html(document, alternate=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_a_cell_of_the_mart_it_names(
    data: DiagnosisData, conn: psycopg.Connection[tuple[object, ...]], language: Language
) -> None:
    pages = {document.stem: page_of(document) for document in diagnoses(data, language)}
    assert set(pages) == {
        "institution", "post-P1", "lead_unit-perfect",
        *(f"unit-{unit}" for unit in CASES),
    }  # fmt: skip
    figures = [figure for page in pages.values() for figure in figures_of_page(page)]
    assert {figure.mart for figure in figures} == {
        "dim_band", "fct_band_count", "fct_cell_count", "fct_indicator_score", "fct_item_score", "fct_leverage",
        "fct_lost_points", "fct_peer_gap", "fct_period_score", "fct_restated_score", "fct_robustness",
        "fct_score_change",
    }  # fmt: skip
    assert not faults(conn, figures)
    # The working days of an objection are a rule of the contracts, and stand in no mart.
    known = (*ITEMS, "5个工作日", "5 working days")
    assert not [(stem, found) for stem, page in pages.items() if (found := stray_numbers(page, known))]


def test_a_reader_of_each_unit_learns_colour_cause_confidence_and_first_act(data: DiagnosisData) -> None:
    """By hand: A is 3 of 4 in Q1 and 3 of 4.2 in Q2, B the rest; all is covered alike in both quarters."""
    documents = {document.subject_code: document for document in diagnoses(data, "en")}
    read = {code: words_of(page_of(document)) for code, document in documents.items()}
    assert documents["capped"].heading == "capped: yellow, capped because “B” scores red"
    # (3 * 97 + 61) / 4 = 88 and (3 * 98 + 1.2 * 62) / 4.2 = 87.714; with b1x at 100: (3 * 98 + 1.2 * 83) / 4.2.
    assert "A score of 87.9 would be blue ; “B” ( 61.5 ) scores red , and by rule K1" in read["capped"]
    assert "First b1x b1x: with no points lost there, Q2 2026 would score 93.7 : green ." in read["capped"]
    assert "first scored by another catalogue, scored here again by that of Q2 2026" in read["capped"]
    assert (
        "Coverage is 44% : no judgement until these cells are delivered: records 3 (Q1 2026); records 2 (Q2 2026)"
        in read["grey"]
    )
    assert documents["grave"].heading == "grave: blue, to be confirmed as yellow"
    assert "Grave case in Q2 2026: “case”." in read["grave"]
    assert "The colour is certain. Every due cell was received." in read["perfect"]
    assert "No item lost points." in read["perfect"]
    assert documents["open"].heading == "open: blue, because missing data could raise an alarm"
    assert documents["school"].heading == "school: green; capped in yellow"
    assert documents["P1"].heading.startswith("Portfolio of the Director: capped B in red; capped in yellow")


def words_of(page: str) -> str:
    """The running text of a page, blanks folded."""
    return " ".join(re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", page, flags=re.S).split())
