"""The channels' file: what it may say, and a sentence for each mistake that holds no address."""

from datetime import time
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.stewardship.notices.channels import read_channels
from orchestration.stewardship.notices.errors import NoticeError
from orchestration.stewardship.notices.outbox import KINDS

CANARY = "canary-7f3a"
LEAST = f"- name: office\n  url: json://host/{CANARY}\n  link: https://q.example\n"


def settings_of(folder: Path, content: str) -> Settings:
    (folder / "channels.yml").write_text(content, encoding="utf-8")
    return Settings(_env_file=None, home=folder, notices=folder / "channels.yml", language="en")


def mistake(folder: Path, content: str) -> str:
    with pytest.raises(NoticeError) as found:
        read_channels(settings_of(folder, content))
    assert CANARY not in found.value.sentence("zh-CN") + found.value.sentence("en")
    assert found.value.__cause__ is None
    return found.value.sentence("en")


def test_nothing_is_set_up_without_a_file(tmp_path: Path) -> None:
    assert read_channels(Settings(_env_file=None, home=tmp_path)) == []


def test_what_a_channel_is_when_it_says_the_least(tmp_path: Path) -> None:
    (one,) = read_channels(settings_of(tmp_path, LEAST))
    assert one.address() == f"json://host/{CANARY}"
    assert (one.kinds, one.per_minute, one.digest_at) == (KINDS, 20, time(8, 30))
    assert (one.language, one.institutions) == ("en", None)
    assert CANARY not in repr(one)


@pytest.mark.parametrize(
    ("written", "read"),
    [("'08:05'", time(8, 5)), ("08:05", time(8, 5)), ("10:30", time(10, 30)), ("23:59", time(23, 59))],
)
def test_a_time_with_and_without_quotes(tmp_path: Path, written: str, read: time) -> None:
    (one,) = read_channels(settings_of(tmp_path, f"{LEAST}  digest_at: {written}\n"))
    assert one.digest_at == read


def test_an_address_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"json://host/{CANARY}\n")
    (one,) = read_channels(
        settings_of(tmp_path, LEAST.replace(f"url: json://host/{CANARY}", "url_file: secret"))
    )
    assert one.address() == f"json://host/{CANARY}"
    (tmp_path / "secret").write_text(f"json://host/{CANARY}\njson://other/{CANARY}\n")
    with pytest.raises(NoticeError, match="must hold one address; it holds 2") as found:
        one.address()
    assert CANARY not in str(found.value)
    (tmp_path / "secret").unlink()
    with pytest.raises(NoticeError, match="No such file"):
        one.address()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"- name: office\n  url: [json://host/{CANARY}\n  link: x: y\n", "no YAML near line 3"),
        ("channels:\n", "must be a list"),
        ("- office\n", "must be a list"),
        ("", "must be a list"),
        (LEAST + LEAST, "two channels are named “office”"),
        (LEAST.replace("office", f"json://{CANARY}"), "in the channel “1”, name must be a name of letters"),
        (LEAST.replace("  url:", "  adress:"), "no entry adress. Known are: name url url_file link"),
        (f"{LEAST}  json://{CANARY}: x\n", "no entry …. Known are"),
        (f"{LEAST}  7: x\n", "no entry …. Known are"),
        (f"{LEAST}  url_file: secret\n", "must name either url or url_file"),
        (LEAST.replace(f"  url: json://host/{CANARY}\n", ""), "must name either url or url_file"),
        (LEAST.replace("url: ", "url: 7 #"), "url must be an address of apprise"),
        (LEAST.replace("  link: https://q.example\n", ""), "link must be a web address"),
        (LEAST.replace("https://q.example", "q.example"), "link must be a web address"),
        (LEAST.replace("https://q.example", "https://" + "q" * 993), "link must be a web address"),
        (f"{LEAST}  kinds: [task_due, gossip]\n", "must be a list of some of these: task_due task_returned"),
        (f"{LEAST}  kinds: []\n", "must be a list of some of these"),
        (f"{LEAST}  kinds: task_due\n", "must be a list of some of these"),
        (f"{LEAST}  per_minute: 21\n", "per_minute must be a whole number from 1 to 20"),
        (f"{LEAST}  per_minute: 0\n", "per_minute must be a whole number from 1 to 20"),
        (f"{LEAST}  digest_at: 24:00\n", "digest_at must be a time of day"),
        (f"{LEAST}  digest_at: 8.30\n", "digest_at must be a time of day"),
        (f"{LEAST}  digest_at: morning\n", "digest_at must be a time of day"),
        (f"{LEAST}  language: fr\n", "language must be zh-CN or en"),
        (f"{LEAST}  institutions: a\n", "institutions must be a list"),
    ],
)
def test_a_sentence_for_each_mistake(tmp_path: Path, content: str, said: str) -> None:
    assert said in mistake(tmp_path, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match="cannot be read"):
        read_channels(Settings(_env_file=None, home=tmp_path, notices=tmp_path / "none.yml"))


def test_a_mistake_in_a_channel_without_a_name_says_which_it_is(tmp_path: Path) -> None:
    assert "in the channel “2”, name must be" in mistake(
        tmp_path, LEAST + LEAST.replace("name: office", "per_minute: 3")
    )
