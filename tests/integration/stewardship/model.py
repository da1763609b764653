"""What the rules of stewardship say happens, in plain dictionaries: held against the product by the stateful test.

Written from intake.md and the issue's text alone; it imports nothing that decides anything.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.integration.stewardship.desk import PERSONS

UNMENDED = ("open", "acknowledged", "returned", "resubmitted")
DEPARTMENT = {"U3": "money", "U4": "safety"}
ENDS = {"2026Q3": date(2026, 9, 30), "2026Q4": date(2026, 12, 31), "2027Q1": date(2027, 3, 31)}
HOLIDAYS = {date(2026, 10, 1)}
DAYS = {"block": 2, "quarantine": 5, "warn": 10}
SEVERITY = {
    "not_delivered": "block", "no_header": "block", "not_a_number": "quarantine", "unknown_column": "warn",
    "objection_upheld": "quarantine",
}  # fmt: skip
Key = tuple[str, str, str]
"""(department, quarter, rule)."""


def has(person: str, right: str) -> bool:
    return right in PERSONS[person][1]


def department_of(person: str) -> str | None:
    return DEPARTMENT.get(PERSONS[person][0])


def due(today: date, severity: str) -> date:
    left = DAYS[severity]
    while left:
        today += timedelta(days=1)
        left -= today.weekday() < 5 and today not in HOLIDAYS
    return today


@dataclass
class Waiver:
    """Approved: covers its series from its issue's quarter to its last, until it ends."""

    key: Key
    last: str
    is_over: bool = False

    def covers(self, key: Key) -> bool:
        series = (self.key[0], self.key[2]) == (key[0], key[2])
        return series and not self.is_over and self.key[1] <= key[1] <= self.last


@dataclass
class Issue:
    """State, what happened (the log's actions, without `issue.`), and what it stands under."""

    key: Key
    due_on: date
    state: str = "open"
    events: list[str] = field(default_factory=lambda: ["opened"])
    waiver: Waiver | None = None
    request: tuple[str, str] | None = None  # (asked by, last quarter)
    escalated: bool = False

    def to(self, state: str, event: str) -> None:
        self.state = state
        self.events.append(event)
        if state != "waived":
            self.waiver = None


@dataclass
class Objection:
    """On the one cell of `money` that ward U1 objects to."""

    raised_by: str
    state: str = "under_review"


