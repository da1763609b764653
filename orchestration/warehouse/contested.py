"""The second score of a quarter while objections are undecided: with the cells that they keep out.

Often it is the version that stood before the objections, and is only kept; else it is scored in a second pass
under the same lock, and readers are never switched to it. Not here: the version they read (`versions`).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, LiteralString

import psycopg

from orchestration.warehouse.basis import Basis

Connection = psycopg.Connection[Any]


def contested_basis(conn: Connection, basis: Basis) -> Basis | None:
    """`basis` with the cells of undecided objections counted; None where no objection is undecided."""
    rows = conn.execute(_CONTESTED, [basis.institution, basis.quarter]).fetchall()
    if not rows:
        return None
    contested = {tuple(row) for row in rows}
    return replace(basis, decisions=tuple(one for one in basis.decisions if one[:3] not in contested))


def put_in_scope(conn: Connection, versions: Iterable[str]) -> bool:
    """Make ops.scoring_scope those of `versions` that have no whole rows yet; whether there are any."""
    wanted = list(versions)
    if not wanted:
        return False
    with conn.transaction():
        conn.execute("delete from ops.scoring_scope")
        return bool(conn.execute(_PUT, [wanted]).rowcount)


def mark_as_whole(conn: Connection) -> None:
    """Note that every version in scope was scored and tested, as the switch does for its own; empties the scope."""
    with conn.transaction():
        conn.execute(_MARK)
        conn.execute("delete from ops.scoring_scope")


def place_beside(conn: Connection, current: str, contested: str | None) -> None:
    """Say which version stands beside `current`, where it is the one that readers see; None: no version does."""
    conn.execute(_GONE, {"current": current, "contested": contested})
    conn.execute(_BESIDE, {"current": current, "contested": contested})


_CONTESTED: LiteralString = """
    select decision.framework, decision.subject_code, decision.item
    from quality.cell_decision as decision
    join quality.objection on objection.id = decision.objection
    where
        decision.institution = %s and decision.quarter = %s
        and decision.decision = 'under_review' and objection.state = 'under_review'"""
_PUT: LiteralString = """
    insert into ops.scoring_scope (institution, quarter, score_version, catalogue_hash, min_coverage, provisional)
    select institution, quarter, score_version, catalogue_hash, min_coverage, provisional
    from ops.score_version
    where score_version = any(%s) and scored_at is null"""
_MARK: LiteralString = """
    update ops.score_version set scored_at = now()
    from ops.scoring_scope
    where scoring_scope.score_version = score_version.score_version and score_version.scored_at is null"""
_GONE: LiteralString = """
    delete from ops.contested_version
    using ops.current_version
    where
        current_version.institution = contested_version.institution
        and current_version.quarter = contested_version.quarter
        and current_version.score_version = %(current)s
        and contested_version.score_version is distinct from %(contested)s"""
_BESIDE: LiteralString = """
    insert into ops.contested_version (institution, quarter, score_version, beside)
    select institution, quarter, versions.score_version, current_version.score_version
    from ops.current_version
    join ops.score_version as versions using (institution, quarter)
    where
        current_version.score_version = %(current)s and versions.score_version = %(contested)s
        and versions.scored_at is not null
    on conflict (institution, quarter) do update
        set score_version = excluded.score_version, beside = excluded.beside"""
