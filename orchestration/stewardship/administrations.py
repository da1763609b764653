"""Which rights one person may hold together, and who may register persons and give out logins.

System, security and audit administration are separable: two of them in one hand are told in the log, three are
refused. The database refuses the same. Not here: registering (`persons`), logins (`memberships`).
"""

from collections.abc import Collection, Mapping
from typing import Any

import psycopg

from orchestration.core.states import ADMINISTRATIONS, APART
from orchestration.stewardship.errors import StewardshipError, Term
from orchestration.warehouse.log import SYSTEM

Connection = psycopg.Connection[Any]
# Of an entry that the operator of the machine made because nobody was there to make it.
_UNWATCHED: Mapping[str, object] = {"no_security_administrator": True}
_HOLDERS = """
    select code from ops.person
    where is_active and 'security' = any(rights)
        and (institution is null or %(place)s::text is null or institution = %(place)s)
    order by code"""


def demand_apart(code: str, rights: Collection[str]) -> None:
    """Refuse rights that one person may not hold together."""
    if set(APART) <= set(rights):
        raise StewardshipError("enters_and_approves", person=code)
    if set(ADMINISTRATIONS) <= set(rights):
        raise StewardshipError("administers_all", person=code)


def held_together(rights: Collection[str]) -> Mapping[str, object]:
    """What the log says of one who holds two administrations: both; nothing of others."""
    held = [right for right in ADMINISTRATIONS if right in rights]
    return {"administrations": held} if len(held) > 1 else {}


def needs_security(conn: Connection, by: str, place: str | None) -> Mapping[str, object]:
    """Refuse anybody without the right `security` for `place` (an institution; None: all of them).

    The operator of the machine (SYSTEM) may while nobody holds it there; returns what its log entry then says.
    """
    if by == SYSTEM:
        if holders := security_holders(conn, place):
            raise StewardshipError("security_acts", known=", ".join(holders))
        return _UNWATCHED
    row = conn.execute(
        "select is_active, rights, institution from ops.person where code = %s", [by]
    ).fetchone()
    if row is None:
        raise StewardshipError("person_unknown", person=by)
    is_active, rights, institution = row
    if not is_active:
        raise StewardshipError("person_retired", person=by)
    if "security" not in rights:
        raise StewardshipError("right_missing", person=by, right="security", what=Term("right.security"))
    if institution is not None and place is None:
        raise StewardshipError("security_of_one", person=by, institution=institution)
    if institution not in (None, place):
        raise StewardshipError("other_institution", person=by, institution=place)
    return {}


def retires(conn: Connection, by: str, code: str, place: str | None) -> Mapping[str, object]:
    """As `needs_security`; but the operator may retire the only one who holds the right, who may have left."""
    if by == SYSTEM and security_holders(conn, place) == [code]:
        return {"only_security_administrator": True}
    return needs_security(conn, by, place)


def security_holders(conn: Connection, place: str | None) -> list[str]:
    """Codes of the active persons with the right `security` for `place`; None: for any institution."""
    return [code for (code,) in conn.execute(_HOLDERS, {"place": place})]
