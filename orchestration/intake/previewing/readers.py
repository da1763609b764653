"""What readers of the marts see of one institution's quarter, from inside the caller's transaction.

Not here: what differs (`preview`), scoring (`warehouse.scoring_sql`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import psycopg

from orchestration.intake.previewing.model import NodeFigures, NodeKey, NodePreview
from orchestration.warehouse.warning_causes import Cause, read_causes

Connection = psycopg.Connection[Any]
_KEY, _FIGURES = ([field.name for field in fields(kind)] for kind in (NodeKey, NodeFigures))
_NODES = f"""
    select {", ".join((*_KEY, *_FIGURES))}
    from marts.fct_indicator_score
    where institution = %s and quarter = %s
    order by framework, subject_kind, subject_code, level, indicator"""  # noqa: S608 - names of our own fields


@dataclass(frozen=True)
class Seen:
    """Nodes and causes as they are at one moment."""

    nodes: Mapping[NodeKey, NodeFigures]
    causes: Mapping[str, Cause]  # by fingerprint


def look(conn: Connection, institution: str, quarter: str) -> Seen:
    """What readers see now; the causes of the quarters in `ops.warning_scope`."""
    where, cut = [institution, quarter], len(_KEY)
    rows = conn.execute(_NODES.encode(), where).fetchall()
    nodes = {NodeKey(*row[:cut]): NodeFigures(*row[cut:]) for row in rows}
    return Seen(nodes, {cause.fingerprint: cause for cause in read_causes(conn, institution, [quarter])})


def node_previews(before: Seen, after: Seen) -> Iterable[NodePreview]:
    """Every node that either has, those of `after` first."""
    for key in {**after.nodes, **before.nodes}:
        yield NodePreview(key, before.nodes.get(key), after.nodes.get(key))
