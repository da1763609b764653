"""What the catalogue says of a new task, by hand: whose portfolio it is in, when it is due; and the table of states."""

import itertools
from datetime import date

import pytest

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.faults import CatalogueError
from orchestration.core.catalogue.models import Catalogue, Portfolio
from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.core.rectification import (
    OPEN_STATES,
    RECTIFICATION_ACTS,
    RECTIFICATION_STATES,
    RECTIFICATION_TRANSITIONS,
    SIDE_OF,
)
from orchestration.stewardship.rectification.terms import responsible_post, terms_of
from tests.unit.small_catalogue import SMALL

TODAY = date(2026, 9, 30)  # a Wednesday; the next day is a holiday


def portfolios(*rows: tuple[str, str | None, str | None]) -> Catalogue:
    """The small catalogue with these portfolios: post, unit, node."""
    found = tuple(
        Portfolio(institution="s1", post=post, unit=unit, indicator=node) for post, unit, node in rows
    )
    return parse_catalogue(SMALL).model_copy(update={"portfolios": found})


@pytest.mark.parametrize(
    ("rows", "post"),
    [
        ([("B2", None, None)], "B2"),
        ([("B1", None, None), ("B2", "U1", None)], "B2"),
        ([("B1", None, "X11"), ("B2", "U1", None)], "B2"),
        ([("B1", "U1", None), ("B2", "U1", "X1")], "B2"),
        ([("B1", "U1", "X1"), ("B2", "U1", "X11")], "B2"),
        ([("B1", None, "X"), ("B2", None, "X1")], "B2"),
        ([("B1", None, None), ("B2", None, "X")], "B2"),
        # What covers another unit or node, or only a part of it, does not cover this.
        ([("B1", "U2", "X11"), ("B2", None, None)], "B2"),
        ([("B1", "U1", "X2"), ("B2", None, None)], "B2"),
        ([("B1", "U2", None)], None),
        # Equally narrow: the first code.
        ([("B2", "U1", None), ("B1", "U1", None)], "B1"),
        ([], None),
    ],
)
def test_the_narrowest_portfolio_whatever_the_order(
    rows: list[tuple[str, str | None, str | None]], post: str | None
) -> None:
    for order in itertools.permutations(rows):
        found = responsible_post(portfolios(*order), "s1", "U1", "care", "X11", today=TODAY)
        assert found == post


def test_a_task_on_no_node_is_of_who_answers_for_all_of_the_unit() -> None:
    rows = portfolios(("B1", "U1", "X"), ("B2", None, None))
    assert responsible_post(rows, "s1", "U1", "care", None, today=TODAY) == "B2"
    assert responsible_post(rows, "s1", "U1", "care", "X", today=TODAY) == "B1"
    assert responsible_post(rows, "s2", "U1", "care", "X", today=TODAY) is None


def test_a_portfolio_that_is_over_or_not_begun_is_none() -> None:
    over = Portfolio(institution="s1", post="B1", valid_to="2026Q2")
    begun = Portfolio(institution="s1", post="B2", valid_from="2026Q4")
    rows = parse_catalogue(SMALL).model_copy(update={"portfolios": (over, begun)})
    assert responsible_post(rows, "s1", "U1", "care", "X", today=TODAY) is None
    assert responsible_post(rows, "s1", "U1", "care", "X", today=date(2026, 10, 8)) == "B2"


def test_a_deadline_counts_working_days_and_the_worst_colour_wants_a_consultation() -> None:
    small = parse_catalogue(SMALL)
    terms = terms_of(small, "poor", today=TODAY, calendar=WorkCalendar(small.calendar))
    assert terms is not None
    # 2 October is the first of fifteen: 2, 5-9, 12-16, 19-22.
    assert (terms.due_on, terms.needs_consultation) == (date(2026, 10, 22), True)
    good = terms_of(small, "good", today=TODAY, calendar=WorkCalendar(()))
    assert good is not None
    assert (good.due_on, good.needs_consultation) == (None, False)
    assert terms_of(small, "insufficient", today=TODAY, calendar=WorkCalendar(())) is None


def test_every_open_state_leads_on_and_a_struck_off_task_nowhere() -> None:
    assert {state for state, _ in RECTIFICATION_TRANSITIONS} == set(OPEN_STATES)
    assert {act for _, act in RECTIFICATION_TRANSITIONS} == set(RECTIFICATION_ACTS)
    assert set(RECTIFICATION_TRANSITIONS.values()) | {"assigned"} == set(RECTIFICATION_STATES)
    assert set(SIDE_OF) == set(RECTIFICATION_ACTS) - {"raise"}


MODES = "code,name_zh,name_en,sort\nday,日常监督,Day-to-day,1\n"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("day,专项监督,Special,2\n", "key_twice"),
        ("other,日常监督,Special,2\n", "mode_name_twice"),
        ("other,专项监督,day-TO-day,2\n", "mode_name_twice"),
        ("other,,Special,2\n", "cell_blank"),
    ],
)
def test_modes_of_supervision_have_a_code_and_names_of_their_own(more: str, reason: str) -> None:
    assert len(parse_catalogue(SMALL | {"supervision_modes": MODES}).supervision_modes) == 1
    with pytest.raises(CatalogueError) as broken:
        parse_catalogue(SMALL | {"supervision_modes": MODES + more})
    assert [fault.reason_key for fault in broken.value.faults] == [reason]
