"""Numbers on the page: never on the wrong side of a threshold, true signs, absent is a dash."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.publishing.look.bands import INK, WHITE, band_styles, contrast, css_string, text_on
from orchestration.publishing.look.numbers import change, exact, percent, places, shown, signed
from tests.unit.heat_map_rows import band

BANDS = (90.0, 80.0, 70.0, 0.0)
scores = st.floats(0, 100)
edges = st.lists(st.integers(0, 10_000_000).map(lambda n: n / 100_000), max_size=5).map(tuple)


def side(value: Decimal, thresholds: tuple[float, ...]) -> int:
    return sum(exact(threshold) <= value for threshold in thresholds)


@given(scores, edges, st.integers(0, 2))
@example(79.9999996, (80.0,), 1)
@example(72.5, (72.5,), 0)
@example(79.46, (79.45,), 0)
def test_no_number_crosses_a_threshold(score: float, thresholds: tuple[float, ...], decimals: int) -> None:
    drawn = Decimal(shown(score, decimals, thresholds))
    assert side(drawn, thresholds) == side(exact(score), thresholds)


@given(scores, edges, st.integers(0, 2))
def test_no_spreadsheet_number_crosses_a_threshold(
    score: float, thresholds: tuple[float, ...], decimals: int
) -> None:
    """A spreadsheet rounds half up to the decimals of the number format."""
    drawn = Decimal(f"{exact(score):f}").quantize(
        Decimal(1).scaleb(-places(score, decimals, thresholds)), "ROUND_HALF_UP"
    )
    assert side(drawn, thresholds) == side(exact(score), thresholds)


@given(scores)
def test_far_from_thresholds_only_the_asked_decimals_stand(score: float) -> None:
    assert "." not in shown(score, 0)
    assert len(shown(score, 1).partition(".")[2]) == 1


@pytest.mark.parametrize(
    ("score", "decimals", "expected"),
    [
        (79.6, 0, "79.6"),
        (79.97, 0, "79.9"),
        (79.97, 1, "79.9"),
        (79.4, 0, "79"),
        (80.0, 0, "80"),
        (80.04, 1, "80.0"),
        (79.9999996, 1, "80.0"),
        (89.95, 1, "89.9"),
        (100.00000000000006, 0, "100"),
        (86.85, 1, "86.9"),
        (-1.25, 1, "−1.3"),
        (None, 1, "—"),
    ],
)
def test_scores(score: float | None, decimals: int, expected: str) -> None:
    assert shown(score, decimals, BANDS) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (86.3, 82.4, "+3.9"),
        (82.4, 86.3, "−3.9"),
        (86.34, 86.3, "±0"),
        (86.3, 86.34, "±0"),
        (86.3, None, "—"),
        (None, 1.0, "—"),
    ],
)
def test_changes(now: float | None, before: float | None, expected: str) -> None:
    assert signed(change(now, before)) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.75, "75%"), (0.796, "79.6%"), (0.7999996, "80%"), (0.9999, "99.9%"), (1.0, "100%"), (None, "—")],
)
def test_shares_cross_neither_the_least_coverage_nor_all(share: float | None, expected: str) -> None:
    assert percent(share, (0.8,)) == expected


def test_text_on_a_fill_is_whichever_contrasts_more() -> None:
    assert text_on("#DEF3E3") == INK
    assert text_on("#A81C10") == WHITE
    assert contrast("#A81C10", WHITE) == pytest.approx(7.4, abs=0.05)
    assert contrast("#EFB700", INK) == pytest.approx(9.0, abs=0.05)


def test_hollow_marks_are_the_twins_of_solid_ones_and_others_are_outlined() -> None:
    styles = band_styles([band("a", 1, 50.0, mark="◆"), band("b", 2, 0.0, mark="✚"), band("c", 9, None)])
    assert (styles["a"].hollow, styles["a"].has_hollow_twin) == ("◇", True)
    assert (styles["b"].hollow, styles["b"].has_hollow_twin) == ("✚", False)
    assert [style.css for style in styles.values()] == ["a", "b", "x"]


def test_any_number_of_bands_has_distinct_classes() -> None:
    many = [band(f"n{rank}", rank, 100.0 - rank) for rank in range(1, 60)]
    assert len({style.css for style in band_styles(many).values()}) == 59


def test_a_fill_that_is_no_colour_is_white() -> None:
    assert band_styles([band("a", 1, 0.0, hex="red;}body{display:none")])["a"].fill == WHITE


def test_a_css_string_ends_neither_itself_nor_the_style_element() -> None:
    hostile = css_string('"</style><script>\\"\n')
    assert hostile.startswith('"')
    assert hostile.endswith('"')
    assert not set(hostile[1:-1]) & set('"<>/\n')
