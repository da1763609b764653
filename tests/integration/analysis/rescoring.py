"""Sixteen re-scorings by the independent reference, and the mean of every order of four switches.

Not here: what the analysis makes of the same two quarters.
"""

from copy import copy
from itertools import permutations, product

from tests.integration.analysis.school import BEFORE, NOW, School
from tests.integration.reference import Reference
from tests.integration.reference_cells import Given
from tests.integration.scored import Tables
from tests.integration.test_scoring_reference import SCHOOL

QUARTERS = (BEFORE, NOW)
Scores = dict[tuple[tuple[str, str, str], str], float | None]


def all_settings(school: School) -> dict[tuple[int, ...], Scores]:
    """Every node of every subject by setting of (data, weights, catalogue, coverage)."""
    found_by = references(school)
    return {setting: rescored(found_by, setting) for setting in product((0, 1), repeat=4)}


def weighed(tables: Tables, by: Tables) -> Tables:
    """The tables with the weights that `by` gives to what both have. Either has the same items, nodes and units."""
    swapped = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for name, keys in (("indicators", ("framework", "code")), ("items", ("code",)), ("units", ("code",))):
        weights = {tuple(row[key] for key in keys): row["weight"] for row in by[name]}
        for row in swapped[name]:
            row["weight"] = weights[tuple(row[key] for key in keys)]
    return swapped


def references(school: School) -> dict[tuple[int, int, int], Reference]:
    """By (data, catalogue, weights). Overrides are of one catalogue only: there they carry their own weights."""
    found = {}
    for data, catalogue, weights in product((0, 1), repeat=3):
        tables = weighed(
            school.quarters[QUARTERS[catalogue]].tables, school.quarters[QUARTERS[weights]].tables
        )
        by_override = school.quarters[QUARTERS[weights]].tables["item_overrides"]
        reference = Reference(tables, SCHOOL, Given(dict(school.quarters[QUARTERS[data]].cells)))
        own = Reference({**tables, "item_overrides": by_override}, SCHOOL, Given({}))
        for key, cell in reference.cells.items():
            cell.weight = own.cells[key].weight if key in own.cells else cell.weight
        found[data, catalogue, weights] = reference
    return found


def rescored(references: dict[tuple[int, int, int], Reference], setting: tuple[int, ...]) -> Scores:
    data, weights, catalogue, coverage = setting
    base = references[data, catalogue, weights]
    other, seen = references[1 - data, catalogue, weights], references[coverage, catalogue, weights]
    mixed = copy(base)
    mixed.cells, mixed.of_point, mixed.nodes = {}, {}, {}
    for key, cell in base.cells.items():
        mixed.cells[key] = one = copy(cell if cell.state == "reported" else other.cells[key])
        one.state, one.weight = seen.cells[key].state, cell.weight
        one.low = one.high = 0.0
        mixed.of_point.setdefault((key[0], key[1], one.item["point"]), []).append(one)
    mixed._nodes()
    return {key: node.score for key, node in mixed.nodes.items()}


def parts_of(values: dict[tuple[int, ...], float | None]) -> list[float] | None:
    before, now = values[0, 0, 0, 0], values[1, 1, 1, 1]
    if before is None or now is None:
        return None
    parts = [0.0] * 4
    for order in permutations(range(4)):
        at, value = [0] * 4, before
        for switch in order:
            at[switch] = 1
            reached = values[tuple(at)]
            reached = before if reached is None else reached
            parts[switch] += (reached - value) / 24
            value = reached
    return parts
