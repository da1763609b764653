"""What a message says: that something is due, how many of which kind, and a link. Never of whom, nor how bad.

Not here: what is due (`due`).
"""

from typing import NamedTuple

from orchestration.messages import Language, text
from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.due import Due
from orchestration.stewardship.notices.outbox import KINDS


class Message(NamedTuple):
    """A message: the subject of a mail, and the text, which says everything by itself."""

    title: str
    body: str


def message(channel: Channel, due: Due) -> Message:
    """The message that tells of everything that is due."""
    language = channel.language
    lines = [
        text(f"notices.kind.{kind}", language, count=due.kinds[kind]) for kind in KINDS if due.kinds.get(kind)
    ]
    if due.doubtful:
        lines.append(text("notices.doubtful", language, count=due.doubtful))
    return _whole(
        language, text("notices.head", language), *lines, text("notices.link", language, link=channel.link)
    )


def trial(channel: Channel) -> Message:
    """The message that shows a channel to work."""
    language = channel.language
    return _whole(language, text("notices.test", language), text("notices.link", language, link=channel.link))


def _whole(language: Language, *lines: str) -> Message:
    return Message(text("notices.title", language), "\n".join(lines))
