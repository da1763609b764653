"""The documents of a publication, by its kind: every framework over units, in each language, with their basis.

Not here: what they say (`publishing.diagnosis`, `publishing.annual`), what becomes of them (`publish`).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.periods import quarters_of
from orchestration.core.quarters import previous
from orchestration.messages import LANGUAGES, Language
from orchestration.publishing.documents.model import Document
from orchestration.publishing.publications.basis import read_basis
from orchestration.publishing.publications.edition import Basis, Place
from orchestration.publishing.publications.publish import Compose, Documents

Connection = psycopg.Connection[Any]
# The quarters of a trend, the period's own included.
QUARTERS_SHOWN = 8


def composer(
    catalogue: Catalogue, place: Place, *, min_coverage: float, timezone: str, is_draft: bool
) -> Compose:
    """What reads and composes the documents of `place`; `catalogue` as it holds in the period's last quarter."""
    given = {"min_coverage": min_coverage, "timezone": timezone, "is_draft": is_draft}
    return partial(_compose, catalogue, place, given)


def _compose(
    catalogue: Catalogue, place: Place, given: dict[str, Any], conn: Connection
) -> tuple[Documents, Basis]:
    quarters = quarters_of(place.period)
    behind = [previous(quarters[-1], back) for back in range(len(quarters), QUARTERS_SHOWN)]
    basis = read_basis(conn, place.institution, quarters, behind)
    frameworks = [row.code for row in catalogue.frameworks if row.subject_kind == "unit"]
    composed: dict[Language, list[Document]] = {language: [] for language in LANGUAGES}
    for framework in frameworks:
        of_one = _read(conn, catalogue, place, framework, given)
        for language in LANGUAGES:
            # The first keeps the plain names; any other adds its code.
            suffix = "" if framework == frameworks[0] else f".{framework}"
            composed[language] += (replace(one, stem=one.stem + suffix) for one in of_one(language))
    return {language: tuple(composed[language]) for language in LANGUAGES}, basis


def _read(
    conn: Connection, catalogue: Catalogue, place: Place, framework: str, given: dict[str, Any]
) -> Callable[[Language], Iterable[Document]]:
    """The data of one framework, read once; the documents of a language are composed of them when asked for."""
    what = (conn, catalogue, place.institution, framework, place.period)
    if place.kind == "diagnosis":
        from orchestration.publishing.diagnosis import diagnoses, load_diagnosis

        return partial(diagnoses, load_diagnosis(*what, **given))
    from orchestration.publishing.annual import annual_report, load_annual

    report = load_annual(*what, **given)
    return lambda language: (annual_report(report, language),)
