"""Whether the rows valid in one quarter make up a catalogue that can be scored: every check, in order.

Source: scoring.md section 2, last paragraph, and what its other sections take for granted.
Not here: cells, keys and validity (`parse`).
"""

from collections.abc import Callable, Iterator

from orchestration.core.catalogue import check_bands, check_items, check_subjects, check_tree, check_warnings
from orchestration.core.catalogue.faults import CatalogueError, Fault, at
from orchestration.core.catalogue.lookup import Lookup
from orchestration.core.catalogue.models import Catalogue

__all__ = ["CHECKS", "CatalogueError", "Fault", "check_structure"]

_NOT_NEGATIVE = ("weight", "deduct_per_case", "max_deduction", "deadline_workdays")


def not_negative(look: Lookup) -> Iterator[Fault]:
    """Weights, deductions and terms are not below 0, whatever the file."""
    for _, rows in look.catalogue.tables():
        for row in rows:
            for column in _NOT_NEGATIVE:
                value = getattr(row, column, None)
                if value is not None and value < 0:
                    yield at(row, "number_negative", column=column, found=value)


CHECKS: tuple[Callable[[Lookup], Iterator[Fault]], ...] = (
    not_negative,
    check_tree.references,
    check_tree.roots,
    check_tree.levels,
    check_tree.cycles,
    check_tree.leaves,
    check_tree.node_weights,
    check_items.references,
    check_items.polarities,
    check_items.parameters,
    check_items.item_weights,
    check_items.steps,
    check_items.overrides,
    check_items.columns,
    check_items.column_roles,
    check_subjects.folder_codes,
    check_subjects.subjects,
    check_subjects.units,
    check_subjects.posts,
    check_subjects.portfolios,
    check_subjects.codes,
    check_subjects.names,
    check_bands.scale,
    check_bands.grey,
    check_bands.fills,
    check_bands.caps,
    check_warnings.parameters,
    check_warnings.references,
)


def check_structure(catalogue_at_quarter: Catalogue) -> list[Fault]:
    """Every structural fault of a catalogue already narrowed to one quarter; none means it can be scored."""
    look = Lookup(catalogue_at_quarter)
    return [fault for check in CHECKS for fault in check(look)]