@dataclass
class Model:
    """Everything the machine has done so far."""

    today: date = date(2026, 10, 9)
    issues: dict[Key, Issue] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    delivered: set[tuple[str, str]] = field(default_factory=set)
    objections: dict[str, Objection] = field(default_factory=dict)  # by quarter: the one whose cell is out
    others: int = 0  # entries of the log that are on no issue

    def meet(self, key: Key) -> None:
        """A submission has the fault."""
        covers = [waiver for waiver in self.waivers if waiver.covers(key)]
        new_due = due(self.today, SEVERITY[key[2]])
        issue = self.issues.get(key)
        if issue is None:
            issue = self.issues[key] = Issue(key, new_due)
        elif issue.state not in UNMENDED:
            issue.due_on = new_due
        if issue.state == "fixed":  # it begins anew
            issue.escalated = False
        if covers and issue.state in (*UNMENDED, "fixed"):
            issue.to("waived", "waived")
            issue.waiver = covers[-1]
        elif issue.state == "returned":
            issue.to("resubmitted", "resubmitted")
        elif issue.state == "fixed":
            issue.to("open", "reopened")

    def submit(self, department: str, quarter: str, rules: list[str], corrects: bool) -> bool:
        """Whether it is accepted."""
        is_accepted = not any(SEVERITY[rule] == "block" for rule in rules)
        self.delivered.add((department, quarter))
        self.others += 1
        rules = list(rules)
        if is_accepted:
            self.accepted.add((department, quarter))
            objection = self.objections.get(quarter)
            if department == "money" and objection and objection.state == "upheld":
                if corrects:
                    del self.objections[quarter]
                    self.others += 1
                else:
                    rules.append("objection_upheld")
        for rule in rules:
            self.meet((department, quarter, rule))
        if is_accepted:
            for issue in self.issues.values():
                is_here = issue.key[:2] == (department, quarter) and issue.key[2] not in rules
                if is_here and issue.state in (*UNMENDED, "waived"):
                    issue.to("fixed", "fixed")
        return is_accepted

    def absent(self, department: str, quarter: str) -> None:
        key = (department, quarter, "not_delivered")
        if (
            ENDS[quarter] < self.today
            and key not in self.issues
            and (department, quarter) not in self.delivered
        ):
            self.meet(key)

    def act(self, act: str, person: str, issue: Issue) -> bool:
        """Whether the person may, and the state allows; then it is done."""
        right, states, to, event = {
            "acknowledge": ("enter", ("open",), "acknowledged", "acknowledged"),
            "return": ("return", ("open", "acknowledged", "resubmitted"), "returned", "returned"),
            "reject": ("return", UNMENDED, "rejected", "rejected"),
            "reopen": ("return", ("fixed", "waived", "rejected"), "open", "reopened"),
        }[act]
        if not has(person, right) or issue.state not in states:
            return False
        if act == "acknowledge" and department_of(person) != issue.key[0]:
            return False
        if act == "reopen":
            for waiver in self.waivers:
                if waiver is issue.waiver or waiver.key == issue.key:
                    waiver.is_over = True
            issue.due_on, issue.escalated = due(self.today, SEVERITY[issue.key[2]]), False
        issue.to(to, event)
        return True

    def ask(self, person: str, issue: Issue, last: str) -> bool:
        may = has(person, "enter") and department_of(person) == issue.key[0]
        allowed = issue.state in UNMENDED and issue.request is None
        if not may or not allowed or last < issue.key[1] or ENDS[last] < self.today:
            return False
        issue.request = (person, last)
        issue.events.append("waiver_asked")
        return True

    def decide(self, person: str, issue: Issue, approves: bool) -> bool:
        if not has(person, "approve") or issue.request is None or issue.state not in UNMENDED:
            return False
        asked_by, last = issue.request
        if person == asked_by or department_of(person) == issue.key[0]:
            return False
        issue.request = None
        if not approves:
            issue.events.append("waiver_refused")
            return True
        waiver = Waiver(issue.key, last)
        self.waivers.append(waiver)
        for other in self.issues.values():
            if other is issue or (
                waiver.covers(other.key) and other.key != issue.key and other.state in UNMENDED
            ):
                other.to("waived", "waived")
                other.waiver = waiver
        return True

    def upkeep(self) -> None:
        for issue in self.issues.values():
            waiver = issue.waiver
            if issue.state == "waived" and waiver and (waiver.is_over or ENDS[waiver.last] < self.today):
                waiver.is_over = True
                issue.to("open", "waiver_expired")
                issue.due_on, issue.escalated = due(self.today, SEVERITY[issue.key[2]]), False
        for issue in self.issues.values():
            if issue.state in UNMENDED and issue.due_on < self.today and not issue.escalated:
                issue.escalated = True
                issue.events.append("escalated")

    def settle(self, person: str, quarter: str, verdict: str) -> bool:
        objection = self.objections.get(quarter)
        if objection is None or objection.state != "under_review":
            return False
        unit = PERSONS[person][0]
        if verdict == "withdrawn":
            may = has(person, "object") and unit == "U1"
        else:
            may = has(person, "decide") and unit != "U1" and department_of(person) != "money"
        if not may:
            return False
        self.others += 1
        if verdict != "upheld":
            del self.objections[quarter]
            return True
        objection.state = "upheld"
        key = ("money", quarter, "objection_upheld")
        until = due(self.today, "quarantine")
        if key in self.issues:
            self.issues[key].to("open", "reopened")
            self.issues[key].due_on, self.issues[key].escalated = until, False
        else:
            self.issues[key] = Issue(key, until)
        return True

    def is_open(self, quarter: str) -> bool:
        """Whether the quarter may be published."""
        for department in ("money", "safety"):
            is_waived = any(
                issue.key[:2] == (department, quarter)
                and SEVERITY[issue.key[2]] == "block"
                and issue.state == "waived"
                and issue.waiver is not None
                and not issue.waiver.is_over
                and ENDS[issue.waiver.last] >= self.today
                for issue in self.issues.values()
            )
            if (department, quarter) not in self.accepted and not is_waived:
                return False
        objection = self.objections.get(quarter)
        return objection is None or objection.state != "under_review"
