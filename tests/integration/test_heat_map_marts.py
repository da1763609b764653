"""Heat map and board from the marts of a real warehouse: what is read, by whom, and what is published of it."""

import re
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from orchestration.assets.alerts import evaluate_quarters
from orchestration.assets.stewardship import today
from orchestration.core.catalogue.models import Catalogue
from orchestration.core.quarters import previous, quarter_of
from orchestration.publishing.current import draw_current
from orchestration.publishing.follow_up.load import open_tasks, open_warnings
from orchestration.publishing.heat_map import HeatMap, Published, load_heat_map, publish_heat_map
from orchestration.publishing.warning_board import Board, load_board
from orchestration.settings import Settings
from orchestration.stewardship.persons import set_person
from orchestration.stewardship.rectification import acts, consultations
from orchestration.warehouse.connections import Role
from orchestration.warehouse.log import SYSTEM
from tests.integration.scored import Cells, Scoring, catalogue_of, deliver
from tests.integration.small_catalogue import SCHOOL, TREE, small

BEFORE, NOW = "2026Q2", "2026Q3"
PUBLISHED = "2024Q1"  # a quarter that only one test writes
TABLES = small(
    nodes={"T": ("", 1), "A": ("T", 1), "B": ("T", 3)},
    items=[
        {"code": "a", "point": "A", "method": "ratio", "weight": 1},
        {"code": "b", "point": "B", "method": "ratio", "weight": 1},
    ],
    units={"good": "", "capped": "", "held": "", "silent": ""},
    caps=[{"code": "CAP", "when": "node", "when_level": 1, "when_band": "red", "at_most_band": "yellow"}],
)
# An alarm gives two working days.
TABLES["bands"] = [{**band, "deadline_workdays": "2" if band["alarm"] else ""} for band in TABLES["bands"]]
# Percentages of the two items.
FIGURES = {
    BEFORE: {"good": (91, 91), "capped": (90, 90), "held": (75, 75), "silent": (99, 99)},
    NOW: {"good": (95, 95), "capped": (60, 100), "held": (50, 60)},
}


def cells(quarter: str, **changed: tuple[float, float]) -> Cells:
    return {
        (TREE, unit, item): (value, 100.0, None)
        for unit, pair in {**FIGURES[quarter], **changed}.items()
        for item, value in zip("ab", pair, strict=True)
    }


@pytest.fixture(scope="module")
def small_catalogue() -> Catalogue:
    return catalogue_of(TABLES)


@pytest.fixture(scope="module")
def scoring(unscored: Scoring, small_catalogue: Catalogue) -> Scoring:
    for quarter in (BEFORE, NOW):
        deliver(unscored.warehouse, TABLES, SCHOOL, quarter, cells(quarter))
    unscored.run(dict.fromkeys((BEFORE, NOW), small_catalogue))
    return unscored


def load(scoring: Scoring, catalogue: Catalogue, quarter: str = NOW, role: Role = "bi_reader") -> HeatMap:
    with scoring.warehouse.connect(role) as conn:
        return load_heat_map(
            conn, catalogue, SCHOOL, TREE, quarter, min_coverage=0.8, timezone="Asia/Shanghai"
        )


def publish(scoring: Scoring, catalogue: Catalogue, target: Path) -> Published:
    with scoring.warehouse.connect("bi_reader") as conn:
        return publish_heat_map(conn, catalogue, PUBLISHED, SCHOOL, target)


def test_the_quarter_the_one_before_and_the_school_are_read(
    scoring: Scoring, small_catalogue: Catalogue
) -> None:
    heat_map = load(scoring, small_catalogue)
    # Four units and the school, three nodes each.
    assert len(heat_map.scores) == len(heat_map.before) == 5 * 3
    assert heat_map.quarters[-2:] == (BEFORE, NOW)
    assert {row.subject_code for row in heat_map.history} == {SCHOOL}
    assert heat_map.then["held", "T"].score == pytest.approx(75)
    assert heat_map.now["held", "T"].score == pytest.approx(0.25 * 50 + 0.75 * 60)


