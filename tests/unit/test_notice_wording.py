"""What a message says, in both languages, and that the longest fits the narrowest receiver."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from orchestration.messages import LANGUAGES, Language
from orchestration.stewardship.notices.channels import LINK_BYTES, Channel
from orchestration.stewardship.notices.due import Due, last_digest
from orchestration.stewardship.notices.outbox import KINDS
from orchestration.stewardship.notices.wording import message

WECOM_BYTES = 2048
SHANGHAI = ZoneInfo("Asia/Shanghai")


def channel(language: Language = "zh-CN", link: str = "https://q.example") -> Channel:
    return Channel(name="office", url="json://host", link=link, language=language)


def test_it_says_that_something_is_due_and_where() -> None:
    due = Due((1, 2, 3, 4), {"task_overdue": 1, "task_due": 2}, doubtful=1)
    assert message(channel(), due).body.splitlines() == [
        "清源有事项待办：",
        "待办的整改任务：2项",
        "逾期的整改任务：1项",
        "此前可能已通知、未能确认送达的：1项",
        "请登录办理：https://q.example",
    ]
    assert message(channel("en"), due).body.splitlines() == [
        "Something is due in Qingyuan:",
        "Rectification tasks to do: 2",
        "Rectification tasks overdue: 1",
        "Told before, perhaps, without word that it arrived: 1",
        "See to it here: https://q.example",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_message_fits_every_receiver(language: Language) -> None:
    link = "https://".ljust(LINK_BYTES, "q")
    many = 9_999_999
    longest = message(channel(language, link), Due((), dict.fromkeys(KINDS, many), many))
    assert len(longest.body.splitlines()) == len(KINDS) + 3
    assert len(longest.body.encode()) <= WECOM_BYTES


@pytest.mark.parametrize(
    ("now", "digest"),
    [
        (datetime(2026, 11, 20, 0, 29, 59, tzinfo=UTC), datetime(2026, 11, 19, 0, 30, tzinfo=UTC)),
        (datetime(2026, 11, 20, 0, 30, tzinfo=UTC), datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_daily_message_goes_by_the_offices_clock(now: datetime, digest: datetime) -> None:
    """Half past eight in Shanghai is half past midnight in UTC."""
    assert last_digest(channel(), now, SHANGHAI) == digest
