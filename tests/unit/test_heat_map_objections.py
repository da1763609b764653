"""While a value is under review the unit's panel says both totals, in one sentence; nobody else's does."""

from dataclasses import replace

import pytest

from orchestration.messages import Language
from orchestration.publishing.heat_map.cards import Card, cards
from orchestration.publishing.heat_map.cells import Drawing
from orchestration.publishing.heat_map.model import Objection
from orchestration.publishing.heat_map.render import STEM, render_html
from orchestration.publishing.heat_map.revision import content_of
from tests.unit.heat_map_rows import full_map, score, shipped

ITEM, OTHER = shipped().items[:2]
ON_ITEM = Objection("C01", ITEM, with_cell=79.96, without_cell=81.04, is_scored=True)


def cards_of(*objections: Objection, language: Language = "zh-CN") -> dict[str, Card]:
    heat_map = replace(full_map(), objections=objections)
    return {card.id: card for card in cards(Drawing(heat_map, language))}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        # 80 is a threshold: 79.96 is not 80.0.
        ("zh-CN", f"“{ITEM.name_zh}”的数据有异议，复核中：计入时总分79.9，不计入时81.0（本页所示）。"),
        (
            "en",
            f"Under review after an objection: “{ITEM.name_en}”. The total is 79.9 with it and 81.0 without it,"
            " as shown here.",
        ),
    ],
)
def test_the_unit_s_panel_says_both_totals(language: Language, sentence: str) -> None:
    assert 80 in Drawing(full_map(), language).words.thresholds
    shown = cards_of(ON_ITEM, language=language)
    assert shown["d-C01"].review == sentence
    assert {card.review for name, card in shown.items() if name != "d-C01"} == {""}


def test_several_cells_are_one_sentence_with_one_pair_of_totals() -> None:
    both = cards_of(ON_ITEM, replace(ON_ITEM, item=OTHER))["d-C01"].review
    assert f"“{ITEM.name_zh}”、“{OTHER.name_zh}”" in both
    assert both.count("79.9") == both.count("81.0") == 1


def test_before_the_next_run_no_totals_are_claimed() -> None:
    review = cards_of(Objection("C01", ITEM, None, None, is_scored=False))["d-C01"].review
    assert ITEM.name_zh in review
    assert "下次打分后" in review
    assert "—" not in review


def test_a_total_without_the_cell_may_be_none() -> None:
    assert "不计入时—" in cards_of(replace(ON_ITEM, without_cell=None))["d-C01"].review


def test_it_is_on_the_page_and_makes_another_publication() -> None:
    plain = full_map()
    contested = replace(plain, objections=(ON_ITEM,))
    assert content_of(plain).sha256 != content_of(contested).sha256
    decided = replace(contested, objections=(replace(ON_ITEM, with_cell=80.0),))
    assert content_of(contested).sha256 != content_of(decided).sha256
    page = render_html(contested, "zh-CN", STEM, content_of(contested))
    assert page.count("复核中：计入时总分79.9") == 1
    assert "复核中" not in render_html(plain, "zh-CN", STEM, content_of(plain))
    assert score().subject_code == "C01"
