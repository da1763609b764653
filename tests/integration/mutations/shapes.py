"""A school of a deep and ragged tree with each mean, and two schools beside each other in one quarter."""

from tests.integration.method.case import Case
from tests.integration.method.dice import named
from tests.integration.mutations.build import (
    OVERRIDE,
    SCHOOL,
    STEP,
    Cell,
    catalogue,
    cells,
    item,
    percents,
    post,
    rows,
    tree,
    unit,
)

# Capitals are nodes with children; A1 is a geometric mean, B a harmonic one; z, b0 and a10 weigh nothing.
RAGGED = tree(
    "tree",
    ("T", "", 1), ("A", "T", 3), ("B", "T", 1, "harmonic"), ("c", "T", 2), ("z", "T", 0),
    ("A1", "A", 1, "geometric"), ("a2", "A", 2),
    ("b1", "B", 1), ("b2", "B", 2), ("b0", "B", 0),
    ("A11", "A1", 2), ("a12", "A1", 1), ("a10", "A1", 0),
    ("d1", "A11", 1), ("d2", "A11", 3),
)  # fmt: skip
LEAVES = ("c", "z", "a2", "b1", "b2", "b0", "a12", "a10", "d1", "d2")
CHAIN = tree("chain", ("R", "", 1, "geometric"), ("S", "R", 1), ("s", "R", 1), ("U", "S", 1), ("V", "U", 1),
             ("w", "V", 1))  # fmt: skip
GOOD = {"c": 80.0, "z": 70.0, "a2": 90.0, "b1": 40.0, "b2": 60.0, "b0": 30.0, "a12": 50.0, "a10": 20.0,
        "d1": 100.0, "d2": 60.0}  # fmt: skip


def deep() -> Case:
    """Leaves at every level. Each point has one item; c also one that weighs nothing and one of cases."""
    items = [
        *(item(code, code) for code in LEAVES),
        item("c_idle", "c", weight=0),
        item("c_case", "c", "count_deduct", deduct_per_case=10, max_deduction=30),
        item("d_case", "d1", "count_deduct", deduct_per_case=40),
        item("s", "s", framework="chain"),
        item("w", "w", framework="chain"),
    ]
    told: dict[str, dict[str, Cell]] = {
        "whole": {**percents(GOOD), "c_idle": (10, 100), "c_case": (1,), "d_case": (0,)},
        "gaps": {**percents({**GOOD, "a12": None, "b2": None, "d1": None, "c": None}), "c_idle": (10, 100)},
        "zero": {**percents({**GOOD, "a12": 0, "b1": 0}), "c_case": (9,), "d_case": (3,)},
        "hair": {**percents({**GOOD, "a12": 4e-10, "b1": 4e-10}), "c_case": (0,), "d_case": (1,)},
        "weightless": {**percents({**GOOD, "a10": 0, "b0": 0}), "c_case": (0,), "d_case": (0,)},
        "idle": {
            **percents(GOOD),
            "c": (0, 0),
            "c_idle": (0, 0),
            "c_case": (2,),
            "d1": (0, 0),
            "d_case": (0,),
        },
        "unsaid": {"c": (0, 0), "c_idle": (0, 0), **percents({"b0": 50, "z": 60})},
        "silent": {},
        "none": dict.fromkeys((*LEAVES, "c_idle"), (0, 0)),
    }
    weights = {"gaps": 3, "zero": 0, "idle": 0.5, "silent": 2, "unsaid": 4}
    tables = catalogue(
        [*RAGGED, *CHAIN],
        items,
        (unit(code, "office", weights.get(code, "")) for code in told),
        frameworks={"tree": "unit", "chain": "unit"},
    )
    chain = cells({"whole": percents({"s": 40, "w": 90}), "gaps": percents({"w": 90})}, "chain")
    decisions = {(SCHOOL, "tree", "none", code): "not_applicable" for code in ("c_case", "d_case")}
    return Case(tables, {**cells(told), **chain}, decisions)


OTHER = "§b"


def neighbours() -> Case:
    """Two schools whose units, posts and items have the same codes; `c` has other steps than elsewhere."""
    items = [
        item("c", "c", applies_to="all"),
        item("step", "c", "banded"),
        item("spread", "A", "minmax"),
        item("for_kind", "A", "ratio", applies_to="college"),
        item("for_one", "A", "ratio", applies_to="u1"),
        item("case", "c", "count_deduct"),
        item("own", "L", "ratio", framework="posts", weight=2),
        item("slip", "L", "count_deduct", framework="posts", grave="true"),
        item("head", "M", "ratio", framework="posts", applies_to="head"),
        item("late", "c", department="others"),
    ]
    tables = catalogue(
        [
            *tree("tree", ("T", "", 1), ("A", "T", 2), ("c", "T", 1)),
            *tree("posts", ("P", "", 1), ("L", "P", 1), ("M", "P", 1)),
        ],
        items,
        [unit("u1", "college", 1), unit("u2", "office", 3), unit("u3", "office", "")],
        frameworks={"tree": "unit", "posts": "office_holder"},
        bands=(("green", 1, "", 60), ("red", 2, "true", 0)),
        posts=[post("p1", "head"), post("p2", "deputy")],
        item_steps=rows(STEP, ("step", 3, 20), ("step", 7, 55), ("step", "", 80)),
        item_overrides=rows(
            OVERRIDE,
            *(
                (SCHOOL, "c", "office", 50, 5),
                (SCHOOL, "c", "u2", "", 2),
                (SCHOOL, "for_one", "college", 40, 4),
            ),
            *(
                (SCHOOL, "for_one", "u1", 80, ""),
                (SCHOOL, "for_kind", "u1", 60, 3),
                (SCHOOL, "case", "u1", 0, 5),
            ),
            (SCHOOL, "late", "office", "", 6),
        ),
    )
    tables["units"] += [unit("u1", "office", 2, OTHER), unit("u4", "college", 1, OTHER)]
    tables["posts"] += [post("p1", "deputy", OTHER)]
    tables["institutions"].append(named(OTHER))
    told: dict[str, dict[str, Cell]] = {
        "u1": {"c": (40, 100), "step": (3,), "spread": (1,), "for_kind": (30, 100), "for_one": (50, 100),
               "case": (2,), "late": (70, 100)},
        "u2": {"c": (40, 100), "step": (6,), "spread": (5,), "case": (0,), "late": (20, 100)},
        "u3": {"c": (30, 100), "step": (50,), "spread": (2,), "case": (1,), "late": (90, 100)},
    }  # fmt: skip
    elsewhere: dict[str, dict[str, Cell]] = {
        "u1": {"c": (40, 100), "step": (3,), "spread": (100,), "case": (0,), "for_one": (20, 100)},
        "u4": {"c": (90, 100), "step": (8,), "spread": (400,), "case": (0,), "for_kind": (95, 100)},
    }
    posts: dict[str, dict[str, Cell]] = {
        "p1": {"own": (70, 100), "slip": (1,), "head": (100, 100)},
        "p2": {"own": (90, 100), "slip": (0,)},
    }
    return Case(
        tables,
        {
            **cells(told),
            **cells(posts, "posts"),
            **cells(elsewhere, "tree", OTHER),
            **cells({"p1": {"own": (20, 100)}}, "posts", OTHER),
        },
        silent=frozenset({(OTHER, "others")}),
        superseded=frozenset({(SCHOOL, "records")}),
    )
