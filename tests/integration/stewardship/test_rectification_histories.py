"""120 random histories of the ledger of rectification: the product does what an independent model says.

A history is one transaction that is rolled back; half of the acts are bare inserts, so that the database alone judges.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from psycopg.errors import InsufficientPrivilege

from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.rectification import acts, consultations, extensions
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from tests.integration.stewardship.desk import PERSONS
from tests.integration.stewardship.ledger import WARNING, colours, opened, step
from tests.integration.stewardship.rectification_model import DAYS, FROM, Task, due

RANKS = {3: "amber", 4: "grave"}
NODES = ["X11", "X2"]
persons = st.sampled_from(["clerk", "clerk", "second_clerk", "officer", "officer", *sorted(PERSONS)])
nodes = st.sampled_from(NODES)


class Ledger(RuleBasedStateMachine):
    """One history; all are on one connection."""

    conn: psycopg.Connection[Any]
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 9, 25)  # a holiday is ahead
        self.tasks: dict[int, Task] = {}  # by number; struck-off ones stay
        self.linked: dict[tuple[str, int], int] = {}  # (node, turn) of a warning → its task
        self.turn = 0
        self.entries_before = self._count()

    def teardown(self) -> None:
        try:
            self._check_history()
        finally:
            self.conn.rollback()

    @initialize(rank=st.sampled_from([3, 4]))
    def begin(self, rank: int) -> None:
        self.warn("X11", rank, again=False)

    @rule(node=nodes, rank=st.sampled_from([3, 3, 4]), again=st.booleans())
    def warn(self, node: str, rank: int, again: bool) -> None:
        """A new warning, or one that stood before, perhaps graver now."""
        known = [key for key in self.linked if key[0] == node]
        if not (again and known):
            self.turn += 1
        key = known[-1] if again and known else (node, self.turn)
        warning = replace(
            WARNING, id=key[1], indicator=node, severity=RANKS[rank], rectification=self.linked.get(key)
        )
        found = opened(self.conn, warning, today=self.today)[key[1]]
        open_one = [number for number in self._of(node) if self.tasks[number].state != "struck_off"]
        if key in self.linked:
            assert found == self.linked[key], "a warning keeps its task"
            self.tasks[found].warn(rank, self.today)
        elif open_one:
            assert [found] == open_one, "one open task a unit and node"
            self.tasks[found].warn(rank, self.today)
        else:
            assert found not in self.tasks
            self.tasks[found] = Task(rank, due(self.today, rank))
        self.linked[key] = found

    @rule(
        act=st.sampled_from([*FROM, "recheck", "strike", "submit", "start"]), person=persons, node=nodes,
        later=st.sampled_from([-3, 0, 1, 10, 40]), bare=st.booleans(),
    )  # fmt: skip
    def act(self, act: str, person: str, node: str, later: int, bare: bool) -> None:
        numbers = self._of(node)
        if not numbers:
            return
        number = numbers[-1]
        until = self.tasks[number].due_on + timedelta(days=later)
        asked = self.tasks[number].asked
        is_done = self.tasks[number].do(act, person, self.today, until)
        if bare:
            self._agree(
                is_done, InsufficientPrivilege, lambda: self._insert(act, person, number, until, asked)
            )
        else:
            self._agree(is_done, StewardshipError, lambda: self._do(act, person, number, until))

    @rule(node=nodes, judge=st.sampled_from(["officer", "second_officer", "other_ward"]), bare=st.booleans())
    def go_on(self, node: str, judge: str, bare: bool) -> None:
        """The next act on a task's way by somebody who may mostly do it, so that histories go far."""
        numbers = self._of(node)
        forward = {"submitted": "recheck", "rechecked": "strike", "assigned": "start"}
        act = forward.get(self.tasks[numbers[-1]].state if numbers else "", "submit")
        if act == "strike" and self.tasks[numbers[-1]].rank == 4:
            self.act("consult", judge, node, 0, bare)
        self.act(act, "clerk" if act in ("start", "submit") else judge, node, 0, bare)

    @rule(
        node=nodes, days=st.sampled_from([0, 1, 9]), decides=st.sampled_from(["approve", "refuse", "return"]),
        bare=st.booleans(),
    )  # fmt: skip
    def ask_and_decide(self, node: str, days: int, decides: str, bare: bool) -> None:
        """By those who mostly may: a later deadline, decided some days after; or what was submitted, returned."""
        self.act("extend", "clerk", node, 10, bare)
        self.today += timedelta(days=days)
        self.act(decides, "officer", node, 0, bare)

    @rule(days=st.sampled_from([0, 1, 2, 9]))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @invariant()
    def the_ledger_is_the_model_s(self) -> None:
        rows = self.conn.execute(
            "select id, state, severity_rank, due_on, consultations, extensions, asked_due_on, rechecked_by"
            " from quality.rectification where id = any(%s)",
            [list(self.tasks)],
        ).fetchall()
        assert {row[0]: row[1:] for row in rows} == {
            number: (
                task.state, task.rank, task.due_on, task.consultations, task.extensions,
                task.asked[1] if task.asked else None, task.rechecked_by,
            )
            for number, task in self.tasks.items()
        }  # fmt: skip

    def _check_history(self) -> None:
        """Every step once, in the order it was done; nobody struck off what they submitted or re-checked."""
        assert log.verify(self.conn).broken is None
        for number, task in self.tasks.items():
            rows = self.conn.execute(
                "select act, person, from_state, to_state from quality.rectification_step"
                " where rectification = %s order by id",
                [number],
            ).fetchall()
            assert [act for act, *_ in rows] == task.steps
            self.done.update(task.steps)
            for before, after in pairwise(rows):
                assert before[3] == after[2]
            assert rows[-1][3] == task.state
            if task.state == "struck_off":
                assert rows[-1][1] not in {person for act, person, *_ in rows[:-1] if act == "submit"}

    def _of(self, node: str) -> list[int]:
        return sorted({number for key, number in self.linked.items() if key[0] == node})

    def _do(self, act: str, person: str, number: int, until: date) -> None:
        conn, today = self.conn, self.today
        {
            "start": lambda: acts.start(conn, person, number, today=today),
            "submit": lambda: acts.submit(conn, person, number, "No. 1", today, today=today),
            "recheck": lambda: acts.recheck(conn, person, number, today=today),
            "strike": lambda: acts.strike(conn, person, number, today=today),
            "return": lambda: acts.hand_back(conn, person, number, "why", today=today),
            "extend": lambda: extensions.extend(conn, person, number, until, "why", today=today),
            "approve": lambda: extensions.approve(conn, person, number, today=today),
            "refuse": lambda: extensions.refuse(conn, person, number, "why", today=today),
            "consult": lambda: consultations.consult(
                conn, person, number, today, ["U3", "U4"], "…", catalogue=colours(), today=today
            ),
        }[act]()

    def _insert(
        self, act: str, person: str, number: int, until: date, asked: tuple[str, date] | None
    ) -> None:
        said: dict[str, dict[str, object]] = {
            "submit": {"document": "No. 1", "document_on": self.today},
            "return": {"note": "why"},
            "extend": {"due_on": until, "note": "why"},
            "approve": {"due_on": asked[1] if asked else until},
            "refuse": {"note": "why"},
            "consult": {"held_on": self.today, "units": ["U3", "U4"], "conclusion": "…"},
        }
        step(self.conn, number, act=act, person=person, done_on=self.today, **said.get(act, {}))

    def _agree(self, is_done: bool, error: type[Exception], act: Callable[[], object]) -> None:
        """The act is done where the model did it; else it is refused and writes nothing."""
        if is_done:
            act()
            return
        before = self._count()
        with pytest.raises(error), self.conn.transaction():
            act()
        assert self._count() == before

    def _count(self) -> tuple[int, int]:
        row = self.conn.execute(
            "select (select count(*) from quality.rectification_step),"
            " (select count(*) from audit.entry where object_kind = 'rectification')"
        ).fetchone()
        assert row
        return row


def test_the_model_s_days_are_the_ledger_s(conn: psycopg.Connection) -> None:
    """Five working days from the Friday before the holiday end a day later than without it."""
    assert {rank: due(date(2026, 9, 25), rank).isoformat() for rank in DAYS} == {
        3: "2026-10-05",
        4: "2026-09-29",
    }


def test_random_histories(settled: Warehouse) -> None:
    """Histories until each act was done in one of them, 60 at least."""
    acts_and_more = {"open", "raise", *FROM}
    with settled.connect() as conn:
        Ledger.conn, Ledger.done = conn, Counter()
        for rounds in range(10):
            if rounds and set(Ledger.done) == acts_and_more:
                break
            run_state_machine_as_test(
                Ledger,
                settings=settings(
                    max_examples=60,
                    stateful_step_count=24,
                    deadline=None,
                    database=None,
                    phases=[
                        Phase.generate
                    ],  # a history is short enough to read, and shrinking one takes minutes
                    suppress_health_check=list(HealthCheck),
                ),
            )
    assert set(Ledger.done) == acts_and_more, Ledger.done
