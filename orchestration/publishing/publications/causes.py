"""Why two revisions may differ: which inputs of the scores differ between what each rests on.

Compared are the ledger's rows, not figures: submissions, decisions on cells, confirmations, catalogues, the SQL
that scores and the program that draws. Not here: which figures differ (`frozen`), saying so (`changes`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from orchestration.publishing.publications.edition import Edition, Version
from orchestration.publishing.publications.ledger import Row

Connection = psycopg.Connection[Any]
Rows = Mapping[tuple[str, ...], tuple[Any, ...]]


@dataclass(frozen=True)
class Cause:
    """The message `publications.why.<key>` with its values, codes as they are."""

    key: str
    values: Mapping[str, Any]


def causes(conn: Connection, before: Row, now: Edition) -> tuple[Cause, ...]:
    """What differs between the inputs of a published revision and those of the edition, in order of quarters."""
    old = _versions(conn, before.id)
    return (
        *_submissions(conn, before.id, now),
        *_pinned(conn, _DECISIONS, old, now.basis.versions, "decision", "decided_item"),
        *_pinned(conn, _CONFIRMATIONS, old, now.basis.versions, "confirmation", "confirmed_framework"),
        *_methods(conn, old, now.basis.versions),
        *_program(before, now),
    )


def _submissions(conn: Connection, publication: int, now: Edition) -> Iterator[Cause]:
    old = {
        (quarter, department): number
        for quarter, department, number in conn.execute(_SUBMITTED, [publication])
    }
    new = {(one.quarter, one.department): one.number for one in now.basis.submissions}
    for quarter, department in sorted(old.keys() | new.keys()):
        pair = old.get((quarter, department)), new.get((quarter, department))
        values = {"quarter": quarter, "department": department, "before": pair[0], "now": pair[1]}
        if pair[0] is None:
            yield Cause("submission_added", values)
        elif pair[1] is None:
            yield Cause("submission_gone", values)
        elif pair[0] != pair[1]:
            yield Cause("submission_replaced", values)


def _pinned(
    conn: Connection,
    query: LiteralString,
    old: Sequence[Version],
    new: Sequence[Version],
    what: str,
    about: str,
) -> Iterator[Cause]:
    """Decisions on cells, or confirmed colours, that one of the two has and the other has not."""
    before, now = (_rows(conn, query, versions) for versions in (old, new))
    for row in sorted(before.keys() | now.keys()):
        if (row in before) != (row in now):
            values = dict(zip(("quarter", "subject", about, what), row, strict=True))
            yield Cause(f"{what}_{'added' if row in now else 'gone'}", values)


def _rows(conn: Connection, query: LiteralString, versions: Sequence[Version]) -> Rows:
    names = [one.score_version for one in versions if not one.is_restated]
    return {tuple(row): () for row in conn.execute(query, [names])}


def _methods(conn: Connection, old: Sequence[Version], new: Sequence[Version]) -> Iterator[Cause]:
    before, now = (_method(conn, versions) for versions in (old, new))
    columns: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("catalogue", str), ("scoring", str), ("coverage", float)
    )  # fmt: skip
    for place, (key, kind) in enumerate(columns):
        changed = [
            quarter
            for quarter in sorted(before.keys() & now.keys())
            if kind(before[quarter][place]) != kind(now[quarter][place])
        ]
        if changed:
            yield Cause(key, {"first": changed[0], "last": changed[-1], "count": len(changed)})


def _method(conn: Connection, versions: Sequence[Version]) -> Mapping[str, tuple[Any, ...]]:
    names = [one.score_version for one in versions if not one.is_restated]
    return {quarter: tuple(row) for quarter, *row in conn.execute(_METHOD, [names])}


def _program(before: Row, now: Edition) -> Iterator[Cause]:
    if before.code_version != now.basis.code_version:
        yield Cause("program", {"before": before.code_version, "now": now.basis.code_version})


def _versions(conn: Connection, publication: int) -> list[Version]:
    return [Version(*row) for row in conn.execute(_VERSIONS, [publication])]


_SUBMITTED: LiteralString = """
    select submission.quarter, submission.department, raw.number
    from ops.publication_submission as submission
    join raw.submission as raw on raw.id = submission.submission
    where submission.publication = %s"""
_VERSIONS: LiteralString = """
    select quarter, score_version, is_restated from ops.publication_version where publication = %s"""
_DECISIONS: LiteralString = """
    select version.quarter, pinned.subject_code, pinned.item, pinned.decision
    from ops.score_version_decision as pinned
    join ops.score_version as version using (score_version)
    where version.score_version = any(%s)"""
_CONFIRMATIONS: LiteralString = """
    select version.quarter, pinned.subject_code, pinned.framework, pinned.band
    from ops.score_version_confirmation as pinned
    join ops.score_version as version using (score_version)
    where version.score_version = any(%s)"""
_METHOD: LiteralString = """
    select quarter, catalogue_hash, code_hash, min_coverage from ops.score_version where score_version = any(%s)"""
