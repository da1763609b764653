"""A quarter's observations scored again under another quarter's catalogue (scoring.md section 8, comparable history).

Submissions, decisions and confirmations are those of the version that readers see; where the catalogue did not change
it is that version itself. Readers are never switched to any. Not here: the dbt pass between `put_restated_in_scope`
and `contested.mark_as_whole`, nor what is made of the figures (`analysis`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, LiteralString, NamedTuple

import psycopg

from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous
from orchestration.settings import Settings
from orchestration.warehouse.basis import Basis, Submission, code_hash, owing_departments
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.contested import put_in_scope
from orchestration.warehouse.versions import write_down

Connection = psycopg.Connection[Any]
TREND = 8  # quarters


class Restatement(NamedTuple):
    """A quarter's observations under the catalogue of `catalogue_quarter`."""

    institution: str
    quarter: str
    catalogue_quarter: str


class _Seen(NamedTuple):
    """The version of a quarter that readers see."""

    score_version: str
    catalogue_hash: str
    min_coverage: float


def needed_by(institution: str, quarter: str) -> list[Restatement]:
    """What an analysis of the quarter rests on: the eight quarters up to it under its catalogue, and the quarter
    itself under the catalogue of the quarter before, for the split of the change."""
    trend = [Restatement(institution, previous(quarter, back), quarter) for back in range(TREND)]
    return [*trend, Restatement(institution, quarter, previous(quarter))]


def put_restated_in_scope(
    conn: Connection, wanted: Iterable[Restatement], catalogues: Mapping[str, Catalogue], settings: Settings
) -> bool:
    """Note the version of each of `wanted`; make ops.scoring_scope those without whole rows; whether there are any.

    As `note_restated`. Of a quarter at most one may differ from what readers see. Under `scoring_lock` only.
    """
    found = put_in_scope(conn, note_restated(conn, wanted, catalogues, settings))
    if found:
        conn.execute("select ops.analyze_catalogue(), ops.analyze_scope()")
    return found


def note_restated(
    conn: Connection, wanted: Iterable[Restatement], catalogues: Mapping[str, Catalogue], settings: Settings
) -> list[str]:
    """Note the version of each of `wanted`; their names, whether or not their rows are there.

    `catalogues` maps a `catalogue_quarter` to the catalogue narrowed to it; what names another, or a quarter that was
    never scored, is passed over.
    """
    code = code_hash(settings.dbt_project)
    with conn.transaction():
        hashes = {quarter: store_catalogue(conn, catalogue) for quarter, catalogue in catalogues.items()}
        versions = []
        for one in wanted:
            seen = _seen(conn, one)
            catalogue = catalogues.get(one.catalogue_quarter)
            if seen is None or catalogue is None or not _has(catalogue, one.institution):
                continue
            version = seen.score_version
            if seen.catalogue_hash != hashes[one.catalogue_quarter]:
                basis = _basis(conn, one, seen, catalogue, (hashes[one.catalogue_quarter], code))
                version = write_down(conn, basis)
            noted = [*one, seen.score_version, version]
            if conn.execute(_NOTED, noted).fetchone() is None:  # an upsert would lock the row even so
                conn.execute(_NOTE, noted)
            versions.append(version)
    return versions


def _has(catalogue: Catalogue, institution: str) -> bool:
    return any(row.code == institution for row in catalogue.institutions)


def _seen(conn: Connection, one: Restatement) -> _Seen | None:
    row = conn.execute(_SEEN, [one.institution, one.quarter]).fetchone()
    return _Seen(*row) if row else None


def _basis(
    conn: Connection, one: Restatement, seen: _Seen, catalogue: Catalogue, method: tuple[str, str]
) -> Basis:
    """What readers see of the quarter, under the catalogue; `method` is (hash of catalogue, hash of code)."""
    due = owing_departments(catalogue, one.institution)
    pinned = [seen.score_version]
    submissions = tuple(
        Submission(*row) for row in conn.execute(_SUBMISSIONS, [*pinned, sorted(due)]).fetchall()
    )
    return Basis(
        one.institution,
        one.quarter,
        *method,
        seen.min_coverage,
        provisional=len(submissions) < len(due),
        submissions=tuple(sorted(submissions)),
        decisions=tuple(sorted(conn.execute(_DECISIONS, pinned).fetchall())),
        confirmations=tuple(sorted(conn.execute(_CONFIRMATIONS, pinned).fetchall())),
    )


_SEEN: LiteralString = """
    select score_version, catalogue_hash, min_coverage
    from ops.current_version join ops.score_version using (institution, quarter, score_version)
    where institution = %s and quarter = %s"""
_SUBMISSIONS: LiteralString = """
    select submission.department, submission.id, submission.number, submission.sha256
    from ops.score_version_submission as pinned
    join raw.submission on submission.id = pinned.submission
    where pinned.score_version = %s and submission.department = any(%s)"""
_DECISIONS: LiteralString = """
    select framework, subject_code, item, decision
    from ops.score_version_decision where score_version = %s"""
_CONFIRMATIONS: LiteralString = """
    select framework, subject_kind, subject_code, band
    from ops.score_version_confirmation where score_version = %s"""
_NOTED: LiteralString = """
    select from ops.restated_version
    where institution = %s and quarter = %s and catalogue_quarter = %s and restates = %s and score_version = %s"""
_NOTE: LiteralString = """
    insert into ops.restated_version (institution, quarter, catalogue_quarter, restates, score_version)
    values (%s, %s, %s, %s, %s)
    on conflict (institution, quarter, catalogue_quarter) do update
        set restates = excluded.restates, score_version = excluded.score_version"""
