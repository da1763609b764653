"""What changed since the revision before and why: figures by cell, inputs by the ledger; drawn in the real forms."""

import json
import re
from pathlib import Path

import pytest

from orchestration.core.catalogue.parse import parse_catalogue
from orchestration.publishing.publications.changes import explain_in
from orchestration.publishing.publications.edition import PublicationError
from orchestration.publishing.publications.forms import write_documents
from orchestration.publishing.publications.names import Names
from orchestration.publishing.publications.publish import Published
from tests.integration.publications.editions import (
    FIRST,
    QUARTERS,
    SCHOOL,
    Shelf,
    catalogue,
    score,
)
from tests.unit.document_reading import figures_of_page
from tests.unit.small_catalogue import copy, edited

LAST = QUARTERS[1]
OTHER = {"U1": 72.0, "U2": 90.5, "U3": 60.0}


def publish(shelf: Shelf, scores: dict[str, float]) -> Published:
    return shelf.publish(scores, fill=write_documents, explain=explain_in(catalogue(), shelf.root))


def text_of(page: Path) -> str:
    """The page's text, tags taken out."""
    body = page.read_text(encoding="utf-8").split("<body", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


@pytest.fixture
def second(shelf: Shelf) -> Published:
    """A revision after a department delivered again, a cell came under review and the scoring SQL changed."""
    first = publish(shelf, dict(FIRST))
    assert not list(first.folder.glob("changes*"))
    with shelf.warehouse.connect() as conn:
        version = score(conn, LAST, submissions={"money": 2, "safety": 1}, code="newer")
        conn.execute(
            "insert into ops.score_version_decision values (%s, 'care', 'U2', 'I1', 'under_review')",
            [version],
        )
    return publish(shelf, OTHER)


def test_every_form_is_there(second: Published) -> None:
    names = {path.name for path in second.folder.iterdir()}
    assert {"unit-U1.zh-CN.html", "unit-U1.en.html", "unit-U1.docx", "figures.xlsx", "figures.json"} <= names
    assert {"changes.zh-CN.html", "changes.en.html", "changes.json", "manifest.json"} <= names
    # Of a unit never; of the institution where the machine can.
    assert {name for name in names if name.endswith(".pdf")} <= {"school.zh-CN.pdf"}


def test_figures_that_differ_stand_with_both_values(second: Published) -> None:
    found = json.loads((second.folder / "changes.json").read_text(encoding="utf-8"))
    assert found["since"] == 1
    assert [(dict(one["key"])["subject_code"], one["before"], one["now"]) for one in found["figures"]] == [
        ("U1", 71.25, 72.0),
        ("U3", None, 60.0),
    ]
    assert found["figures"][0]["documents"] == ["school", "post-B1", "lead-U3", "unit-U1"]
    page = (second.folder / "changes.en.html").read_text(encoding="utf-8")
    read = {(one.mart, one.column, dict(one.key)["subject_code"], one.value) for one in figures_of_page(page)}
    assert read == {("fct_period_score", "score", "U1", "72.0"), ("fct_period_score", "score", "U3", "60.0")}
    said = text_of(second.folder / "changes.en.html")
    assert "Figures that differ from r1: 2. Documents that show them: 4." in said
    assert re.search(r"2026H1 · Medicine · score 71\.\d 72\.0", said)
    assert "Surgery · score" not in said


def test_each_cause_is_a_sentence(second: Published) -> None:
    why = {
        one["what"]: one
        for one in json.loads((second.folder / "changes.json").read_text(encoding="utf-8"))["why"]
    }
    assert set(why) == {"submission_replaced", "decision_added", "scoring"}
    assert (why["submission_replaced"]["before"], why["submission_replaced"]["now"]) == (1, 2)
    zh, en = (text_of(second.folder / f"changes.{language}.html") for language in ("zh-CN", "en"))
    assert "2026Q2 财务科：原计入第1次报送，现计入第2次报送。" in zh
    assert "2026Q2 外科“按时核对率”：复核中，暂不计入。" in zh
    assert "2026Q2, Surgery, “Checked on time”: under review and not counted." in en
    assert "quarters scored anew: 1, from 2026Q2 to 2026Q2." in en


def test_a_code_that_two_things_share_is_named_by_its_column() -> None:
    """In the small catalogue a node is given the code of a unit."""
    rows = parse_catalogue(edited(copy("indicators", 5, code="U1", name_en="Node"))).at(LAST)
    names = Names(rows, SCHOOL, "en")
    assert (
        names.cell(("m", "score", (("subject_code", "U1"), ("indicator", "U1")))) == "Medicine · Node · score"
    )
    lost = (("subject_code", "U1"), ("dimension", "department"), ("code", "money"))
    assert names.cell(("m", "lost_points", lost)) == "Medicine · Finance · lost points"


def test_equal_figures_from_a_new_file_say_so(shelf: Shelf) -> None:
    publish(shelf, dict(FIRST))
    with shelf.warehouse.connect() as conn:
        score(conn, LAST, submissions={"money": 1, "safety": 2})
    said = text_of(publish(shelf, dict(FIRST)).folder / "changes.en.html")
    assert "No figure differs from r1." in said
    assert "submission 2 counts in place of submission 1" in said


def test_an_altered_record_is_no_ground_to_compare_on(shelf: Shelf) -> None:
    folder = publish(shelf, dict(FIRST)).folder
    (folder / "figures.json").write_text('{"figures":[]}', encoding="utf-8")
    with pytest.raises(PublicationError) as refused:
        publish(shelf, OTHER)
    assert refused.value.reason == "figures_altered"
    assert SCHOOL in refused.value.sentence("zh-CN")
