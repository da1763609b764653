"""The page as the template draws it: strings and marks in their places. Frozen; equal pages are the same revision.

Not here: what is said where (`compose`), HTML (`report_templates/warning_board.html.j2`).
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Mark:
    """A band as a mark on its fill; `name` stands beside it where there is one."""

    css: str
    name: str = ""


Parts = tuple[str | Mark, ...]
Nearness = Literal["", "soon", "overdue"]


@dataclass(frozen=True)
class Due:
    """A due day in words, blank where there is none, and whether it is near or over."""

    day: str
    nearness: Nearness


@dataclass(frozen=True)
class Fact:
    """One warning in a line: what was found; the rule's name and since when beneath it."""

    told: Parts
    beneath: str
    is_new: bool


@dataclass(frozen=True)
class Entry:
    """One node (or department) of one unit with its warnings: who acts, what was found, by when, what is next.

    `href` leads to the unit's panel on the heat map, blank where there is none; `action` is blank where the group's
    is meant.
    """

    unit: str
    code: str
    href: str
    facts: tuple[Fact, ...]
    action: str
    due: Due
    next: str
    task: str


@dataclass(frozen=True)
class Group:
    """Entries of one severity and what its colour asks for; `mark` None is the group that waits for a person."""

    title: str
    mark: Mark | None
    counted: str
    action: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """A row of a short table: day, unit, what it is about, a word at its end."""

    day: str
    unit: str
    what: Parts
    last: str


@dataclass(frozen=True)
class Section:
    """A short table under its conclusion; `more` where not all are listed."""

    id: str
    title: str
    heads: tuple[str, str, str, str]
    lines: tuple[Line, ...]
    more: str


@dataclass(frozen=True)
class Total:
    """A number of the page's head, what it counts, and the section that lists it."""

    count: int
    label: str
    href: str


@dataclass(frozen=True)
class TrendRow:
    """A severity (or the sum, without a mark) over the quarters."""

    mark: Mark | None
    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """One quarter's column in a small chart: (band, top, height in pixels) from the foot, worst first."""

    segments: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Trend:
    """Warnings over quarters as a table, with the same as columns drawn above it."""

    title: str
    quarters: tuple[str, ...]
    rows: tuple[TrendRow, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Page:
    """Everything on the page but furniture; `is_evaluated` False: no quarter was scored yet."""

    is_evaluated: bool
    clauses: tuple[str, ...]
    lead: str
    totals: tuple[Total, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    trend: Trend | None
