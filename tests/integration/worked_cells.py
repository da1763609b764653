"""What the units of `worked_catalogue.py` report: the inputs of the methodology page's examples.

Not here: the results (`tests/unit/methodology_examples.py`).
"""

from collections.abc import Mapping
from fractions import Fraction

from tests.integration.scored import Cells
from tests.integration.worked_catalogue import CHILDREN, COMPARING, EXTRA, OF_FIVE, OWN, TREE, UNITS, points
from tests.unit import methodology_examples as given
from tests.unit.methodology_arithmetic import parameter

Pair = tuple[float, float | None]


def cells() -> Cells:
    """Everything reported: (framework, unit, item) → (value, denominator, reason)."""
    reported: Cells = {
        (framework, unit, code): (*pair, None)
        for framework, per_unit in ((TREE, tree_cells()), (EXTRA, extra_cells()))
        for unit, own in per_unit.items()
        for code, pair in own.items()
    }
    return {**reported, (TREE, "states", "P039"): (None, None, "blank")}


def percent(score: Fraction) -> Pair:
    return float(score), 100


def extra_cells() -> dict[str, dict[str, Pair]]:
    """Unit → item → what it reports, in the tree for methods and means."""
    per_unit: dict[str, dict[str, Pair]] = {
        **method_cells(),
        "outside": {"plain_outside": (40, 100)},
        "four_of_five": dict.fromkeys(OF_FIVE[:4], (95, 100)),
        "three_of_five": dict.fromkeys(OF_FIVE[:3], (20, 100)),
        "heavy": {"shared": percent(given.SCORE)},
        "light": {"shared": (95, 100)},
        "first_unit": {"pair_1": (60, 100)},
        "second_unit": {"pair_1": (100, 100), "pair_2": (100, 100)},
    }
    for unit, children in zip(UNITS["means"], (given.TWO_CHILDREN, given.TWO_CHILDREN_WITH_0), strict=True):
        per_unit[unit] = {code: percent(children[int(code[-1]) - 1]) for code in CHILDREN}
    for unit, score in zip(UNITS["edge"], given.EDGES, strict=True):
        per_unit[unit] = {"edge": percent(score)}
    for unit, place in zip(UNITS["ranked"], given.RANKED, strict=True):
        per_unit[unit] = {} if place is None else {"ranked": percent(place)}
    return per_unit


def method_cells() -> dict[str, dict[str, Pair]]:
    """The examples of section 3, spread over five units; each also reports its self-checks."""
    per_unit: dict[str, dict[str, Pair]] = {
        "one": {
            "P001": (19, 20), "P066": (9, 10), "P021": (5, None), "P032": (1, None), "P045": (12, None),
            "P065": (22, 20), "N01": (3, None), "allowed": (3, None),
            "days": (10, None), "days_floored": (10, None),
        },
        "two": {
            "P021": (7, None), "P032": (0, None), "N01": (5, None),
            "days": (30, None), "days_floored": (30, None),
        },
        "three": {"P021": (3, 4)},
        "four": {},
        "five": {},
    }  # fmt: skip
    for (_, own), checks, later in zip(per_unit.items(), given.CHECKS, given.CHECKS_LATER, strict=True):
        own |= dict.fromkeys((*COMPARING, "minmax_less"), (checks, None))
        own["minmax_later"] = (later, None)
    return per_unit


def tree_cells() -> dict[str, dict[str, Pair]]:
    """Unit → item → what it reports, in the shipped tree."""
    quiet = scored({"D": given.REST})
    grave = {**quiet, "N20": (1, None)}
    low = scored(dict.fromkeys(given.ASPECTS, given.LOW))
    return {
        "states": {"P037": (9, 10), "P038": (0, 0), "N16": (0, None)},
        "worked": {**quiet, **given.M16, "N16": (1, None)},
        "gap": {"P037": given.M16["P037"], "P039": given.M16["P039"], "N16": (1, None)},
        "reviewed": {**given.M16, "N16": (1, None)},
        "idle": {**dict.fromkeys(given.M16, (0, 0)), "N16": (1, None)},
        "clipped": {**given.CLIPPED, "N16": (6, None)},
        "half_d": scored(given.GAP),
        "no_d": {**scored({"D3": given.GAP["D3"]}), **nothing_due()},
        "first_level": scored(given.ASPECTS),
        "second_level": scored(given.SECOND_LEVEL),
        "grave": grave,
        "grave_confirmed": grave,
        "low": low,
        "low_confirmed": low,
        "without_m28": {code: pair for code, pair in quiet.items() if code != "plain_M28"},
    }


def nothing_due() -> dict[str, Pair]:
    """D1 and D2 with nothing due: 0 of 0, and no case."""
    none: Pair = (0, 0)
    positive = dict.fromkeys(("plain_M15", "plain_M17", "plain_M18", *given.M16), none)
    return {**positive, **dict.fromkeys(("N15", "N16", "N17", "N18"), (0, None))}


def scored(nodes: Mapping[str, Fraction]) -> dict[str, Pair]:
    """Cells that give these nodes these scores; other points outside D get `REST`, those of D report nothing."""
    found: dict[str, Pair] = {}
    for point, above in points().items():
        score = next((nodes[code] for code in above if code in nodes), None if "D" in above else given.REST)
        if score is None:
            continue
        if point == "M16":
            targets = {code: float(parameter(code, "target")) for code in given.M16}
            found |= {code: (float(score) * target / 100, 100) for code, target in targets.items()}
        else:
            found[f"plain_{point}"] = percent(score)
        if (negative := f"N{point[1:]}") in OWN:
            found[negative] = (0, None)
    return found