def test_colours_causes_and_pending_come_as_the_warehouse_names_them(
    scoring: Scoring, small_catalogue: Catalogue
) -> None:
    now = load(scoring, small_catalogue).now
    capped, held, silent = now["capped", "T"], now["held", "T"], now["silent", "T"]
    assert (capped.band, capped.band_by_score, capped.band_cause) == ("yellow", "green", "CAP")
    assert (held.band, held.band_cause, held.band_pending) == ("yellow", "confirmation", "red")
    assert (silent.score, silent.coverage, silent.band) == (None, 0.0, "grey")
    assert now[SCHOOL, "T"].subject_kind == "institution"


def test_the_pipeline_reads_the_same(scoring: Scoring, small_catalogue: Catalogue) -> None:
    assert load(scoring, small_catalogue, role="pipeline") == load(scoring, small_catalogue)


def test_a_quarter_never_scored_is_empty_and_remembers_the_last(
    scoring: Scoring, small_catalogue: Catalogue
) -> None:
    heat_map = load(scoring, small_catalogue, "2027Q1")
    assert heat_map.scores == ()
    assert heat_map.data_on is None
    assert heat_map.history[-1].quarter == NOW


def test_publishing_twice_changes_nothing_and_new_data_switch_the_link(
    scoring: Scoring, small_catalogue: Catalogue, tmp_path: Path
) -> None:
    deliver(scoring.warehouse, TABLES, SCHOOL, PUBLISHED, cells(NOW))
    scoring.run({PUBLISHED: small_catalogue})
    first = publish(scoring, small_catalogue, tmp_path)
    again = publish(scoring, small_catalogue, tmp_path)
    assert (first.unchanged, again.unchanged) == (False, True)
    link = tmp_path / SCHOOL / PUBLISHED / "current"
    page = (link / "heat_map.zh-CN.html").read_text(encoding="utf-8")
    for said in ("A色封顶", "待人工确认", "57.5", load(scoring, small_catalogue, PUBLISHED).score_version):
        assert said in page

    deliver(scoring.warehouse, TABLES, SCHOOL, PUBLISHED, cells(NOW, held=(92, 92)))
    scoring.run({PUBLISHED: small_catalogue})
    later = publish(scoring, small_catalogue, tmp_path)
    assert not later.unchanged
    assert link.resolve() == later.folder.resolve()
    # The old publication stays whole for whoever has it open.
    assert (first.folder / "heat_map.zh-CN.html").read_text(encoding="utf-8") == page


def test_the_day_of_the_data_and_the_departments_still_owing(
    scoring: Scoring, small_catalogue: Catalogue
) -> None:
    with scoring.warehouse.connect("pipeline") as conn:
        row = conn.execute(
            "select (max(received_at) at time zone 'Asia/Shanghai')::date from raw.submission where quarter = %s",
            [BEFORE],
        ).fetchone()
    heat_map = load(scoring, small_catalogue, BEFORE)
    assert row
    assert heat_map.data_on == row[0]
    assert heat_map.absent == ()
    other = small_catalogue.departments[0].model_copy(update={"code": "late", "name_zh": "迟报处"})
    item = small_catalogue.items[0].model_copy(update={"code": "c", "department": "late"})
    owing = small_catalogue.model_copy(
        update={"departments": (*small_catalogue.departments, other), "items": (*small_catalogue.items, item)}
    )
    assert [row.code for row in load(scoring, owing, BEFORE).absent] == ["late"]


def test_bi_reader_could_not_have_written(scoring: Scoring) -> None:
    with scoring.warehouse.connect("bi_reader") as conn, pytest.raises(psycopg.Error):
        conn.execute("delete from marts.fct_indicator_score")


def ruled() -> Catalogue:
    """The school with one rule: a first-level node that fell by more than 10 points."""
    rule = {
        "code": "W",
        "kind": "fell",
        "level": "1",
        "threshold": "10",
        "name_zh": "跌落",
        "name_en": "Fell",
    }
    return catalogue_of({**TABLES, "warning_rules": [rule]})


@pytest.fixture(scope="module")
def followed(scoring: Scoring) -> Scoring:
    """The same school with its warnings: A of `capped` fell by 30, A and B of `held` by 25 and 15 points."""
    copy, known = scoring.copy(), ruled()
    with copy.warehouse.connect() as conn:
        for code, unit, right in (
            ("clerk", "capped", "enter"),
            ("one", "good", "approve"),
            ("two", "good", "approve"),
        ):
            set_person(conn, SYSTEM, code, unit, [right], institution=SCHOOL, catalogue=known)
    assert evaluate_quarters(copy.warehouse, copy.settings, known, lambda quarter: known, [NOW])
    return copy


