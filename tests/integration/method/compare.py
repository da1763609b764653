"""The warehouse beside the reference: every figure of every node and item, and where they part, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.integration.method.batch import Figures, Scored
from tests.integration.method.case import Placed, described
from tests.integration.reference import Reference
from tests.integration.reference_cells import Given
from tests.integration.reference_colours import Colours

CLOSE = 1e-9
NODE_FIGURES = {
    "score": "score",
    "score_low": "low",
    "score_high": "high",
    "coverage": "coverage",
    "nothing_due_share": "nothing_due",
    "clip_adjustment": "clip",
    "effective_weight": "effective_weight",
    "contribution": "contribution",
    "is_contribution_exact": "exact",
}
COLOURS = ("band", "band_by_score", "band_cause", "band_pending", "is_certain", "rank_in_kind")
ITEM_FIGURES = ("score", "deduction", "score_low", "score_high", "deduction_low", "deduction_high")


def references(case: Placed, min_coverage: float) -> dict[str, Reference]:
    """The reference of each school of the case, coloured."""
    tables = case.valid()
    return {school: _reference(case, tables, school, min_coverage) for school in case.institutions}


def _reference(case: Placed, tables: dict[str, list[dict[str, str]]], school: str, least: float) -> Reference:
    given = Given(
        {key[1:]: figure for key, figure in case.cells.items() if key[0] == school},
        {key[1:]: decision for key, decision in case.decisions.items() if key[0] == school},
    )
    reference = Reference(tables, school, given)
    confirmed = {(*key[1:], band) for key, band in case.confirmations.items() if key[0] == school}
    Colours(reference, least, confirmed)
    return reference


@dataclass(frozen=True)
class Expected:
    """What the reference says of a case's nodes and items, by the keys of `Scored`."""

    nodes: dict[tuple[str, ...], Figures]
    items: dict[tuple[str, ...], Figures]


def disagreements(scored: Scored, min_coverage: float) -> Iterator[str]:
    """Where the two part: school, framework, kind, subject, node or item, figure, both values."""
    return parted(scored, expected(scored.case, min_coverage))


def parted(scored: Scored, by_reference: Expected) -> Iterator[str]:
    """The same for an expectation made before."""
    yield from _parted("node", scored.nodes, by_reference.nodes)
    yield from _parted("item", scored.items, by_reference.items)


def expected(case: Placed, min_coverage: float) -> Expected:
    """What the reference says of all schools of the case."""
    whole = Expected({}, {})
    for school, reference in references(case, min_coverage).items():
        provisional = reference.provisional(received(case, school))
        for (subject, code), node in reference.nodes.items():
            whole.nodes[school, *subject, code] = {
                **{column: getattr(node, name) for column, name in NODE_FIGURES.items()},
                **{name: node.colours.get(name) for name in COLOURS},
                "weight": float(reference.tree[subject[0], code]["weight"]),
                "level": int(reference.tree[subject[0], code]["level"]),
                "parent": reference.tree[subject[0], code]["parent"] or None,
                "provisional": provisional,
            }
        for (framework, code, item), figures in reference.item_figures():
            whole.items[school, framework, reference.kind_of[framework], code, item] = figures
    return whole


def received(case: Placed, school: str) -> set[str]:
    """The departments of whose submissions one counts."""
    every = {one["code"] for one in case.tables["departments"]}
    return {one for one in every if (school, one) not in case.silent or (school, one) in case.superseded}


def _parted(
    what: str, found: dict[tuple[str, ...], Figures], expected: dict[tuple[str, ...], Figures]
) -> Iterator[str]:
    for key in sorted(found.keys() ^ expected.keys()):
        yield f"{what} {' '.join(key)}: only in the {'warehouse' if key in found else 'reference'}"
    for key in sorted(found.keys() & expected.keys()):
        for column, value in expected[key].items():
            if not same(found[key][column], value):
                yield f"{what} {' '.join(key)}: {column}: warehouse {found[key][column]!r}, reference {value!r}"


def same(one: object, other: object, close: float = CLOSE) -> bool:
    """Whether two figures are one: doubles to `close`, everything else and what is not there exactly."""
    if isinstance(one, float) and isinstance(other, float | int) and not isinstance(other, bool):
        return one == other or abs(one - other) <= close  # both may be infinite
    return type(one) is type(other) and one == other


def report(scored: Scored, parted: list[str], most: int = 40) -> str:
    """What a reader needs to see the fault: the disagreements, then the whole case."""
    more = [f"… and {len(parted) - most} more"] if len(parted) > most else []
    return "\n".join(["", *parted[:most], *more, f"quarter {scored.case.quarter}", described(scored.case)])
