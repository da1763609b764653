"""Numbers as people read them: decimals that never cross a threshold, true minus signs. No words.

Source of the rules: the house's style (totals 1 decimal, cells whole, changes signed) and scoring.md section 7,
which compares scores rounded to 6 decimals.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

ABSENT = "—"
MINUS = "−"
_PLACES = 6
_MICRO = Decimal(1).scaleb(-_PLACES)


def exact(value: float) -> Decimal:
    """`value` at the 6 decimals at which the warehouse compares it; 15 significant digits, as Postgres casts."""
    return Decimal(f"{value:.15g}").quantize(_MICRO, ROUND_HALF_UP)


@lru_cache(maxsize=1 << 15)  # a page says most numbers several times, in two languages
def shown(value: float | None, decimals: int, thresholds: tuple[float, ...] = ()) -> str:
    """`value` with `decimals`, or with more where fewer would put it on the other side of a threshold.

    79.6 with a threshold at 80 and no decimals reads 79.6; 79.97 reads 79.9. Absent is a dash, never 0.
    """
    if value is None:
        return ABSENT
    return f"{_rounded(exact(value), decimals, _edges(thresholds)):f}".replace("-", MINUS)


@lru_cache(maxsize=1 << 15)
def places(value: float, decimals: int, thresholds: tuple[float, ...] = ()) -> int:
    """The least decimals, from `decimals` on, at which half-up rounding keeps `value` on its side."""
    number, edges = exact(value), _edges(thresholds)
    return next(
        count
        for count in range(decimals, _PLACES + 1)
        if _side(_round(number, count, ROUND_HALF_UP), edges) == _side(number, edges)
    )


def change(now: float | None, before: float | None) -> Decimal | None:
    """Points between two quarters, from unrounded scores; None where an end has none."""
    if now is None or before is None:
        return None
    return exact(now) - exact(before)


def signed(points: Decimal | None, decimals: int = 1) -> str:
    """A change with its sign, one decimal unless told otherwise: +0.4, −3.9, ±0."""
    if points is None:
        return ABSENT
    rounded = _round(points, decimals, ROUND_HALF_UP)
    return "±0" if rounded == 0 else f"{rounded:+f}".replace("-", MINUS)


def plain(value: float) -> str:
    """A number as it was reported: no decimals that say nothing, at most 6."""
    return f"{exact(value).normalize():f}".replace("-", MINUS)


def percent(share: float | None, edges: Iterable[float] = ()) -> str:
    """A share 0..1 in whole percent; more decimals where 100 % or an edge would be crossed."""
    if share is None:
        return ABSENT
    hundred = tuple(float(exact(edge) * 100) for edge in (*edges, 1.0))
    return shown(float(exact(share) * 100), 0, hundred) + "%"


@lru_cache(maxsize=64)
def _edges(thresholds: tuple[float, ...]) -> tuple[Decimal, ...]:
    return tuple(exact(edge) for edge in thresholds)


def _rounded(number: Decimal, decimals: int, edges: tuple[Decimal, ...]) -> Decimal:
    side = _side(number, edges)
    for count in range(decimals, _PLACES + 1):
        near = _round(number, count, ROUND_HALF_UP)
        # Towards the number's own side, once there is a decimal: 79.97 is 79.9, but 79.6 is not 79.
        towards = _round(number, count, ROUND_FLOOR if near > number else ROUND_CEILING)
        for candidate in (near, towards) if count else (near,):
            if _side(candidate, edges) == side:
                return candidate
    return number


def _round(number: Decimal, count: int, rounding: str) -> Decimal:
    # Adding 0 turns a rounded −0 into 0.
    return number.quantize(Decimal(1).scaleb(-count), rounding) + 0


def _side(number: Decimal, edges: tuple[Decimal, ...]) -> int:
    """How many thresholds the number has reached."""
    return sum(edge <= number for edge in edges)
