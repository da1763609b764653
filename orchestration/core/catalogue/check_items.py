"""Structural checks of the items: their point, method and parameters, steps, overrides and extract columns.

Rows that name an item not valid in the quarter are ignored (scoring.md section 2). Not here: the tree.
"""

from collections import defaultdict
from collections.abc import Iterator

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.lookup import Lookup, plain
from orchestration.core.catalogue.models import ExtractColumn, Item, ItemOverride, ItemStep

METHODS = (
    "ratio",
    "count_ratio",
    "boolean",
    "banded",
    "goalposts",
    "minmax",
    "zscore",
    "percentile_rank",
    "count_deduct",
)
_READ_DIRECTION = ("goalposts", "minmax", "zscore", "percentile_rank")
_READ_FLOOR = ("goalposts", "minmax")
_COUNTS = ("count_ratio", "count_deduct")

# The sets of columns that carry one item to the warehouse whole (scoring.md section 3).
_PAIR, _ALONE = ("denominator", "numerator"), ("value",)
_WITH_BASE = ("denominator", "value")
_ROLES = {
    "ratio": (_PAIR, _ALONE),
    "count_ratio": (_PAIR, _WITH_BASE, _ALONE, ("numerator",)),
    "banded": (_PAIR, _WITH_BASE, _ALONE),
}


def references(look: Lookup) -> Iterator[Fault]:
    """Framework, point, department, method and applicability of every item are known."""
    for row in look.catalogue.items:
        if row.framework not in look.subject_kinds:
            yield at(row, "framework_unknown", found=row.framework)
        elif (row.framework, row.point) not in look.nodes:
            yield at(row, "point_unknown", found=row.point)
        elif (row.framework, row.point) in look.children or look.nodes[row.framework, row.point].level == 0:
            yield at(row, "point_not_leaf", found=row.point)
        if row.department not in look.departments:
            yield at(row, "department_unknown", column="department", found=row.department)
        if row.method not in METHODS:
            yield at(row, "method_unknown", found=row.method, expected=METHODS)
        words = look.applicable_words(row.framework)
        if row.applies_to not in (None, "all") and words and row.applies_to not in words:
            yield at(row, "applies_to_unknown", found=row.applies_to)


def polarities(look: Lookup) -> Iterator[Fault]:
    """Negative items deduct by the case, positive ones do not; only a deducting item can be grave."""
    for row in look.catalogue.items:
        deducts = row.method == "count_deduct"
        if row.polarity == "negative" and not deducts:
            yield at(row, "method_of_negative", found=row.method)
        if row.polarity == "positive" and deducts:
            yield at(row, "method_of_positive", found=row.method)
        if row.grave and not deducts:
            yield at(row, "grave_on_method", found=row.method)


def parameters(look: Lookup) -> Iterator[Fault]:
    """Every method has the parameters it needs, and no direction or floor that it does not read."""
    for row in look.catalogue.items:
        yield from _target(row, row.method)
        if row.method == "goalposts":
            yield from _limits(row)
        if row.method == "count_deduct" and row.deduct_per_case is None:
            yield at(row, "deduction_absent", found=row.method)
        yield from _direction_and_floor(row)


def _direction_and_floor(row: Item) -> Iterator[Fault]:
    if row.direction not in (None, 1, -1):
        yield at(row, "direction_bad", found=row.direction)
    elif row.direction == -1 and row.method not in _READ_DIRECTION:
        yield at(row, "direction_unread", found=row.method)
    if row.floor is not None and row.method not in _READ_FLOOR:
        yield at(row, "floor_unread", found=row.method)
    elif row.floor is not None and not 0 <= row.floor <= 100:
        yield at(row, "score_out_of_range", column="floor", found=row.floor)


def _target(row: Item | ItemOverride, method: str) -> Iterator[Fault]:
    """A ratio is divided by its target; a count is compared with it."""
    if row.target is None:
        return
    if method == "ratio" and row.target <= 0:
        yield at(row, "target_not_positive", found=row.target)
    elif method in _COUNTS and row.target < 0:
        yield at(row, "number_negative", column="target", found=row.target)


def _limits(row: Item) -> Iterator[Fault]:
    if row.lower is None or row.upper is None:
        yield at(row, "limits_absent", found=row.method)
    elif row.lower >= row.upper:
        yield at(row, "limits_in_order", lower=row.lower, upper=row.upper)


def item_weights(look: Lookup) -> Iterator[Fault]:
    """A positive item has a weight, and a point's positive items do not all weigh nothing."""
    for (_, point), items in look.items_of.items():
        positive = [row for row in items if row.polarity == "positive"]
        for row in positive:
            if row.weight is None:
                yield at(row, "weight_absent", found=row.code)
        if positive and all(row.weight == 0 for row in positive):
            yield at(positive[0], "items_weightless", found=point)


def steps(look: Lookup) -> Iterator[Fault]:
    """A banded item has exactly one step without a bound; steps score 0 to 100."""
    by_item: dict[str, list[ItemStep]] = defaultdict(list)
    for step in look.catalogue.item_steps:
        by_item[step.item].append(step)
        if step.item in look.items and not 0 <= step.score <= 100:
            yield at(step, "score_out_of_range", column="score", found=step.score)
    for row in look.catalogue.items:
        open_steps = sum(step.upper_bound is None for step in by_item[row.code])
        if row.method == "banded" and open_steps != 1:
            yield at(row, "open_step_not_one", item=row.code, found=open_steps)


def overrides(look: Lookup) -> Iterator[Fault]:
    """An override is for a known institution and a unit or kind in it, with a target its method can use."""
    for row in look.catalogue.item_overrides:
        if item := look.items.get(row.item):
            yield from _override(look, row, item)


def _override(look: Lookup, row: ItemOverride, item: Item) -> Iterator[Fault]:
    if row.institution not in look.institutions:
        yield at(row, "institution_unknown", found=row.institution)
    elif row.applies_to not in look.applicable_words(item.framework, row.institution):
        yield at(row, "applies_to_unknown", found=row.applies_to)
    yield from _target(row, item.method)


def columns(look: Lookup) -> Iterator[Fault]:
    """Departments of columns are known, no two headers of one department read alike."""
    headers: dict[tuple[str, str], ExtractColumn] = {}
    for row in look.catalogue.extract_columns:
        if row.department not in look.departments:
            yield at(row, "department_unknown", column="department", found=row.department)
        if row.item not in look.items:
            continue
        first = headers.setdefault((row.department, plain(row.header)), row)
        if first is not row:
            yield at(row, "header_twice", found=row.header, other=first.line)


def column_roles(look: Lookup) -> Iterator[Fault]:
    """An item's columns make it up whole: a pair or one value, each once; its own department has them."""
    groups: dict[tuple[str, str], list[ExtractColumn]] = defaultdict(list)
    for row in look.catalogue.extract_columns:
        groups[row.item, row.department].append(row)
    for item in look.catalogue.items:
        if (item.code, item.department) not in groups:
            yield at(item, "columns_absent", item=item.code, department=item.department)
    for (code, department), rows in groups.items():
        if known := look.items.get(code):
            found = tuple(sorted(row.role for row in rows))
            if found not in _ROLES.get(known.method, (_ALONE,)):
                values = {"item": code, "method": known.method, "department": department, "found": found}
                yield at(rows[0], "column_roles_bad", **values)
