"""The library's pages of contracts and submissions: whole, linked, offline; written when contracts changed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from expectations import documents
from expectations.documents import Submitted, are_current, write_documents
from expectations.rulebook import RULES
from orchestration.core.catalogue.models import Catalogue
from orchestration.intake.contract_pages import judged_submissions, write_contract_pages
from orchestration.settings import Settings
from orchestration.warehouse.connections import Warehouse

DEPARTMENTS = ["ward", "ambulance"]
RECEIVED = datetime(2026, 10, 3, 8, tzinfo=UTC)
COUNTS = {"negative": (100, 3), "unknown_unit": (43, 0), "file_too_large": (1, 0)}


class Links(HTMLParser):
    """The `href`s of a page, and whatever would be fetched by it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.fetched: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href" and value:
                self.found.append(value)
            elif name in ("src", "srcset", "href", "action", "background") or name.startswith("on"):
                self.fetched.append(f"{tag} {name}={value}")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pages") / "contracts"
    submissions = [
        Submitted("ward", "2026Q3 <b>demo</b> 1 accepted".replace("/", "-"), RECEIVED, dict(COUNTS)),
        Submitted("ward", "2026Q3 demo 2 refused", RECEIVED, {"unknown_unit": (43, 0)}),
    ]
    write_documents(DEPARTMENTS, target, submissions)
    return target


def text_of(pages: Path) -> Iterator[tuple[Path, str]]:
    return ((page, page.read_text(encoding="utf-8")) for page in sorted(pages.rglob("*.html")))


def test_nothing_is_fetched_and_no_address_is_left(pages: Path) -> None:
    for page, text in text_of(pages):
        assert not re.search(r"<(?:script|link|img|iframe)\b|url\(|@import|https?:|[\"'(]//", text), page
        assert Links(page).fetched == [], page
        assert "default-src 'none'" in text, page


def test_every_link_leads_to_a_page_that_is_there(pages: Path) -> None:
    assert {page.name for page in pages.glob("*.html")} == {"index.html", "ward.html", "ambulance.html"}
    for page in pages.rglob("*.html"):
        for link in Links(page).found:
            assert link.startswith("#") or (page.parent / unquote(link)).resolve().is_file(), (page, link)
    assert {"ward.html", "ambulance.html"} <= set(Links(pages / "index.html").found)


def test_a_contract_s_page_names_every_rule_and_its_severity(pages: Path) -> None:
    text = (pages / "expectations" / "ward.html").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"{rule.name}, " in text, rule.name
    assert "negative, quarantine, judged on cells" in text
    assert "column_absent, block, judged on columns" in text


def test_a_submission_s_page_says_what_failed_of_how_much(pages: Path) -> None:
    (page,) = pages.glob("validations/ward/2026Q3 demo 2 refused/*/ward.html")
    assert "1 / 1" not in page.read_text(encoding="utf-8")
    (page,) = (one for one in pages.glob("validations/ward/*/*/ward.html") if "accepted" in str(one))
    text = page.read_text(encoding="utf-8")
    assert "3 unexpected values found. 3% of 100 total rows." in text
    assert text.count("3 / 100") == 1
    assert "0 / 43" in text
    front = (pages / "ward.html").read_text(encoding="utf-8")
    assert "negative 3 / 100" in front
    assert "nothing failed" in front
    assert "<b>" not in front


def test_they_are_current_until_a_contract_or_the_departments_change(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert are_current(DEPARTMENTS, pages)
    assert not are_current(["ward"], pages)
    assert not are_current(DEPARTMENTS, tmp_path)
    for path in documents.CONTRACTS.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(documents, "CONTRACTS", tmp_path)
    assert are_current(DEPARTMENTS, pages)
    with (tmp_path / "default.yml").open("a", encoding="utf-8") as contract:
        contract.write("# changed")
    assert not are_current(DEPARTMENTS, pages)


def test_writing_again_leaves_no_page_of_a_submission_that_is_not_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "contracts"
    write_documents(["ward"], target, [Submitted("ward", "2026Q3 demo 1 accepted", RECEIVED, dict(COUNTS))])
    assert (target / "validations").exists()
    write_documents(["ward"], target)
    assert not (target / "validations").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["contracts"]


def test_a_quarter_s_submissions_come_with_their_counts(
    warehouse: Warehouse, settings: Settings, catalogue: Catalogue, tmp_path: Path
) -> None:
    department = catalogue.departments[0].code
    with warehouse.connect() as conn:
        for number, state in ((1, "refused"), (2, "accepted")):
            conn.execute(
                "with own as (insert into raw.submission (institution, quarter, department, number, state, sha256)"
                " values ('demo', '2026Q3', %s, %s, %s, 'x') returning id)"
                " insert into quality.rule_result select id, rule, 'quarantine', 10, failing from own,"
                " unnest(%s::text[], %s::int[]) as rules (rule, failing)",
                [department, number, state, ["negative", "unknown_unit"], [number, 0]],
            )
        found = judged_submissions(conn, "2026Q3")
        assert judged_submissions(conn, "2026Q2") == []
    assert [(one.name, one.counts) for one in found] == [
        ("2026Q3 demo 1 refused", {"negative": (10, 1), "unknown_unit": (10, 0)}),
        ("2026Q3 demo 2 accepted", {"negative": (10, 2), "unknown_unit": (10, 0)}),
    ]
    index = write_contract_pages(settings.model_copy(update={"home": tmp_path}), found)
    assert {f"{row.code}.html" for row in catalogue.departments} == set(Links(index).found)
    assert "negative 2 / 10" in (tmp_path / "contracts" / f"{department}.html").read_text(encoding="utf-8")
