"""Warnings while weights change from quarter to quarter: a changed weight is no fall, and a fall that weights hide is.

T has A and B. A weighs nine times B in 2026Q1 and 2026Q3, and a ninth of it in 2026Q2. By hand, as each quarter's own
catalogue has it: `steady` scores 95, 55, 95 and never fell; `fell` loses 45 in 2026Q2 (100 and 55); `hidden` seems to
lose 5 in 2026Q3 and loses 45 (95 and 50); `sinks` loses 18 and 18 by 2026Q3 (100, 82, 64).
"""

from typing import Any

import pytest

from orchestration.assets.alerts import counts, evaluate_quarters, waiting_quarters
from orchestration.core.catalogue.models import Catalogue
from tests.integration.runs import theirs_ignored
from tests.integration.scored import Scoring, Tables, catalogue_of, deliver
from tests.integration.small_catalogue import NAMES, SCHOOL, TREE, row, small

QUARTERS = ("2026Q1", "2026Q2", "2026Q3")
# A and B of each unit, a pair a quarter.
VALUES = {
    "steady": ((100, 50), (100, 50), (100, 50)),
    "fell": ((100, 100), (100, 50), (100, 50)),
    "hidden": ((100, 50), (100, 50), (50, 50)),
    "sinks": ((100, 100), (80, 100), (60, 100)),
}
RULES = (("F", "fell", 30, None), ("D", "declined", 30, 2))
FOUND = [
    ("D", "sinks", "2026Q3", "2026Q3", 100 - 64, True),
    ("F", "fell", "2026Q2", "2026Q2", 45, False),
    ("F", "hidden", "2026Q3", "2026Q3", 45, True),
]


def tables(quarter: str) -> Tables:
    a, b = (1, 9) if quarter == "2026Q2" else (9, 1)
    rules = [
        row(code=code, kind=kind, level=0, threshold=threshold, quarters=quarters, severity="yellow", **NAMES)
        for code, kind, threshold, quarters in RULES
    ]
    return {
        **small(
            nodes={"T": ("", 1), "A": ("T", a), "B": ("T", b)},
            items=[{"code": code, "point": code.upper(), "method": "ratio", "weight": 1} for code in "ab"],
            units=dict.fromkeys(VALUES, "1"),
        ),
        "warning_rules": rules,
    }


def at(quarter: str) -> Catalogue:
    return catalogue_of(tables(quarter))


@pytest.fixture(scope="module")
def scored(unscored: Scoring) -> Scoring:
    for place, quarter in enumerate(QUARTERS):
        cells = {
            (TREE, unit, item): (x, 100, None)
            for unit, pairs in VALUES.items()
            for item, x in zip("ab", pairs[place], strict=True)
        }
        deliver(unscored.warehouse, tables(quarter), SCHOOL, quarter, cells)
    unscored.run({quarter: at(quarter) for quarter in QUARTERS})
    return unscored


def evaluated(scoring: Scoring, *quarters: str) -> dict[str, int]:
    with theirs_ignored():
        return counts(evaluate_quarters(scoring.warehouse, scoring.settings, at(QUARTERS[-1]), at, quarters))


def ledger(scoring: Scoring) -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect() as conn:
        return conn.execute(
            "select rule, unit, first_quarter, quarter, round(value::numeric, 6), is_open from marts.fct_warning"
            " order by rule, unit, first_quarter"
        ).fetchall()


def test_history_is_as_each_quarter_s_own_catalogue_has_it(scored: Scoring) -> None:
    together, backwards = scored.copy(), scored.copy()
    assert waiting_quarters(together.warehouse) == list(QUARTERS)
    assert evaluated(together, *QUARTERS) == {"opened": 3, "past": 1, "updated": 0, "ended": 0, "linked": 2}
    assert ledger(together) == FOUND
    # Only the day can change anything now.
    assert waiting_quarters(together.warehouse) == list(QUARTERS[1:])
    assert set(evaluated(together, *QUARTERS).values()) == {0}
    for quarter in reversed(QUARTERS):
        evaluated(backwards, quarter)
    assert ledger(backwards) == FOUND
    with together.warehouse.connect() as conn:
        assert conn.execute("select count(*) from ops.warning_scope").fetchone() == (0,)
        # Readers see what they saw.
        seen = conn.execute(
            "select quarter, score from marts.fct_indicator_score where subject_code = 'steady' and level = 0"
            " order by quarter"
        ).fetchall()
    assert [(quarter, round(score, 6)) for quarter, score in seen] == list(
        zip(QUARTERS, (95, 55, 95), strict=True)
    )


def test_before_the_views_are_built_nothing_is_evaluated(warehouse: Any, scored: Scoring) -> None:
    """After an upgrade, at night: the next run builds them."""
    assert evaluate_quarters(warehouse, scored.settings, at(QUARTERS[-1]), at, QUARTERS) == []
