"""200 random histories: files come, persons act, time passes; the product does what an independent model says.

A history is one transaction that is rolled back. Files are lists of faults here: reading them is tested elsewhere.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orchestration.intake.frames.spots import Spot
from orchestration.intake.issues.issue import Fault
from orchestration.intake.issues.noting import Noting
from orchestration.stewardship import claims, gate, issues, objections, upkeep, waivers
from orchestration.stewardship.errors import StewardshipError
from orchestration.warehouse import log
from orchestration.warehouse.connections import Warehouse
from tests.integration.intake.deliveries import widened
from tests.integration.stewardship.desk import PERSONS, SCHOOL, a_submission, calendar
from tests.integration.stewardship.model import SEVERITY, Issue, Key, Model, Objection

PLAIN = widened()
WARDS_CELL = ("care", "U1", "I1")
FAULTS = ["no_header", "not_a_number", "unknown_column"]
departments = st.sampled_from(["money", "money", "safety"])
quarters = st.sampled_from(["2026Q3", "2026Q4"])
# Half of the time somebody who has most rights, so that histories go far.
persons = st.one_of(st.just("officer"), st.sampled_from(sorted(PERSONS)))
# Mostly one fault or none, so that they come, go and return.
files = st.sampled_from([[], [], ["not_a_number"], ["not_a_number"], ["no_header"], FAULTS[1:], FAULTS])
choices = st.integers(0, 1000)


class History(RuleBasedStateMachine):
    """One history; all are on one connection, which need not plan its statements for each anew."""

    conn: psycopg.Connection[Any]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.objected: dict[str, int] = {}
        self.had: dict[int, tuple[bool, frozenset[str]]] = {}
        self.entries_before = self._count()

    def teardown(self) -> None:
        try:
            self._check_history()
        finally:
            self.conn.rollback()

    @rule(
        department=departments,
        quarter=quarters,
        faults=st.sets(st.sampled_from(FAULTS)),
        corrects=st.booleans(),
    )
    def submit_a_file(self, department: str, quarter: str, faults: list[str], corrects: bool) -> None:
        self.submit(department, quarter, list(faults), corrects)

    def submit(self, department: str, quarter: str, rules: list[str], corrects: bool) -> None:
        is_accepted = self.model.submit(department, quarter, rules, corrects)
        submission = a_submission(self.conn, department, "accepted" if is_accepted else "refused", quarter)
        self.had[submission] = (is_accepted, frozenset(rules))
        self._observe(submission, department, quarter, 7 if corrects else 6)
        noting = Noting(self.conn, PLAIN, (SCHOOL, quarter, department), self.model.today)
        found = [Fault(name, SEVERITY[name], "intake.not_a_number", spot(name), False) for name in rules]
        _, entries = noting.submission(submission, found, accepted=is_accepted)
        taken = log.Entry(log.SYSTEM, "submission.accepted", SCHOOL, quarter, "submission", str(submission))
        log.append(self.conn, [taken, *entries])

    @precondition(lambda self: self._repeatable())
    @rule(choice=choices, quarter=quarters)
    def submit_a_known_fault(self, choice: int, quarter: str) -> None:
        """Where it is, or where its like was, so that faults return and waivers are carried over."""
        known = self._repeatable()
        department, _, name = known[choice % len(known)]
        self.submit(department, quarter, [name], corrects=False)

    @rule(department=departments, quarter=quarters)
    def look_for_a_file_in_vain(self, department: str, quarter: str) -> None:
        if (department, quarter) not in self.model.delivered:
            self.model.absent(department, quarter)
            noting = Noting(self.conn, PLAIN, (SCHOOL, quarter, department), self.model.today)
            log.append(self.conn, noting.absence())

    @precondition(lambda self: self.model.issues)
    @rule(act=st.sampled_from(["acknowledge", "return", "reject", "reopen"]), person=persons, choice=choices)
    def act(self, act: str, person: str, choice: int) -> None:
        issue, number = self._pick(choice)
        done = {
            "acknowledge": lambda: issues.acknowledge(self.conn, person, number),
            "return": lambda: issues.hand_back(self.conn, person, number),
            "reject": lambda: issues.reject(self.conn, person, number, "why"),
            "reopen": lambda: issues.reopen(
                self.conn, person, number, "why", today=self.model.today, calendar=calendar()
            ),
        }[act]
        self._agree(self.model.act(act, person, issue), done)

    @precondition(lambda self: self.model.issues)
    @rule(person=persons, choice=choices, last=st.sampled_from(["2026Q3", "2026Q4", "2027Q1"]))
    def ask_for_a_waiver(self, person: str, choice: int, last: str) -> None:
        issue, number = self._pick(choice)
        self._agree(
            self.model.ask(person, issue, last),
            lambda: waivers.ask_waiver(
                self.conn, person, number, "other", "why", last, today=self.model.today
            ),
        )

    @precondition(lambda self: self.model.issues)
    @rule(choice=choices, last=st.sampled_from(["2026Q4", "2027Q1"]))
    def waive(self, choice: int, last: str) -> None:
        """By those who may, so that waivers are common."""
        issue, number = self._pick(choice)
        by, second = ("clerk", "officer") if issue.key[0] == "money" else ("safety_clerk", "other_ward")
        today = self.model.today
        self._agree(
            self.model.ask(by, issue, last),
            lambda: waivers.ask_waiver(self.conn, by, number, "other", "why", last, today=today),
        )
        self._agree(
            self.model.decide(second, issue, approves=True),
            lambda: claims.approve(self.conn, second, number),
        )

    @precondition(lambda self: any(issue.request for issue in self.model.issues.values()))
    @rule(person=persons, choice=choices, approves=st.booleans())
    def decide_on_a_waiver(self, person: str, choice: int, approves: bool) -> None:
        asked = [issue for issue in self.model.issues.values() if issue.request]
        issue = asked[choice % len(asked)]
        number = self._number(issue)
        self._agree(
            self.model.decide(person, issue, approves),
            lambda: (
                claims.approve(self.conn, person, number)
                if approves
                else claims.refuse(self.conn, person, number, "why")
            ),
        )

    @rule(days=st.sampled_from([0, 4, 30, 75]), keeps_up=st.booleans())
    def time_passes(self, days: int, keeps_up: bool) -> None:
        self.model.today += timedelta(days=days)
        if keeps_up:
            self.model.upkeep()
            upkeep.upkeep(self.conn, self.model.today, calendar())

    @precondition(lambda self: any(department == "money" for department, _ in self.model.accepted))
    @rule(person=st.sampled_from(["ward", "second_ward"]), quarter=quarters)
    def object_to_a_value(self, person: str, quarter: str) -> None:
        """Written straight: raising one wants a scored version, which is tested elsewhere."""
        if quarter in self.model.objections or ("money", quarter) not in self.model.accepted:
            return
        self.model.objections[quarter] = Objection(person)
        cell = (SCHOOL, quarter, *WARDS_CELL)
        self.objected[quarter] = self.conn.execute(
            "insert into quality.objection (institution, quarter, framework, subject_code, item, unit, department,"
            " reason, raised_by, due_on, value, submission) values (%s, %s, %s, %s, %s, 'U1', 'money', 'why', %s,"
            " '2026-12-01', 6, %s) returning id",
            [*cell, person, min(self.had)],
        ).fetchone()[0]
        self.conn.execute(
            "insert into quality.cell_decision (institution, quarter, framework, subject_code, item, decision,"
            " objection) values (%s, %s, %s, %s, %s, 'under_review', %s)",
            [*cell, self.objected[quarter]],
        )

    @precondition(lambda self: self.model.objections)
    @rule(person=persons, quarter=quarters, verdict=st.sampled_from(["upheld", "dismissed", "withdrawn"]))
    def settle_an_objection(self, person: str, quarter: str, verdict: str) -> None:
        if quarter not in self.model.objections:
            return
        number = self.objected[quarter]
        self._agree(
            self.model.settle(person, quarter, verdict),
            lambda: (
                objections.withdraw_objection(self.conn, person, number)
                if verdict == "withdrawn"
                else objections.decide_objection(
                    self.conn, person, number, verdict, "why", catalogue=PLAIN, today=self.model.today
                )
            ),
        )

    @invariant()
    def the_states_are_the_model_s(self) -> None:
        rows = self.conn.execute(
            "select department, quarter, rule, state, due_on, escalated_at is not null from quality.issue"
        ).fetchall()
        found = {row[:3]: row[3:] for row in rows}
        assert len(found) == len(rows)  # no twins
        assert found == {
            key: (issue.state, issue.due_on, issue.escalated) for key, issue in self.model.issues.items()
        }

    @invariant()
    def the_gate_is_open_exactly_when_the_rules_say(self) -> None:
        for quarter in ("2026Q3", "2026Q4"):
            found = gate.publication_gate(self.conn, PLAIN, SCHOOL, quarter, today=self.model.today)
            assert found.is_open == self.model.is_open(quarter), quarter

    def _check_history(self) -> None:
        """Every event once, the chain whole, `fixed` only by a file that was accepted and lacks the fault."""
        chain = log.verify(self.conn)
        assert chain.broken is None
        told = sum(len(issue.events) for issue in self.model.issues.values())
        assert chain.length - self.entries_before == told + self.model.others
        for issue in self.model.issues.values():
            rows = self.conn.execute(
                "select action, content::json ->> 'from', content::json ->> 'to', content::json ->> 'submission'"
                " from audit.entry where object_kind = 'issue' and object_id = %s order by number",
                [str(self._number(issue))],
            ).fetchall()
            assert [action.removeprefix("issue.") for action, *_ in rows] == issue.events
            state = None
            for action, before, to, submission in rows:
                assert before in (state, None)
                state = to or state
                if action == "issue.fixed":
                    is_accepted, had = self.had[int(submission)]
                    assert is_accepted
                    assert issue.key[2] not in had
            assert state == issue.state

    @staticmethod
    def _objection(person: str):
        from tests.integration.stewardship.model import Objection

        return Objection(person)

    def _repeatable(self) -> list[Key]:
        return [key for key in self.model.issues if key[2] in FAULTS]

    def _agree(self, is_done: bool, act: Callable[[], object]) -> None:
        """The act is done where the model did it; else it is refused with a sentence, and writes nothing."""
        if is_done:
            act()
            return
        before = self._count()
        with pytest.raises(StewardshipError) as refused, self.conn.transaction():
            act()
        assert refused.value.sentence("zh-CN").endswith("。")
        assert self._count() == before

    def _pick(self, choice: int) -> tuple[Issue, int]:
        issue = list(self.model.issues.values())[choice % len(self.model.issues)]
        return issue, self._number(issue)

    def _number(self, issue: Issue) -> int:
        row = self.conn.execute(
            "select id from quality.issue where (department, quarter, rule) = (%s, %s, %s)", issue.key
        ).fetchone()
        return row[0]

    def _count(self) -> int:
        return self.conn.execute("select coalesce(max(number), 0) from audit.entry").fetchone()[0]

    def _observe(self, submission: int, department: str, quarter: str, value: int) -> None:
        self.conn.execute(
            "insert into raw.observation (quarter, submission, institution, department, framework, subject_kind,"
            " subject_code, item, value, source_file, source_cell) values (%s, %s, %s, %s, %s, 'unit', %s, %s, %s,"
            " 'f', 'B2')",
            [quarter, submission, SCHOOL, department, *WARDS_CELL, value],
        )


def spot(rule_name: str) -> Spot:
    return Spot("f.xlsx", "care", "B3", framework="care", subject="U1", item=rule_name, found="=x\x1b")


def test_two_hundred_random_histories(settled: Warehouse) -> None:
    with settled.connect() as conn:
        for quarter in ("2026Q3", "2026Q4"):
            conn.execute("select ops.open_quarter(%s)", [quarter])
        conn.commit()
        History.conn = conn
        run_state_machine_as_test(
            History,
            settings=settings(
                max_examples=200,
                stateful_step_count=24,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # a history is short enough to read, and shrinking one takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
