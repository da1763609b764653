"""What becomes of a message, by what the receiver does: answers, refuses, hangs up, says nothing."""

import threading
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from orchestration.stewardship.notices.sender import try_channel
from tests.integration.notices.conftest import channel_to
from tests.integration.notices.receivers import Letters, Receiver, Reply, mail_server

# The robots' own words, by their documents.
ROBOT_WELL = b'{"errcode": 0, "errmsg": "ok"}'
WECOM_TOO_OFTEN = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
DINGTALK_TOO_OFTEN = b'{"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}'
FEISHU_TOO_OFTEN = b'{"code": 11232, "msg": "frequency limited", "data": {}}'


def outcome(url: str) -> tuple[str, int | None]:
    sent = try_channel(channel_to(url))
    assert sent.mistake is None
    return sent.outcome, sent.code


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((200, b""), ("sent", None)),
        ((404, b""), ("refused", 404)),
        ((502, b""), ("refused", 502)),
        ((504, b""), ("unknown", 504)),
        (None, ("unknown", None)),
    ],
)
def test_a_web_receiver(http: Receiver, reply: Reply, expected: tuple[str, int | None]) -> None:
    http.reply = lambda: reply
    assert outcome(http.url) == expected
    assert len(http.received) == 1


def test_a_web_receiver_that_says_nothing(http: Receiver) -> None:
    over = threading.Event()
    http.reply = lambda: (200, b"") if over.wait() else None
    assert outcome(f"{http.url}?rto=0.1&retry=3") == ("unknown", None)
    over.set()
    assert len(http.received) == 1


@pytest.fixture
def robots(http: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """The robots' services, on this machine."""
    here = f"http://127.0.0.1:{http.port}"
    monkeypatch.setattr(NotifyWeComBot, "notify_url", here + "/wecom?key={key}")
    monkeypatch.setattr(NotifyDingTalk, "notify_url", here + "/dingtalk?access_token={token}")
    monkeypatch.setattr(NotifyFeishu, "notify_url", here + "/feishu/{token}")
    return http


WECOM, DINGTALK, FEISHU = (
    "wecombot://canary-7f3a",
    "dingtalk://canary7f3a@token/13800001111",
    "feishu://canary7f3a",
)


@pytest.mark.parametrize(
    ("url", "reply", "expected"),
    [
        (WECOM, (200, ROBOT_WELL), ("sent", None)),
        (WECOM, (200, WECOM_TOO_OFTEN), ("refused", 45009)),
        (WECOM, (200, b"<html>sign in to the network</html>"), ("unknown", None)),
        (WECOM, (200, b"[]"), ("unknown", None)),
        (WECOM, (500, b""), ("refused", 500)),
        (WECOM, None, ("unknown", None)),
        (DINGTALK, (200, ROBOT_WELL), ("sent", None)),
        (DINGTALK, (200, DINGTALK_TOO_OFTEN), ("refused", 130101)),
        (FEISHU, (200, b'{"code": 0, "msg": "success"}'), ("sent", None)),
        (FEISHU, (200, FEISHU_TOO_OFTEN), ("refused", 11232)),
    ],
)
def test_a_robot(robots: Receiver, url: str, reply: Reply, expected: tuple[str, int | None]) -> None:
    robots.reply = lambda: reply
    assert outcome(url) == expected
    assert len(robots.received) == 1


def test_what_robots_are_sent(robots: Receiver) -> None:
    robots.reply = lambda: (200, b'{"errcode": 0, "code": 0}')
    for url in (WECOM, DINGTALK, FEISHU):
        assert outcome(url) == ("sent", None)
    wecom, dingtalk, feishu = robots.received
    text = wecom["text"]["content"]
    assert text.startswith("This is a test message of Qingyuan")
    assert wecom == {"msgtype": "text", "text": {"content": text}}
    assert dingtalk == {**wecom, "at": {"atMobiles": ["13800001111"], "isAtAll": False}}
    assert feishu == {"msg_type": "text", "content": {"text": text}}
    assert robots.paths[1].startswith("/dingtalk?access_token=token&timestamp=")
    assert "&sign=" in robots.paths[1]


def test_a_robot_that_is_not_there(robots: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyWeComBot, "notify_url", "http://127.0.0.1:9/{key}")
    assert outcome(WECOM) == ("refused", None)


class Refusing:
    """A mail server that refuses the recipient, or hangs up when it has the letter."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:  # noqa: N802
        return "550 no such mailbox"


class Leaving(Letters):
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        server.transport.close()
        return "250 OK"


def test_letters_that_do_not_arrive_and_that_may_have() -> None:
    address = "mailto://127.0.0.1:{}?from=q@q.example&to=office@q.example&mode=insecure"
    with mail_server(Refusing()) as port:
        assert outcome(address.format(port)) == ("refused", 550)
    assert outcome(address.format(port)) == ("refused", None)
    leaving = Leaving()
    with mail_server(leaving) as port:
        assert outcome(address.format(port)) == ("unknown", None)
    assert len(leaving.envelopes) == 1
