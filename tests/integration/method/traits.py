"""What a scored case was a case of: a generator that stopped making one of these would prove nothing."""

from collections.abc import Iterator

from tests.integration.method.batch import Scored
from tests.integration.method.case import Row

_METHODS = ("ratio", "count_ratio", "boolean", "banded", "goalposts", "minmax", "zscore", "percentile_rank")
_REASONS = (
    "blank", "claimed", "constant", "half_pair", "no_denominator", "not_received", "quarantined", "unreadable",
)  # fmt: skip
_COMPARED = ("goalposts", "minmax", "zscore", "percentile_rank")
# Of so many cases at least one must have each of what is expected.
FEW = 100
EXPECTED = frozenset(
    [
        *(f"{method} reported" for method in (*_METHODS, "count_deduct")),
        *(f"{method} missing" for method in (*_METHODS, "count_deduct")),
        *(f"{method} less is better" for method in _COMPARED),
        *(f"missing {reason}" for reason in _REASONS),
        *("minmax floor", "goalposts floor", "under_review under_review"),
        *("not_applicable nothing_due", "not_applicable zero_denominator"),
        *(f"depth {number}" for number in range(1, 5)),
        *(f"{number} departments" for number in range(3, 10)),
        *("ragged", "silent", "superseded", "decisions", "confirmations", "grave case", "clipped up"),
        *("2 institutions", "2 frameworks", "3 frameworks"),
        *(f"{name} of weight 0" for name in ("indicators", "items", "units")),
        *(f"{name} of another time" for name in ("indicators", "items", "units", "posts", "bands")),
        *(f"{name} of another time" for name in ("item_steps", "item_overrides", "colour_caps")),
        *(f"override of {what} by {whom}" for what in ("target", "weight") for whom in ("subject", "kind")),
        *(f"cap on {what}{how}" for what in ("node", "grave_item") for how in ("", " to be confirmed")),
        *(
            f"{kind} cause {why}"
            for kind in ("unit", "institution")
            for why in ("bound", "cap", "confirmation")
        ),
        *(f"{kind} pending None" for kind in ("unit", "institution")),
        *(f"{kind} grey no more" for kind in ("unit", "institution")),
        *(f"{kind} inexact" for kind in ("unit", "institution", "office_holder")),
        *(f"{kind} score without bounds" for kind in ("unit", "institution", "office_holder")),
        *(f"{kind} nothing due in part" for kind in ("unit", "institution", "office_holder")),
        *(f"{kind} without score, nothing applies" for kind in ("unit", "institution", "office_holder")),
        *("rank below the first", "bounds without score", "score outside its bounds"),
    ]
)


def traits(scored: Scored) -> set[str]:
    """Words for everything that occurs in the case."""
    return {*_of_catalogue(scored), *_of_items(scored), *_of_nodes(scored)}


def _of_catalogue(scored: Scored) -> Iterator[str]:
    tables = scored.case.valid()
    levels = {int(row["level"]) for row in tables["indicators"]}
    parents = {(row["framework"], row["parent"]) for row in tables["indicators"]}
    leaves = {int(r["level"]) for r in tables["indicators"] if (r["framework"], r["code"]) not in parents}
    yield f"depth {max(levels)}"
    if len(leaves) > 1:
        yield "ragged"
    for name in ("institutions", "frameworks"):
        yield f"{len(tables[name])} {name}"
    yield f"{len(tables['departments'])} departments"
    for name in ("indicators", "items", "units"):
        if any(row["weight"] == "0" for row in tables[name]):
            yield f"{name} of weight 0"
    for name, rows in tables.items():
        if len(rows) < len(scored.case.tables[name]):
            yield f"{name} of another time"
    for row in tables["item_overrides"]:
        yield from _of_override(row, {unit["code"] for unit in tables["units"] + tables["posts"]})
    for row in tables["colour_caps"]:
        yield f"cap on {row['when']}" + (" to be confirmed" if row["needs_confirmation"] else "")
    for name in ("silent", "superseded", "refused", "decisions", "confirmations"):
        if getattr(scored.case, name):
            yield name


def _of_override(row: Row, subjects: set[str]) -> Iterator[str]:
    whose = "subject" if row["applies_to"] in subjects else "kind"
    for column in ("target", "weight"):
        if row[column]:
            yield f"override of {column} by {whose}"


def _of_items(scored: Scored) -> Iterator[str]:
    items = {row["code"]: row for row in scored.case.valid()["items"]}
    for key, row in scored.items.items():
        item = items[key[-1]]
        yield f"{item['method']} {row['state']}"
        if row["state"] == "reported":
            if item["direction"] == "-1":
                yield f"{item['method']} less is better"
            if item["floor"] not in ("", "0"):
                yield f"{item['method']} floor"
            if (row["score"] or 0) > 100 or (row["score"] or 0) < 0:
                yield "score beyond 0 to 100"
        else:
            yield f"{row['state']} {row['state_reason']}"
        if row["is_grave_case"]:
            yield "grave case"


def _of_nodes(scored: Scored) -> Iterator[str]:
    for (_, _, kind, _, _), row in scored.nodes.items():
        if row["level"] == 0 and row["band_pending"]:
            yield f"{kind} pending {row['band_cause']}"
        cause = row["band_cause"]
        yield f"{kind} cause {'cap' if cause not in (None, 'bound', 'confirmation') else cause}"
        if row["band"] and row["band_by_score"] == "grey":
            yield f"{kind} {'grey' if row['band'] == 'grey' else 'grey no more'}"
        if row["clip_adjustment"]:
            yield "clipped up" if row["clip_adjustment"] > 0 else "clipped down"
        if row["score"] is None:
            yield f"{kind} without score, " + ("due" if row["coverage"] is not None else "nothing applies")
            if row["score_low"] is not None:
                yield "bounds without score"
        elif row["score_low"] is None:
            yield f"{kind} score without bounds"
        elif row["score_low"] < row["score_high"]:
            yield f"{kind} bounds apart"
            if not row["score_low"] - 1e-9 <= row["score"] <= row["score_high"] + 1e-9:
                yield "score outside its bounds"
        for name in ("provisional", "is_certain"):
            yield f"{kind} {name} {row[name]}"
        if not row["is_contribution_exact"]:
            yield f"{kind} inexact"
        if (row["nothing_due_share"] or 0) > 0:
            yield f"{kind} nothing due in part" if row["nothing_due_share"] < 1 else f"{kind} nothing due"
        if (row["rank_in_kind"] or 0) > 1:
            yield "rank below the first"
