"""Quarters whose basis moved away from the version that readers see: submissions, decisions, confirmations.

And those whose version was never evaluated for warnings, because its run died before.

A changed catalogue or changed SQL moves nothing here: then a person decides which quarters are scored again.
Not here: what a version rests on (`basis`), naming and pinning it (`versions`).
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, LiteralString, NamedTuple

import psycopg

Connection = psycopg.Connection[Any]


class Move(NamedTuple):
    """One thing of a quarter's basis that is not as the current version has it pinned.

    `kind` is submission, decision, confirmation, or version (never evaluated); `department` of a submission, else
    None; `what` names the thing and how it is now.
    """

    institution: str
    quarter: str
    kind: str
    department: str | None
    what: str


def moves(conn: Connection, owes: Callable[[str, str, str], bool]) -> dict[str, list[Move]]:
    """What moved, by quarter; none where every current version rests on what is there.

    `owes` says whether a department (institution, quarter, department) owes data: another's is never scored. A
    quarter with an accepted submission and without a version moved too.
    """
    found: dict[str, list[Move]] = defaultdict(list)
    for row in conn.execute(_MOVED):
        move = Move(*row)
        if move.department is None or owes(move.institution, move.quarter, move.department):
            found[move.quarter].append(move)
    return found


_MOVED: LiteralString = """
    with accepted as (
        select distinct on (institution, quarter, department) institution, quarter, department, id
        from raw.submission
        where state = 'accepted'
        order by institution, quarter, department, number desc
    ),
    current_pins as (
        select current_version.institution, current_version.quarter, pins.department, pins.submission as id
        from ops.current_version
        join ops.score_version_submission as pins using (score_version)
    ),
    decisions as (
        select institution, quarter, framework, subject_code, item, decision from quality.cell_decision
    ),
    current_decisions as (
        select
            current_version.institution, current_version.quarter,
            pins.framework, pins.subject_code, pins.item, pins.decision
        from ops.current_version
        join ops.score_version_decision as pins using (score_version)
    ),
    confirmations as (
        select institution, period as quarter, framework, subject_kind, subject_code, band
        from ops.confirmation
        where period ~ '^[0-9]{4}Q[1-4]$'
    ),
    current_confirmations as (
        select
            current_version.institution, current_version.quarter,
            pins.framework, pins.subject_kind, pins.subject_code, pins.band
        from ops.current_version
        join ops.score_version_confirmation as pins using (score_version)
    )
    select institution, quarter, 'submission', department, concat_ws(' ', department, accepted.id)
    from accepted
    full join current_pins using (institution, quarter, department)
    where accepted.id is distinct from current_pins.id
    union all
    select institution, quarter, 'decision', null, concat_ws(' ', framework, subject_code, item, moved.now)
    from (
        (select *, true as now from (table decisions except table current_decisions) as made)
        union all
        (select *, false as now from (table current_decisions except table decisions) as undone)
    ) as moved
    join ops.current_version using (institution, quarter)
    union all
    select
        institution, quarter, 'confirmation', null,
        concat_ws(' ', framework, subject_kind, subject_code, band, moved.now)
    from (
        (select *, true as now from (table confirmations except table current_confirmations) as made)
        union all
        (select *, false as now from (table current_confirmations except table confirmations) as undone)
    ) as moved
    join ops.current_version using (institution, quarter)
    union all
    select institution, quarter, 'version', null, score_version
    from ops.current_version
    where evaluated_version is distinct from score_version
    order by 1, 2, 3, 5"""
