"""What goes out and when: many at once, the daily message, a receiver that is down, who is told of what."""

from datetime import timedelta
from email import message_from_bytes, policy
from itertools import pairwise

import pytest

from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.due import anything_due
from orchestration.stewardship.notices.sender import try_channel
from tests.integration.notices.conftest import SHANGHAI, TEN, Desk, channel_to
from tests.integration.notices.receivers import Letters, Receiver, mail_server

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEXT_DIGEST = TEN + DAY - timedelta(hours=1, minutes=30)


def test_two_hundred_at_once_are_one_message(desk: Desk, http: Receiver, office: Channel) -> None:
    desk.note("task_returned", *range(120))
    desk.note("confirmation_due", *range(80))
    assert desk.outcomes(office, TEN, 10) == [(0, "sent")]
    assert http.texts == [
        "Something is due in Qingyuan:\nRectification tasks returned: 120\nMatters to confirm: 80\n"
        "See to it here: https://q.example"
    ]


def test_a_message_tells_nothing_of_what_it_is_about(desk: Desk, http: Receiver, office: Channel) -> None:
    desk.note("task_due", "CODE-17", institution="SCHOOL-9")
    desk.send(office)
    assert set(http.received[0]) == {"version", "title", "message", "attachments", "type"}
    assert "CODE-17" not in str(http.received)
    assert "SCHOOL-9" not in str(http.received)


def test_warnings_and_overdue_tasks_wait_for_the_daily_message(
    desk: Desk, http: Receiver, office: Channel
) -> None:
    desk.note("warning_opened", *range(200))
    desk.note("task_overdue", 1)
    desk.note("task_due", 1)
    assert [one.notices for one in desk.send(office)] == [1]
    assert [one.outcome for one in desk.send(office, at=NEXT_DIGEST - MINUTE)] == ["idle"]
    assert [one.notices for one in desk.send(office, at=NEXT_DIGEST)] == [201]
    assert "New warnings: 200\nRectification tasks overdue: 1\n" in http.texts[1]
    assert [one.outcome for one in desk.send(office, at=NEXT_DIGEST + DAY)] == ["idle"]
    assert len(http.received) == 2


def test_a_receiver_that_is_down_for_an_hour_gets_one_message(
    desk: Desk, http: Receiver, office: Channel
) -> None:
    """Tried after 1, 2, 4, 8, 16, 32 minutes; what happened meanwhile is told in the same message."""
    http.reply = lambda: (503, b"")
    desk.note("task_due", 1)
    assert desk.outcomes(office, TEN, 45) == [(minute, "refused") for minute in (0, 1, 3, 7, 15, 31)]
    assert desk.rows("select failures, retry_at from ops.notice_channel") == [(6, TEN + 63 * MINUTE)]
    desk.note("task_returned", *range(7), at=TEN + 20 * MINUTE)
    http.received.clear()
    http.reply = lambda: (200, b"{}")
    assert desk.outcomes(office, TEN + HOUR, 120) == [(3, "sent")]
    assert "tasks to do: 1\nRectification tasks returned: 7\n" in http.texts[0]
    assert len(http.texts) == 1
    assert desk.rows("select failures, retry_at from ops.notice_channel") == [(0, None)]


def test_a_receiver_that_stays_down_is_tried_each_hour(desk: Desk, office: Channel, http: Receiver) -> None:
    http.reply = lambda: (500, b"")
    desk.note("task_due", 1)
    tried = [minute for minute, _ in desk.outcomes(office, TEN, 5 * 60)]
    assert tried[:7] == [0, 1, 3, 7, 15, 31, 63]
    assert {later - earlier for earlier, later in pairwise(tried[6:])} == {60}
    assert desk.rows("select count(*) from ops.notice_told") == [(0,)]


def test_nobody_there_at_all(desk: Desk) -> None:
    desk.note("task_due", 1)
    nobody = channel_to("json://127.0.0.1:9/canary-7f3a")
    assert [(one.outcome, one.code) for one in desk.send(nobody)] == [("refused", None)]


def test_no_answer_is_no_refusal_and_waits_for_the_daily_message(
    desk: Desk, http: Receiver, office: Channel
) -> None:
    """The receiver may have the message: sent again at once, it would stand there twice."""
    http.reply = lambda: (504, b"")
    desk.note("task_due", 1, 2)
    assert [(one.outcome, one.code) for one in desk.send(office)] == [("unknown", 504)]
    http.reply = lambda: (200, b"{}")
    assert desk.outcomes(office, TEN + MINUTE, 240) == []
    desk.note("task_returned", 1, at=TEN + HOUR)
    assert [one.notices for one in desk.send(office, at=TEN + 5 * HOUR)] == [1]
    assert [one.notices for one in desk.send(office, at=NEXT_DIGEST)] == [2]
    assert "without word that it arrived: 2\n" in http.texts[-1]
    assert [one.outcome for one in desk.send(office, at=NEXT_DIGEST + DAY)] == ["idle"]


