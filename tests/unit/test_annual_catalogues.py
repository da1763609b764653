"""The yearly report for other catalogues, for one with nothing scored; its file, its figures, hostile names."""

import re
from dataclasses import replace
from functools import cache

import pytest

from orchestration.core.catalogue.models import Catalogue, Institution
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.annual import AnnualData, annual_report
from orchestration.publishing.documents.figures import figures_in
from orchestration.publishing.documents.html import render_html
from tests.unit.annual_rows import (
    YEAR,
    assessment,
    bare,
    base_of,
    full,
    task,
)
from tests.unit.diagnosis_rows import data_of, said, text_of
from tests.unit.heat_map_rows import shipped
from tests.unit.small_catalogue import SMALL


def small() -> Catalogue:
    return parse_catalogue(SMALL)


@cache
def catalogues() -> dict[str, AnnualData]:
    two = replace_institutions(small())
    return {
        "small": full(small(), "care", "s1"),
        "small bare": bare(base_of(small(), "care", "s1")),
        "several institutions": full(two, "care", "s2"),
        "shipped, nothing scored": AnnualData(data_of(period=YEAR, previous_period="2025")),
    }


def replace_institutions(catalogue: Catalogue) -> Catalogue:
    other = Institution(code="s2", name_zh="第二医院", name_en="Second Hospital")
    units = tuple(row.model_copy(update={"institution": "s2"}) for row in catalogue.units)
    return catalogue.model_copy(
        update={"institutions": (*catalogue.institutions, other), "units": (*catalogue.units, *units)}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", catalogues())
def test_other_catalogues_give_a_report(name: str, language: Language) -> None:
    document = annual_report(catalogues()[name], language)
    page = render_html(document, alternate=None)
    assert "{" not in text_of(document)
    assert document.heading in page or "&" in page
    if language == "en" and name == "shipped, nothing scored":
        assert not re.search(r"[\u4e00-\u9fff]", said(document.blocks))


def test_every_figure_names_a_cell_and_markup_is_inert() -> None:
    tag = "<script>alert(1)</script>"
    data = replace(
        bare(),
        tasks=(task(name_zh=tag, name_en=tag, document=tag),),
        assessments=(assessment(members=tag, reason=tag, is_agreed=False, band="yellow"),),
    )
    for language in LANGUAGES:
        document = annual_report(data, language)
        assert "<script" not in render_html(document, alternate=None)
        for figure in figures_in(document.blocks):
            assert figure.mart
            assert all(value for _, value in figure.key), figure
            assert figure.value is not None


def test_its_file_name_and_furniture() -> None:
    document = annual_report(full(), "zh-CN")
    assert (document.stem, document.subject_kind, document.subject_code) == (
        "annual-report",
        "institution",
        "demo",
    )
    furniture = document.furniture
    assert (furniture.title, furniture.period, furniture.data_on) == (
        "年度综合报告",
        "2026年",
        "2027年1月12日",
    )
    assert furniture.score_versions[0].startswith("2026-")
    assert shipped().institutions[0].name_zh in furniture.owner
