"""`qingyuan notices …`: what it says, and that no address is ever shown, logged or kept."""

import json
import logging
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import Settings
from orchestration.settings import settings as own_settings
from orchestration.stewardship.notices.outbox import enqueue
from orchestration.warehouse.connections import Warehouse, open_warehouse
from tests.integration.notices.receivers import Receiver

CANARY = "canary-7f3a"


class Terminal:
    """The command line on a database without notices, with the channels that a test writes."""

    def __init__(self, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings, self.folder, self._environment = settings, folder, monkeypatch
        self.output = ""
        monkeypatch.chdir(folder)
        monkeypatch.setenv("QINGYUAN_HOME", str(settings.home))
        with self.warehouse.connect("owner") as owner:
            owner.execute("truncate ops.notice, ops.notice_channel, ops.notice_attempt, ops.notice_told")

    @property
    def warehouse(self) -> Warehouse:
        return open_warehouse(self.settings)

    def channels(self, *urls: str) -> None:
        rows = [
            f"- name: c{number}\n  url: {url}\n  link: https://q.example\n" for number, url in enumerate(urls)
        ]
        (self.folder / "channels.yml").write_text("".join(rows), encoding="utf-8")
        self._environment.setenv("QINGYUAN_NOTICES", "channels.yml")

    def run(self, line: str, code: int = 0, language: str = "en") -> str:
        self._environment.setenv("QINGYUAN_LANGUAGE", language)
        own_settings.cache_clear()
        result = CliRunner().invoke(main, ["notices", *shlex.split(line)])
        assert result.exit_code == code, result.output
        self.output += result.output
        return result.output

    def note(self, *keys: str) -> None:
        with self.warehouse.connect() as connection:
            for key in keys:
                enqueue(connection, "task_due", "s", key, at=datetime.now(UTC))


@pytest.fixture
def terminal(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    yield Terminal(settings, tmp_path, monkeypatch)
    own_settings.cache_clear()


def test_off_until_a_file_of_channels_is_named(terminal: Terminal) -> None:
    terminal.note("1")
    off = "No channels of notices are set up (QINGYUAN_NOTICES): nothing is sent.\n"
    assert terminal.run("send") == off
    assert terminal.run("test") == off
    assert json.loads(terminal.run("send --json")) == []
    assert terminal.run("list").startswith(off)
    assert "没有设置通知通道" in terminal.run("send", language="zh-CN")


def test_list_send_list(terminal: Terminal, http: Receiver) -> None:
    terminal.channels(http.url)
    terminal.note("17", "18")
    assert "Channel c0: 2 due now; daily message at 08:30." in terminal.run("list")
    assert terminal.run("send") == "Channel c0: sent, 2 notices in it.\n"
    assert terminal.run("send") == "Channel c0: nothing is due now.\n"
    listed = terminal.run("list --most 1")
    assert "task to do  18  c0" in listed
    assert "  17  " not in listed
    told = json.loads(terminal.run("list --json"))
    assert [(row["key"], row["told"], row["doubtful"]) for row in told["notices"]] == [
        ("17", ["c0"], []),
        ("18", ["c0"], []),
    ]
    assert (told["channels"][0]["due"], told["channels"][0]["failures"]) == (0, 0)
    assert len(http.texts) == 1


def test_a_channel_that_refuses_is_told_of_with_an_exit_code(terminal: Terminal, http: Receiver) -> None:
    http.reply = lambda: (403, b"")
    terminal.channels(http.url)
    terminal.note("1")
    assert terminal.run("send", code=2).startswith("Channel c0: not sent (the receiver answered 403).")
    assert terminal.run("send").startswith("Channel c0: 1 are due and wait")
    assert "not sent 1 times in a row; tried again after" in terminal.run("list")
    assert terminal.run("test c0", code=2).startswith("Channel c0: the test message was not sent (")
    assert "没有名为“c9”的通道" in terminal.run("test c9", code=2, language="zh-CN")
    http.reply = lambda: None
    assert "without word that it arrived" in terminal.run("test", code=2)
    http.reply = lambda: (200, b"")
    assert terminal.run("test") == "Channel c0: the test message was sent.\n"
    assert [text.count("test message") for text in http.texts] == [0, 1, 1, 1]


def test_no_address_is_shown_logged_or_kept(
    terminal: Terminal, http: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    terminal.channels(
        http.url,
        f"json://user:{CANARY}@127.0.0.1:9/{CANARY}",
        f"mailto://user:{CANARY}@127.0.0.1:9?to=a@q.example&from=b@q.example&mode=insecure",
        f"nonsense://{CANARY}",
        f"wecombot://!{CANARY}",
        f"mailto://user:{CANARY}@127.0.0.1:9?to=a@q.example,c@q.example&from=b@q.example",
    )
    for reply in ((500, b""), None, (200, b"")):
        http.reply = lambda reply=reply: reply  # type: ignore[misc]
        for act in ("test", "test --json"):
            terminal.run(act, code=2)
    terminal.note("1")
    for act, code in (("send", 2), ("list", 0), ("list --json", 0)):
        terminal.run(act, code=code)
    for broken in (
        f"- url: [json://{CANARY}\n  x: y: z",
        f"- url: {{{CANARY}: 1}}\n",
        f"- name: {CANARY}/\n",
    ):
        Path("channels.yml").write_text(broken)
        terminal.run("list", code=2)
    assert any(CANARY in path for path in http.paths)
    with terminal.warehouse.connect() as connection:
        kept = [
            connection.execute(f"select * from ops.{table}").fetchall()  # type: ignore[call-overload]
            for table in ("notice", "notice_channel", "notice_attempt", "notice_told")
        ]
    logs = [path.read_text(errors="replace") for path in (terminal.settings.home / "log").glob("*")]
    seen = "".join((terminal.output, caplog.text, *capfd.readouterr(), str(kept), *logs))
    assert CANARY not in seen