def test_a_channel_sends_no_more_a_minute_than_it_may(desk: Desk, http: Receiver) -> None:
    office = channel_to(http.url, per_minute=2)
    for second in range(120):
        at = TEN + timedelta(seconds=second)
        desk.note("task_due", second, at=at)
        desk.send(office, at=at)
    attempts = desk.rows("select started_at, notices from ops.notice_attempt order by id")
    assert [(at - TEN).seconds for at, _ in attempts] == [0, 1, 60, 61]
    assert [count for _, count in attempts] == [1, 1, 59, 1]


def test_each_channel_is_told_what_it_asks_for(desk: Desk, http: Receiver) -> None:
    mine = channel_to(http.url, name="mine", kinds=("task_due",), institutions=("a",))
    all_of_it = channel_to(http.url, name="all")
    desk.note("task_due", 1, 2)
    desk.note("task_due", 1, institution="b")
    desk.note("task_returned", 1)
    desk.note("run_failed", 1, institution="")
    assert [(one.channel, one.notices) for one in desk.send(mine, all_of_it)] == [("mine", 2), ("all", 5)]


def test_one_channel_that_is_down_holds_up_no_other(desk: Desk, http: Receiver) -> None:
    desk.note("task_due", 1)
    down = channel_to("json://127.0.0.1:9/", name="down")
    assert [one.outcome for one in desk.send(down, channel_to(http.url))] == ["refused", "sent"]


def test_a_new_channel_is_not_told_of_what_lay_about(desk: Desk, office: Channel) -> None:
    desk.note("task_due", "last week", at=TEN - 7 * DAY)
    desk.note("task_due", "this morning", at=TEN - HOUR)
    desk.note("task_due", "tomorrow", at=TEN + DAY)
    assert [one.notices for one in desk.send(office)] == [1]
    assert [one.notices for one in desk.send(office, at=TEN + DAY)] == [1]
    assert [one.outcome for one in desk.send(office, at=TEN + 3 * DAY)] == ["idle"]


def test_a_channel_looks_back_to_what_it_has_not_told(desk: Desk, http: Receiver, office: Channel) -> None:
    """A day at least, and further while something older waits for the daily message."""
    replies = iter([(503, b""), (504, b""), (200, b""), (200, b""), (200, b"")])
    http.reply = lambda: next(replies)
    desk.note("task_due", 1)
    seen = []
    for at in (TEN, TEN + 3 * DAY, TEN + 3 * DAY + HOUR, TEN + 4 * DAY):
        if at == TEN + 3 * DAY + HOUR:
            desk.note("task_due", 2, at=at)
        outcome = desk.send(office, at=at)[0].outcome
        seen.append((outcome, desk.rows("select since from ops.notice_channel")[0][0] - TEN))
    assert seen == [("refused", -DAY), ("unknown", -DAY), ("sent", timedelta()), ("sent", 3 * DAY)]
    assert "without word that it arrived: 1\n" in http.texts[-1]
    desk.note("task_due", 3, at=TEN + 3 * DAY + HOUR)  # noted most of a day late
    assert [one.notices for one in desk.send(office, at=TEN + 4 * DAY)] == [1]


def test_what_a_sender_would_find(desk: Desk, office: Channel) -> None:
    def seen(minutes: int = 0) -> bool:
        return anything_due(desk.connection, [office], TEN + minutes * MINUTE, SHANGHAI)

    assert not seen()
    desk.note("task_due", 1)
    assert seen()
    down = channel_to("json://127.0.0.1:9/")
    desk.send(down)
    assert not seen()
    assert seen(1)
    desk.send(office, at=TEN + MINUTE)
    assert not seen(60)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense://canary-7f3a", "none that apprise knows"),
        ("mailto://h?from=q@x.org&to=a@x.org,b@x.org", "names 2 receivers"),
    ],
)
def test_an_address_that_does_not_fit_is_a_sentence_and_a_pause(desk: Desk, url: str, said: str) -> None:
    desk.note("task_due", 1)
    (one,) = desk.send(channel_to(url))
    assert one.outcome == "refused"
    assert said in str(one.mistake)
    assert "canary" not in str(one.mistake)
    assert [one.outcome for one in desk.send(channel_to(url))] == ["waiting"]


def test_a_letter(desk: Desk) -> None:
    letters = Letters()
    desk.note("task_due", 1)
    with mail_server(letters) as port:
        url = f"mailto://127.0.0.1:{port}?from=q@q.example&to=office@q.example&mode=insecure&format=text"
        office = channel_to(url, language="zh-CN")
        assert [one.outcome for one in desk.send(office)] == ["sent"]
        assert [one.outcome for one in desk.send(office)] == ["idle"]
        assert try_channel(office).outcome == "sent"
    first, second = letters.envelopes
    assert first.rcpt_tos == ["office@q.example"]
    letter = message_from_bytes(first.content, policy=policy.default)
    assert letter["subject"] == "清源：有事项待办"
    assert "待办的整改任务：1项" in letter.get_content()
    assert "测试消息" in message_from_bytes(second.content, policy=policy.default).get_content()
