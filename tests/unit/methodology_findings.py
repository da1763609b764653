"""The worked examples of the methodology page on periods, on what is found in the scores and on warnings, by fractions.

The same examples go through the product in `test_analysis_worked.py`, `test_analysis_parts.py` and the tests of
period scores. Not here: the page, the examples of scoring.
"""

from fractions import Fraction
from itertools import permutations
from statistics import median

from tests.unit.methodology_arithmetic import Colour, Result, Share, arithmetic

F = Fraction
SWITCHES = ("data", "weights", "catalogue", "coverage")


def _example_14_1(is_now: set[str]) -> F:
    """The score with those switches at this quarter; the second item was not reported before."""
    first, weight = F(90 if "data" in is_now else 80), F(3 if "weights" in is_now else 1)
    return arithmetic([(weight, first), (F(1), F(60))]) if "coverage" in is_now else first


def _parts() -> dict[str, F]:
    """What each switch moves, averaged over all 24 orders of switching."""
    parts = dict.fromkeys(SWITCHES, F(0))
    orders = list(permutations(SWITCHES))
    for order in orders:
        for place, switch in enumerate(order):
            before = set(order[:place])
            parts[switch] += (_example_14_1(before | {switch}) - _example_14_1(before)) / len(orders)
    return parts


def _blue() -> F:
    """The share of the square of weights 0.75 to 1.25 in which the second weighs 10/9 of the first or more.

    Below the line second = 10/9 first it is a triangle: it meets the square's top at first = 9/8.
    """
    low, high = F(3, 4), F(5, 4)
    wide, tall = high * F(9, 10) - low, high - low * F(10, 9)
    return wide * tall / 2 / (high - low) ** 2


OF_ONE_KIND = (95, 93, 92, 90, 70)
THREE_POINTS = (F(90), F(70), F(66))
LOST_BY_TWO, LOST_BY_ONE = F("0.4") * 30, F("0.6") * (10 + 5)
PERIODS_AND_FINDINGS: dict[str, dict[str, Result]] = {
    "13.1": {
        "score": arithmetic([(F("0.5"), F(80)), (F(1), F(95))]),
        "coverage": Share(F(50 + 100, 200)),
        "score_low": F(40 + 95, 2),
        "score_high": F(90 + 95, 2),
        "band": Colour("insufficient"),
    },
    "13.2": {
        "before": F(40 + 60, 2),
        "restated": arithmetic([(F(3), F(100 * 40, 80)), (F(1), F(60))]),
    },
    "14.1": {
        "now": _example_14_1(set(SWITCHES)),
        "change": _example_14_1(set(SWITCHES)) - _example_14_1(set()),
        **_parts(),
    },
    "14.2": {"blue": Share(_blue()), "green": Share(1 - _blue())},
    "14.3": {
        "score": sum(THREE_POINTS, F(0)) / 3,
        "gain": F(100 - 60, 2) / 3,
        "after": (sum(THREE_POINTS, F(0)) + F(100 - 60, 2)) / 3,
    },
    "14.4": {
        "score": 100 - LOST_BY_ONE - LOST_BY_TWO,
        "lost": LOST_BY_ONE + LOST_BY_TWO,
        "point two": LOST_BY_TWO,
        "positive item": F("0.6") * 10,
        "negative item": F("0.6") * 5,
    },
    "14.5": {"median": F(median([80, 85, 90])), "gap": F(80 - 85)},
    "14.6": {"first": F(1), "other": F(0)},
    "15.1": {
        "before": arithmetic([(F(1), F(100)), (F(1), F(60))]),
        "now": arithmetic([(F(1), F(100)), (F(3), F(60))]),
        "change": F(0),
    },
    "15.2": {"fell": F(3 + 2 + 4)},
    "15.3": {
        "median": F(median(OF_ONE_KIND)),
        "deviation": F(median(abs(score - 92) for score in OF_ONE_KIND)),
        "line": 92 - F("3.5") * F("1.4826") * 2,
    },
}
