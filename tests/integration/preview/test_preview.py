"""A preview beside the real thing: its receipt, every figure and every cause; and nothing that stays of it."""

from dataclasses import asdict, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from orchestration.intake.previewing.readers import Seen, look
from orchestration.warehouse.restated import Restatement, note_restated
from orchestration.warehouse.warning_scope import fill_warning_scope
from tests.integration.intake.deliveries import INSTITUTION, Book
from tests.integration.preview.conftest import BEFORE, QUARTER, Place, held_file, worse
from tests.integration.runs import same


def seen(place: Place) -> Seen:
    """What readers see, and the causes found today, as a run's own transaction finds them."""
    catalogues = {QUARTER: place.school.at(QUARTER)}
    settings = place.scoring.settings
    with place.warehouse.connect() as conn:
        note_restated(conn, [Restatement(INSTITUTION, BEFORE, QUARTER)], catalogues, settings)
        fill_warning_scope(conn, catalogues, datetime.now(ZoneInfo(settings.timezone)).date())
        found = look(conn, INSTITUTION, QUARTER)
        conn.rollback()
    return found


def plain(figures: object) -> tuple:
    return tuple(asdict(figures).values())  # type: ignore[call-overload]


def test_a_preview_is_what_receiving_and_scoring_give_row_for_row(scored_school: Place) -> None:
    incoming = worse(scored_school).incoming(QUARTER)
    preview = scored_school.preview(incoming)
    place = scored_school.copy()
    before = seen(place)
    receipt = place.receive(incoming)
    place.run(QUARTER)
    after = seen(place)

    assert preview.receipt == replace(receipt, submission=None)
    assert (receipt.state, receipt.number) == ("accepted", 2)
    own = {node.key: node for node in preview.nodes}
    assert own.keys() == after.nodes.keys()
    assert len(own) == 20
    assert same([plain(own[key].after) for key in own], [plain(after.nodes[key]) for key in own])
    assert [own[key].before for key in own] == [before.nodes[key] for key in own]
    assert {node.key.subject_code for node in preview.changed} >= {"U1", INSTITUTION}
    assert preview.is_settled


def test_causes_that_would_begin_and_end(scored_school: Place) -> None:
    incoming = worse(scored_school).incoming(QUARTER)
    preview = scored_school.preview(incoming)
    assert not preview.ends
    assert {(cause.rule, cause.subject_code) for cause in preview.begins} >= {("R1", "U1")}

    place = scored_school.copy()
    place.receive(incoming)
    place.run(QUARTER)
    assert {cause.fingerprint for cause in preview.begins} == set(seen(place).causes)
    back = place.preview(Book(place.school, further_headers=["备注"]).incoming(QUARTER))
    assert (back.receipt.number, back.begins) == (3, ())
    assert {cause.fingerprint for cause in back.ends} == {cause.fingerprint for cause in preview.begins}


def test_one_root_a_framework_and_subject(scored_school: Place) -> None:
    preview = scored_school.preview(worse(scored_school).incoming(QUARTER))
    roots = [(root.key.framework, root.key.subject_kind, root.key.subject_code) for root in preview.roots]
    assert len(set(roots)) == len(roots)
    assert {kind for _, kind, _ in roots} == {"unit", "office_holder", "institution"}


@pytest.mark.parametrize("kind", ["accepted", "refused", "unchanged", "hostile", "new quarter", "absent"])
def test_nothing_is_kept(scored_school: Place, kind: str) -> None:
    school = scored_school.school
    incoming, state = {
        "accepted": (worse(scored_school).incoming(QUARTER), "accepted"),
        "refused": (Book(school, without=["应核件数"]).incoming(QUARTER), "refused"),
        "unchanged": (held_file(_delivered(scored_school)), "unchanged"),
        "hostile": (held_file(b"PK\x03\x04 not a workbook"), "refused"),
        "new quarter": (Book(school).incoming("2031Q1"), "accepted"),
        "absent": (replace(held_file(b""), files=(), quarter="2026Q1"), "absent"),
    }[kind]
    before = scored_school.held()
    preview = scored_school.preview(incoming)
    assert preview.receipt.state == state
    assert scored_school.held() == before
    if state != "accepted":
        assert not list(preview.changed)
        assert (preview.begins, preview.ends) == ((), ())


def _delivered(place: Place) -> bytes:
    ((content,),) = place.rows(
        "select file.content from raw.submission join raw.submission_file as f on f.submission = submission.id"
        " join raw.file on file.sha256 = f.sha256 where quarter = %s and department = 'money'",
        QUARTER,
    )
    return bytes(content)


def test_a_refused_file_is_told_cell_by_cell(scored_school: Place) -> None:
    preview = scored_school.preview(Book(scored_school.school, without=["应核件数"]).incoming(QUARTER))
    failing = [rule.rule for rule in preview.receipt.rules if rule.failing]
    assert (failing, preview.receipt.issues_open, preview.receipt.number) == (["column_absent"], 1, 2)
    assert len(list(preview.roots)) > 0


def test_what_waits_to_be_scored_is_told_of(scored_school: Place) -> None:
    place = scored_school.copy()
    place.receive(worse(place).incoming(QUARTER))
    safety = Book(place.school, department="safety", further_headers=["备注"]).incoming(QUARTER)
    assert not place.preview(safety).is_settled
