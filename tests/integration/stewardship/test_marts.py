"""What the marts answer about stewardship: each question of the runbook is one query of the data dictionary."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml

from orchestration.core.quarters import quarter_of
from orchestration.warehouse.connections import Role
from orchestration.warehouse.log import SYSTEM, Entry, append
from tests.integration.scored import Scoring
from tests.integration.stewardship.rows import Connection, insert, issue, person, submission

OPENED = datetime(2026, 10, 1, 8, tzinfo=UTC)
TODAY = datetime.now(UTC).date()
ENDING = quarter_of(TODAY)  # a waiver to the end of this quarter; the test says what that leaves
LATER = f"{TODAY.year + 2}Q1"


@pytest.fixture(scope="module")
def scoring(unscored: Scoring) -> Scoring:
    with unscored.warehouse.connect("owner") as conn:
        person(conn, "wang", "U1", "enter", department="audit")
        person(conn, "li", "U2", "approve", department="discipline")
        # Rows stand as if acts had led to them; the acts are tested where they are.
        conn.execute("alter table quality.issue disable trigger user")
        fill(conn)
        conn.execute("alter table quality.issue enable trigger user")
        append(conn, entries())
    return unscored


def fill(conn: Connection) -> None:
    place = {"institution": "school", "quarter": "2026Q3", "opened_at": OPENED}
    for number, days in enumerate((2, 5)):
        issue(
            conn,
            f"audit{number}",
            department="audit",
            state="fixed",
            fixed_at=OPENED + timedelta(days=days),
            **place,
        )
    issue(
        conn,
        "range",
        department="audit",
        rule="out_of_range",
        state="fixed",
        fixed_at=OPENED + timedelta(hours=12),
        **place,
    )
    issue(conn, "late", department="audit", due_on=TODAY - timedelta(days=1), owner="wang", **place)
    issue(conn, "today", department="audit", due_on=TODAY, **place)
    issue(
        conn, "was late", department="audit", due_on=date(2020, 1, 1), state="fixed", fixed_at=OPENED, **place
    )
    for name, last in (("ends", ENDING), ("lasts", LATER)):
        key = issue(conn, name, department="discipline", **place)
        waiver = insert(
            conn,
            "waiver",
            issue=key,
            reason_code="other",
            reason="…",
            last_quarter=last,
            asked_by=person(conn, f"asker {name}", "U1", "enter", department="discipline"),
        )
        conn.execute(
            "update quality.waiver set is_approved = true, decided_at = now(), decided_by = %s where id = %s",
            [person(conn, f"decider {name}", "U3", "approve"), waiver],
        )
        conn.execute("update quality.issue set state = 'waived', waiver = %s where id = %s", [waiver, key])
    for department, *sent in (
        ("audit", ("refused", 0), ("accepted", 0)),
        ("discipline", ("accepted", 0)),
        ("organisation", ("accepted", 3), ("accepted", 0)),
    ):
        for number, (state, held) in enumerate(sent, 1):
            submission(conn, str(department), number, state=state, cells_held=held)


def entries() -> list[Entry]:
    place = ("school", "2026Q3", "issue", "1")
    return [
        Entry(SYSTEM, "issue.opened", *place),
        Entry("wang", "issue.acknowledged", *place),
        Entry("wang", "issue.acknowledged", "school", "2026Q3", "objection", "1"),
    ]


def read(scoring: Scoring, query: str, role: Role = "bi_reader") -> list[tuple[Any, ...]]:
    with scoring.warehouse.connect(role) as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


def asked(scoring: Scoring, mart: str, about: str) -> list[tuple[Any, ...]]:
    """The answer to a query as the data dictionary prints it, for who reads the marts."""
    path = scoring.settings.dbt_project / "models" / "marts" / f"{mart}.yml"
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    (query,) = (one["sql"] for one in model["config"]["meta"]["queries"] if one["about"].startswith(about))
    return read(scoring, query)


def test_time_to_fix_by_department_and_rule(scoring: Scoring) -> None:
    # `was late` was fixed the moment it was opened: (2 + 5 + 0) / 3.
    found = asked(scoring, "fct_validation_issue", "Time to fix")
    assert found == [
        ("audit", "negative", 3, pytest.approx(7 / 3)),
        ("audit", "out_of_range", 1, pytest.approx(0.5)),
    ]


def test_first_pass_rate(scoring: Scoring) -> None:
    rates = {name: float(rate) for name, rate in asked(scoring, "fct_submission", "First-pass rate")}
    assert rates == {"audit": 0, "organisation": 0, "discipline": 1}
    firsts = read(scoring, "select department, number from marts.fct_submission where is_first order by 1")
    assert firsts == [("audit", 1), ("discipline", 1), ("organisation", 1)]


def test_data_quality_adds_up_by_department_quarter_and_year(scoring: Scoring) -> None:
    columns = (
        "submissions, first_submissions, first_passes, later_submissions, issues, issues_fixed, issues_waived,"
        " issues_unmended, first_pass_rate, days_to_fix"
    )
    # (2 + 5 + 1/2 + 0) / 4 days.
    by_hand = {
        "all": (5, 3, 1, 2, 8, 4, 2, 2, pytest.approx(1 / 3), pytest.approx(1.875)),
        "audit": (2, 1, 0, 1, 6, 4, 0, 2, 0, pytest.approx(1.875)),
        "discipline": (1, 1, 1, 0, 2, 0, 2, 0, 1, None),
        "organisation": (2, 1, 0, 1, 0, 0, 0, 0, 0, None),
    }
    for period in ("2026Q3", "2026"):
        found = read(
            scoring, f"select department, {columns} from marts.fct_data_quality where period = '{period}'"
        )
        assert {name: tuple(counts) for name, *counts in found} == by_hand


def test_waivers_about_to_expire(scoring: Scoring) -> None:
    (last_on,) = read(
        scoring,
        "select waiver_last_on, waiver_last_quarter, waiver_reason_code from marts.fct_validation_issue"
        f" where waiver_last_quarter = '{ENDING}'",
    )
    month = (TODAY.month + 2) // 3 * 3
    following = date(TODAY.year + month // 12, month % 12 + 1, 1)
    assert last_on == (following - timedelta(days=1), ENDING, "other")
    found = asked(scoring, "fct_validation_issue", "Waivers that run out")
    ends_soon = last_on[0] < TODAY + timedelta(days=30)
    assert [row[3] for row in found] == ([last_on[0]] if ends_soon else [])
    assert read(
        scoring, "select count(*) from marts.fct_validation_issue where waiver_last_on is not null"
    ) == [(2,)]


def test_overdue_from_the_day_after_until_mended(scoring: Scoring) -> None:
    found = read(
        scoring,
        "select due_on, owner_department, is_overdue from marts.fct_validation_issue"
        " where due_on is not null order by due_on",
    )
    assert found == [
        (date(2020, 1, 1), None, False),
        (TODAY - timedelta(days=1), "audit", True),
        (TODAY, None, False),
    ]
    undated = read(scoring, "select distinct is_overdue from marts.fct_validation_issue where due_on is null")
    assert undated == [(False,)]


def test_events_name_the_department_and_no_person(scoring: Scoring) -> None:
    found = read(
        scoring,
        "select issue, department, rule, action, actor_department, is_automatic from marts.fct_issue_event"
        " order by event",
    )
    assert found == [
        (1, "audit", "negative", "issue.opened", None, True),
        (1, "audit", "negative", "issue.acknowledged", "audit", False),
    ]
    said = read(scoring, "select fct_issue_event::text from marts.fct_issue_event") + read(
        scoring, "select fct_validation_issue::text from marts.fct_validation_issue"
    )
    assert not [row for (row,) in said if "wang" in row or "asker" in row]
