"""How an item is scored and to whom it applies, in the words of one language.

Not here: which items stand on a list (`catalogue_lists`), the scoring itself (dbt).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol

from orchestration.core.catalogue.models import Catalogue, Item, ItemOverride, ItemStep
from orchestration.messages import Language, catalogue, text

# A header of two rows reads `item｜quantity`; the quantity is what a formula names.
_HEADER_PARTS = "｜"


def number(value: float) -> str:
    """A catalogue's number as a person writes it: 5 for 5.0, 0.25, 1000000."""
    return format(Decimal(repr(value)).normalize(), "f")


def decimals(values: Iterable[float | None]) -> int:
    """How many decimals show every one of `values` as it is: the same down a column."""
    exponents = [
        Decimal(repr(value)).normalize().as_tuple().exponent for value in values if value is not None
    ]
    return max([0, *(-place for place in exponents if isinstance(place, int))])


class Named(Protocol):
    """A row with a name in both languages."""

    @property
    def name_zh(self) -> str:
        """Chinese."""

    @property
    def name_en(self) -> str:
        """English."""


class Words:
    """The texts of one language over one catalogue, narrowed to a quarter."""

    def __init__(self, catalogue_at_quarter: Catalogue, language: Language) -> None:
        self.language = language
        self._units = {row.code: self.name(row) for row in catalogue_at_quarter.units}
        self._departments = {row.code: self.name(row) for row in catalogue_at_quarter.departments}
        self._is_one_school = len(catalogue_at_quarter.institutions) == 1
        self._headers: dict[tuple[str, str, str], str] = {
            (row.item, row.department, row.role): row.header.rsplit(_HEADER_PARTS, 1)[-1]
            for row in catalogue_at_quarter.extract_columns
        }
        self._steps: dict[str, list[ItemStep]] = defaultdict(list)
        for step in catalogue_at_quarter.item_steps:
            self._steps[step.item].append(step)
        self._overrides: dict[str, list[ItemOverride]] = defaultdict(list)
        for override in catalogue_at_quarter.item_overrides:
            self._overrides[override.item].append(override)

    def say(self, key: str, **values: object) -> str:
        """The message `catalogue.<key>`."""
        return text(f"catalogue.{key}", self.language, **values)

    def name(self, row: Named) -> str:
        """The row's name in this language."""
        return row.name_en if self.language == "en" else row.name_zh

    def department(self, code: str) -> str:
        """A department's name."""
        return self._departments[code]

    def applies(self, applies_to: str | None) -> str:
        """Everyone, a kind by its word where there is one, or a unit by code and name."""
        if applies_to in (None, "all"):
            return self.say("list.everyone")
        code = str(applies_to)
        if code in self._units:
            return f"{code} {self._units[code]}" if self._is_one_school else code
        return text(key, self.language) if (key := f"heat_map.kind.{code}") in catalogue() else code

    def formula(self, item: Item) -> str:
        """How the item is scored, with its parameters and the names of its columns; exceptions at the end."""
        clauses = [self._method(item), *map(self._exception, self._overrides[item.code])]
        return self.say("formula.clause").join(clause for clause in clauses if clause)

    def _method(self, item: Item) -> str:
        if item.method == "ratio":
            target = number(100 if item.target is None else item.target)
            return self.say("formula.ratio", value=self._value(item), target=target)
        if item.method == "count_ratio":
            return self._count_ratio(item)
        if item.method == "banded":
            return self.say(
                "formula.banded", value=self._value(item), steps=self._ladder(self._steps[item.code])
            )
        if item.method == "count_deduct":
            return self._deduction(item)
        if item.method == "boolean":
            return self.say("formula.boolean")
        return self._spread(item)

    def _value(self, item: Item) -> str:
        """What is measured: a column's quantity, or the quotient of two in percent."""
        value, base = self._column(item, "value", "numerator"), self._column(item, "denominator")
        return self.say("formula.quotient", numerator=value, denominator=base) if base else value

    def _count_ratio(self, item: Item) -> str:
        held, base = self._column(item, "value", "numerator"), self._column(item, "denominator")
        target = None if item.target is None else number(item.target)
        over = base or target or self.say("formula.own_base")
        value = self.say("formula.quotient", numerator=held, denominator=over)
        clauses = [self.say("formula.count_ratio", value=value)]
        if base and target:
            clauses.append(self.say("formula.default_base", base=base, target=target))
        return self.say("formula.clause").join(clauses)

    def _ladder(self, steps: Sequence[ItemStep]) -> str:
        """Steps from the lowest bound up; the last one stands above the bound before it."""
        bounded = sorted((step.upper_bound, step.score) for step in steps if step.upper_bound is not None)
        words = [
            self.say("formula.step", bound=number(bound), score=number(score)) for bound, score in bounded
        ]
        for step in steps:
            if step.upper_bound is None and bounded:
                above, score = number(bounded[-1][0]), number(step.score)
                words.append(self.say("formula.step_above", bound=above, score=score))
            elif step.upper_bound is None:
                words.append(self.say("formula.step_any", score=number(step.score)))
        return self.say("formula.clause").join(words)

    def _deduction(self, item: Item) -> str:
        unit = self._unit(item)
        words = self.say("formula.deduct", unit=unit, points=number(item.deduct_per_case or 0))
        if item.max_deduction is not None:
            maximum = number(item.max_deduction)
            words = self.say("formula.deduct_at_most", deduction=words, maximum=maximum)
        if item.target:
            words = self.say("formula.deduct_above", target=number(item.target), unit=unit, deduction=words)
        return words

    def _spread(self, item: Item) -> str:
        """The methods that place a value between two others."""
        way = "down" if item.direction == -1 else "up"
        values = {"lower": item.lower, "upper": item.upper, "floor": item.floor}
        numbers = {name: number(value or 0) for name, value in values.items()}
        return self.say(f"formula.{item.method}_{way}", value=self._value(item), **numbers)

    def _exception(self, override: ItemOverride) -> str:
        who = self.applies(override.applies_to)
        clauses = []
        if override.target is not None:
            clauses.append(self.say("formula.override_target", who=who, target=number(override.target)))
        if override.weight is not None:
            clauses.append(self.say("formula.override_weight", who=who, weight=number(override.weight)))
        return self.say("formula.clause").join(clauses)

    def _column(self, item: Item, *roles: str) -> str:
        """The quantity in the item's own department's column of the first of `roles` that there is."""
        found = (self._headers.get((item.code, item.department, role)) for role in roles)
        header = next(filter(None, found), "")
        # A lone column is headed `code name`: the name says it.
        return self.name(item) if header == f"{item.code} {item.name_zh}" else header

    def _unit(self, item: Item) -> str:
        """What cases are counted in; units of measure have Chinese words only."""
        return (
            item.unit_of_measure
            if self.language == "zh-CN" and item.unit_of_measure
            else self.say("formula.case")
        )
