"""The records of what lies across cells: a numerator and its denominator, a figure beside another.

Pure. Columns of the records are those of `expectations.rulebook`. Not here: single cells (`cells`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from expectations import Contract
from orchestration.core.catalogue.models import Item
from orchestration.core.delivery import ReadCell
from orchestration.intake.frames.cells import PlacedCell, PlacedRow, Record, cell_spot
from orchestration.intake.frames.duties import Duties
from orchestration.intake.frames.figures import Figures
from orchestration.intake.frames.spots import Spot, shortened, shown

SubjectItem = tuple[str, str, str]
"""(framework, subject, item)."""


@dataclass(frozen=True)
class PlacedItem:
    """One of the department's own items for one subject, and its cells; a blank column's cell is None.

    `value` is the label of the cell of the value or the numerator in the frame `cells`.
    """

    placed: PlacedRow
    item: Item
    value: int | None
    denominator: int | None
    is_pair: bool
    is_part: bool
    is_percentage: bool

    @property
    def labels(self) -> tuple[int | None, int | None]:
        """Labels of the cells of the value or numerator, and of the denominator."""
        return self.value, self.denominator

    @property
    def key(self) -> SubjectItem:
        """(framework, subject, item)."""
        return self.item.framework, self.placed.row.subject or "", self.item.code


def placed_items(cells: Sequence[PlacedCell], duties: Duties) -> list[PlacedItem]:
    """Every own item that applies to a row's known subject and has a column there, sound or not."""
    grouped: dict[tuple[int, str], dict[str, int]] = {}
    for label, placed in enumerate(cells):
        if placed.column is not None and placed.column.is_own and placed.applies:
            roles = grouped.setdefault((id(placed.placed), placed.cell.item), {})
            roles.setdefault(placed.cell.role, label)
    return [_placed_item(cells, roles) for roles in grouped.values()]


def _placed_item(cells: Sequence[PlacedCell], roles: Mapping[str, int]) -> PlacedItem:
    column = cells[next(iter(roles.values()))].column
    assert column is not None  # noqa: S101 - placed_items takes no cell without a column
    return PlacedItem(
        placed=cells[next(iter(roles.values()))].placed,
        item=column.item,
        value=roles.get("numerator", roles.get("value")),
        denominator=roles.get("denominator"),
        is_pair=column.facts.is_pair,
        is_part=column.facts.is_part,
        is_percentage=column.facts.is_percentage,
    )


def observation_records(
    items: Sequence[PlacedItem], cells: Sequence[PlacedCell], figures: Figures
) -> Iterator[tuple[Spot, Record]]:
    """Records of the frame `observations`; only a sound row's are due to be judged."""
    for item in items:
        value = _cell(cells, item.value)
        denominator = _cell(cells, item.denominator)
        present = [cell for cell in (value, denominator) if cell is not None]
        numbers = value.number if value else None, denominator.number if denominator else None
        last_year = figures.last_year_denominator.get(item.key)
        sound = item.placed.is_sound
        yield (
            _pair_spot(item, cells, figures, last_year),
            {
                "numerator": numbers[0],
                "denominator": numbers[1] if sound else None,
                "last_year_denominator": last_year,
                "has_numerator": numbers[0] is not None,
                "has_denominator": numbers[1] is not None,
                "is_due": sound,
                "is_pair": sound and item.is_pair,
                "is_part": sound and item.is_part,
                # An absent column is one fault of the file, not one of each row.
                "is_legible": len(present) == 2
                and all(cell.state in ("read", "missing") for cell in present),
                "is_claimed": any(cell.state == "claimed" for cell in present),
            },
        )


def _cell(cells: Sequence[PlacedCell], label: int | None) -> ReadCell | None:
    return None if label is None else cells[label].cell


def _pair_spot(
    item: PlacedItem, cells: Sequence[PlacedCell], figures: Figures, last_year: float | None
) -> Spot:
    labels = [label for label in (item.value, item.denominator) if label is not None]
    first = cells[labels[0]]
    texts = [cells[label].cell.text or "" for label in labels]
    last = [shown(figures.last.get(cells[label].key)) for label in labels]
    spot = cell_spot(
        first,
        numerator=texts[0] if item.value is not None else None,
        denominator=texts[-1] if item.denominator is not None else None,
        denominator_cell=cells[item.denominator].cell.address if item.denominator is not None else None,
        last_year=shown(last_year),
    )
    return replace(
        spot,
        role=None,
        found=shortened(" / ".join(text or "□" for text in texts)),
        last=" / ".join(text for text in last if text) or None,
    )


def comparison_records(
    cells: Sequence[PlacedCell], duties: Duties, figures: Figures, contract: Contract
) -> Iterator[tuple[Spot, Record]]:
    """Records of the frame `comparisons`: two columns of a row, two departments' figures, side by side."""
    numbers = {placed.key: placed for placed in cells if placed.is_judged and placed.cell.number is not None}
    yield from _between(numbers, contract)
    theirs_of = {rule.ours: rule for rule in contract.reconciliations}
    for key, placed in numbers.items():
        framework, subject, item, role = key
        pairs = [((item, role), contract.shared_tolerance)]
        if rule := theirs_of.get(f"{item}.{role}"):
            pairs.append((_column(rule.theirs), rule.tolerance))
        for column, tolerance in pairs:
            for number, department in figures.others.get((framework, subject, *column), ()):
                gap = abs((placed.cell.number or 0.0) - number)
                spot = cell_spot(
                    placed,
                    figures.last.get(key),
                    other=shown(number),
                    other_department=department,
                    other_item=column[0],
                    other_role=column[1],
                )
                yield (
                    replace(spot, beside=department),
                    {
                        "excess": max(0.0, gap - tolerance),
                        "is_between": False,
                    },
                )


def _between(
    numbers: Mapping[tuple[str, str, str, str], PlacedCell], contract: Contract
) -> Iterator[tuple[Spot, Record]]:
    for (framework, subject, item, role), left in numbers.items():
        for rule in contract.between:
            right = numbers.get((framework, subject, *_column(rule.right)))
            if rule.left != f"{item}.{role}" or right is None:
                continue
            difference = (left.cell.number or 0.0) - (right.cell.number or 0.0)
            spot = cell_spot(
                left,
                relation=rule.relation,
                other=right.cell.text or "",
                other_header=right.cell.header,
                other_cell=right.cell.address,
            )
            excess = difference if rule.relation == "at_most" else abs(difference)
            yield replace(spot, beside=rule.right), {"excess": max(0.0, excess), "is_between": True}


def _column(name: str) -> tuple[str, str]:
    item, role = name.rsplit(".", 1)
    return item, role
