"""The marts of rectification: a row a task, a step and a consultation, rates by hand, and no person anywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from orchestration.core.catalogue.models import Catalogue, SupervisionMode
from orchestration.core.rectification import Source
from orchestration.stewardship.rectification import acts, consultations, extensions
from orchestration.stewardship.rectification.by_hand import NewTask, open_task
from orchestration.stewardship.rectification.opening import open_for_warnings
from orchestration.warehouse.catalogue import store_catalogue
from orchestration.warehouse.connections import Role, Warehouse
from tests.integration.scored import Scoring
from tests.integration.stewardship.desk import PERSONS, SCHOOL, calendar, settle
from tests.integration.stewardship.ledger import WARNING, colours
from tests.integration.stewardship.rows import insert

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
BEGUN = TODAY - 30 * DAY
EXTENDED = BEGUN + 20 * DAY
MODE = SupervisionMode(code="daily", name_zh="日常", name_en="Daily")


def deep() -> Catalogue:
    """With nodes of every level: X21 of the second, X111 of the third, X1111 of the fourth."""
    leaf = next(row for row in colours().indicators if row.code == "X11")
    nodes = (
        leaf.model_copy(update={"code": code, "parent": parent, "level": level})
        for code, parent, level in (("X21", "X2", 2), ("X111", "X11", 3), ("X1111", "X111", 4))
    )
    return colours().model_copy(
        update={"indicators": (*colours().indicators, *nodes), "supervision_modes": (MODE,)}
    )


CATALOGUE = deep()
Connection = psycopg.Connection[Any]
Tasks = dict[str, int]


@pytest.fixture(scope="module")
def desk(unscored: Scoring) -> tuple[Warehouse, Tasks]:
    with unscored.warehouse.connect() as conn:
        settle(conn)
        scored_by(conn, store_catalogue(conn, CATALOGUE.at("2026Q4")))
        tasks = {
            "in time": by_hand(conn, "U3", "X2", "daily"),
            "too late": by_hand(conn, "U3", "X21", "daily"),
            "extended": by_hand(conn, "U3", "X1111", "daily"),
            "due today": by_hand(conn, "U1", "X111", None, TODAY),
            "on no node": by_hand(conn, "U1", None, None, TODAY),
        }
        warning = replace(WARNING, unit="U2", indicator="X", severity="grave")
        tasks["warned"] = open_for_warnings(conn, CATALOGUE, [warning], today=BEGUN, calendar=calendar())[1]
        consultations.consult(
            conn,
            "officer",
            tasks["in time"],
            BEGUN,
            ["U3", "U4"],
            "月底前补齐",
            catalogue=CATALOGUE,
            today=BEGUN,
        )
        for name, day in (("in time", BEGUN), ("too late", TODAY)):
            strike_off(conn, tasks[name], day)
        extensions.extend(conn, "clerk", tasks["extended"], EXTENDED, "an audit is due", today=BEGUN)
        extensions.approve(conn, "officer", tasks["extended"], "as agreed", today=BEGUN)
    with unscored.warehouse.connect("owner") as conn:
        for ended in (None, datetime.now(UTC)):
            a_warning(conn, tasks["warned"], ended)
    return unscored.warehouse, tasks


def scored_by(conn: Connection, catalogue_hash: str) -> None:
    """A current version of that catalogue, so that readers see its tree."""
    conn.execute(
        "insert into ops.score_version (score_version, institution, quarter, catalogue_hash, code_hash, min_coverage,"
        " provisional) values ('v', 's1', '2026Q4', %s, '', 0.8, false)",
        [catalogue_hash],
    )
    conn.execute(
        "insert into ops.current_version (institution, quarter, score_version) values ('s1', '2026Q4', 'v')"
    )


def by_hand(
    conn: Connection, unit: str, indicator: str | None, mode: str | None, due_on: date | None = None
) -> int:
    source: Source = "supervision" if mode else "hand"
    tree = "care" if indicator else None
    new = NewTask(
        SCHOOL, unit, "amber", source, "补齐台账", tree, indicator, supervision_mode=mode, due_on=due_on
    )
    return open_task(conn, "officer", new, catalogue=CATALOGUE, calendar=calendar(), today=BEGUN)


def strike_off(conn: Connection, task: int, day: date) -> None:
    acts.start(conn, "clerk", task, today=BEGUN)
    acts.submit(conn, "clerk", task, "No. 1", BEGUN - DAY, "all of it", today=BEGUN)
    acts.recheck(conn, "officer", task, today=BEGUN)
    acts.strike(conn, "second_officer", task, "seen", today=day)


def a_warning(conn: Connection, task: int, ended: datetime | None) -> None:
    insert(
        conn, "warning", first_quarter="2026Q3", last_quarter="2026Q3", fingerprint="0" * 64, institution=SCHOOL,
        rule="W1", kind="fell", framework="care", subject_kind="unit", subject_code="U2", unit="U2", indicator="X",
        severity="grave", name_zh="下降", name_en="Fell", is_alarm=True, opened_on=BEGUN, rectification=task,
        linked_quarter="2026Q3", ended_at=ended, ended_on=ended and ended.date(),
    )  # fmt: skip


def read(warehouse: Warehouse, query: str, role: Role = "bi_reader") -> list[tuple[Any, ...]]:
    with warehouse.connect(role) as conn:
        return conn.execute(query).fetchall()


def test_a_row_a_task_with_what_follows_from_today(desk: tuple[Warehouse, Tasks]) -> None:
    warehouse, tasks = desk
    columns = "rectification, theme, source, state, is_open, is_overdue, extensions, consultations, warnings"
    rows = read(warehouse, f"select {columns} from marts.fct_rectification")
    assert {row[0]: row[1:] for row in rows} == {
        tasks["in time"]: ("X2", "supervision", "struck_off", False, False, 0, 1, 0),
        tasks["too late"]: ("X2", "supervision", "struck_off", False, False, 0, 0, 0),
        tasks["extended"]: ("X1", "supervision", "assigned", True, True, 1, 0, 0),
        tasks["due today"]: ("X1", "hand", "assigned", True, False, 0, 0, 0),
        tasks["on no node"]: (None, "hand", "assigned", True, False, 0, 0, 0),
        tasks["warned"]: (None, "warning", "assigned", True, True, 0, 0, 2),
    }
    ((due, original, document, struck_off),) = read(
        warehouse,
        "select max(due_on), max(original_due_on), max(document), max(struck_off_on) from marts.fct_rectification"
        f" where rectification in ({tasks['extended']}, {tasks['too late']})",
    )
    assert (due, document, struck_off) == (EXTENDED, "No. 1", TODAY)
    assert original == calendar().add_workdays(BEGUN, 5)


def test_rates_by_unit_theme_and_mode(desk: tuple[Warehouse, Tasks]) -> None:
    rows = read(desk[0], "select * from marts.fct_rectification_rate order by dimension, code")
    #  opened, struck off, of these in time, open, overdue, rate
    assert [row[1:] for row in rows] == [
        ("supervision_mode", "daily", 3, 2, 1, 1, 1, 2 / 3),
        ("theme", "X1", 2, 0, 0, 2, 1, 0),
        ("theme", "X2", 2, 2, 1, 0, 0, 1),
        ("unit", "U1", 2, 0, 0, 2, 0, 0),
        ("unit", "U2", 1, 0, 0, 1, 1, 0),
        ("unit", "U3", 3, 2, 1, 1, 1, 2 / 3),
    ]


def test_a_row_a_consultation_and_a_step(desk: tuple[Warehouse, Tasks]) -> None:
    warehouse, tasks = desk
    held = read(warehouse, "select rectification, held_on, units, conclusion from marts.fct_consultation")
    assert held == [(tasks["in time"], BEGUN, "U3 U4", "月底前补齐")]
    rows = read(
        warehouse,
        "select act, from_state, to_state, acting_unit, is_automatic, due_on from marts.fct_rectification_event"
        f" where rectification in ({tasks['extended']}, {tasks['warned']}) order by rectification, event",
    )
    opened, asked, approved, warned = rows
    assert opened[:5] == ("open", None, "assigned", "U4", False)
    assert asked == ("extend", "assigned", "assigned", "U3", False, EXTENDED)
    assert approved == ("approve", "assigned", "assigned", "U4", False, EXTENDED)
    assert warned == ("open", None, "assigned", None, True, calendar().add_workdays(BEGUN, 2))


MARTS = ("fct_rectification", "fct_consultation", "fct_rectification_event", "fct_rectification_rate")


@pytest.mark.parametrize("mart", MARTS)
def test_no_person_and_no_note_is_in_a_mart(desk: tuple[Warehouse, Tasks], mart: str) -> None:
    rows = read(desk[0], f"select * from marts.{mart}")
    assert rows
    said = {str(value) for row in rows for value in row}
    assert not said & {*PERSONS, "seen", "all of it", "an audit is due", "as agreed"}


@pytest.mark.parametrize("mart", MARTS)
def test_tasks_of_trees_over_office_holders_are_the_pipeline_s(
    desk: tuple[Warehouse, Tasks], mart: str
) -> None:
    """None is ever opened by an act; one that came to be all the same is hidden."""
    warehouse, _ = desk
    before = read(warehouse, f"select * from marts.{mart} order by 1, 2, 3")
    with warehouse.connect() as conn:
        task = open_for_warnings(
            conn, CATALOGUE, [replace(WARNING, framework="work", unit="U3")], today=BEGUN, calendar=calendar()
        )[1]
        consultations.consult(
            conn, "officer", task, BEGUN, ["U3", "U4"], "…", catalogue=CATALOGUE, today=BEGUN
        )
    assert read(warehouse, f"select * from marts.{mart} order by 1, 2, 3") == before
    assert read(warehouse, f"select * from marts.{mart} order by 1, 2, 3", "pipeline") != before


@pytest.mark.parametrize("table", ["rectification", "rectification_step", "rectification_move"])
def test_a_reader_of_marts_reads_nothing_beneath(desk: tuple[Warehouse, Tasks], table: str) -> None:
    with desk[0].connect("bi_reader") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"select from quality.{table}")
