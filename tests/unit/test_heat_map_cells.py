"""One cell: hollow, lid, arrow, quiet, and the words that hover and panel give."""

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.heat_map.causes import causes, short_cause
from orchestration.publishing.heat_map.cells import Cell, arrow, cell, facts, has_lid, is_quiet, sentence
from orchestration.publishing.heat_map.model import Score
from tests.unit.heat_map_rows import drawing_of, score

CAPPED = score(score=86.8, band="yellow", band_by_score="blue", band_cause="CAP1")
RED = score(indicator="D", score=66.6, band="red", band_by_score="red")
HELD = score(score=68.0, band="yellow", band_by_score="red", band_cause="confirmation", band_pending="red")


def drawn(*rows: Score, language: Language = "zh-CN") -> Cell:
    return cell(drawing_of(*rows, language=language), rows[0], None, is_told=True)


def test_a_certain_complete_cell_is_a_mark_and_a_number() -> None:
    assert drawn(score(score=93.4)).css == "a"
    assert drawn(score(score=93.4)).text == "93"


@pytest.mark.parametrize("is_certain", [False, None])
def test_doubt_is_hollow(is_certain: bool | None) -> None:
    assert drawn(score(is_certain=is_certain)).css == "a o"


def test_grey_is_never_hollow() -> None:
    grey = score(band="insufficient", band_by_score="insufficient", is_certain=False, coverage=0.5)
    assert drawn(grey).css == "x"


def test_a_lid_stands_exactly_where_a_rule_set_the_colour() -> None:
    assert drawn(CAPPED).css == "c l"
    bands = ("green", "blue", "yellow", "red", "insufficient")
    for shown in bands:
        for by_score in bands:
            row = score(band=shown, band_by_score=by_score)
            assert has_lid(row) is (shown != by_score)
            assert ("l" in drawn(row).css.split()) is (shown != by_score)


def test_a_cell_without_a_row_or_a_known_band_has_no_colour() -> None:
    drawing = drawing_of()
    assert cell(drawing, None, None, is_told=True) == Cell("", "—")
    assert cell(drawing, score(band="violet", band_by_score="violet"), None, is_told=False).css == ""


def test_no_score_is_a_dash() -> None:
    empty = score(score=None, coverage=0.0, band="insufficient", band_by_score="insufficient")
    assert drawn(empty).text == "—"


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (("blue", 87.0), ("green", 90.0), "fell"),
        (("blue", 87.1), ("green", 90.0), ""),
        (("blue", 86.9999999), ("green", 90.0), "fell"),
        (("green", 93.0), ("blue", 86.0), "rose"),
        (("green", 99.0), ("green", 90.0), ""),
        (("insufficient", 80.0), ("green", 99.0), ""),
        (("green", 99.0), ("insufficient", 50.0), ""),
        # The colour fell by a rule while the score rose: the arrow follows the colour.
        (("yellow", 93.0), ("blue", 85.0), "fell"),
    ],
)
def test_an_arrow_needs_another_colour_and_three_points(
    now: tuple[str, float], before: tuple[str, float], expected: str
) -> None:
    rows = [score(band=band, score=value) for band, value in (now, before)]
    assert arrow(drawing_of().heat_map, rows[0], rows[1]) == expected


def test_without_a_quarter_before_there_is_no_arrow_and_no_change() -> None:
    assert arrow(drawing_of().heat_map, score(), None) == ""
    assert facts(drawing_of(), score(), None).change == ""


