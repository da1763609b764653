"""The rows of an analysis into the tables of `scores`, whole or not at all. Not here: the rows (`rows`), reading."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from orchestration.analysis.rows import Row
from orchestration.warehouse.copying import copying

_SUBJECT = ("framework", "subject_kind", "subject_code")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "score_change": (
        *_SUBJECT, "indicator", "previous_quarter", "score", "previous_score", "change", "data", "weights",
        "catalogue", "coverage", "previous_version",
    ),
    "robustness": (
        *_SUBJECT, "indicator", "band", "probability", "rank_p05", "rank_p95", "draws", "seed",
    ),
    "leverage": (
        *_SUBJECT, "target_band", "item", "step", "gain", "gain_total", "is_minimal", "is_reachable",
        "score_after", "band_after",
    ),
    "lost_points": (
        *_SUBJECT, "dimension", "code", "lost_points", "share", "loss_rank", "cumulative_share",
    ),
    "peer_gap": (
        *_SUBJECT, "indicator", "unit_kind", "units", "score", "kind_median", "gap", "is_strength", "is_weakness",
    ),
    "item_flag": (
        "framework", "item", "flag", "other_item", "statistic", "low", "high", "nominal_weight",
        "effective_weight", "draws", "seed", "units",
    ),
}  # fmt: skip


def write_analysis(
    conn: psycopg.Connection[Any], key: tuple[str, str, str], rows: Mapping[str, Iterable[Row]]
) -> None:
    """Replace what stands under `key` (score version, institution, quarter), every table in one transaction.

    Two that write the same version at once: the second waits and writes the same again.
    """
    with conn.transaction(), conn.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('qingyuan'), hashtext(%s))", [f"analysis {key[0]}"]
        )
        for table, columns in COLUMNS.items():
            name = sql.Identifier("scores", table)
            cursor.execute(sql.SQL("delete from {} where score_version = %s").format(name), [key[0]])
            names = ("score_version", "institution", "quarter", *columns)
            with copying(conn, "scores", table, names) as copy:
                for row in rows.get(table, ()):
                    copy.write_row((*key, *row))
