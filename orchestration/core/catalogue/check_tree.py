"""Structural checks of the trees: references, roots, levels, cycles, leaves and groups of weights.

Not here: items' own parameters (`check_items`), subjects, bands.
"""

from collections.abc import Iterator

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.lookup import Lookup
from orchestration.core.catalogue.models import Indicator

AGGREGATIONS = ("arithmetic", "geometric", "harmonic")
DEEPEST = 4


def references(look: Lookup) -> Iterator[Fault]:
    """Framework, parent, lead unit and aggregation of every node are known."""
    units = {code for _, code in look.units}
    for row in look.catalogue.indicators:
        if row.framework not in look.subject_kinds:
            yield at(row, "framework_unknown", found=row.framework)
        if row.parent is not None and (row.framework, row.parent) not in look.nodes:
            yield at(row, "parent_unknown", found=row.parent)
        if row.lead_unit is not None and row.lead_unit not in units:
            yield at(row, "unit_unknown", column="lead_unit", found=row.lead_unit)
        if row.aggregation is not None and row.aggregation not in AGGREGATIONS:
            yield at(row, "aggregation_unknown", found=row.aggregation, expected=AGGREGATIONS)


def roots(look: Lookup) -> Iterator[Fault]:
    """Each framework has exactly one root: level 0, no parent; and something hangs below it."""
    for framework in look.catalogue.frameworks:
        nodes = [row for row in look.catalogue.indicators if row.framework == framework.code]
        found = [row for row in nodes if row.level == 0 and row.parent is None]
        # A framework whose rows begin in a later quarter is not scored before.
        if not found and (nodes or not look.catalogue.indicators):
            yield at(framework, "root_absent", framework=framework.code)
        for row in found[1:]:
            yield at(row, "root_twice", framework=framework.code, other=found[0].code)
        if len(found) == 1 and not look.children.get((framework.code, found[0].code)):
            yield at(found[0], "root_alone", framework=framework.code)


def levels(look: Lookup) -> Iterator[Fault]:
    """A parent stands exactly one level up; nothing stands deeper than four below the root."""
    for row in look.catalogue.indicators:
        if not 0 <= row.level <= DEEPEST:
            yield at(row, "level_too_deep", found=row.level, expected=DEEPEST)
        if row.level == 0 and row.parent is not None:
            yield at(row, "root_has_parent", found=row.parent)
        elif row.level != 0 and row.parent is None:
            yield at(row, "parent_absent", found=row.level)
        parent = look.nodes.get((row.framework, row.parent or ""))
        if parent is not None and parent.level != row.level - 1:
            yield at(row, "level_jump", found=row.level, parent=parent.code, parent_level=parent.level)


def cycles(look: Lookup) -> Iterator[Fault]:
    """No node is its own ancestor; each ring is named once."""
    done: set[Indicator] = set()
    for start in look.catalogue.indicators:
        path: list[Indicator] = []
        row: Indicator | None = start
        while row is not None and row not in done and row not in path:
            path.append(row)
            row = None if row.parent is None else look.nodes.get((row.framework, row.parent))
        if row is not None and row in path:
            ring = path[path.index(row) :]
            yield at(row, "cycle", found=tuple(node.code for node in [*ring, row]))
        done.update(path)


def leaves(look: Lookup) -> Iterator[Fault]:
    """Every leaf has an item of one polarity or the other."""
    for key, row in look.nodes.items():
        if key not in look.children and key not in look.items_of and row.level != 0:
            yield at(row, "leaf_without_items", found=row.code)


def node_weights(look: Lookup) -> Iterator[Fault]:
    """A node's children do not all weigh nothing."""
    for key, children in look.children.items():
        if key in look.nodes and all(child.weight == 0 for child in children):
            yield at(look.nodes[key], "children_weightless", found=key[1])
