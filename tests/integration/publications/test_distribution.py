"""Who gets which copy and when, and receipts that persons give: one way, in order, by whom they concern."""

from datetime import date

import psycopg
import pytest

from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.stewardship.distribution import (
    Copy,
    acknowledge,
    draw_up,
    list_copies,
    open_copy,
    send,
)
from orchestration.stewardship.errors import StewardshipError
from orchestration.stewardship.recipients import Subject, copies
from tests.integration.publications.editions import SCHOOL, SUBJECTS, Shelf, catalogue
from tests.unit.small_catalogue import edited

FRIDAY = date(2026, 7, 17)
NEXT_FRIDAY, FRIDAY_AFTER = date(2026, 7, 24), date(2026, 7, 27)
FAR = date(2099, 1, 1)


def listed(**given: str) -> set[tuple[str, str, str, str, date]]:
    subjects = [Subject(stem, kind, code) for stem, kind, code in SUBJECTS]
    return {
        (one.document, one.recipient_kind, one.recipient_code, one.rule, one.visible_on)
        for one in copies(catalogue(), SCHOOL, subjects, FRIDAY)
    }


def test_each_rule_gives_its_copies() -> None:
    """In the small catalogue B1 answers for U1 by name and B2 for every unit; U3 leads points."""
    assert listed() == {
        ("school", "post", "B1", "standing_committee", NEXT_FRIDAY),
        ("school", "post", "B2", "standing_committee", NEXT_FRIDAY),
        ("school", "unit", "U3", "lead_unit", NEXT_FRIDAY),
        ("post-B1", "post", "B1", "leader", NEXT_FRIDAY),
        ("lead-U3", "unit", "U3", "lead_unit", NEXT_FRIDAY),
        ("lead-U3", "post", "B2", "leader", NEXT_FRIDAY),
        ("unit-U1", "unit", "U1", "own", FRIDAY),
        ("unit-U1", "post", "B1", "leader", NEXT_FRIDAY),
        ("unit-U1", "post", "B2", "leader", NEXT_FRIDAY),
        ("unit-U2", "unit", "U2", "own", FRIDAY),
        ("unit-U2", "post", "B2", "leader", NEXT_FRIDAY),
    }


def test_the_five_days_are_working_days_of_the_catalogue() -> None:
    closed = "date,is_workday\n2026-07-20,false\n"
    rows = parse_catalogue({**edited(), "calendar": closed}).at("2026Q2")
    days = {one.rule: one.visible_on for one in copies(rows, SCHOOL, [Subject("d", "unit", "U1")], FRIDAY)}
    assert days == {"own": FRIDAY, "leader": FRIDAY_AFTER}


@pytest.fixture
def drawn(shelf: Shelf) -> tuple[Shelf, int]:
    """A published revision with its list."""
    publication = shelf.publish().publication
    with shelf.warehouse.connect() as conn:
        assert draw_up(conn, publication, catalogue(), zone="Asia/Shanghai") == 11
    return shelf, publication


def the_copy(conn: psycopg.Connection, publication: int, document: str, recipient: str) -> Copy:
    return next(
        one
        for one in list_copies(conn, publication)
        if (one.document, one.recipient_code) == (document, recipient)
    )


def test_the_list_is_drawn_up_once(drawn: tuple[Shelf, int]) -> None:
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        assert draw_up(conn, publication, catalogue(), zone="Asia/Shanghai") == 0
        entries = conn.execute("select actor, object_id from audit.entry where action = 'copy.listed'")
        assert entries.fetchall() == [("qingyuan", str(publication))]
        days = {one.visible_on for one in list_copies(conn, publication) if one.rule == "own"}
        (row,) = conn.execute("select (now() at time zone 'Asia/Shanghai')::date").fetchall()
        assert days == set(row)


def test_only_copies_whose_day_has_come_are_sent_and_once(drawn: tuple[Shelf, int]) -> None:
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        today = min(one.visible_on for one in list_copies(conn, publication))
        assert {one.document for one in send(conn, "boss", publication, today=today)} == {
            "unit-U1",
            "unit-U2",
        }
        assert send(conn, "boss", publication, today=today) == []
        assert len(send(conn, "second_boss", publication, today=FAR)) == 9
        assert {one.state for one in list_copies(conn, publication)} == {"sent"}
        told = conn.execute(
            "select actor, count(*) from audit.entry where action = 'copy.sent' group by actor"
        )
        assert sorted(told.fetchall()) == [("boss", 2), ("second_boss", 9)]


