"""Structural checks of the rules of warnings: what each kind needs, and what it may name.

Not here: which rule fires where (the models of `dbt_project/models/warnings`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from orchestration.core.catalogue.faults import Fault, at
from orchestration.core.catalogue.lookup import Lookup
from orchestration.core.catalogue.models import WarningRule

# What each kind cannot do without. A kind that looks at no node has no level, one that looks at no tree no framework.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "colour_worsened": ("threshold",),
    "fell": ("threshold",),
    "declined": ("threshold", "quarters"),
    "outlier": ("threshold",),
    "negative_case": (),
    "grave_case": (),
    "coverage_low": ("threshold",),
    "department_late": ("threshold", "severity"),
    "rectification_overdue": (),
    "uncertain_colour": ("threshold",),
}
_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "negative_case": ("level",),
    "grave_case": ("level",),
    "department_late": ("framework", "level"),
    "rectification_overdue": ("level",),
}


def parameters(look: Lookup) -> Iterator[Fault]:
    """A rule has what its kind needs, within its range, and nothing that its kind does not look at."""
    for row in look.catalogue.warning_rules:
        for column in NEEDS[row.kind]:
            if getattr(row, column) is None:
                yield at(row, "rule_parameter_absent", column=column, kind=row.kind)
        for column in _WITHOUT.get(row.kind, ()):
            if getattr(row, column) is not None:
                yield at(row, "rule_parameter_idle", column=column, kind=row.kind)
        if row.threshold is not None and row.threshold < 0:
            yield at(row, "number_negative", column="threshold", found=row.threshold)
        if row.kind == "coverage_low" and (row.threshold or 0) > 1:
            yield at(row, "share_above_one", column="threshold", found=row.threshold)
        if row.quarters is not None and row.quarters < 1:
            yield at(row, "rule_quarters_bad", found=row.quarters)


def references(look: Lookup) -> Iterator[Fault]:
    """A rule names a framework over units, a level that one of its trees has, and a colour."""
    levels: dict[str, set[int]] = defaultdict(set)
    for (framework, _), node in look.nodes.items():
        if look.subject_kinds.get(framework) == "unit":
            levels[framework].add(node.level)
    for row in look.catalogue.warning_rules:
        if row.framework is not None and row.framework not in look.subject_kinds:
            yield at(row, "framework_unknown", found=row.framework)
        elif row.framework is not None and look.subject_kinds[row.framework] != "unit":
            yield at(row, "rule_of_posts", found=row.framework)
        else:
            yield from _level(row, levels)
        if row.severity is not None and row.severity not in look.bands:
            yield at(row, "band_unknown", column="severity", found=row.severity)
        elif row.severity is not None and look.bands[row.severity].min_score is None:
            yield at(row, "severity_is_grey", found=row.severity)


def _level(row: WarningRule, levels: Mapping[str, Set[int]]) -> Iterator[Fault]:
    own = levels.get(row.framework, frozenset()) if row.framework else frozenset().union(*levels.values())
    if row.level is not None and row.level not in own:
        yield at(row, "rule_level_unknown", found=row.level, expected=tuple(sorted(own)))
