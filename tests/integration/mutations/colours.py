"""A school in every colour, capped, confirmed and not; and one at the edge of every threshold."""

from tests.integration.method.case import Case, RootKey
from tests.integration.mutations.build import SCHOOL, Cell, cap, catalogue, cells, item, percents, tree, unit

# unit → percentages of a1, a2, a3 (weights 5, 5, 1) and a4 of A1, of A2, and of b and heavy (weight 3) of B1
FARES: dict[str, tuple[float | None, ...]] = {
    #             a1    a2    a3    A2    b1    b2    b3   heavy
    "plain":     (95,   95,   95,   95,   95,   95,   95,  95),
    "unsure":    (95,   95,   95,   95,   95,   95,   95,  None),
    "quiet":     (60,   60,   None, 100,  100,  100,  100, 100),
    "silent":    (None, None, None, 20,   20,   20,   20,  None),
    "grey":      (None, None, None, 75,   None, None, None, None),
    "half":      (85,   85,   85,   85,   85,   85,   None, None),
    "lesser":    (100,  100,  100,  100,  60,   100,  None, 100),
    "amid":      (85,   85,   85,   85,   85,   None, 85,  85),
    "first":     (69,   69,   69,   69,   100,  100,  100, 100),
    "second":    (75,   75,   75,   100,  100,  100,  100, 100),
    "worse":     (60,   60,   60,   100,  100,  100,  100, 100),
    "level":     (75,   75,   75,   75,   75,   75,   75,  75),
    "watched":   (100,  100,  100,  100,  100,  100,  100, 100),
    "guarded":   (100,  100,  100,  100,  100,  100,  100, 100),
    "doubted":   (60,   60,   60,   100,  100,  100,  100, 100),
    "red":       (50,   50,   50,   50,   50,   50,   50,  50),
    "certified": (50,   50,   50,   50,   50,   50,   50,  50),
    "mistaken":  (50,   50,   50,   50,   50,   50,   50,  50),
    "slipped":   (100,  100,  100,  100,  100,  100,  100, 100),
}  # fmt: skip
ITEMS = [
    *(item(code, "A1", weight=weight) for code, weight in (("a1", 5), ("a2", 5), ("a3", 1))),
    item("other", "A2"),
    *(item(code, "B1", weight=weight) for code, weight in (("b1", 1), ("b2", 1), ("b3", 1), ("heavy", 3))),
    item("case", "A2", "count_deduct", deduct_per_case=0, max_deduction=0, grave="true", applies_to="risky"),
    item("slip", "A2", "count_deduct", deduct_per_case=1, applies_to="careless"),
    item("twin", "leaf", framework="twin"),
]
CAPS = [
    cap("K1", "yellow", 1, "red"),
    cap("K0", "yellow", 1, "red"),
    cap("K2", "blue", 2, "yellow"),
    cap("K30", "yellow", needs_confirmation="true"),
    cap("K3", "yellow", needs_confirmation="true"),
    cap("K4", "red", 1, "red", needs_confirmation="true"),
    cap("twin1", "red", 1, "yellow", framework="twin"),
    cap("twin2", "red", framework="twin"),
]
CONFIRMED = {
    "guarded": "yellow",
    "certified": "red",
    "mistaken": "yellow",
    "plain": "red",
    "doubted": "yellow",
}


def capped() -> Case:
    """T has A (A1, A2) and B (B1), all of weight 1, and a tree beside it whose caps are stricter."""
    kinds = {"watched": "risky", "guarded": "risky", "doubted": "risky", "slipped": "careless"}
    tables = catalogue(
        [
            *tree(
                "tree",
                ("T", "", 1),
                ("A", "T", 1),
                ("B", "T", 1),
                ("A1", "A", 1),
                ("A2", "A", 1),
                ("B1", "B", 1),
            ),
            *tree("twin", ("T", "", 1), ("leaf", "T", 1)),
        ],
        ITEMS,
        (unit(code, kinds.get(code, "office"), 40 if code == "watched" else "") for code in FARES),
        frameworks={"tree": "unit", "twin": "unit"},
        colour_caps=CAPS,
    )
    codes = [one["code"] for one in ITEMS if one["method"] == "ratio" and one["framework"] == "tree"]
    told: dict[str, dict[str, Cell]] = {
        name: percents(dict(zip(codes, fares, strict=True))) for name, fares in FARES.items()
    }
    for name, kind in kinds.items():
        told[name]["case" if kind == "risky" else "slip"] = (1,)
    confirmations: dict[RootKey, str] = {
        (SCHOOL, "tree", "unit", name): band for name, band in CONFIRMED.items()
    }
    twin = cells(dict.fromkeys(FARES, percents({"twin": 95})), "twin")
    return Case(tables, {**cells(told), **twin}, confirmations=confirmations)


# Scores at a threshold, within a hair of it, and beyond the second digit; and two that are one after rounding.
SCORES = {
    "at": 90.0, "hair": 89.9999995, "nearly": 89.9999994, "digits": 89.996, "tie": 80.00000012,
    "tied": 80.00000013, "close": 75.1211, "closer": 75.1212, "last": 71.0,
}  # fmt: skip
# 3 x 0.7 of 3.0 comes out as 0.6999999999999998, 0.1 + 0.2 of 0.6 as 0.5000000000000001.
COVERED = {"k0": 0.2, "k1": 0.7, "k2": 0.7, "k3": 0.7, "k4": 0.7}
IDLE = {"i1": 0.1, "i2": 0.2, "i3": 0.3}


def edges() -> Case:
    """A tree of one leaf for scores, one for coverage, one for the share with nothing due."""
    leaf = tree("tree", ("T", "", 1), ("E", "T", 1))
    tables = catalogue(
        [
            *leaf,
            *tree("covered", ("K", "", 1), *((code, "K", weight) for code, weight in COVERED.items())),
            *tree("idle", ("I", "", 1), *((code, "I", weight) for code, weight in IDLE.items())),
        ],
        [
            item("score", "E"),
            *(item(code, code, framework="covered") for code in COVERED),
            *(item(code, code, framework="idle") for code in IDLE),
            *(item(f"{code}_case", code, "count_deduct", framework="idle") for code in IDLE),
        ],
        (unit(code) for code in SCORES),
        frameworks=dict.fromkeys(("tree", "covered", "idle"), "unit"),
    )
    told = {
        **cells({name: percents({"score": score}) for name, score in SCORES.items()}),
        **cells(
            {"at": percents(dict.fromkeys(("k1", "k2", "k3"), 95)), "hair": percents({"k1": 95})}, "covered"
        ),
        **cells({"at": nothing_due("i1", "i2"), "hair": nothing_due("i2", "i3")}, "idle"),
    }
    return Case(tables, told)


def nothing_due(*points: str) -> dict[str, Cell]:
    """These points have nothing due, the others score 95."""
    return {
        **percents(dict.fromkeys(IDLE, 95)),
        **dict.fromkeys(points, (0.0, 0.0)),
        **{f"{code}_case": (0.0,) for code in IDLE},
    }
