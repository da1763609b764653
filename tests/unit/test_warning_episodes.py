"""The fold of causes into episodes: by hand, and the same ledger whatever was evaluated first, or twice."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.core.quarters import quarters_between
from orchestration.stewardship.warnings.episodes import Episode, Evaluated, Standing, episodes, steps

YEARS = quarters_between("2025Q1", "2026Q4")


@dataclass
class Ledger:
    """Rows of one fingerprint, kept as the warehouse keeps them: found causes by quarter, rows by number."""

    evaluated: dict[str, bool] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    rows: dict[int, Standing] = field(default_factory=dict)

    def evaluate(self, quarter: str, mark: str) -> None:
        """`x` the cause was found, `-` it was not, `?` it was not, and the quarter is not settled."""
        self.evaluated[quarter] = mark != "?"
        self.found = self.found - {quarter} | ({quarter} if mark == "x" else set())
        told = episodes((Evaluated(*one) for one in self.evaluated.items()), self.found)
        for row, episode in list(steps(told, self.rows.values())):
            number = row.number if row else len(self.rows) + 1
            if episode is None:
                self.rows[number] = row._replace(is_open=False)
            else:
                self.rows[number] = Standing(number, *episode)

    def content(self) -> list[tuple[str, str, bool]]:
        return sorted(row[1:] for row in self.rows.values())


def by_hand(marks: str) -> list[Episode]:
    """By another method: the marks as one text, unsettled quarters left out, split where there is no cause."""
    told, begin = [], 0
    known = [(quarter, mark) for quarter, mark in zip(YEARS, marks, strict=False) if mark in "x-"]
    text = "".join(mark for _, mark in known) + "|"
    for place, mark in enumerate(text):
        if mark != "x":
            if place > begin:
                told.append(Episode(known[begin][0], known[place - 1][0], mark == "|"))
            begin = place + 1
    return told


marks = st.text("x-?", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ("x", [("2025Q1", "2025Q1", True)]),
        ("xx-", [("2025Q1", "2025Q2", False)]),
        ("x-x", [("2025Q1", "2025Q1", False), ("2025Q3", "2025Q3", True)]),
        ("x?", [("2025Q1", "2025Q1", True)]),
        ("x?x-", [("2025Q1", "2025Q3", False)]),
        ("-?", []),
    ],
)
def test_episodes_by_hand(marks: str, told: list[tuple[str, str, bool]]) -> None:
    evaluated = [Evaluated(quarter, mark != "?") for quarter, mark in zip(YEARS, marks, strict=False)]
    found = {quarter for quarter, mark in zip(YEARS, marks, strict=False) if mark == "x"}
    assert episodes(evaluated, found) == told == by_hand(marks)


@settings(max_examples=400, deadline=None)
@given(marks, st.data())
def test_any_order_and_repeats_give_the_same_ledger(marks: str, data: st.DataObject) -> None:
    quarters = list(zip(YEARS, marks, strict=False))
    order = data.draw(st.permutations(quarters)) + data.draw(st.lists(st.sampled_from(quarters)))
    ledger = Ledger()
    for quarter, mark in order:
        ledger.evaluate(quarter, mark)
        assert sum(row.is_open for row in ledger.rows.values()) <= 1
    assert ledger.content() == sorted(by_hand(marks))


@settings(max_examples=400, deadline=None)
@given(marks, st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from("x-?")), max_size=20))
def test_corrections_end_rows_and_delete_none(marks: str, corrections: list[tuple[str, str]]) -> None:
    """However often files are corrected: what holds is in the ledger once, and at most one row has not ended."""
    ledger, now = Ledger(), dict[str, str]()
    for quarter, mark in [*zip(YEARS, marks, strict=False), *corrections]:
        numbers = set(ledger.rows)
        now[quarter] = mark
        ledger.evaluate(quarter, mark)
        holds = by_hand("".join(now.get(one, "?") for one in YEARS))
        assert numbers <= set(ledger.rows)
        assert [one for one in ledger.content() if one[2]] == [one for one in holds if one.is_open]
        assert set(holds) <= {Episode(*one) for one in ledger.content()}


def test_the_open_row_keeps_its_number_when_an_episode_is_split() -> None:
    ledger = Ledger()
    for quarter in YEARS[:3]:
        ledger.evaluate(quarter, "x")
    (number,) = ledger.rows
    ledger.evaluate(YEARS[1], "-")
    assert ledger.rows[number] == Standing(number, YEARS[2], YEARS[2], True)
    assert len(ledger.rows) == 2


def test_a_cause_that_returns_to_its_quarter_goes_on_in_its_row() -> None:
    ledger = Ledger()
    for mark in "x-x-x":
        ledger.evaluate(YEARS[0], mark)
    assert ledger.content() == [(YEARS[0], YEARS[0], True)]
