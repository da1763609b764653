"""Strategies for who is scored and in which colours: departments, schools, units, posts, bands, caps.

Not here: trees and items (`strategies_tree`, `strategies_items`), what was delivered (`strategies_cells`).
"""

from tests.integration.method.case import Row, Tables
from tests.integration.method.dice import ALWAYS, Dice, named, row

SCHOOLS = ("§a", "§b")
CROWD = 30  # of 27 or more one can have a zscore below 0
KINDS, LEVELS = ("k1", "k2", "k3"), ("k1", "head")
SCALES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("green", "", "90"), ("blue", "", "80"), ("yellow", "true", "70"), ("red", "true", "0")),
    (("green", "", "90"), ("blue", "", "80"), ("yellow", "true", "70"), ("red", "true", "0")),
    (("good", "", "66.666667"), ("bad", "true", "-20")),
    (("high", "", "66.67"), ("middle", "", "33.34"), ("low", "true", "0")),
    (("one", "true", "85"), ("two", "", "60"), ("three", "true", "0")),
    (("a", "", "95"), ("b", "", "75"), ("c", "", "50"), ("d", "true", "25"), ("e", "true", "-1000")),
    (("only", "", "0"),),
)


def draw_school(dice: Dice, *, crowded: bool) -> Tables:
    """Everything of a catalogue but trees, items and caps; a crowd is one school with one tree."""
    if crowded:
        return _crowd(dice)
    schools = SCHOOLS if dice.chance(2) else SCHOOLS[:1]
    kinds = KINDS[: dice.count(1, 3)]
    frameworks = [named("tree", subject_kind="unit", sort="")]
    if dice.chance(2):
        frameworks.append(named("other", subject_kind="unit", sort=""))
    if dice.chance(4):
        frameworks.append(named("posts", subject_kind="office_holder", sort=""))
    with_posts = frameworks[-1]["subject_kind"] == "office_holder"
    return {
        "institutions": [named(code) for code in schools],
        "frameworks": frameworks,
        "departments": [named(f"d{number}", sort="") for number in range(1, dice.count(3, 9) + 1)],
        "units": [unit for school in schools for unit in _units(dice, school, kinds)],
        "posts": [post for school in schools if with_posts for post in _posts(dice, school)],
        "bands": _bands(dice),
    }


def _crowd(dice: Dice) -> Tables:
    weights = ("", "", "2.5", "0")
    return {
        "institutions": [named(SCHOOLS[0])],
        "frameworks": [named("tree", subject_kind="unit", sort="")],
        "departments": [named(f"d{number}", sort="") for number in range(1, 4)],
        "units": [
            _unit(f"u{number}", SCHOOLS[0], KINDS[number % 2], dice.one(weights)) | ALWAYS
            for number in range(1, CROWD + 1)
        ],
        "posts": [],
        "bands": _bands(dice),
    }


def _units(dice: Dice, school: str, kinds: tuple[str, ...]) -> list[Row]:
    rows = []
    codes = [f"u{number}" for number in range(1, dice.count(1, 6) + 1)]
    if dice.chance(1):
        codes[0] = school  # a unit named like its school is another subject
    for code in codes:
        weight = dice.one(("", "", "1", "2.5", "0.3", "0"))
        rows += dice.aged(_unit(code, school, dice.one(kinds), weight), weight="9", kind="old")
    if dice.chance(2):
        rows.append(dice.gone(_unit("gone", school, "old", "4")))
    return rows


def _unit(code: str, school: str, kind: str, weight: str) -> Row:
    return named(code, institution=school, kind=kind, weight=weight, reports_as="", sort="")


def _posts(dice: Dice, school: str) -> list[Row]:
    rows = []
    for number in range(1, dice.count(0, 3) + 1):
        post = named(f"u{number}", institution=school, post_level=dice.one(LEVELS), unit="")
        rows += dice.aged(post, post_level="old")
    return rows


def _bands(dice: Dice) -> list[Row]:
    rows = []
    for rank, (code, alarm, least) in enumerate(dice.one(SCALES), 1):
        rows += dice.aged(_band(code, rank, alarm, least), min_score=least + "1", alarm="true")
    return [*rows, _band("grey", 9, "", "")]


def _band(code: str, rank: int, alarm: str, least: str) -> Row:
    return named(
        code, rank=rank, alarm=alarm, colour_zh="色", min_score=least, hex="#FFFFFF", mark="●",
        action_zh="", action_en="", deadline_workdays="",
    )  # fmt: skip


def draw_caps(dice: Dice, tables: Tables) -> list[Row]:
    """Caps of every framework, the one over posts included: there they colour nothing."""
    colours = [code for code in dict.fromkeys(one["code"] for one in tables["bands"]) if code != "grey"]
    rows = []
    for framework in tables["frameworks"]:
        for number in range(dice.count(1, 4)):
            watches_nodes = dice.chance(7)
            cap = row(
                code=f"{dice.one('zKa')}{number}-{framework['code']}",
                framework=framework["code"],
                when="node" if watches_nodes else "grave_item",
                when_level=dice.one((1, 1, 2, 3)) if watches_nodes else "",
                when_band=dice.one(colours[-3:]) if watches_nodes else "",
                at_most_band=dice.one([*colours[1:-1], *colours[1:-1], colours[-1]]),
                needs_confirmation=dice.one(("", "true")),
            )
            rows += dice.aged(cap, at_most_band=colours[-1], needs_confirmation="")
    return rows
