"""Who gets a copy of which published document, and from which day: a rule a kind of document.

Pure. A unit sees its own document first; whatever else shows a unit's result waits the same days, or its head start
would be none. Not here: writing the list down, sending (`distribution`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from orchestration.core.calendar import WorkCalendar
from orchestration.core.catalogue.models import Catalogue

# Working days in which a unit is the only one to see its own document: issue 5, item 6.
DAYS_OF_ITS_OWN = 5
RecipientKind = Literal["post", "unit"]
Rule = Literal["own", "lead_unit", "leader", "standing_committee"]


@dataclass(frozen=True, order=True)
class Subject:
    """A published document and whom it is about."""

    document: str
    subject_kind: str
    subject_code: str


@dataclass(frozen=True, order=True)
class Copy:
    """A document's copy for a post or a unit, why it gets one, and the first day on which it may be sent."""

    document: str
    recipient_kind: RecipientKind
    recipient_code: str
    rule: Rule
    visible_on: date


def copies(
    catalogue: Catalogue, institution: str, documents: Iterable[Subject], published_on: date
) -> tuple[Copy, ...]:
    """The distribution list of a publication, in order; `catalogue` as it holds in the period's last quarter.

    | about | copies |
    |---|---|
    | the institution | the standing committee: every post with a portfolio; every unit that leads a point |
    | a post | that post |
    | a lead unit | that unit; the posts in whose portfolio it is |
    | a unit | that unit, from the day of publication; the posts in whose portfolio it is |
    """
    later = WorkCalendar(catalogue.calendar).add_workdays(published_on, DAYS_OF_ITS_OWN)
    found: dict[tuple[str, str, str], Copy] = {}
    for one in documents:
        for kind, code, rule in _recipients(catalogue, institution, one):
            day = published_on if rule == "own" else later
            found.setdefault((one.document, kind, code), Copy(one.document, kind, code, rule, day))
    return tuple(sorted(found.values()))


def _recipients(
    catalogue: Catalogue, institution: str, one: Subject
) -> Iterator[tuple[RecipientKind, str, Rule]]:
    portfolios = [row for row in catalogue.portfolios if row.institution == institution]
    if one.subject_kind == "institution":
        yield from (("post", row.post, "standing_committee") for row in portfolios)
        units = {row.code for row in catalogue.units if row.institution == institution}
        leading = {row.lead_unit for row in catalogue.indicators if row.lead_unit}
        yield from (("unit", code, "lead_unit") for code in units & leading)
    elif one.subject_kind == "post":
        yield "post", one.subject_code, "leader"
    else:
        yield "unit", one.subject_code, "own" if one.subject_kind == "unit" else "lead_unit"
        yield from (
            ("post", row.post, "leader") for row in portfolios if row.unit in (None, one.subject_code)
        )
