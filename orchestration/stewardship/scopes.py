"""What a membership may name: role, institution and code held against the catalogue. Not here: giving it (`logins`)."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from orchestration.core.catalogue.models import Catalogue
from orchestration.stewardship.errors import LoginError, Term

# Which of the catalogue's codes each role is about; None: none, it reads the institution's rows or every one's.
KIND_OF: Mapping[str, str | None] = {
    "bi_reader": None,
    "unit_reader": "unit",
    "leader_reader": "post",
    "portrait_reader": "post",
    "steward": "department",
    "auditor": None,
}
_LISTED = 10


class Scope(NamedTuple):
    """What a login may read: `institution` None: of every one; `code`: see `KIND_OF`, None: all of the kind."""

    role: str
    institution: str | None
    code: str | None


def checked_scope(catalogue: Catalogue, role: str, institution: str | None, code: str | None) -> Scope:
    """The scope, when the catalogue knows what it names; LoginError otherwise."""
    if role not in KIND_OF:
        raise LoginError("role_unknown", found=role, known=" ".join(KIND_OF))
    kind = KIND_OF[role]
    if kind is None and code is not None:
        raise LoginError("code_too_many", role=role, code=code)
    if institution is not None and institution not in {row.code for row in catalogue.institutions}:
        raise LoginError("institution_unknown", institution=institution)
    if kind is None:
        return Scope(role, institution, None)
    if institution is None:
        raise LoginError("institution_needed", role=role)
    if code is None and role != "portrait_reader":
        raise LoginError("code_needed", role=role, what=Term(f"kind.{kind}"))
    if code is not None:
        known = list(dict.fromkeys(_CODES[kind](catalogue, institution)))
        if code not in known:
            near = get_close_matches(code, known, _LISTED, 0.3) or known[:_LISTED]
            given = {"code": code, "institution": institution, "role": role}
            raise LoginError("code_unknown", what=Term(f"kind.{kind}"), near=", ".join(near), **given)
    if role == "leader_reader" and not _leads(catalogue, institution, code):
        raise LoginError("post_leads_nothing", code=code)
    return Scope(role, institution, code)


def _leads(catalogue: Catalogue, institution: str, post: str | None) -> bool:
    """Whether the post's portfolio names a unit at any time."""
    return any(
        (row.institution, row.post) == (institution, post) and row.unit for row in catalogue.portfolios
    )


_CODES: Mapping[str, Callable[[Catalogue, str], Iterable[str]]] = {
    "unit": lambda catalogue, place: (row.code for row in catalogue.units if row.institution == place),
    "post": lambda catalogue, place: (row.code for row in catalogue.posts if row.institution == place),
    "department": lambda catalogue, _: (row.code for row in catalogue.departments),
}
