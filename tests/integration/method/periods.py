"""The half-years and years of scored cases beside the reference: schools of one batch share their quarters' years.

Each quarter of a school has a catalogue of its own, so nodes, units, weights and colours come, go and change places.
Not here: the cases, nor what the reference makes of them (`reference_periods`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import LiteralString

from psycopg.rows import dict_row

from tests.integration.method.batch import Connection, Figures
from tests.integration.method.case import Placed
from tests.integration.method.compare import COLOURS, NODE_FIGURES, received, references, same
from tests.integration.reference import Reference
from tests.integration.reference_colours import Colours
from tests.integration.reference_periods import Period

Schools = Mapping[
    tuple[str, str], tuple[Period, bool, float]
]  # (school, period) → reference, provisional, least
Confirmed = Mapping[tuple[str, str], set[tuple[str, str, str, str]]]


def periods(scored: Sequence[tuple[Placed, float]]) -> Schools:
    """The reference of every half-year and year of the schools whose last quarter is scored."""
    quarters: dict[str, dict[str, tuple[Reference, bool, float]]] = defaultdict(dict)
    for one, least in scored:
        for school, reference in references(one, least).items():
            provisional = reference.provisional(received(one, school))
            quarters[school][one.quarter] = reference, provisional, least
    found = {}
    for school, own in quarters.items():
        years = {quarter[:4] for quarter in own}
        halves = {f"{year}H{n}": (f"{year}Q{2 * n - 1}", f"{year}Q{2 * n}") for year in years for n in (1, 2)}
        whole = {year: tuple(f"{year}Q{n}" for n in range(1, 5)) for year in years}
        for period, names in {**halves, **whole}.items():
            there = [own[name] for name in names if name in own]
            if names[-1] in own:
                absent = len(names) - len(there)
                period_reference = Period([reference for reference, _, _ in there], absent)
                provisional = absent > 0 or any(one for _, one, _ in there)
                found[school, period] = period_reference, provisional, there[-1][2]
    return found


def coloured(schools: Schools, confirmed: Confirmed) -> None:
    """Colour every reference, with what persons confirmed for its period."""
    for key, (reference, _, least) in schools.items():
        Colours(reference, least, confirmed.get(key, set()))


def pending(schools: Schools) -> Confirmed:
    """Every other root colour that waits for a person."""
    waiting = [
        (key, (*subject, str(node.colours["band_pending"])))
        for key, (reference, _, _) in schools.items()
        for (subject, _), node in reference.nodes.items()
        if node.colours.get("band_pending")
    ]
    found: dict[tuple[str, str], set[tuple[str, str, str, str]]] = defaultdict(set)
    for key, root in waiting[::2]:
        found[key].add(root)
    return found


def confirm(conn: Connection, confirmed: Confirmed) -> None:
    """Say so in the warehouse."""
    rows = [(*key, *root) for key, roots in confirmed.items() for root in roots]
    conn.cursor().executemany(_CONFIRM, rows)


def period_rows(conn: Connection, schools: Schools) -> list[Figures]:
    """The mart's rows of these schools and periods."""
    cursor = conn.cursor(row_factory=dict_row)
    return [row for asked in schools for row in cursor.execute(_ROWS, asked).fetchall()]


def period_disagreements(rows: Iterable[Figures], schools: Schools) -> Iterator[str]:
    """Where the warehouse's rows part from the coloured references."""
    key = ("institution", "period", "framework", "subject_kind", "subject_code", "indicator")
    found = {tuple(row[column] for column in key): row for row in rows}
    expected = {
        (*school, *subject, code): _figures(reference, subject[0], code, provisional)
        | _of(reference, subject, code)
        for school, (reference, provisional, _) in schools.items()
        for subject, code in reference.nodes
    }
    for where in sorted(found.keys() ^ expected.keys()):
        yield f"{' '.join(where)}: only in the {'warehouse' if where in found else 'reference'}"
    for where in sorted(found.keys() & expected.keys()):
        for column, value in expected[where].items():
            if not same(found[where][column], value):
                yield f"{' '.join(where)}: {column}: warehouse {found[where][column]!r}, reference {value!r}"


def _figures(reference: Period, framework: str, code: str, provisional: bool) -> Figures:
    row = reference.tree[framework, code]
    return {
        "weight": float(row["weight"]),
        "level": int(row["level"]),
        "parent": row["parent"] or None,
        "provisional": provisional,
    }


def _of(reference: Period, subject: tuple[str, str, str], code: str) -> Figures:
    node = reference.nodes[subject, code]
    figures = {column: getattr(node, name) for column, name in NODE_FIGURES.items()}
    return {**figures, **{name: node.colours.get(name) for name in COLOURS}}


_ROWS: LiteralString = "select * from marts.fct_period_score where institution = %s and period = %s"
_CONFIRM: LiteralString = """
    insert into ops.confirmation (institution, period, framework, subject_kind, subject_code, band, confirmed_by)
    values (%s, %s, %s, %s, %s, %s, 'someone')"""
