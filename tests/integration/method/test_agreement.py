"""Random catalogues: the warehouse agrees with the independent reference on every figure of every node and item."""

from collections import defaultdict

import pytest

from tests.integration.method.batch import Figures, Scored, score
from tests.integration.method.case import described
from tests.integration.method.compare import disagreements, report, same
from tests.integration.method.periods import (
    coloured,
    confirm,
    pending,
    period_disagreements,
    period_rows,
    periods,
)
from tests.integration.method.strategies import variety
from tests.integration.method.traits import EXPECTED, FEW, traits
from tests.integration.scored import Scoring, with_coverage

BATCH = 50
YEARS, HALVES = 4, 10  # to compare of the schools' periods
LEAST = (0.8, 0.5)  # coverage below which a batch's colours are grey, in turn


@pytest.fixture(scope="module")
def scored(scoring: Scoring, catalogues: int) -> list[tuple[Scored, float]]:
    drawn, found = variety(catalogues), []
    for start in range(0, len(drawn), BATCH):
        least = LEAST[start // BATCH % 2]
        batch = score(with_coverage(scoring, least), drawn[start : start + BATCH], f"-{start}")
        found += [(one, least) for one in batch]
    return found


def test_random_catalogues_agree_on_every_node(scored: list[tuple[Scored, float]]) -> None:
    parted = [(one, words) for one, least in scored if (words := list(disagreements(one, least)))]
    assert not parted, smallest(parted)


def smallest(parted: list[tuple[Scored, list[str]]]) -> str:
    """The disagreements of the smallest case, which is the easiest to follow, and the case itself."""
    one, words = min(parted, key=lambda pair: len(described(pair[0].case)))
    return f"{len(parted)} cases part, the smallest is this:{report(one, words)}"


def test_they_are_as_various_as_they_should_be(scored: list[tuple[Scored, float]]) -> None:
    if len(scored) < FEW:
        pytest.skip(f"fewer than {FEW} catalogues")
    seen = {word for one, _ in scored for word in traits(one)}
    assert not EXPECTED - seen


def test_contributions_sum_to_the_root_where_exact(scored: list[tuple[Scored, float]]) -> None:
    """Those of each level, leaves above it with them; and those of a point's items to the point's."""
    checked = 0
    for one, _ in scored:
        subjects: dict[tuple[str, ...], list[Figures]] = defaultdict(list)
        for key, row in one.nodes.items():
            subjects[key[:4]].append(row)
        for key, rows in subjects.items():
            root = next(row for row in rows if row["level"] == 0)
            parents = {row["parent"] for row in rows}
            for level in range(1, 1 + max(row["level"] for row in rows)):
                cut = [
                    r
                    for r in rows
                    if r["level"] == level or (r["level"] < level and r["indicator"] not in parents)
                ]
                if root["score"] is not None and all(row["is_contribution_exact"] for row in cut):
                    total = sum(row["contribution"] or 0.0 for row in cut)
                    assert same(total, root["score"]), report(one, [f"{key} level {level}: {total!r}"])
                    checked += len(cut) > 1
    assert checked > len(scored)


def test_items_contribute_what_their_point_does(scored: list[tuple[Scored, float]]) -> None:
    checked = 0
    for one, _ in scored:
        items: dict[tuple[str, ...], float] = defaultdict(float)
        for key, row in one.items.items():
            items[(*key[:4], row["point"])] += row["contribution"] or 0.0
        for key, total in items.items():
            point = one.nodes[key]
            if point["score"] is not None:
                start = 100 if point["nothing_due_share"] == 1 else 0
                total += point["effective_weight"] * (point["clip_adjustment"] + start)
                assert same(total, point["contribution"]), report(one, [f"{key}: {total!r}"])
                checked += 1
    assert checked > 3 * len(scored)


def test_half_years_and_years_agree_on_every_node(
    scored: list[tuple[Scored, float]], scoring: Scoring
) -> None:
    """The schools of a batch share their quarters' years: each quarter has another catalogue of the same codes."""
    every = periods([(one.case, least) for one, least in scored])
    years = [key for key in every if len(key[1]) == 4]
    schools = {key: every[key] for key in [*years[:YEARS], *sorted(every.keys() - years)[:HALVES]]}
    with scoring.warehouse.connect() as conn:
        coloured(schools, {})
        assert not list(period_disagreements(period_rows(conn, schools), schools))[:20]
        confirmed = pending(schools)
        confirm(conn, confirmed)
        coloured(schools, confirmed)
        assert not list(period_disagreements(period_rows(conn, schools), schools))[:20]
        conn.rollback()
    assert confirmed
