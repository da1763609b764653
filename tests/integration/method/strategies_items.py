"""Strategies for items: every method with and without what it may do without, steps, overrides, columns."""

from collections.abc import Sequence

from tests.integration.method.case import Row, Tables
from tests.integration.method.dice import ALWAYS, Dice, named, row

ABSOLUTE = ("ratio", "count_ratio", "boolean", "banded", "goalposts")
RELATIVE = ("minmax", "zscore", "percentile_rank")
POSITIVE = ("ratio", "ratio", *ABSOLUTE, *RELATIVE)
BOUNDS = ("-1", "0", "2", "2.5", "33.333333333", "50", "57", "99.999999999", "100")
PAIR, ALONE, BASED = ("numerator", "denominator"), ("value",), ("value", "denominator")


def draw_items(dice: Dice, tables: Tables, leaves: dict[str, list[str]], methods: Sequence[str]) -> Tables:
    """The files of items: one to four a leaf, numbered through all frameworks."""
    drawn: Tables = {"items": [], "item_steps": [], "item_overrides": [], "extract_columns": []}
    for framework in tables["frameworks"]:
        for leaf in leaves[framework["code"]]:
            positive = dice.one((1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 0))
            negative = dice.one((0, 0, 1, 2)) if positive else dice.count(1, 2)
            for weight in dice.weights(positive) if positive else ():
                _item(dice, drawn, tables, framework, leaf, dice.one(methods), weight)
            for _ in range(negative):
                _item(dice, drawn, tables, framework, leaf, "count_deduct", dice.one(("", "2")))
    if dice.chance(2):
        _ghost(dice, drawn, tables)
    _overrides(dice, drawn, tables)
    return drawn


def words(tables: Tables, framework: Row, school: str | None = None) -> list[str]:
    """What `applies_to` may name: kinds or levels, and codes, of subjects valid in the scored quarter."""
    column = "kind" if framework["subject_kind"] == "unit" else "post_level"
    rows = [
        one
        for one in tables["units" if column == "kind" else "posts"]
        if one["valid_from"] in ("", "@0", "@-3")
        and one["valid_to"] in ("", "@0", "@5")
        and school in (None, one["institution"])
    ]
    return list(dict.fromkeys([one[column] for one in rows] + [one["code"] for one in rows]))


def _item(
    dice: Dice, drawn: Tables, tables: Tables, framework: Row, point: str, method: str, weight: str
) -> None:
    code = f"i{len({one['code'] for one in drawn['items']}):02d}"
    names = words(tables, framework)
    item = named(
        code, framework=framework["code"], point=point, method=method, weight=weight,
        polarity="negative" if method == "count_deduct" else "positive", unit_of_measure="",
        applies_to=dice.one(names) if names and dice.chance(3) else dice.one(("", "all")),
        department=dice.one(tables["departments"])["code"], definition="", source_system="",
        **_parameters(dice, method),
    )  # fmt: skip
    drawn["items"] += dice.aged(item, weight="11", target="3", direction="")
    if method == "banded":
        drawn["item_steps"] += _steps(dice, code)
    drawn["extract_columns"] += _columns(dice, item, tables)


def _parameters(dice: Dice, method: str) -> dict[str, str]:
    blank = dict.fromkeys(("direction", "target", "lower", "upper", "floor"), "")
    blank |= {"deduct_per_case": "", "max_deduction": "", "grave": ""}
    if method == "ratio":
        blank["target"] = dice.one(("", "100", "90", "62.5", "130"))
    elif method == "count_ratio":
        blank["target"] = dice.one(("", "5", "2.5", "8", "0"))
    elif method == "count_deduct":
        blank["target"] = dice.one(("", "", "0", "1"))
        blank["deduct_per_case"] = dice.one(("5", "2.5", "30", "0"))
        blank["max_deduction"] = dice.one(("", "20", "50", "0"))
        blank["grave"] = dice.one(("", "true"))
    elif method == "goalposts":
        blank["lower"], blank["upper"] = dice.one((("0", "100"), ("-3", "2.5"), ("3", "90")))
    if method in ("goalposts", "minmax"):
        blank["floor"] = dice.one(("", "", "0", "40", "60.5"))
    if method in ("goalposts", *RELATIVE):
        blank["direction"] = dice.one(("", "1", "-1"))
    return blank


def _steps(dice: Dice, item: str) -> list[Row]:
    rows = []
    for bound in ["", *dice.few(BOUNDS, 4)]:
        step = row(item=item, upper_bound=bound, score=dice.one(("0", "30", "60", "85.5", "100")))
        rows += dice.aged(step, score="45")
    if dice.chance(2):
        rows.append(dice.gone(row(item=item, upper_bound="77.7", score="10")))
    return rows


def _columns(dice: Dice, item: Row, tables: Tables) -> list[Row]:
    roles = {
        "ratio": (PAIR, PAIR, ALONE),
        "count_ratio": (PAIR, BASED, ALONE, ("numerator",)),
        "banded": (PAIR, BASED, ALONE),
    }.get(item["method"], (ALONE,))
    rows = _of(dice, item, item["department"], dice.one(roles))
    others = [one["code"] for one in tables["departments"] if one["code"] != item["department"]]
    if dice.chance(2):  # one that reports it too, to be compared
        rows += _of(dice, item, dice.one(others), dice.one(roles))
    return rows


def _of(dice: Dice, item: Row, department: str, roles: Sequence[str]) -> list[Row]:
    return [
        row(
            department=department,
            header=f"{item['code']} {role}",
            item=item["code"],
            role=role,
            valid_from=dice.one(("", "", "@0")),
            valid_to="",
        )
        for role in roles
    ]


def _ghost(dice: Dice, drawn: Tables, tables: Tables) -> None:
    """An item of another time, with everything that names it still there."""
    item = dict(drawn["items"][0]) | {"code": "i99", "name_zh": "i99", "weight": "50"}
    drawn["items"].append(dice.gone(item))
    drawn["extract_columns"] += _of(dice, item, item["department"], ALONE)
    drawn["item_overrides"].append(
        _override(tables["institutions"][0]["code"], "i99", "nobody", "5", "5") | ALWAYS
    )


def _overrides(dice: Dice, drawn: Tables, tables: Tables) -> None:
    seen = set()
    frameworks = {one["code"]: one for one in tables["frameworks"]}
    for _ in range(dice.count(0, 6)):
        item, school = dice.one(drawn["items"]), dice.one(tables["institutions"])["code"]
        names = words(tables, frameworks[item["framework"]], school)
        if item["code"] == "i99" or not names:
            continue
        # A unit and its kind together: the unit's row wins, blanks and all.
        for name in {dice.one(names), dice.one(names)}:
            target = dice.one(("", "50", "3", "7.5") if item["method"] == "ratio" else ("", "50", "3", "0"))
            override = _override(school, item["code"], name, target, dice.one(("", "0", "2", "0.7")))
            if (school, item["code"], name) not in seen:
                drawn["item_overrides"] += dice.aged(override, target="1", weight="6")
            seen.add((school, item["code"], name))


def _override(school: str, item: str, applies_to: str, target: str, weight: str) -> Row:
    return row(institution=school, item=item, applies_to=applies_to, target=target, weight=weight)
