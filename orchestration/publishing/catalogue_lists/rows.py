"""The items of one polarity in the order of a framework's tree, grouped by its first level.

Not here: headings and sentences of the page (`catalogue_lists`).
"""

from collections import defaultdict
from collections.abc import Iterator

from orchestration.core.catalogue.models import Catalogue, Framework, Indicator, Item
from orchestration.publishing.catalogue_lists.model import Entry, Group, Point, Polarity
from orchestration.publishing.catalogue_lists.words import Words

_Children = dict[str | None, list[Indicator]]


def groups_of(
    catalogue: Catalogue, framework: Framework, polarity: Polarity, words: Words
) -> Iterator[Group]:
    """The first-level nodes that have such items, with their points, all in the order of the tree."""
    children = _children(catalogue, framework)
    items: dict[str, list[Item]] = defaultdict(list)
    for item in catalogue.items:
        if item.framework == framework.code and item.polarity == polarity:
            items[item.point].append(item)
    for root in children[None]:
        for first in children[root.code]:
            points = tuple(
                Point(
                    leaf.code, words.name(leaf), path, tuple(_entry(item, words) for item in items[leaf.code])
                )
                for leaf, path in _leaves(first, (), children, words)
                if items[leaf.code]
            )
            if points:
                yield Group(first.code, words.name(first), points)


def _children(catalogue: Catalogue, framework: Framework) -> _Children:
    children: _Children = defaultdict(list)
    for node in catalogue.indicators:
        if node.framework == framework.code:
            children[node.parent].append(node)
    for nodes in children.values():
        nodes.sort(key=lambda node: (node.sort is None, node.sort, node.code))
    return children


def _leaves(
    node: Indicator, path: tuple[str, ...], children: _Children, words: Words
) -> Iterator[tuple[Indicator, tuple[str, ...]]]:
    """The leaves at or below `node`, each with the names between it and the first level."""
    if not children[node.code]:
        yield node, path
    for child in children[node.code]:
        below = path if node.level == 1 else (*path, words.name(node))
        yield from _leaves(child, below, children, words)


def _entry(item: Item, words: Words) -> Entry:
    return Entry(
        code=item.code,
        name=words.name(item),
        definition=item.definition or "",
        formula=words.formula(item),
        source=item.source_system or "",
        department=words.department(item.department),
        applies=words.applies(item.applies_to),
        weight=item.weight if item.polarity == "positive" else None,
        deduction=item.deduct_per_case,
        maximum=item.max_deduction,
        is_grave=item.grave,
    )
