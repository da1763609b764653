"""What a reader's query touches: the quarter that was asked for, by its index, and nothing asked again for every row.

Of many schools in three quarters: of few, reading all of a quarter would be as fast. Times: `tests/bench_readers.py`.
"""

import re
from collections.abc import Iterator
from typing import Any, LiteralString, NamedTuple

import pytest
from psycopg import sql

from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Warehouse
from tests.integration.access.members import Membership, logged_in, members
from tests.integration.scored import Scoring, catalogue_of
from tests.integration.small_catalogue import SCHOOL, TREE, row, small

QUARTERS = ["2025Q4", "2026Q1", "2026Q2"]
SCHOOLS = 300
LOGINS: dict[str, list[Membership]] = {
    "q_unit": [("unit_reader", SCHOOL, "U1")],
    "q_leader": [("leader_reader", SCHOOL, "P1")],
}
READERS = ("bi_reader", *LOGINS)
HEAT_MAP: LiteralString = """
    select subject_name_zh, indicator_name_zh, score, band_mark, score_change from marts.heat_map
    where institution = 'school' and quarter = '2026Q2' and is_point"""
ITEMS: LiteralString = """
    select item, value, contribution from marts.fct_item_score
    where institution = 'school' and quarter = '2026Q2' and subject_code = 'U1'"""
ROOTS: LiteralString = """
    select quarter, score, band from marts.fct_indicator_score
    where institution = 'school' and subject_code = 'U1' and level = 0"""
CHOICES: LiteralString = "select distinct quarter from marts.dim_quarter"


class Plan(NamedTuple):
    """What ran: (node, relation, index) of each scan of scores, and how often who may read what was asked."""

    scans: set[tuple[str, str, str]]
    asked: int


@pytest.fixture(scope="module")
def many(unscored: Scoring) -> Iterator[Warehouse]:
    tables = small(
        nodes={"T": ("", 1), **{f"A{n}": ("T", 1) for n in range(4)}},
        items=[{"code": f"i{n}", "point": f"A{n}", "method": "ratio", "weight": 1} for n in range(4)],
        units=dict.fromkeys(("U1", "U2", "U3"), "1"),
    )
    tables["posts"] = [row(institution=SCHOOL, code="P1", post_level="chief", name_zh="岗", name_en="post")]
    tables["portfolios"] = [row(institution=SCHOOL, post="P1", unit=code) for code in ("U1", "U2")]
    with unscored.warehouse.connect("owner") as conn:
        name = store_catalogue(conn, catalogue_of(tables))
        for quarter in QUARTERS:
            conn.execute("select ops.open_quarter(%s)", [quarter])
        for statement in FILLED:
            conn.execute(
                statement, {"catalogue": name, "schools": SCHOOLS, "quarters": QUARTERS, "tree": TREE}
            )
        conn.execute("select ops.analyze_quarter(quarter) from unnest(%s::text[]) as quarter", [QUARTERS])
        conn.execute("select ops.analyze_catalogue()")
        conn.execute("analyze ops.current_version, ops.score_version")
    with members(unscored.warehouse, LOGINS):
        yield unscored.warehouse


def plan(warehouse: Warehouse, reader: str, query: LiteralString) -> Plan:
    connected = warehouse.connect(reader) if reader == "bi_reader" else logged_in(warehouse, reader)
    with connected as conn:
        found = conn.execute(
            sql.SQL("explain (analyze, costs off, timing off, format json) {}").format(sql.SQL(query))
        ).fetchone()
    assert found
    nodes = list(_executed(found[0][0]["Plan"]))
    return Plan(
        {
            (node["Node Type"], node["Relation Name"], node.get("Index Name") or _bitmap(node))
            for node in nodes
            if re.match("(item|indicator)_score_", node.get("Relation Name", ""))
        },
        max(
            (node["Actual Loops"] for node in nodes if node.get("Function Name") == "readable_by"), default=0
        ),
    )


