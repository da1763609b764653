"""Strategies for trees: one to four levels, leaves at any of them, weights of 0, each node its own mean."""

from collections.abc import Sequence

from tests.integration.method.case import Row
from tests.integration.method.dice import Dice, named

MEANS = ("", "arithmetic", "arithmetic", "geometric", "harmonic")
MOST_LEAVES = 9


def draw_tree(
    dice: Dice, framework: str, means: Sequence[str], deepest: int = 4
) -> tuple[list[Row], list[str]]:
    """Rows of `indicators.csv` for one framework, in no order, and the codes of its leaves."""
    depth, rows, leaves = dice.count(1, deepest), [], []
    growing = [_node(framework, "T", "", 0, "1", dice.one(means))]
    while growing:
        parent = growing.pop(0)
        rows += dice.aged(parent, weight="7", aggregation="harmonic")
        level, number = int(parent["level"]) + 1, dice.count(1, 3)
        grown = dice.count(0, number - 1)
        for place, weight in enumerate(dice.weights(number)):
            code = f"{parent['code'].removeprefix('T')}{'CBA'[place]}"
            node = _node(framework, code, parent["code"], level, weight, dice.one(means))
            # One child at least grows on while there is depth left, unless there are leaves enough.
            grows = level < depth and (place == grown or dice.chance(4)) and len(leaves) < MOST_LEAVES
            if grows:
                growing.append(node)
            else:
                leaves.append(code)
                rows += dice.aged(node, weight="7", level="1", parent="T")
    if dice.chance(1):
        rows.append(dice.gone(_node(framework, "X", "T", 1, "5", "")))
    return rows, leaves


def _node(framework: str, code: str, parent: str, level: int, weight: str, aggregation: str) -> Row:
    return named(
        code, framework=framework, parent=parent, level=level, weight=weight, aggregation=aggregation,
        lead_unit="", sort="",
    )  # fmt: skip
