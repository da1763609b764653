"""A school of every state and every method, and one of thirty units, where a zscore leaves 0 to 100."""

from tests.integration.method.case import Case, Tables
from tests.integration.mutations.build import (
    OVERRIDE,
    SCHOOL,
    STEP,
    Cell,
    catalogue,
    cells,
    columns,
    item,
    rows,
    tree,
    unit,
)

CROWD = 30
POINTS = ("ratios", "counts", "steps", "posts", "places", "spread", "ranks", "cases", "idle")
ABOVE = {"spread": "mid", "ranks": "mid"}
ITEMS = [
    item("plain", "ratios"),
    item("of_90", "ratios", target=90, weight=3),
    item("percent", "ratios", roles="value"),
    item("based", "counts", "count_ratio", target=5),
    item("bare", "counts", "count_ratio", roles="value"),
    item("yes", "steps", "boolean"),
    item("step", "steps", "banded"),
    item("step_pair", "steps", "banded", roles="value denominator"),
    item("step_gap", "steps", "banded"),
    item("more", "posts", "goalposts", lower=10, upper=30, floor=40),
    item("less", "posts", "goalposts", lower=10, upper=30, direction=-1),
    item("most", "places", "minmax", floor=20),
    item("least", "places", "minmax", direction=-1),
    item("same", "places", "minmax"),
    item("far", "spread", "zscore", weight=0),
    item("near", "spread", "zscore", direction=-1),
    item("other", "spread"),
    item("first", "ranks", "percentile_rank"),
    item("last", "ranks", "percentile_rank", direction=-1),
    item("base", "cases"),
    item("few", "cases", "count_deduct", max_deduction=20),
    item("many", "cases", "count_deduct", deduct_per_case=30, target=1),
    item("grave", "cases", "count_deduct", deduct_per_case=2, max_deduction=6, target=1, grave="true"),
    item("nothing", "idle", applies_to="u9"),
]
STEPS = rows(
    STEP,
    *(("step", 2, 90), ("step", 5, 60), ("step", "", 30)),
    *(("step_pair", "33.333333333", 40), ("step_pair", 105, 70), ("step_pair", "", 95)),
    *(("step_gap", 2, 90), ("step_gap", "", 30)),
)
OVERRIDES = rows(
    OVERRIDE,
    *((SCHOOL, "bare", "u2", 4, ""), (SCHOOL, "bare", "u3", 0, ""), (SCHOOL, "bare", "late", 8, "")),
    *((SCHOOL, "plain", "late", 50, 4), (SCHOOL, "plain", "u5", "", ""), (SCHOOL, "few", "u1", 1, 7)),
)
COMPARED = ("most", "least", "far", "near", "first", "last")
REPORTED: dict[str, dict[str, Cell]] = {
    "u1": {
        "plain": (9, 10), "of_90": (95, 100), "percent": (97, 100), "based": (3, 4), "bare": (3,), "yes": (1,),
        "step": (2,), "step_pair": (1, 3), "more": (5,), "less": (5,), "same": (5,), **dict.fromkeys(COMPARED, (1,)),
        "other": (50, 100), "base": (80, 100), "few": (3,), "many": (0,), "grave": (1,),
    },
    "u2": {
        "plain": (0, 0), "of_90": (None, 0, "quarantined"), "percent": (50, 100), "based": (6, 4), "bare": (3,),
        "yes": (0,), "step": (2.5,), "step_pair": (21, 20), "more": (20,), "less": (20,), "same": (5,),
        **dict.fromkeys(COMPARED, (2,)), "base": (95, 100), "few": (9,), "many": (0,), "grave": (2,),
    },
    "u3": {
        "plain": (None, 0, "blank"), "of_90": (None, None, "claimed"), "percent": (60, 100), "based": (2,),
        "bare": (3,), "yes": (1,), "step": (5,), "step_pair": (0, 0), "more": (45,), "less": (45,),
        **dict.fromkeys(COMPARED, (4,)), "base": (100, 100), "few": (0,), "many": (4,), "grave": (2,),
    },
    "u4": {
        "plain": (3, 0), "based": (2, 0), "bare": (2,), "yes": (1,), "step": (9,), "step_pair": (5, 0),
        "near": (3,), "other": (70, 100), "base": (90, 100), "few": (0,), "many": (1,), "grave": (0,),
    },
    "u5": {
        "plain": (7,), "of_90": (45, 100), "based": (0, 0), "yes": (1,), "step": (None, None, "unreadable"),
        "step_pair": (2,), "more": (10,), "less": (10,), "same": (5,), **dict.fromkeys(COMPARED, (2,)),
        "other": (90, 100), "base": (30, 100), "few": (1,), "many": (0,), "grave": (None, None, "blank"),
    },
    "u6": {
        "plain": (8, 10), "of_90": (None, 5, "half_pair"), "based": (1, 10), "yes": (None,), "step": (0,),
        "step_pair": (33.4, 100), "more": (30,), "less": (30,), **dict.fromkeys(COMPARED, (90,)),
        "other": (100, 100), "base": (60, 100), "few": (2,), "grave": (0,),
    },
}  # fmt: skip
DECISIONS = {
    ("u3", "percent"): "not_applicable", ("u4", "percent"): "not_applicable", ("u5", "percent"): "under_review",
    ("u6", "plain"): "under_review", ("u3", "grave"): "under_review",
    **{("u6", code): "under_review" for code in COMPARED},
}  # fmt: skip


def every_method() -> Case:
    """Six units of two kinds; `u4` reports little that is compared, `u6`'s is objected to; `u9` reports nothing."""
    early = [unit(f"u{place}", "early", weight) for place, weight in ((1, ""), (2, 2), (3, 0.5))]
    late = [unit(f"u{place}", "late", weight) for place, weight in ((4, ""), (5, 0), (6, 1))]
    tables = catalogue(
        tree("tree", ("T", "", 1), ("mid", "T", 1), *((code, ABOVE.get(code, "T"), 1) for code in POINTS)),
        ITEMS,
        [*early, *late, unit("u9", "none", 1)],
        item_steps=STEPS,
        item_overrides=OVERRIDES,
        # Another department reports it too, as a pair.
        extract_columns=columns(item("step", ""), "others", "value denominator"),
    )
    decisions = {(SCHOOL, "tree", *key): decision for key, decision in DECISIONS.items()}
    return Case(tables, cells(REPORTED), decisions)


def crowd() -> Case:
    """All alike but the first, 30 away: 50 ± 10 x 29 / √30 is above 100, and below 0 where less is better."""
    tables: Tables = catalogue(
        tree("tree", ("T", "", 1), ("high", "T", 1), ("low", "T", 1)),
        [
            item("above", "high", "zscore"),
            item("slip", "high", "count_deduct", deduct_per_case=1),
            item("below", "low", "zscore", direction=-1),
        ],
        (unit(f"u{place}") for place in range(CROWD)),
    )
    reported: dict[str, dict[str, Cell]] = {
        f"u{place}": {
            "above": (0 if place else 30,),
            "below": (0 if place else 30,),
            "slip": (0 if place else 1,),
        }
        for place in range(CROWD)
    }
    return Case(tables, cells({**reported, "u1": {}}))
