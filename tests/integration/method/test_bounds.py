"""What a cell may do to a score: raise it when it rises, and stay within the bounds whatever it turns out to be."""

import random
from dataclasses import replace

import pytest

from tests.integration.method.batch import Scored, score
from tests.integration.method.case import Case, CellKey
from tests.integration.method.compare import report
from tests.integration.method.moves import End, mover
from tests.integration.method.strategies import cases, generate
from tests.integration.method.strategies_items import ABSOLUTE
from tests.integration.scored import Scoring

CASES, TURNS = 16, 3
CLOSE = 1e-9
OPEN = ("missing", "under_review")
BATCH = "-b"


@pytest.fixture(scope="module")
def drawn() -> list[Case]:
    return generate(CASES, cases(ABSOLUTE))


@pytest.fixture(scope="module")
def plain(scoring: Scoring, drawn: list[Case]) -> list[Scored]:
    return score(scoring, drawn, BATCH)


def cells_by_state(one: Scored, states: tuple[str, ...]) -> list[CellKey]:
    """The cells whose state the warehouse calls one of these, under the case's own names."""
    back = {school: "§" + school[1:].removesuffix(BATCH) for school in one.case.institutions}
    return [
        (back[school], framework, back.get(subject, subject), item)
        for (school, framework, _, subject, item), row in one.items.items()
        if row["state"] in states
    ]


def moved(case: Case, one: Scored, keys: list[CellKey], end: End, seed: int = 0) -> Case:
    """The case with these cells at that end, none of them objected to, from departments that delivered."""
    move, dice, cells = mover(one.case), random.Random(seed), dict(case.cells)
    for key in keys:
        cells[key] = move(key[3], cells.get(key, (None, None, None)), end, dice)
    due = {row["code"]: row["department"] for row in one.case.valid()["items"]}
    told = {(key[0], due[key[3]]) for key in keys}
    decisions = {key: value for key, value in case.decisions.items() if key not in keys}
    return replace(case, cells=cells, decisions=decisions, silent=case.silent - told)


def test_a_score_rises_with_each_of_its_items(
    scoring: Scoring, drawn: list[Case], plain: list[Scored]
) -> None:
    """Each unit's one item or another is moved to its best, or all to their worst: all others stay."""
    turns: list[tuple[Scored, Case, int]] = []
    for case, one in zip(drawn, plain, strict=True):
        own: dict[tuple[str, ...], list[CellKey]] = {}
        for key in cells_by_state(one, ("reported",)):
            own.setdefault(key[:3], []).append(key)
        for turn in range(TURNS):
            one_each = [keys[(turn * 7 + place) % len(keys)] for place, keys in enumerate(own.values())]
            turns.append((one, moved(case, one, one_each, turn % 2), 1 if turn % 2 else -1))
    changed = 0
    found = score(scoring, [case for _, case, _ in turns], BATCH, first=CASES)
    for (before, _, sign), after in zip(turns, found, strict=True):
        for key, row in after.nodes.items():
            was = before.nodes[key]["score"]
            assert (row["score"] is None) == (was is None), report(after, [str(key)])
            if was is not None:
                assert sign * (row["score"] - was) >= -CLOSE, report(
                    after, [f"{key}: {was!r}, {row['score']!r}"]
                )
                changed += abs(row["score"] - was) > CLOSE
    assert changed > 20 * CASES


def test_whatever_is_missing_turns_out_within_the_bounds(
    scoring: Scoring, drawn: list[Case], plain: list[Scored]
) -> None:
    """All missing cells of a case at their worst, at their best, and drawn at random."""
    ends: list[End] = [0, 1, 0.5, 0.5]
    completed = [
        moved(case, one, cells_by_state(one, OPEN), end, seed)
        for seed, end in enumerate(ends)
        for case, one in zip(drawn, plain, strict=True)
    ]
    found = score(scoring, completed, BATCH, first=CASES * (1 + TURNS))
    inside = apart = 0
    for place, after in enumerate(found):
        before = plain[place % CASES]
        assert not cells_by_state(after, OPEN)
        for key, row in after.nodes.items():
            low, high = before.nodes[key]["score_low"], before.nodes[key]["score_high"]
            assert (row["score"] is None) == (low is None), report(after, [str(key)])
            if low is not None:
                text = f"{key}: {low!r} to {high!r}, and then {row['score']!r}"
                assert low - CLOSE <= row["score"] <= high + CLOSE, report(before, [text])
                if ends[place // CASES] == 1:
                    assert abs(row["score"] - high) <= CLOSE, report(before, ["at best " + text])
                inside, apart = inside + 1, apart + (high - low > 1)
    assert apart > inside / 10
