"""Every worked example of the methodology page: its inputs, and each bold result in the order it is printed.

The same inputs go through the warehouse in `tests/integration/test_methodology_in_dbt.py`.
"""

from fractions import Fraction

from tests.unit.methodology_arithmetic import (
    HUNDRED,
    ZERO,
    Colour,
    Result,
    Share,
    arithmetic,
    band,
    banded,
    capped,
    count_ratio,
    geometric,
    goalposts,
    harmonic,
    minmax,
    nodes,
    parameter,
    percentile_rank,
    points_off,
    ratio,
    weight,
    zscore,
)
from tests.unit.methodology_findings import PERIODS_AND_FINDINGS

F = Fraction

# Inputs that the warehouse gets too
M16 = {"P037": (9, 10), "P038": (8, 10), "P039": (3, 3)}
CLIPPED = {"P037": (2, 10), "P038": (18, 100), "P039": (1, 5)}
CHECKS, CHECKS_LATER = (2, 7, 8, 8, 10), (2, 7, 8, 8, 14)
TWO_CHILDREN, TWO_CHILDREN_WITH_0 = (HUNDRED, F("12.5")), (HUNDRED, ZERO)
GAP = {"D1": F(90), "D21": F(60), "D3": F(69)}
ASPECTS = {"A": F(95), "B": F(92), "C": F(90), "D": F(68), "E": F(88), "F": F(90)}
SECOND_LEVEL = {"D1": F(95), "D2": F(65), "D3": F(95)}
REST = F(95)  # every node that an example of section 7 or 8 does not name
LOW = F(68)
EDGES = (F("89.9999996"), F("89.999"))
RANKED = (F("92.1"), F(88), F(88), None, F(79))

GREY, WORST_BUT_ONE, BEST_BUT_ONE = Colour("insufficient"), Colour("yellow"), Colour("blue")


def m16(cells: dict[str, tuple[int, int]], cases: int) -> tuple[F, F, F]:
    """Mean, score and points off of the point M16."""
    mean = arithmetic((parameter(code, "weight"), ratio(*cell, code)) for code, cell in cells.items())
    off = points_off(cases, "N16")
    return mean, max(ZERO, mean - off), off


MEAN, SCORE, OFF = m16(M16, 1)
MEAN_GAP, SCORE_GAP, _ = m16({code: cell for code, cell in M16.items() if code != "P038"}, 1)
MEAN_CLIPPED, SCORE_CLIPPED, OFF_CLIPPED = m16(CLIPPED, 6)
# Example 5.3: D2 has D21 only
D_GAP = nodes({"D1": GAP["D1"], "D2": GAP["D21"], "D3": GAP["D3"]})
PATHS = {"D1": weight("D1"), "D21": weight("D2") * weight("D21"), "D3": weight("D3")}
D_BY_PATHS = arithmetic((PATHS[code], GAP[code]) for code in GAP)
D_COVERAGE = nodes({"D1": F(1), "D2": nodes({"D21": F(1), "D22": ZERO}), "D3": F(1)})
D_NOTHING_DUE = nodes({"D1": F(1), "D2": F(1), "D3": ZERO})
D_LOW, D_HIGH = (
    nodes({"D1": GAP["D1"], "D2": nodes({"D21": GAP["D21"], "D22": end}), "D3": GAP["D3"]})
    for end in (ZERO, HUNDRED)
)
D21_FULL = weight("D") * weight("D2") * weight("D21")
D21_NOW = weight("D") * weight("D2")
M16_WEIGHT = D21_FULL * weight("M16")
PARTS = {code: M16_WEIGHT * parameter(code, "weight") * ratio(*cell, code) for code, cell in M16.items()}
D_SECOND = nodes(SECOND_LEVEL)
T_FIRST = nodes(ASPECTS)
T_SECOND = nodes({**dict.fromkeys(ASPECTS, REST), "D": D_SECOND})
M20_WEIGHT = weight("D") * weight("D3") * weight("D32") * weight("M20")
T_GRAVE = REST - M20_WEIGHT * points_off(1, "N20")
M28_WEIGHT = weight("F") * weight("F2")
M28_LOW, M28_HIGH = REST - M28_WEIGHT * REST, REST + M28_WEIGHT * (100 - REST)
SCHOOL_NODE = arithmetic([(F(1), F(60 + 100, 2)), (F(1), HUNDRED)])


def rank(score: F) -> F:
    return F(1 + sum(one is not None and one > score for one in RANKED))


