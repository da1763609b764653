"""What the samples tell: who rises, falls, is silent, is refused, errs. The rows of `story.yml`, checked.

A line that names what the catalogue or the quarter does not hold is passed over, so that a swapped catalogue
has samples too. Not here: the figures around the story (`shares`, `figures`), how they are written.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.core.catalogue.models import Catalogue
from orchestration.samples.draws import time_of

Role = Literal["value", "numerator", "denominator"]
Fault = Literal["not_a_number", "above_denominator", "negative", "error_value", "not_whole", "empty_formula"]


class Line(BaseModel):
    """One line of the story."""

    model_config = ConfigDict(frozen=True, extra="forbid")


AnyLine = TypeVar("AnyLine", bound=Line)


class Level(Line):
    """How well a subject does, in points of 100, at some quarters; straight between them, level beyond.

    With `node` only that node and what is below it; the rest of the subject keeps its own way.
    """

    subject: str
    node: str | None = None
    at: Mapping[str, float]

    def in_quarter(self, quarter: str) -> float:
        """The level in `quarter`."""
        time, known = time_of(quarter), sorted((time_of(key), value) for key, value in self.at.items())
        before = [point for point in known if point[0] <= time] or known[:1]
        after = [point for point in known if point[0] >= time] or known[-1:]
        (start, low), (end, high) = before[-1], after[0]
        return low if start == end else low + (high - low) * (time - start) / (end - start)


class Cases(Line):
    """Cases of a negative item in one quarter."""

    quarter: str
    subject: str
    item: str
    count: int


class Absence(Line):
    """Rows that do not arrive: of a subject in one quarter, from every department or from those named."""

    quarter: str
    subject: str
    departments: tuple[str, ...] = ()


class Refusal(Line):
    """A file with the wrong quarter in it, which is replaced later."""

    quarter: str
    department: str
    quarter_written: str


class BadCell(Line):
    """One cell that cannot be believed."""

    quarter: str
    subject: str
    item: str
    role: Role
    fault: Fault


class Size(Line):
    """How much of an item there usually is; `step` rounds it, `vary` says what moves it.

    With `counted_in` as much is due as was done of that item: minutes for the meetings that were held.
    """

    typical: float
    counted_in: str | None = None
    step: int = 1
    vary: Literal["all", "subject", "nothing"] = "all"


class Story(Line):
    """Every line, of one school."""

    institution: str
    levels: tuple[Level, ...] = ()
    cases: tuple[Cases, ...] = ()
    absences: tuple[Absence, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    bad_cells: tuple[BadCell, ...] = ()
    sizes: Mapping[str, Size] = {}
    quiet: Mapping[str, float] = {}

    def told_in(self, catalogue: Catalogue, institution: str) -> "Story":
        """The lines that this school's catalogue can tell; sizes hold for every school."""
        if institution != self.institution:
            return Story(institution=institution, sizes=self.sizes, quiet=self.quiet)
        subjects = {unit.code for unit in catalogue.units if unit.institution == institution}
        subjects |= {post.code for post in catalogue.posts if post.institution == institution}
        items = {item.code for item in catalogue.items}
        departments = {department.code for department in catalogue.departments}
        return self.model_copy(
            update={
                "levels": _naming(self.levels, "subject", subjects),
                "cases": _naming(_naming(self.cases, "subject", subjects), "item", items),
                "absences": _naming(self.absences, "subject", subjects),
                "refusals": _naming(self.refusals, "department", departments),
                "bad_cells": _naming(_naming(self.bad_cells, "subject", subjects), "item", items),
            }
        )

    def is_absent(self, quarter: str, subject: str, department: str) -> bool:
        """Whether the department's rows of `subject` are left out in `quarter`."""
        return any(
            line.quarter == quarter
            and line.subject == subject
            and department in (line.departments or (department,))
            for line in self.absences
        )


def _naming(lines: tuple[AnyLine, ...], attribute: str, known: Collection[str]) -> tuple[AnyLine, ...]:
    return tuple(line for line in lines if getattr(line, attribute) in known)


@cache
def shipped_story() -> Story:
    """The story that comes with the product."""
    text = (Path(__file__).parent / "story.yml").read_text(encoding="utf-8")
    return Story.model_validate(yaml.safe_load(text))