def test_quiet_cells_need_no_words() -> None:
    drawing = drawing_of()
    assert is_quiet(drawing, score())
    loud = [
        score(is_certain=False),
        score(coverage=0.99),
        score(band="yellow", band_by_score="yellow"),
        score(band="blue"),
        score(band="insufficient", band_by_score="insufficient"),
    ]
    assert not [row for row in loud if is_quiet(drawing, row)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", "86.4分；较上季−2.1；可能在78～91之间；覆盖75%"),
        ("en", "86.4; −2.1 on last quarter; could be 78 to 91; coverage 75%"),
    ],
)
def test_the_hover_sentence(language: Language, expected: str) -> None:
    drawing = drawing_of(language=language)
    now = score(
        score=86.4,
        score_low=78.2,
        score_high=91.3,
        is_certain=False,
        coverage=0.75,
        band_by_score="blue",
        band="blue",
    )
    assert sentence(drawing, facts(drawing, now, score(score=88.5))) == expected


def test_bounds_that_cannot_be_given_are_said_so() -> None:
    drawing = drawing_of()
    now = score(score_low=None, score_high=None, is_certain=None, coverage=0.9)
    assert facts(drawing, now, None).span == "可能的范围给不出"


def test_a_range_that_says_no_more_than_the_number_is_left_out() -> None:
    drawing = drawing_of()
    assert facts(drawing, score(score=95.1, score_low=95.0, score_high=95.2, coverage=0.99), None).span == ""


@pytest.mark.parametrize(
    ("rows", "short", "whole"),
    [
        ([CAPPED, RED], "D红封顶", "因“全面从严治党”为重点督办，总评封顶为预警"),
        (
            [score(band="yellow", band_by_score="green", band_cause="CAP3")],
            "严重情形封顶",
            "因有严重情形，总评封顶为预警",
        ),
        ([score(band="blue", band_cause="bound")], "缺数降色", "缺的数据按最差计会到预警区，降为一般关注"),
        (
            [score(band="red", band_by_score="insufficient", band_cause="bound", coverage=0.5)],
            "按最好计",
            "覆盖不足，但缺的数据全按最好计仍是重点督办",
        ),
        ([HELD], "", "人工确认前显示预警，确认后为重点督办"),
        (
            [score(score=86.6, band="blue", band_by_score="blue", band_pending="yellow")],
            "",
            "有严重情形待人工确认，确认后为预警",
        ),
        ([score(band="blue", band_cause="RULE9")], "按规则RULE9改定", "按规则RULE9改定"),
    ],
)
def test_every_lid_and_every_pending_colour_has_words(rows: list[Score], short: str, whole: str) -> None:
    drawing = drawing_of(*rows)
    assert short_cause(drawing.heat_map, drawing.words, rows[0]) == short
    assert causes(drawing.heat_map, drawing.words, rows[0]) == (whole,)


def test_a_cap_names_up_to_three_nodes() -> None:
    reds = [score(indicator=code, band_by_score="red", band="red") for code in "ABCD"]
    three, four = drawing_of(CAPPED, *reds[:3]), drawing_of(CAPPED, *reds)
    assert short_cause(three.heat_map, three.words, CAPPED) == "A、B、C红封顶"
    assert short_cause(four.heat_map, four.words, CAPPED) == "A等4项红封顶"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"score": None, "coverage": None}, "本季无应办事项"),
        ({"score": None, "coverage": 0.0}, "没有收到数据"),
        ({"coverage": 0.73}, "覆盖73%"),
        ({"coverage": 0.7999, "nothing_due_share": 0.9}, "覆盖79.9%"),
        ({"coverage": 1.0, "nothing_due_share": 0.6}, "多数无应办事项"),
    ],
)
def test_grey_says_why(values: dict[str, object], expected: str) -> None:
    grey = score(**{"band": "insufficient", "band_by_score": "insufficient", **values})
    drawing = drawing_of(grey)
    assert short_cause(drawing.heat_map, drawing.words, grey) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmed_grave_case_and_a_pending_red_are_both_told(language: Language) -> None:
    both = score(band="yellow", band_by_score="blue", band_cause="CAP1", band_pending="red")
    drawing = drawing_of(both, RED, language=language)
    assert len(causes(drawing.heat_map, drawing.words, both)) == 2
