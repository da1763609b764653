"""What must not matter: names and order, the scale of weights, the shape of the tree under equal leaves, others."""

from collections.abc import Callable, Iterator

from tests.integration.method.batch import Scored, score
from tests.integration.method.compare import report, same
from tests.integration.method.strategies import cases, generate
from tests.integration.method.variants import levelled, renamed, weighed_anew, with_school
from tests.integration.scored import Scoring

CASES = 20
# They name the version, not what it says.
NAMES_OF_VERSION = {"quarter", "catalogue_hash", "score_version", "submission"}
NAMES = {"institution", "framework", "subject_code", "indicator", "parent", "item", "point", "department"}
Rename = Callable[[str], str]


def figures(
    one: Scored, but: set[str], rename: Rename = str
) -> Iterator[tuple[tuple[str, ...], str, object]]:
    """Every figure by its row's key, under the names of the first of two cases."""
    for rows in (one.nodes, one.items):
        for key, found in rows.items():
            school = key[0].partition("-")[0]
            for column, value in found.items():
                if column not in but | NAMES_OF_VERSION:
                    yield (school, *map(rename, key[1:])), column, value


def unlike(one: Scored, other: Scored, but: set[str], rename: Rename = str, close: float = 1e-9) -> list[str]:
    """Where two cases part that should not."""
    first = {(key, column): value for key, column, value in figures(one, but)}
    second = {(key, column): value for key, column, value in figures(other, but, rename)}
    parted = [f"{' '.join(key)} {column}: only one has it" for key, column in first.keys() ^ second.keys()]
    for key, column in first.keys() & second.keys():
        if not same(first[key, column], second[key, column], close):
            parted.append(f"{' '.join(key)} {column}: {first[key, column]!r} and {second[key, column]!r}")
    return sorted(parted)


def test_names_order_and_scale_do_not_matter(scoring: Scoring) -> None:
    drawn = generate(CASES, cases())
    turned = [renamed(case) for case in drawn]
    found = score(
        scoring, [*drawn, *(case for case, _ in turned), *(weighed_anew(case) for case in drawn)], "-i"
    )
    plain, others, heavier = found[:CASES], found[CASES : 2 * CASES], found[2 * CASES :]
    for one, other, (_, rename) in zip(plain, others, turned, strict=True):
        assert not (parted := unlike(one, other, NAMES, rename)), report(one, parted)
    for one, other in zip(plain, heavier, strict=True):
        assert not (parted := unlike(one, other, {"weight"})), report(one, parted)


def test_equal_leaves_give_their_score_at_every_node(scoring: Scoring) -> None:
    """But where nothing was due, which starts from 100."""
    levels = (83.7, 0.0, 100.0, 12.25)
    drawn = [levelled(case, levels[place % 4]) for place, case in enumerate(generate(CASES, cases()))]
    checked = 0
    for place, one in enumerate(score(scoring, drawn, "-l")):
        for key, row in one.nodes.items():
            if row["score"] is not None and row["nothing_due_share"] == 0:
                assert same(row["score"], levels[place % 4]), report(one, [f"{key}: {row['score']!r}"])
                checked += row["level"] == 0
    assert checked > CASES


def test_another_school_changes_nobody_elses_figures_by_a_bit(scoring: Scoring) -> None:
    drawn = generate(CASES, cases())
    crowded = [with_school(case, "§c", 1 + 7 * (place % 3)) for place, case in enumerate(drawn)]
    alone = score(scoring, drawn, "-s")
    beside = score(scoring, crowded, "-s", first=CASES)
    for one, other in zip(alone, beside, strict=True):
        assert any(key[0] == "sc-s" for key in other.nodes)
        kept = Scored(
            other.case,
            {key: row for key, row in other.nodes.items() if key[0] != "sc-s"},
            {key: row for key, row in other.items.items() if key[0] != "sc-s"},
        )
        assert not (parted := unlike(one, kept, set(), close=0)), report(one, parted)