def _executed(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["Actual Loops"]:
        yield node
    for child in node.get("Plans", ()):
        yield from _executed(child)


def _bitmap(node: dict[str, Any]) -> str:
    return next((child.get("Index Name", "") for child in node.get("Plans", ())), "")


def quarters(found: Plan, table: str) -> set[str]:
    return {
        relation[len(table) + 1 :][:6].upper() for _, relation, _ in found.scans if relation.startswith(table)
    }


@pytest.mark.parametrize("reader", READERS)
def test_a_heat_map_touches_its_quarter_and_the_one_before(many: Warehouse, reader: str) -> None:
    found = plan(many, reader, HEAT_MAP)
    assert quarters(found, "indicator_score") == {"2026Q1", "2026Q2"}
    assert all("score_version_subject_code_idx" in index for _, _, index in found.scans)
    assert found.asked <= 1


@pytest.mark.parametrize("reader", READERS)
def test_a_unit_s_items_touch_their_quarter_alone(many: Warehouse, reader: str) -> None:
    found = plan(many, reader, ITEMS)
    assert quarters(found, "item_score") == quarters(found, "indicator_score") == {"2026Q2"}
    assert all("score_version_subject_code_idx" in index for _, _, index in found.scans)
    assert found.asked <= 1


@pytest.mark.parametrize("reader", READERS)
def test_a_unit_s_quarters_are_read_from_the_index_of_roots(many: Warehouse, reader: str) -> None:
    found = plan(many, reader, ROOTS)
    assert quarters(found, "indicator_score") == set(QUARTERS)
    assert all("score_version_idx" in index for _, _, index in found.scans)
    assert found.asked <= len(QUARTERS)  # once for each part, and not for each of its rows


@pytest.mark.parametrize("reader", READERS)
def test_a_choice_of_quarters_touches_no_scores(many: Warehouse, reader: str) -> None:
    assert plan(many, reader, CHOICES).scans == set()


def test_names_that_nobody_asks_for_are_not_looked_up(many: Warehouse) -> None:
    with many.connect("bi_reader") as conn:
        lines = conn.execute("explain select indicator, score from marts.heat_map").fetchall()
    said = "\n".join(line for (line,) in lines)
    assert "indicator_score" in said
    assert not re.search(r" on (bands|units|institutions|frameworks|indicators)\b", said)


# The first school is the catalogue's; the others are there to be passed by.
_SCHOOLS: LiteralString = (
    "(select case n when 1 then 'school' else 'school ' || n end as code from generate_series(1, %(schools)s) as n)"
    " as schools cross join unnest(%(quarters)s::text[]) as quarter"
)
_VERSION: LiteralString = "encode(sha256(convert_to(schools.code || quarter, 'UTF8')), 'hex')"
FILLED: tuple[LiteralString, ...] = (
    f"""
    insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage,
        provisional, scored_at)
    select {_VERSION}, schools.code, quarter, %(catalogue)s, '', 0.1, false, now() from {_SCHOOLS}""",
    """
    insert into ops.current_version (institution, quarter, score_version)
    select institution, quarter, score_version from ops.score_version""",
    """
    insert into scores.indicator_score (score_version, catalogue_hash, institution, quarter, framework, subject_kind,
        subject_code, indicator, level, parent, score, effective_weight, contribution, is_contribution_exact, band,
        provisional, scored_weight)
    select version.score_version, version.catalogue_hash, version.institution, version.quarter, %(tree)s, 'unit',
        'U' || unit, node.code, node.level, node.parent, 90, 1, 90, true, 'green', false, 1
    from ops.score_version as version
    cross join generate_series(1, 3) as unit
    join catalogue.indicators as node on node.catalogue_hash = version.catalogue_hash
    order by version.score_version""",
    """
    insert into scores.item_score (score_version, institution, quarter, framework, subject_kind, subject_code, item,
        point, department, state, value, score, weight, is_grave_case)
    select version.score_version, version.institution, version.quarter, %(tree)s, 'unit', 'U' || unit, item.code,
        item.point, item.department, 'reported', 1, 90, 1, false
    from ops.score_version as version
    cross join generate_series(1, 3) as unit
    join catalogue.items as item on item.catalogue_hash = version.catalogue_hash
    order by version.score_version""",
)