def test_a_copy_is_sent_opened_and_acknowledged_in_this_order(drawn: tuple[Shelf, int]) -> None:
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        copy = the_copy(conn, publication, "unit-U1", "U1").id
        refused(lambda: open_copy(conn, "ward", copy), "copy_not_from_here")
        send(conn, "boss", publication, today=FAR)
        refused(lambda: acknowledge(conn, "ward", copy), "copy_not_from_here")
        assert open_copy(conn, "ward", copy).state == "opened"
        refused(lambda: open_copy(conn, "ward", copy), "copy_not_from_here")
        assert acknowledge(conn, "ward", copy, "read").state == "acknowledged"
        refused(lambda: acknowledge(conn, "ward", copy), "copy_not_from_here")
        told = conn.execute(
            "select actor, action from audit.entry where object_kind = 'copy' and object_id = %s order by number",
            [str(copy)],
        )
        assert told.fetchall() == [
            ("boss", "copy.sent"),
            ("ward", "copy.opened"),
            ("ward", "copy.acknowledged"),
        ]


def test_who_may_not_is_told_why(drawn: tuple[Shelf, int]) -> None:
    shelf, publication = drawn
    draft = shelf.publish(by=None).publication
    with shelf.warehouse.connect() as conn:
        refused(lambda: send(conn, "clerk", publication, today=FAR), "right_missing")
        refused(lambda: send(conn, "nobody", publication, today=FAR), "person_unknown")
        refused(lambda: send(conn, "boss", publication + 99, today=FAR), "publication_unknown")
        refused(lambda: send(conn, "boss", draft, today=FAR), "draft_not_sent")
        send(conn, "boss", publication, today=FAR)
        copy = the_copy(conn, publication, "unit-U1", "U1").id
        refused(lambda: open_copy(conn, "other_ward", copy), "other_unit")
        refused(lambda: open_copy(conn, "ward", 0), "copy_unknown")
        own = the_copy(conn, publication, "lead-U3", "U3").id
        refused(lambda: open_copy(conn, "boss", own), "own_copy")
        assert open_copy(conn, "second_boss", own).state == "opened"


def test_a_post_is_answered_for_by_its_own_person_or_one_of_its_unit(drawn: tuple[Shelf, int]) -> None:
    """B1 is of no unit and has a person of its own; B2 heads U1."""
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        send(conn, "boss", publication, today=FAR)
        first, second = (the_copy(conn, publication, "school", post).id for post in ("B1", "B2"))
        refused(lambda: open_copy(conn, "ward", first), "other_unit")
        assert open_copy(conn, "director", first).state == "opened"
        assert open_copy(conn, "ward", second).state == "opened"


@pytest.mark.parametrize(
    "act",
    [
        "update ops.distribution set sent_at = now(), sent_on = visible_on, sent_by = 'clerk'",
        "update ops.distribution set sent_at = now(), sent_on = visible_on - 1, sent_by = 'boss'",
        "update ops.distribution set opened_at = now(), opened_by = 'ward' where recipient_code = 'U1'",
        "update ops.distribution set visible_on = '2000-01-01'",
        "delete from ops.distribution",
    ],
)
def test_the_database_refuses_it_too(drawn: tuple[Shelf, int], act: str) -> None:
    errors = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)
    with drawn[0].warehouse.connect() as conn, pytest.raises(errors):
        conn.execute(act)


@pytest.mark.parametrize(
    "act",
    [
        "opened_at = null, opened_by = null",
        "opened_by = 'second_boss'",
        "acknowledged_at = now(), acknowledged_by = 'other_ward'",
        "sent_at = now(), sent_by = 'second_boss'",
    ],
)
def test_a_receipt_is_not_taken_back_nor_given_by_another(drawn: tuple[Shelf, int], act: str) -> None:
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        send(conn, "boss", publication, today=FAR)
        copy = the_copy(conn, publication, "unit-U1", "U1").id
        open_copy(conn, "ward", copy)
        conn.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(f"update ops.distribution set {act} where id = {copy}")


def test_a_revision_that_was_replaced_is_sent_no_more(drawn: tuple[Shelf, int]) -> None:
    shelf, publication = drawn
    with shelf.warehouse.connect() as conn:
        today = min(one.visible_on for one in list_copies(conn, publication))
        copy = next(
            one.id for one in send(conn, "boss", publication, today=today) if one.recipient_code == "U1"
        )
    later = shelf.publish({"U1": 80.0}).publication
    with shelf.warehouse.connect() as conn:
        refused(lambda: send(conn, "boss", publication, today=FAR), "superseded")
        draw_up(conn, later, catalogue(), zone="Asia/Shanghai")
        assert len(send(conn, "boss", later, today=FAR)) == 11
        assert open_copy(conn, "ward", copy).state == "opened"


def test_a_draft_has_no_list(shelf: Shelf) -> None:
    draft = shelf.publish(by=None).publication
    with shelf.warehouse.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        draw_up(conn, draft, catalogue(), zone="Asia/Shanghai")


def refused(act: object, reason: str) -> None:
    with pytest.raises(StewardshipError) as told:
        act()  # type: ignore[operator]
    assert told.value.reason == reason
    assert all(told.value.sentence(language) for language in ("zh-CN", "en"))
