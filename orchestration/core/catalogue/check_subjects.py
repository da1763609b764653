"""Structural checks of who is scored: units, posts, portfolios and the words that name them.

Not here: who holds a post; that is in no catalogue.
"""

import re
from collections.abc import Iterable, Iterator

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.lookup import Lookup, plain
from orchestration.core.catalogue.models import Post, Row, Unit

_EVERYONE = "all"
# Letters and digits of any script, with dots, dashes and underscores inside.
_FILE_NAME = re.compile(r"\w[\w.-]{0,99}")


def subjects(look: Lookup) -> Iterator[Fault]:
    """An institution has somebody to score: itself and its units in a tree over units, or a post in one over posts."""
    kinds = {look.subject_kinds.get(framework) for framework, _ in look.nodes}
    with_posts = {row.institution for row in look.catalogue.posts} if "office_holder" in kinds else set()
    for row in look.catalogue.institutions:
        if kinds and "unit" not in kinds and row.code not in with_posts:
            yield at(row, "subjects_absent", found=row.code)


def units(look: Lookup) -> Iterator[Fault]:
    """A unit's institution and the department it reports as are known."""
    for row in look.catalogue.units:
        if row.institution not in look.institutions:
            yield at(row, "institution_unknown", found=row.institution)
        if row.reports_as is not None and row.reports_as not in look.departments:
            yield at(row, "department_unknown", column="reports_as", found=row.reports_as)


def posts(look: Lookup) -> Iterator[Fault]:
    """A post's institution and unit are known."""
    for row in look.catalogue.posts:
        if row.institution not in look.institutions:
            yield at(row, "institution_unknown", found=row.institution)
        elif row.unit is not None and (row.institution, row.unit) not in look.units:
            yield at(row, "unit_unknown", column="unit", found=row.unit)


def portfolios(look: Lookup) -> Iterator[Fault]:
    """Who answers for what: a known post, for a known unit and a known node."""
    nodes = {code for _, code in look.nodes}
    for row in look.catalogue.portfolios:
        if row.institution not in look.institutions:
            yield at(row, "institution_unknown", found=row.institution)
            continue
        if (row.institution, row.post) not in look.posts:
            yield at(row, "post_unknown", found=row.post)
        if row.unit is not None and (row.institution, row.unit) not in look.units:
            yield at(row, "unit_unknown", column="unit", found=row.unit)
        if row.indicator is not None and row.indicator not in nodes:
            yield at(row, "indicator_unknown", found=row.indicator)


def folder_codes(look: Lookup) -> Iterator[Fault]:
    """Institutions, frameworks and departments name folders and files, where letter case tells nothing apart."""
    for rows in (look.catalogue.institutions, look.catalogue.frameworks, look.catalogue.departments):
        seen: dict[str, str] = {}
        for row in rows:
            if not _FILE_NAME.fullmatch(row.code):
                yield at(row, "code_unfit", found=row.code)
            if (other := seen.setdefault(row.code.casefold(), row.code)) != row.code:
                yield at(row, "code_differs_in_case", found=row.code, other=other)


def codes(look: Lookup) -> Iterator[Fault]:
    """No subject's code is also a kind, and no kind is `all`: `applies_to` would mean two things."""
    kinds = {row.kind for row in look.catalogue.units} | {row.post_level for row in look.catalogue.posts}
    subjects: Iterable[Unit | Post] = (*look.catalogue.units, *look.catalogue.posts)
    for row in subjects:
        if row.code in kinds or row.code == _EVERYONE:
            yield at(row, "code_is_kind", found=row.code)
        if (row.kind if isinstance(row, Unit) else row.post_level) == _EVERYONE:
            yield at(row, "kind_is_all", found=_EVERYONE)


def names(look: Lookup) -> Iterator[Fault]:
    """A code, name or alias means one unit of its institution: delivered files name units by these.

    Posts may share a name, as two deputies do; their files then go by code.
    """
    words: list[tuple[str, str, str, Row]] = []
    for unit in look.catalogue.units:
        words += [(unit.institution, word, unit.code, unit) for word in (unit.code, unit.name_zh)]
    for alias in look.catalogue.unit_aliases:
        if (alias.institution, alias.unit) in look.units:
            words.append((alias.institution, alias.alias, alias.unit, alias))
    means: dict[tuple[str, str], str] = {}
    for institution, word, code, row in words:
        other = means.setdefault((institution, plain(word)), code)
        if other != code:
            yield at(row, "name_twice", found=word, other=other, code=code)
