"""What the rules of rectification say happens, in plain values: held against the product by the stateful test.

Written from the issue's text alone; it imports nothing that decides anything.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.integration.stewardship.desk import PERSONS

UNIT, HOLIDAYS = "U3", {date(2026, 10, 1)}
# Working days of a colour that alarms, by rank.
DAYS = {3: 5, 4: 2}
OPEN = {"assigned", "in_progress", "submitted", "rechecked", "returned"}
FROM = {
    "start": {"assigned", "returned"},
    "submit": {"in_progress", "returned"},
    "recheck": {"submitted"},
    "strike": {"rechecked"},
    "return": {"submitted", "rechecked"},
    "extend": OPEN,
    "approve": OPEN,
    "refuse": OPEN,
    "consult": OPEN,
}
TO = {
    "start": "in_progress", "submit": "submitted", "recheck": "rechecked", "strike": "struck_off", "return": "returned",
}  # fmt: skip


def due(today: date, rank: int) -> date:
    left = DAYS[rank]
    while left:
        today += timedelta(days=1)
        left -= today.weekday() < 5 and today not in HOLIDAYS
    return today


@dataclass
class Task:
    """One task: where it stands, who did what, and what is asked for."""

    rank: int
    due_on: date
    state: str = "assigned"
    submitters: set[str] = field(default_factory=set)
    rechecked_by: str | None = None
    asked: tuple[str, date] | None = None
    consultations: int = 0
    extensions: int = 0
    steps: list[str] = field(default_factory=lambda: ["open"])

    def do(self, act: str, person: str, today: date, until: date) -> bool:
        """Whether the person may do it now; then it is done."""
        if not self._may(act, person, today, until):
            return False
        self.state = TO.get(act, self.state)
        self.steps.append(act)
        if act == "submit":
            self.submitters.add(person)
        elif act == "recheck":
            self.rechecked_by = person
        elif act == "return":
            self.rechecked_by = None
        elif act == "consult":
            self.consultations += 1
        elif act == "extend":
            self.asked = (person, until)
        elif act in ("approve", "refuse") and self.asked:
            if act == "approve":
                self.due_on = self.asked[1]
                self.extensions += 1
            self.asked = None
        return True

    def _may(self, act: str, person: str, today: date, until: date) -> bool:
        unit, rights = PERSONS[person]
        if self.state not in FROM[act]:
            return False
        if act in ("start", "submit", "extend"):
            if unit != UNIT or "enter" not in rights:
                return False
            return act != "extend" or (self.asked is None and today <= self.due_on < until)
        if unit == UNIT or "approve" not in rights:
            return False
        if act in ("approve", "refuse"):
            return self.asked is not None and (act == "refuse" or today <= self.due_on)
        if act in ("recheck", "strike") and person in self.submitters:
            return False
        if act == "strike":
            return person != self.rechecked_by and (self.rank < 4 or self.consultations > 0)
        return True

    def warn(self, rank: int, today: date) -> None:
        """A warning of that rank stands: an open task may grow graver."""
        if self.state in OPEN and rank > self.rank:
            self.rank, self.due_on = rank, min(self.due_on, due(today, rank))
            self.steps.append("raise")