EXAMPLES: dict[str, dict[str, Result]] = {
    "2.1": {"coverage": F(2, 3), "score": ratio(9, 10, "P037"), "band": GREY},
    "3.1": {"score": ratio(19, 20, "P001")},
    "3.2": {"P038": ratio(8, 10, "P038"), "P066": ratio(9, 10, "P066")},
    "3.3": {
        "5": count_ratio(5, parameter("P021", "target")),
        "7": count_ratio(7, parameter("P021", "target")),
        "3 of 4": count_ratio(3, F(4)),
    },
    "3.4": {"yes": HUNDRED, "no": ZERO},
    "3.5": {"P045": banded(F(12), "P045"), "P065": banded(F(100 * 22, 20), "P065")},
    "3.6": {
        "10": goalposts(10, 5, 25, 0),
        "30": goalposts(30, 5, 25, 0),
        "10, floor": goalposts(10, 5, 25, 40),
        "30, floor": goalposts(30, 5, 25, 40),
    },
    "3.7": {"8": minmax(8, CHECKS), "8, less is better": minmax(8, CHECKS, less_is_better=True)},
    "3.8": {"10": zscore(10, CHECKS), "2": zscore(2, CHECKS)},
    "3.9": {"8": percentile_rank(8, CHECKS), "10": percentile_rank(10, CHECKS)},
    "3.10": {
        "3": points_off(3, "N01"),
        "5": points_off(5, "N01"),
        "3, one allowed": points_off(3, "N01", allowed=1),
    },
    "4.1": {"mean": MEAN, "score": SCORE, "coverage": Share(F(1)), "band": band(SCORE)},
    "4.2": {"mean": MEAN_GAP, "score": SCORE_GAP, "coverage": Share(F(3, 4)), "band": GREY},
    "4.3": {
        "score": HUNDRED - points_off(1, "N16"),
        "coverage": Share(F(1)),
        "nothing_due_share": Share(F(1)),
        "band": GREY,
    },
    "4.4": {"score": SCORE_CLIPPED, "clip_adjustment": SCORE_CLIPPED - (MEAN_CLIPPED - OFF_CLIPPED)},
    "5.1": {"score": nodes({"M16": SCORE, "M17": REST})},
    "5.2": {
        "arithmetic": arithmetic(zip((F(2), F(1)), TWO_CHILDREN, strict=True)),
        "geometric": geometric((2, 1), TWO_CHILDREN),
        "harmonic": harmonic(list(zip((F(2), F(1)), TWO_CHILDREN, strict=True))),
        "arithmetic, 0": arithmetic(zip((F(2), F(1)), TWO_CHILDREN_WITH_0, strict=True)),
        "geometric, 0": geometric((2, 1), TWO_CHILDREN_WITH_0),
        "harmonic, 0": harmonic(list(zip((F(2), F(1)), TWO_CHILDREN_WITH_0, strict=True))),
    },
    "5.3": {"score": D_GAP, "band": band(D_GAP), "by paths": D_BY_PATHS, "band by paths": band(D_BY_PATHS)},
    "5.4": {"coverage": Share(D_COVERAGE)},
    "5.5": {
        "nothing_due_share": Share(D_NOTHING_DUE),
        "score": nodes({"D1": HUNDRED, "D2": HUNDRED, "D3": GAP["D3"]}),
        "band": GREY,
    },
    "5.6": {"score_low": D_LOW, "score_high": D_HIGH},
    "5.7": {"score": F(40), "score_low": F(40 + 60, 2), "score_high": F(40 + 100, 2)},
    "5.8": {"effective_weight": D21_NOW, "full": D21_FULL, "contribution": D21_NOW * GAP["D21"]},
    "5.9": {
        "effective_weight": M16_WEIGHT,
        **PARTS,
        "N16": -M16_WEIGHT * OFF,
        "together": sum(PARTS.values(), -M16_WEIGHT * OFF),
        "contribution": M16_WEIGHT * SCORE,
    },
    "6.1": {"score": arithmetic([(F(3), SCORE), (F(1), F(95))])},
    "6.2": {"score": SCHOOL_NODE, "mean of units": F(60 + 100, 2)},
    "7.1": {"over": band(EDGES[0]), "under": band(EDGES[1])},
    "7.2": {
        "score": F(95),
        "coverage": Share(F(4, 5)),
        "band_by_score": band(F(95)),
        "score_low": F(4 * 95, 5),
        "band of low": band(F(4 * 95, 5)),
        "band": BEST_BUT_ONE,
    },
    "7.3": {
        "coverage": Share(F(3, 5)),
        "band_by_score": GREY,
        "score_high": F(3 * 20 + 2 * 100, 5),
        "band of high": band(F(3 * 20 + 2 * 100, 5)),
        "band": band(F(3 * 20 + 2 * 100, 5)),
    },
    "7.4": {
        "score": T_FIRST,
        "band_by_score": band(T_FIRST),
        "band of D": band(ASPECTS["D"]),
        "band": capped("CAP1", "CAP2"),
    },
    "7.5": {
        "band of D2": band(SECOND_LEVEL["D2"]),
        "score of D": D_SECOND,
        "band of D": band(D_SECOND),
        "score": T_SECOND,
        "band_by_score": band(T_SECOND),
        "band": capped("CAP2"),
    },
    "7.6": {
        "score": T_GRAVE,
        "band": band(T_GRAVE),
        "band_pending": capped("CAP3"),
        "confirmed": capped("CAP3"),
    },
    "7.7": {
        "score": LOW,
        "band_by_score": band(LOW),
        "band": WORST_BUT_ONE,
        "band_pending": band(LOW),
        "confirmed": band(LOW),
    },
    "8.1": {"low": band(D_LOW), "score": band(D_GAP), "high": band(D_HIGH)},
    "8.2": {"score": REST, "score_low": M28_LOW, "score_high": M28_HIGH, "band": band(M28_LOW)},
    "9.1": {str(place): rank(score) for place, score in enumerate(RANKED) if score is not None},
    "10.1": {"1 of 2": F(100, 2), "49 of 50": F(100 * 49, 50)},
    "10.2": {"8": minmax(8, CHECKS_LATER)},
    "11.1": {"under review": SCORE_GAP, "found right": SCORE},
    **PERIODS_AND_FINDINGS,
}  # fmt: skip