def board(scoring: Scoring, day: date, role: Role = "bi_reader") -> Board:
    with scoring.warehouse.connect(role) as conn:
        return load_board(conn, ruled(), SCHOOL, today=day, min_coverage=0.8)


def corners(settings: Settings) -> int:
    """Cells with a corner on the published map's tables of the first level, and the legend's."""
    page = (settings.publications / SCHOOL / NOW / "current" / "heat_map.zh-CN.html").read_text(
        encoding="utf-8"
    )
    return len(re.findall(r'class="[^"]* k"', page.split("id=points")[0]))


def strike_off(scoring: Scoring, task: int, day: date) -> None:
    """All steps of a red task of `capped`: a second person of another unit strikes it off."""
    with scoring.warehouse.connect() as conn:
        acts.start(conn, "clerk", task, "核对台账", today=day)
        acts.submit(conn, "clerk", task, "No. 1", day, today=day)
        consultations.consult(
            conn, "one", task, day, ["capped", "good"], "补齐", catalogue=ruled(), today=day
        )
        acts.recheck(conn, "one", task, today=day)
        acts.strike(conn, "two", task, today=day)


def test_the_board_has_what_the_rules_found_and_what_waits(followed: Scoring) -> None:
    found = board(followed, today(followed.settings))
    assert (found.quarter, found.quarters[-2:]) == (NOW, (BEFORE, NOW))
    warned = sorted((row.unit or "", row.indicator, row.severity, row.change) for row in found.open)
    assert warned == [
        ("capped", "A", "red", pytest.approx(-30)),
        ("held", "A", "red", pytest.approx(-25)),
        ("held", "B", "red", pytest.approx(-15)),
    ]
    waits = [one for one in found.waiting if one.quarter == NOW]
    assert [(one.subject_code, one.indicator, one.band, one.band_pending) for one in waits] == [
        ("held", "T", "yellow", "red")
    ]
    assert {(task.unit, task.indicator, task.state) for task in found.open_tasks} == {
        ("capped", "A", "assigned"),
        ("held", "A", "assigned"),
        ("held", "B", "assigned"),
    }
    assert board(followed, found.today, "pipeline") == found


def test_an_old_quarter_shows_nothing_of_later_ones(followed: Scoring, small_catalogue: Catalogue) -> None:
    now, before = load(followed, small_catalogue), load(followed, small_catalogue, BEFORE)
    assert set(now.tasks_at) == {("capped", "A"), ("held", "A"), ("held", "B")}
    assert (len(now.warnings), before.warnings, before.tasks) == (3, (), ())


def test_a_task_of_no_warning_shows_up_to_the_end_of_the_next_quarter(followed: Scoring) -> None:
    with followed.warehouse.connect() as conn:
        conn.execute("update quality.warning set (rectification, linked_quarter) = (null, null)")
        opened = conn.execute("select min(opened_on) from quality.rectification").fetchone()
        assert opened
        quarter = quarter_of(opened[0])
        shown = {back: len(open_tasks(conn, SCHOOL, TREE, previous(quarter, back))) for back in (0, 1, 2)}
        assert shown == {0: 3, 1: 3, 2: 0}
        assert open_warnings(conn, SCHOOL, "another", NOW) == ()
        conn.rollback()


def test_a_strike_off_takes_the_mark_away_and_both_are_drawn_once(followed: Scoring, tmp_path: Path) -> None:
    copy, day = followed.copy(), today(followed.settings)
    own = copy.settings.model_copy(update={"home": tmp_path})
    first = draw_current(copy.warehouse, ruled(), own, today=day)
    assert [(one.kind, one.unchanged) for one in first] == [("warning_board", False), ("heat_map", False)]
    assert corners(own) == 3 + 1  # the legend has one
    assert all(one.unchanged for one in draw_current(copy.warehouse, ruled(), own, today=day))
    task = next(row.rectification for row in board(copy, day).open if row.unit == "capped")
    strike_off(copy, task or 0, day)
    second = draw_current(copy.warehouse, ruled(), own, today=day)
    assert not any(one.unchanged for one in second)
    assert corners(own) == 2 + 1
    assert [row.unit for row in board(copy, day + timedelta(days=1)).struck_off] == ["capped"]
    assert (own.publications / SCHOOL / "warnings" / "current").readlink() == Path("r2")
