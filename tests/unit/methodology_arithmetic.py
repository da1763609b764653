"""The method in exact fractions, as the methodology page says it, over the shipped catalogue's parameters.

Imports no arithmetic of the package: the examples of the page are recomputed by these few lines.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from orchestration.settings import PROJECT
from tests.unit.methodology_page import root

Row = dict[str, str]
Pair = tuple[Fraction, Fraction]  # weight, score
ZERO, HUNDRED = Fraction(0), Fraction(100)


@dataclass(frozen=True)
class Share:
    """A result that the page prints in per cent."""

    value: Fraction


@dataclass(frozen=True)
class Colour:
    """A result that is a colour: a code of bands.csv."""

    code: str


Result = Fraction | Share | Colour


@cache
def shipped(table: str) -> list[Row]:
    """The rows of one file of the shipped catalogue."""
    path = PROJECT / "dbt_project" / "catalogue" / f"{table}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def row(table: str, code: str) -> Row:
    """One row by its code."""
    return next(one for one in shipped(table) if one["code"] == code)


def parameter(item: str, column: str) -> Fraction:
    """A number of an item, as the shipped catalogue has it."""
    return Fraction(row("items", item)[column])


def weight(node: str) -> Fraction:
    """The weight of a node in its group."""
    return Fraction(row("indicators", node)["weight"])


def ratio(done: object, due: object, item: str) -> Fraction:
    percentage = 100 * Fraction(str(done)) / Fraction(str(due))
    return min(HUNDRED, 100 * percentage / parameter(item, "target"))


def count_ratio(held: int, due: Fraction) -> Fraction:
    return min(HUNDRED, 100 * Fraction(held) / due)


def banded(figure: Fraction, item: str) -> Fraction:
    steps = [
        (float(one["upper_bound"] or "inf"), one["score"])
        for one in shipped("item_steps")
        if one["item"] == item
    ]
    return Fraction(next(score for bound, score in sorted(steps) if figure <= bound))


def goalposts(x: int, lower: int, upper: int, floor: int) -> Fraction:
    """Less is better."""
    place = min(Fraction(1), max(ZERO, Fraction(upper - x, upper - lower)))
    return floor + (100 - floor) * place


def minmax(x: int, population: Sequence[int], *, less_is_better: bool = False) -> Fraction:
    lowest, highest = min(population), max(population)
    return 100 * Fraction(highest - x if less_is_better else x - lowest, highest - lowest)


def zscore(x: int, population: Sequence[int]) -> Fraction:
    middle = Fraction(sum(population), len(population))
    variance = sum(((one - middle) ** 2 for one in population), ZERO) / (len(population) - 1)
    return 50 + 10 * (x - middle) / root(variance, 2)


def percentile_rank(x: int, population: Sequence[int]) -> Fraction:
    return 100 * Fraction(sum(one < x for one in population), len(population) - 1)


def points_off(cases: int, item: str, allowed: int = 0) -> Fraction:
    each, most = parameter(item, "deduct_per_case"), parameter(item, "max_deduction")
    return min(most, each * max(0, cases - allowed))


def arithmetic(pairs: Iterable[Pair]) -> Fraction:
    pairs = list(pairs)
    return sum((w * s for w, s in pairs), ZERO) / sum(w for w, _ in pairs)


def geometric(weights: Sequence[int], scores: Sequence[Fraction]) -> Fraction:
    product = Fraction(1)
    for count, score in zip(weights, scores, strict=True):
        product *= score**count
    return root(product, sum(weights))


def harmonic(pairs: Sequence[Pair]) -> Fraction:
    if any(score <= 0 for _, score in pairs):
        return ZERO
    return sum((w for w, _ in pairs), ZERO) / sum(w / s for w, s in pairs)


def nodes(scores: dict[str, Fraction]) -> Fraction:
    """The arithmetic mean of nodes of one parent, by their weights in the shipped catalogue."""
    return arithmetic((weight(code), score) for code, score in scores.items())


def band(score: Fraction) -> Colour:
    """The colour by score alone."""
    rounded = Fraction(int(score * 10**6 + Fraction(1, 2)), 10**6)
    best_first = sorted((one for one in shipped("bands") if one["min_score"]), key=lambda one: one["rank"])
    return Colour(next(one["code"] for one in best_first if rounded >= Fraction(one["min_score"])))


def capped(*caps: str) -> Colour:
    """The colour that caps of the shipped catalogue hold a total at; the last of them by rank."""
    held = [row("colour_caps", code)["at_most_band"] for code in caps]
    return Colour(max(held, key=lambda code: row("bands", code)["rank"]))
