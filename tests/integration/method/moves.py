"""Cells moved to their worst, their best or somewhere between, by what their method makes of a value.

Only for methods that score a cell by itself. Not here: what must follow.
"""

import random
from collections.abc import Callable

from tests.integration.method.case import Figure, Placed, Row

# Which end of an item: 0 is its worst, 1 its best, anything else is drawn in between.
End = float


def mover(case: Placed) -> Callable[[str, Figure, End, random.Random], Figure]:
    """A function of (item, its cell, end, dice) that gives another cell, reported and due."""
    tables = case.valid()
    items = {one["code"]: one for one in tables["items"]}
    paired = {
        one["item"]
        for one in tables["extract_columns"]
        if one["role"] == "denominator" and one["department"] == items.get(one["item"], {}).get("department")
    }
    steps: dict[str, list[tuple[float, float]]] = {}
    for one in tables["item_steps"]:
        bound = float(one["upper_bound"] or 1000)
        steps.setdefault(one["item"], []).append((float(one["score"]), bound))

    def move(code: str, cell: Figure, end: End, dice: random.Random) -> Figure:
        item, base = items[code], cell[1]
        if item["method"] == "banded":
            ordered = sorted(steps[code])
            x = (ordered[0] if end == 0 else ordered[-1] if end == 1 else dice.choice(ordered))[1]
            base = (base or 10.0) if code in paired else None
            return (x if base is None else x * base / 100), base, None
        base = (base or 4.0) if item["method"] in ("ratio", "count_ratio") else None
        return _value(item, end if end in (0, 1) else dice.random(), base), base, None

    return move


def _value(item: Row, end: float, base: float | None) -> float:
    """The value that far from the worst; far beyond it where the best has no end."""
    if item["method"] in ("ratio", "count_ratio"):
        return end * 3 * (base or 1.0)
    if item["method"] == "boolean":
        return float(end >= 0.5)
    if item["method"] == "count_deduct":
        return round((1 - end) * 1000)
    lower, upper = float(item["lower"]), float(item["upper"])
    part = 1 - end if item["direction"] == "-1" else end
    return lower - 1 + part * (upper - lower + 2)
