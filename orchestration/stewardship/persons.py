"""Who may act: persons with their unit, the department it reports as, and their rights.

Not here: what a right allows (`core.states`, each act), who may register and which rights go together
(`administrations`), logging in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.states import RIGHTS, Right
from orchestration.stewardship.administrations import demand_apart, held_together, needs_security, retires
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.warehouse.log import Entry, append

Connection = psycopg.Connection[Any]
_PERSON = "select code, institution, unit, department, rights, is_active from ops.person"
_PUT = """
    insert into ops.person (code, institution, unit, department, rights, is_active)
    values (%(code)s, %(institution)s, %(unit)s, %(department)s, %(rights)s, true)
    on conflict (code) do update set institution = excluded.institution, unit = excluded.unit,
        department = excluded.department, rights = excluded.rights, is_active = true"""


@dataclass(frozen=True)
class Person:
    """A row of `ops.person`; `institution` None: of none in particular; `department`: what its unit reports as."""

    code: str
    institution: str | None
    unit: str
    department: str | None
    rights: tuple[str, ...]
    is_active: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "rights", tuple(self.rights))


def set_person(
    conn: Connection,
    by: str,
    code: str,
    unit: str,
    rights: Collection[str],
    *,
    institution: str | None,
    catalogue: Catalogue,
) -> Person:
    """Make the person, or give it another unit and other rights; a retired one is active again.

    `by` is the acting person's code, who needs the right `security`, or `log.SYSTEM` for the operator of the
    machine while nobody has it. The department follows from the unit's `reports_as`. Setting what is so already
    writes nothing.
    """
    person = Person(
        code,
        institution,
        unit,
        _department(catalogue, institution, unit),
        tuple(right for right in RIGHTS if right in _known(rights)),
        is_active=True,
    )
    _not_oneself(by, code)
    demand_apart(code, person.rights)
    before = find_person(conn, code)
    if before == person:
        return person
    known = needs_security(conn, by, institution)
    if before is not None and before.institution != institution:
        needs_security(conn, by, before.institution)
    conn.execute(_PUT, {**vars(person), "rights": list(person.rights)})
    content: dict[str, object] = {
        "unit": unit,
        "department": person.department,
        "rights": list(person.rights),
    }
    content |= {**held_together(person.rights), **known}
    append(conn, [Entry(by, "person.set", institution, None, "person", code, content)])
    return person


def retire_person(conn: Connection, by: str, code: str) -> None:
    """Take from the person every right to act; what it did stays its own."""
    person = find_person(conn, code)
    if person is None:
        raise StewardshipError("person_unknown", person=code)
    _not_oneself(by, code)
    if person.is_active:
        known = retires(conn, by, code, person.institution)
        conn.execute("update ops.person set is_active = false where code = %s", [code])
        append(conn, [Entry(by, "person.retired", person.institution, None, "person", code, known)])


def list_persons(conn: Connection) -> list[Person]:
    """All persons, retired ones too, by code."""
    with conn.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute(f"{_PERSON} order by code").fetchall()


def find_person(conn: Connection, code: str) -> Person | None:
    """The person, retired or not."""
    with conn.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute(f"{_PERSON} where code = %s", [code]).fetchone()


def acting(conn: Connection, code: str, right: Right, institution: str | None) -> Person:
    """The active person, who has the right and belongs to the institution; StewardshipError otherwise."""
    person = find_person(conn, code)
    if person is None:
        raise StewardshipError("person_unknown", person=code)
    if not person.is_active:
        raise StewardshipError("person_retired", person=code)
    if right not in person.rights:
        raise StewardshipError("right_missing", person=code, right=right, what=Term(f"right.{right}"))
    if right == "approve":
        demand_apart(code, person.rights)  # one registered with both before that was refused
    if institution is not None and person.institution not in (None, institution):
        raise StewardshipError("other_institution", person=code, institution=institution)
    return person


def who_may(
    conn: Connection, right: Right, institution: str | None, *, not_of: str | None, not_unit: str = ""
) -> list[str]:
    """Codes of the active persons who have the right and are neither of that department nor of that unit."""
    rows = conn.execute(
        "select code from ops.person where is_active and %s = any(rights)"
        " and (institution is null or %s::text is null or institution = %s)"
        " and not rights @> array['enter', 'approve']"
        " and department is distinct from %s::text and unit <> %s order by code",
        [right, institution, institution, not_of or "", not_unit],
    )
    return [code for (code,) in rows]


def _known(rights: Collection[str]) -> Collection[str]:
    for right in rights:
        if right not in RIGHTS:
            raise StewardshipError("right_unknown", right=right, known=", ".join(RIGHTS))
    return rights


def _department(catalogue: Catalogue, institution: str | None, unit: str) -> str | None:
    if institution is None:
        return None
    if institution not in {row.code for row in catalogue.institutions}:
        raise StewardshipError("institution_unknown", institution=institution)
    for row in catalogue.units:
        if (row.institution, row.code) == (institution, unit):
            return row.reports_as
    # A post of the leadership is of no unit: who speaks for it is registered under the post's own code.
    if any((post.institution, post.code, post.unit) == (institution, unit, None) for post in catalogue.posts):
        return None
    raise StewardshipError("unit_unknown", institution=institution, unit=unit)


def _not_oneself(by: str, code: str) -> None:
    if by == code:
        raise StewardshipError("person_sets_itself", person=code)
