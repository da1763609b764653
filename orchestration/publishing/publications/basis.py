"""What a publication rests on, read from the ledger of scores. Not here: reading figures (marts), pinning it."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import class_row

from orchestration.core.quarters import previous
from orchestration.publishing.publications.edition import (
    Basis,
    PublicationError,
    Submission,
    Version,
    code_version,
)

Connection = psycopg.Connection[Any]


def read_basis(conn: Connection, institution: str, quarters: Sequence[str], behind: Sequence[str]) -> Basis:
    """The basis of a period of `quarters`, oldest first; `behind` are the quarters that its trend shows besides.

    Raises PublicationError where the period's last quarter, by whose tree and bands it is shown, has no scores.
    """
    shown = {
        "institution": institution,
        "quarters": [*behind, *quarters],
        "last": quarters[-1],
        "before": previous(quarters[-1]),
    }
    with conn.cursor(row_factory=class_row(Version)) as cursor:
        versions = cursor.execute(_VERSIONS, shown).fetchall()
    last = [one.score_version for one in versions if one.quarter == quarters[-1] and not one.is_restated]
    if not last:
        raise PublicationError("not_scored", quarter=quarters[-1])
    names = [one.score_version for one in versions]
    with conn.cursor(row_factory=class_row(Submission)) as cursor:
        submissions = cursor.execute(_SUBMISSIONS, [names]).fetchall()
    row = conn.execute(
        "select catalogue_hash from ops.score_version where score_version = %s", last
    ).fetchone()
    assert row is not None  # noqa: S101 - a current version is a score version
    return Basis(tuple(sorted(versions)), tuple(sorted(submissions)), row[0], code_version())


_VERSIONS = """
    select quarter, score_version, false as is_restated
    from ops.current_version
    where institution = %(institution)s and quarter = any(%(quarters)s)
    union
    select restated.quarter, restated.score_version, true
    from ops.restated_version as restated
    where
        restated.institution = %(institution)s and restated.quarter = any(%(quarters)s)
        and (
            restated.catalogue_quarter = %(last)s
            or restated.quarter = %(last)s and restated.catalogue_quarter = %(before)s
        )
        and restated.score_version not in (select score_version from ops.current_version)"""
_SUBMISSIONS = """
    select distinct submission.quarter, submission.department, submission.id, submission.number, submission.sha256
    from ops.score_version_submission as pinned
    join raw.submission on submission.id = pinned.submission
    where pinned.score_version = any(%s)"""
