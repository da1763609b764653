"""Strategies for what was delivered and decided: gaps, zeros, halves, constant columns, silent branches."""

from collections.abc import Iterator

from tests.integration.method.case import Case, CellKey, Figure, RootKey, Row, Tables, place
from tests.integration.method.dice import Dice
from tests.integration.method.strategies_school import CROWD

SMALL = ("ratio", "boolean", "count_deduct")
HELD = ("blank", "quarantined", "claimed", "unreadable", "half_pair")
FIGURES = (0.0, 1.0, 2.5, 3.0, 17.0, 50.0, 90.0, 121.5, -4.0)
COUNTS = (0.0, 1.0, 2.0, 2.5, 3.0, 5.0, 12.0)
# Of twenty cells: absent, held or blank, with a half or a zero in it; the rest arrive whole.
HABITS = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 0, 1), (0, 1, 3), (1, 1, 0), (1, 4, 4))


def draw_case(dice: Dice, tables: Tables) -> Case:
    """What arrived for the tables, and what persons decided about it."""
    valid = place(Case(tables), 0).valid()
    schools = [(one["code"], one["code"].replace("s", "§", 1)) for one in valid["institutions"]]
    cells: dict[CellKey, Figure] = {}
    decisions: dict[CellKey, str] = {}
    confirmations: dict[RootKey, str] = {}
    silent, superseded, refused = set(), set(), set()
    departments = [one["code"] for one in valid["departments"]]
    for code, school in schools:
        silent |= {(school, one) for one in dice.few(departments, 2 if dice.chance(3) else 0)}
        due = list(_due(valid, code))
        cells |= _cells(dice, valid, school, due)
        decided = dice.few([key for key, _ in due], 3 if dice.chance(4) else 0)
        decisions |= {(school, *key): dice.one(("under_review", "not_applicable")) for key in decided}
        confirmations |= _confirmations(dice, valid, code, school)
        for departments_of in (superseded, refused):
            departments_of |= {(school, one) for one in dice.few(departments, 1 if dice.chance(2) else 0)}
    lost = {one["code"]: one["department"] for one in valid["items"]}
    cells = {key: one for key, one in cells.items() if (key[0], lost.get(key[3], "")) not in silent}
    return Case(
        tables, cells, decisions, confirmations, frozenset(silent), frozenset(superseded), frozenset(refused)
    )


def _due(valid: Tables, school: str) -> Iterator[tuple[tuple[str, str, str], Row]]:
    """(framework, subject, item) of every cell that could be filled, whether it applies or not."""
    kinds = {one["code"]: one["subject_kind"] for one in valid["frameworks"]}
    for item in valid["items"]:
        for subject in valid["units" if kinds[item["framework"]] == "unit" else "posts"]:
            if subject["institution"] == school:
                own = {subject["code"], subject.get("kind"), subject.get("post_level"), "all", ""}
                name = "§" + subject["code"][1:] if subject["code"] == school else subject["code"]
                if item["applies_to"] in own or name.endswith("1"):
                    yield (item["framework"], name, item["code"]), item


def _cells(
    dice: Dice, valid: Tables, school: str, due: list[tuple[tuple[str, str, str], Row]]
) -> dict[CellKey, Figure]:
    habit, quality = dice.one(HABITS), dice.one((20, 80, 90, 95, 100, 100))
    crowded = len(valid["units"]) >= CROWD
    codes = {key[2]: None for key, _ in due}
    constant = {item: dice.one(FIGURES) for item in codes if crowded or dice.chance(1)}
    outlier = {item: "u1" if crowded else dice.one(("u1", "u2", "")) for item in constant}
    quiet = _quiet(dice, valid)
    own = {
        (one["item"], one["role"])
        for one in valid["extract_columns"]
        for item in valid["items"]
        if item["code"] == one["item"] and item["department"] == one["department"]
    }
    found: dict[CellKey, Figure] = {}
    for (framework, subject, code), item in due:
        absent, held, odd = habit
        fate = dice.count(1, 20)
        if (framework, subject, item["point"]) in quiet or fate <= absent:
            continue
        x, b = _figure(dice, item, quality, paired=(code, "denominator") in own)
        if code in constant and outlier[code] != subject and item["method"] not in SMALL:
            x = abs(constant[code]) if item["method"] == "count_ratio" else constant[code]
        why = None
        if fate <= absent + held:
            x, b, why = None, dice.one((b, b, 0.0)) if (code, "denominator") in own else b, dice.one(HELD)
        elif fate <= absent + held + odd:
            x, b = dice.one(((x, b), (None, b), (x, None), (0.0, 0.0), (None, 0.0), (x, 0.0)))
            if item["method"] in ("ratio", "count_ratio", "banded") and (code, "denominator") in own:
                why = None
            else:
                b = 100.0 if item["method"] == "ratio" else None
            if x is None:
                why = "half_pair" if b is not None else "blank"
        found[school, framework, subject, code] = (x, b, why)
    return found


def _quiet(dice: Dice, valid: Tables) -> set[tuple[str, str, str]]:
    """Points of branches about which nothing arrives, for one subject or for all."""
    quiet = set()
    subjects = sorted({one["code"] for name in ("units", "posts") for one in valid[name]})
    for node in dice.few(valid["indicators"], 2 if dice.chance(4) else 0):
        below = {node["code"]}
        for _ in range(4):
            below |= {one["code"] for one in valid["indicators"] if one["parent"] in below}
        whose = subjects if dice.chance(3) else [dice.one(subjects)]
        quiet |= {(node["framework"], subject, point) for subject in whose for point in below}
    return quiet


def _figure(dice: Dice, item: Row, quality: int, *, paired: bool) -> tuple[float, float | None]:
    method = item["method"]
    if method == "ratio" and not paired:
        return min(100.0, quality + dice.one((0.0, 3.5, 12.25, 30.0, 100.0))), 100.0
    if method == "ratio":
        b = dice.one((1, 3, 7, 10, 24, 40))
        return float(min(b, b * quality // 100 + dice.count(0, 9))), float(b)
    if method == "boolean":
        return float(dice.count(0, 99) < max(quality, 20)), None
    if method == "count_deduct":
        return dice.one((0.0,) * (1 + quality // 6) + (1.0, 2.0, 7.0, 0.5)), None
    if method == "count_ratio":
        return dice.one(COUNTS), dice.one((None, 1.0, 3.0, 4.0, 10.0)) if paired else None
    if method == "banded" and paired:
        return float(dice.count(0, 9)), float(dice.one((3, 7, 10)))
    return dice.one(FIGURES), None


def _confirmations(dice: Dice, valid: Tables, code: str, school: str) -> dict[RootKey, str]:
    colours = [one["code"] for one in valid["bands"] if one["min_score"]]
    found: dict[RootKey, str] = {}
    for framework in valid["frameworks"]:
        if framework["subject_kind"] != "unit":
            continue
        units = [one["code"] for one in valid["units"] if one["institution"] == code]
        subjects = [("institution", school), *(("unit", school if one == code else one) for one in units)]
        for kind, subject in subjects:
            if dice.chance(3):
                found[school, framework["code"], kind, subject] = dice.one(colours[-3:])
    return found
