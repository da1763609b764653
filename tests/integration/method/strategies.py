"""The strategy of whole cases: a catalogue, what was delivered for it, and what persons decided."""

import itertools
from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.integration.method.case import Case, Tables, described
from tests.integration.method.dice import ALWAYS, Dice, Draw, named
from tests.integration.method.strategies_cells import draw_case
from tests.integration.method.strategies_items import POSITIVE, draw_items
from tests.integration.method.strategies_school import draw_caps, draw_school
from tests.integration.method.strategies_tree import MEANS, draw_tree


@st.composite
def cases(
    draw: Draw,
    methods: Sequence[str] = POSITIVE,
    means: Sequence[str] = MEANS,
    *,
    crowded: bool = False,
) -> Case:
    """Catalogues of these methods (besides `count_deduct`) and means, with observations."""
    dice = Dice(draw)
    tables = draw_school(dice, crowded=crowded)
    tables["indicators"], leaves = [], {}
    for framework in tables["frameworks"]:
        rows, leaves[framework["code"]] = draw_tree(dice, framework["code"], means, 2 if crowded else 4)
        tables["indicators"] += rows
    tables |= draw_items(dice, tables, leaves, methods)
    tables["colour_caps"] = draw_caps(dice, tables)
    if dice.chance(1):
        _begin_later(tables)
    return draw_case(dice, tables)


def crowds() -> st.SearchStrategy[Case]:
    """Many units, nearly all alike: one that differs has a zscore beyond 0 to 100."""
    return cases(("zscore", "zscore", "zscore", "ratio"), ("geometric", "harmonic", ""), crowded=True)


def variety(number: int) -> list[Case]:
    """That many cases: every tenth a crowd, the rest small and mixed."""
    return generate(number - number // 10, cases()) + generate(number // 10, crowds())


def _begin_later(tables: Tables) -> None:
    """A framework of which nothing is valid yet."""
    tables["frameworks"].append(named("later", subject_kind="unit", sort=""))
    for name in ("indicators", "items"):
        first = [one for one in tables[name] if one["framework"] == tables["frameworks"][0]["code"]][:1]
        renamed = {"code": "i98"} if name == "items" else {}
        tables[name] += [one | ALWAYS | renamed | {"framework": "later", "valid_from": "@1"} for one in first]


def generate(number: int, strategy: st.SearchStrategy[Case]) -> list[Case]:
    """That many cases, all different, the same every time.

    They are scored many at once, so Hypothesis only draws them: it neither sees a failure nor shrinks one.
    """
    drawn: dict[str, Case] = {}
    for chapter in itertools.count():
        _collect(drawn, max(25, number - len(drawn)), strategy, chapter)
        if len(drawn) >= number:
            return list(drawn.values())[:number]


def _collect(drawn: dict[str, Case], number: int, strategy: st.SearchStrategy[Case], chapter: int) -> None:
    @seed(chapter)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Case) -> None:
        drawn[described(case)] = case

    run: Callable[[], None] = collect
    run()
