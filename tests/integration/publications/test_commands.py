"""The commands of publications and `verify`, as persons use them, on a small school with a server of its own."""

import json
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.publishing.publications.publish import Published
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.stewardship.distribution import draw_up
from orchestration.warehouse import embedded
from orchestration.warehouse.connections import open_warehouse
from tests.integration.publications.editions import catalogue, publish_now, settle
from tests.unit.small_catalogue import write


class Desk:
    """Runs command lines as a person; knows the one revision and its copies."""

    def __init__(self, environment: pytest.MonkeyPatch, home: Path) -> None:
        self._environment, self.home = environment, home
        self.published: Published

    def run(self, line: str, *, code: int = 0, language: str = "en") -> str:
        self._environment.setenv("QINGYUAN_LANGUAGE", language)
        own_settings.cache_clear()
        result = CliRunner().invoke(main, shlex.split(line))
        assert result.exit_code == code, result.output
        return result.output

    def told(self, line: str) -> Any:
        return json.loads(self.run(f"{line} --json"))

    def copy(self, document: str, recipient: str) -> int:
        copies = self.told(f"publications show {self.published.publication}")["copies"]
        (number,) = (
            one["id"] for one in copies if (one["document"], one["recipient_code"]) == (document, recipient)
        )
        return int(number)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with (
        tempfile.TemporaryDirectory(prefix="qingyuan-desk-") as folder,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        monkeypatch.setenv("QINGYUAN_HOME", str(home))
        monkeypatch.setenv("QINGYUAN_CATALOGUE", str(write(Path(folder) / "catalogue")))
        monkeypatch.chdir(folder)
        desk = Desk(monkeypatch, home)
        warehouse = open_warehouse(Settings(_env_file=None, home=home))
        settle(warehouse)
        desk.published = publish_now(warehouse, home / "publications")
        with warehouse.connect() as conn:
            draw_up(conn, desk.published.publication, catalogue(), zone="Asia/Shanghai")
            conn.execute("insert into ops.person values ('abroad', 'U3', '{publish}', 's2', null, true)")
        yield desk
        embedded.stop(home)
    own_settings.cache_clear()


def test_publications_are_listed_with_their_copies(desk: Desk) -> None:
    publish_now(open_warehouse(Settings(_env_file=None, home=desk.home)), desk.home / "publications", by=None)
    said = desk.run("publications list --period 2026h1")
    assert "2026H1  diagnoses  r1" in said
    assert "draft" in said
    assert "Publications: 2." in said
    assert "诊断书  暂定稿" in desk.run("publications list", language="zh-CN")
    assert desk.told("publications list --period 2026") == []
    assert "no half-year or year" in desk.run("publications list --period 2026Q1", code=2)


def test_a_copy_goes_its_way_and_each_step_is_said(desk: Desk) -> None:
    number = desk.published.publication
    copy = desk.copy("unit-U1", "U1")
    assert "lacks the right" in desk.run(f"publications send {number} --as clerk", code=2)
    assert "not possible to open it" in desk.run(f"publications opened {copy} --as ward", code=2)
    said = desk.run(f"publications send {number} --as boss")
    assert "copies sent: 2. Not yet due: 9" in said
    assert desk.told(f"publications send {number} --as boss")["sent"] == 0
    assert "cannot speak for it" in desk.run(f"publications opened {copy} --as other_ward", code=2)
    assert "opened" in desk.run(f"publications opened {copy} --as ward")
    assert desk.told(f"publications acknowledge {copy} --as ward --note seen")["state"] == "acknowledged"
    shown = desk.run(f"publications show {number}")
    assert f"{copy}  unit-U1  U1" in shown
    assert "acknowledged" in shown
    assert "no publication 99" in desk.run("publications show 99", code=2)


def test_verify_names_what_was_altered_in_words(desk: Desk) -> None:
    assert desk.told("verify")["altered"] == {}
    page = desk.published.folder / "unit-U1.en.html"
    before = page.read_bytes()
    page.write_text("better", encoding="utf-8")
    beside = page.with_name("beside.html")
    beside.write_text("nobody's", encoding="utf-8")
    try:
        said = desk.run("verify", code=2)
        assert f"A published file was altered: {page}" in said
        assert f"not part of it: {beside}" in said
        assert "多了不属于它的文件" in desk.run("verify", code=2, language="zh-CN")
    finally:
        page.write_bytes(before)
        beside.unlink()
    assert "broken" not in desk.run("verify")


def test_publishing_is_refused_before_anything_runs(desk: Desk) -> None:
    """No scores, nobody who acts, no right, a gate that is shut: each a sentence, and nothing is written."""
    before = sorted((desk.home / "publications").rglob("*"))
    assert "2026Q4, the last quarter of 2026H2, has no scores yet" in desk.run(
        "publish 2026H2 --as boss", code=2
    )
    assert "no half-year or year" in desk.run("publish 2026Q1 --draft", code=2)
    assert "QINGYUAN_PERSON" in desk.run("publish 2026H1", code=2)
    assert "lacks the right" in desk.run("publish 2026H1 --as clerk", code=2)
    assert "does not belong" in desk.run("publish 2026H1 --as abroad", code=2)
    rows = "update raw.submission set state = 'refused' where quarter = '2026Q1' and department = 'money'"
    with open_warehouse(own_settings()).connect("owner") as conn:
        conn.execute(rows)
    said = desk.run("publish 2026H1 --as boss", code=2)
    assert (
        "2026H1 cannot be published as final; reasons in 2026Q1: 1. No file of Finance was accepted" in said
    )
    assert "2026H1 不能定稿：2026Q1 有 1 条理由。财务科" in desk.run(
        "publish 2026H1 --as boss", code=2, language="zh-CN"
    )
    assert sorted((desk.home / "publications").rglob("*")) == before
