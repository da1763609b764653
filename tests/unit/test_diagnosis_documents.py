"""Whole documents: which there are, for which catalogues, and that every figure in them is a cell of a mart."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache

import pytest

from orchestration.core.catalogue.models import Catalogue, Framework, Institution, Portfolio
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.diagnosis import DiagnosisData, diagnoses
from orchestration.publishing.diagnosis.post import portfolio
from orchestration.publishing.documents.figures import Figure, figures_in
from orchestration.publishing.documents.model import Chip, Document, Quiet, Strong, Table
from orchestration.publishing.look.bands import BandStyle
from tests.unit.diagnosis_rows import (
    PERIOD,
    QUARTER,
    SCHOOL,
    capped,
    cell_row,
    change_row,
    data_of,
    drafting_of,
    item_row,
    lost_row,
    of_period,
    said,
    step_row,
    text_of,
)
from tests.unit.heat_map_rows import rows_of, shipped
from tests.unit.small_catalogue import SMALL


def full(
    catalogue: Catalogue | None = None, framework: str = "ecology", institution: str = "demo"
) -> DiagnosisData:
    """Every subject and node of a catalogue, with drawn scores, and rows of the other marts where they fit."""
    known = (catalogue or shipped()).at(QUARTER)
    drawn = rows_of(known, framework, QUARTER, quarters=8)
    now = [row for row in drawn if row.quarter == QUARTER]
    period = tuple(replace(row, quarter=PERIOD) for row in now)
    return data_of(
        *period,
        catalogue=known,
        framework=framework,
        institution=institution,
        scores=tuple(now),
        restated=tuple(drawn),
    )


@cache
def school() -> DiagnosisData:
    """The same of the shipped catalogue."""
    return full()


def rich() -> DiagnosisData:
    """The shipped school with C05 told in every section."""
    data = school()
    others = tuple(row for row in data.frame.scores if row.subject_code != "C05")
    frame = replace(data.frame, scores=(*others, *capped()))
    return replace(
        data,
        frame=frame,
        items=(item_row("P042"), item_row("P046", state="missing", value=None)),
        changes=(change_row(),),
        steps=(step_row(1, "P042"),),
        losses=(lost_row(1, "P042", 1.22), lost_row(1, "D", 1.22, dimension="theme")),
        cells=(cell_row("audit", 3),),
    )


def by_stem(data: DiagnosisData, language: Language = "zh-CN") -> dict[str, Document]:
    return {document.stem: document for document in diagnoses(data, language)}


def texts_in(part: object) -> Iterator[str]:
    """The running text of a document: all but figures, keys, colours and column widths."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Strong | Quiet):
        yield part.text
    elif isinstance(part, Figure | Chip | BandStyle):
        return
    elif isinstance(part, tuple | list):
        for one in part:
            yield from texts_in(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts_in(getattr(part, field.name))


def test_the_school_each_post_each_lead_unit_and_each_unit_get_one() -> None:
    stems = list(by_stem(school()))
    assert stems[0] == "institution"
    assert [stem for stem in stems if stem.startswith("post-")] == [f"post-P0{n}" for n in range(1, 9)]
    lead = {row.lead_unit for row in shipped().indicators if row.lead_unit and row.framework == "ecology"}
    assert {stem for stem in stems if stem.startswith("lead_unit-")} == {f"lead_unit-{code}" for code in lead}
    assert len([stem for stem in stems if stem.startswith("unit-")]) == 43
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_stands_in_running_text(language: Language) -> None:
    """What digits remain once codes, names, quarters, cells and the term of objections are taken out."""
    data = rich()
    known = {row.code for _, rows in data.catalogue.tables() for row in rows if hasattr(row, "code")}
    names = {
        getattr(row, name)
        for _, rows in data.catalogue.tables()
        for row in rows
        for name in ("name_zh", "name_en")
        if hasattr(row, name)
    }
    allowed = sorted({*known, *names, "audit.xlsx", "H8", "I8"}, key=len, reverse=True)
    dates = r"\d{4}年|\d{4}Q\d|Q\d \d{4}|of \d{4}|后5个工作日|within 5 working days"
    for document in diagnoses(data, language):
        for text in (document.heading, *texts_in(document.blocks)):
            left = re.sub(dates, "", text)
            for one in allowed:
                left = left.replace(one, "")
            assert not re.search(r"[0-9]", left), (document.stem, text)


def test_every_figure_names_mart_column_and_key() -> None:
    found = [figure for document in diagnoses(rich(), "zh-CN") for figure in figures_in(document)]
    assert {figure.mart for figure in found} >= {
        "fct_period_score", "fct_indicator_score", "fct_restated_score", "fct_score_change", "fct_item_score",
        "fct_lost_points", "fct_leverage", "fct_cell_count", "dim_band",
    }  # fmt: skip
    assert all(figure.column and figure.key and figure.shown for figure in found)
    assert all(len(dict(figure.key)) == len(figure.key) for figure in found)
    assert {value for figure in found for _, value in figure.key}.isdisjoint({"None", ""})


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_scored_or_ranked(language: Language) -> None:
    for document in diagnoses(rich(), language):
        kinds = {dict(figure.key).get("subject_kind", "unit") for figure in figures_in(document)}
        assert kinds <= {"unit", "institution"}, document.stem
        assert "rank_in_kind" not in {figure.column for figure in figures_in(document)}
    posts = [one for one in diagnoses(rich(), language) if one.subject_kind == "post"]
    assert not [block for one in posts for block in one.blocks if type(block).__name__ == "Result"]


def test_a_leader_reads_who_of_the_portfolio_is_in_alarm_and_what_they_do_first() -> None:
    document = by_stem(rich())["post-P08"]
    units = {"F08", "F22", "F12", "C05", "C06", "C16", "C17"}
    named = {
        dict(figure.key)["subject_code"]
        for figure in figures_in(document)
        if dict(figure.key).get("subject_code")
    }
    assert named == units
    assert document.heading.startswith("副校长（学生招生）分管范围：")
    assert (
        "经济管理学院：先把P042 审计问题按期整改率做到不失分，2026年第四季度可到88.0分，为[blue]。"
        in text_of(document)
    )
    assert "Portfolio of the " in by_stem(rich(), "en")["post-P08"].heading


def test_a_lead_unit_reads_its_points_over_all_units() -> None:
    document = by_stem(school())["lead_unit-F18"]
    led = [row.code for row in shipped().indicators if row.lead_unit == "F18"]
    points, alarms = (block for block in document.blocks if isinstance(block, Table))
    assert [said(row.cells[0]).split()[0] for row in points.rows] == led
    assert [said(row.cells[0]).split()[0] for row in alarms.rows] == led
    assert {dict(figure.key)["subject_kind"] for figure in figures_in(points)} == {"institution"}
    assert {dict(figure.key)["subject_kind"] for figure in figures_in(alarms)} == {"unit"}


def test_a_blank_unit_is_every_unit_and_a_blank_indicator_the_total() -> None:
    data = school()
    catalogue = data.catalogue.model_copy(
        update={
            "portfolios": (
                Portfolio(institution="demo", post="P01"),
                Portfolio(institution="demo", post="P02", indicator="D"),
                Portfolio(institution="demo", post="P03", unit="C05", indicator="D"),
                Portfolio(institution="demo", post="P03", unit="C05", indicator="NOT_HERE"),
            )
        }
    )
    drafting = drafting_of(replace(data, catalogue=catalogue))
    assert len(portfolio(drafting, "P01")) == 1 + 43
    first, *others = portfolio(drafting, "P02")
    assert first == (SCHOOL, "D")
    assert {data.in_period[one].band for one in others} <= {"yellow", "red"}
    assert [(subject.code, node) for subject, node in portfolio(drafting, "P03")] == [("C05", "D")]
    assert [one.stem for one in diagnoses(replace(data, catalogue=catalogue), "zh-CN")][1:4] == [
        "post-P01", "post-P02", "post-P03",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hospital_of_two_levels_and_two_colours(language: Language) -> None:
    documents = by_stem(full(parse_catalogue(SMALL), "care", "s1"), language)
    assert list(documents) == [
        "institution", "post-B1", "post-B2", "lead_unit-U3", "unit-U1", "unit-U2", "unit-U3",
    ]  # fmt: skip
    assert all(said(document.blocks) for document in documents.values())


def test_one_level_no_portfolios_no_lead_units() -> None:
    small = parse_catalogue(SMALL)
    flat = tuple(
        row.model_copy(update={"lead_unit": None})
        for row in small.indicators
        if row.code in ("X", "X2", "Y", "Y1")
    )
    items = tuple(row for row in small.items if row.point in ("X2", "Y1"))
    catalogue = small.model_copy(update={"indicators": flat, "items": items, "portfolios": ()})
    documents = by_stem(full(catalogue, "care", "s1"))
    assert list(documents) == ["institution", "unit-U1", "unit-U2", "unit-U3"]
    assert "X2 安全" in text_of(documents["unit-U1"])


def test_a_name_missing_in_english_falls_back_to_the_code() -> None:
    units = tuple(row.model_copy(update={"name_en": ""}) for row in shipped().units)
    catalogue = shipped().model_copy(update={"units": units})
    assert by_stem(full(catalogue), "en")["unit-C05"].heading.startswith("C05: ")


def test_a_second_framework_over_units_speaks_of_its_own_tree() -> None:
    small = parse_catalogue(SMALL)
    second = Framework(code="more", subject_kind="unit", name_zh="再评", name_en="More", sort=3)
    copies = tuple(
        row.model_copy(
            update={"framework": "more", "code": f"Z{row.code}", "parent": row.parent and f"Z{row.parent}"}
        )
        for row in small.indicators
        if row.framework == "care"
    )
    catalogue = small.model_copy(
        update={"frameworks": (*small.frameworks, second), "indicators": (*small.indicators, *copies)}
    )
    document = by_stem(full(catalogue, "more", "s1"))["unit-U1"]
    assert document.furniture.owner == "第一医院 · 再评"
    keys = [dict(figure.key) for figure in figures_in(document)]
    assert {key["framework"] for key in keys if "framework" in key} == {"more"}
    assert "ZX1 用药" in text_of(document)


def test_codes_that_are_no_file_names_go_by_position() -> None:
    units = tuple(
        row.model_copy(update={"code": code})
        for row, code in zip(shipped().units[:3], ("../x", "a", "A"), strict=True)
    )
    catalogue = shipped().model_copy(update={"units": units, "portfolios": (), "posts": ()})
    stems = [stem for stem in by_stem(full(catalogue)) if stem.startswith("unit-")]
    assert stems == ["unit--0", "unit--1", "unit--2"]


def test_a_period_nobody_scored_is_said_in_one_sentence() -> None:
    documents = by_stem(data_of(), "en")
    assert documents["unit-C05"].heading == "School of Economics and Management: no score"
    assert text_of(documents["institution"]).endswith("no file was received, or nothing was scored.plain")
    assert "no score" in documents["post-P08"].heading


def test_markup_in_names_stays_text() -> None:
    name = "<script>{{7*7}}</script>{x}"
    institution = Institution(code="demo", name_zh=name, name_en=name)
    catalogue = shipped().model_copy(update={"institutions": (institution,)})
    assert by_stem(full(catalogue))["institution"].heading.startswith(name)


def test_furniture_names_versions_and_state() -> None:
    data = replace(data_of(of_period()), is_draft=True, score_versions=("2026H2-0a", "2026Q4-0412"))
    furniture = by_stem(data)["unit-C05"].furniture
    assert (furniture.owner, furniture.title, furniture.period) == (
        "清源大学（示例） · 政治生态评估", "单位诊断", "2026年下半年",
    )  # fmt: skip
    assert furniture.is_draft
    assert furniture.score_versions == ("2026H2-0a", "2026Q4-0412")
    assert furniture.catalogue_hash == of_period().catalogue_hash
    assert furniture.data_on == ""
    assert by_stem(data, "en")["unit-C05"].furniture.period == "second half of 2026"
