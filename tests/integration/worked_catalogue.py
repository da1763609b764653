"""The examples of the methodology page as one small catalogue: a kind of unit a group of examples.

Two trees: the shipped one, each point with one plain item (M16, and the negative items of D, with their own), and
`extra` for methods and means that the shipped catalogue does not use. What the units report is in `worked_cells.py`.
"""

from collections.abc import Mapping

from orchestration.settings import PROJECT
from tests.integration.scored import Row, Tables, tables_of
from tests.integration.small_catalogue import NAMES, item, row

QUARTER, SCHOOL, TREE, EXTRA = "2026Q3", "demo", "ecology", "extra"
OWN = (
    "P037",
    "P038",
    "P039",
    "N15",
    "N16",
    "N17",
    "N18",
    "N20",
)  # shipped items that stand at their own points
MEANS = ("arithmetic", "geometric", "harmonic")
CHILDREN = {f"{mean}_{child}": (mean, 3 - child) for mean in MEANS for child in (1, 2)}
OF_FIVE = tuple(f"five_{place}" for place in range(5))
COMPARING = ("minmax", "zscore", "percentile_rank")
UNITS = {
    "tree": (
        "states", "worked", "gap", "reviewed", "idle", "clipped", "half_d", "no_d", "first_level",
        "second_level", "grave", "grave_confirmed", "low", "low_confirmed", "without_m28",
    ),
    "methods": ("one", "two", "three", "four", "five"),
    "outside": ("outside",),
    "fives": ("four_of_five", "three_of_five"),
    "edge": ("over", "under"),
    "means": ("children", "children_with_0"),
    "ranked": ("place_0", "place_1", "place_2", "place_3", "place_4"),
    "shared": ("heavy", "light", "without"),
    "pair": ("first_unit", "second_unit"),
}  # fmt: skip
WEIGHTS = {"heavy": 3}


def tables() -> Tables:
    """The catalogue: shipped tree, colours, caps and parameters; units and plain items of its own."""
    shipped = shipped_tables()
    items = [
        *plain_items(),
        *(one | {"applies_to": "tree"} for one in own(shipped, OWN)),
        *method_items(shipped),
    ]
    codes = {one["code"] for one in items}
    return {
        **{name: shipped[name] for name in ("institutions", "departments", "bands", "colour_caps")},
        **{
            name: [one for one in shipped[name] if one["item"] in codes]
            for name in ("item_steps", "extract_columns")
        },
        "frameworks": [
            *(one for one in shipped["frameworks"] if one["code"] == TREE),
            row(code=EXTRA, subject_kind="unit", **NAMES),
        ],
        "units": [
            row(institution=SCHOOL, code=code, kind=kind, weight=WEIGHTS.get(code), **NAMES)
            for kind, units in UNITS.items()
            for code in units
        ],
        "indicators": [*(one for one in shipped["indicators"] if one["framework"] == TREE), *extra_nodes()],
        "items": items,
    }


def shipped_tables() -> Tables:
    """The shipped catalogue's rows of the quarter."""
    return tables_of(PROJECT / "dbt_project" / "catalogue", QUARTER)


def extra_nodes() -> list[Row]:
    """`X` and, below it, leaves of one group each, the three means and a node of two points."""
    nodes: Mapping[str, tuple[str, int]] = {
        "X": ("", 1),
        **dict.fromkeys(("methods", "outside", "five", "edge", "ranked", "shared", "pair", *MEANS), ("X", 1)),
        **dict.fromkeys(("pair_1", "pair_2"), ("pair", 1)),
        **CHILDREN,
    }
    return [
        row(
            framework=EXTRA,
            code=code,
            parent=parent,
            level=("", "X").index(parent) if parent in ("", "X") else 2,
            weight=weight,
            aggregation=code if code in MEANS else "",
            **NAMES,
        )
        for code, (parent, weight) in nodes.items()
    ]


def plain(code: str, point: str, kind: str, **more: object) -> Row:
    """An item whose score is what is reported of 100, unless `more` says otherwise."""
    return item(
        **{
            "framework": EXTRA,
            "code": code,
            "point": point,
            "applies_to": kind,
            "department": "audit",
            "method": "ratio",
            "weight": 1,
            **more,
        }
    )


def plain_items() -> list[Row]:
    return [
        *(plain(f"plain_{point}", point, "tree", framework=TREE) for point in points() if point != "M16"),
        *(plain(code, "five", "fives") for code in OF_FIVE),
        *(plain(code, code, "means") for code in CHILDREN),
        *(plain(code, code, code) for code in ("edge", "ranked", "shared")),
        *(plain(code, code, "pair") for code in ("pair_1", "pair_2")),
        plain("plain_outside", "outside", "outside"),
        plain("floored", "outside", "outside", method="goalposts", lower=0, upper=10, floor=60),
    ]


def own(shipped: Tables, codes: tuple[str, ...]) -> list[Row]:
    """Shipped items as they are."""
    return [one for one in shipped["items"] if one["code"] in codes]


def method_items(shipped: Tables) -> list[Row]:
    """Shipped items of each method at one point, and those of methods that the shipped catalogue does not use."""
    place = {"framework": EXTRA, "point": "methods", "applies_to": "methods"}
    known = {
        one["code"]: one | place
        for one in own(shipped, ("P001", "P066", "P021", "P032", "P045", "P065", "N01"))
    }
    days: dict[str, object] = {"method": "goalposts", "direction": -1, "lower": 5, "upper": 25}
    return [
        *known.values(),
        known["N01"] | {"code": "allowed", "target": "1"},
        plain("days", "methods", "methods", **days),
        plain("days_floored", "methods", "methods", **days, floor=40),
        plain("minmax_less", "methods", "methods", method="minmax", direction=-1),
        plain("minmax_later", "methods", "methods", method="minmax"),
        *(plain(code, "methods", "methods", method=code) for code in COMPARING),
    ]


def points() -> dict[str, list[str]]:
    """Each point of the shipped tree with the codes on its way to the root, itself first."""
    rows = [one for one in shipped_tables()["indicators"] if one["framework"] == TREE]
    parents = {one["code"]: one["parent"] for one in rows}
    found: dict[str, list[str]] = {}
    for point in (one["code"] for one in rows if one["level"] == "4"):
        found[point] = [point]
        while parent := parents[found[point][-1]]:
            found[point].append(parent)
    return found
