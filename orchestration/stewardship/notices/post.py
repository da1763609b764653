"""One message to one address, through apprise; what became of it, and never the address itself.

What apprise and what it calls say meanwhile is heard here and goes into no log: it may hold the address.
Not here: robots that answer in their own way (`robots`), when to send (`sender`).
"""

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orchestration.stewardship.notices.answers import Answer, refusal
from orchestration.stewardship.notices.channels import Channel
from orchestration.stewardship.notices.errors import NoticeError
from orchestration.stewardship.notices.robots import is_robot, post_to_robot
from orchestration.stewardship.notices.wording import Message

# Heard where the receiver may have had the message before the connection broke, …
_UNCERTAIN = re.compile(
    r"timed out|Connection (?:aborted|reset|broken)|RemoteDisconnected|unexpectedly closed", re.I
)
# … and where it cannot have: the connection was never made, or mail got no further than the greeting.
_NOT_REACHED = re.compile(
    r"connect timeout|NewConnectionError|NameResolutionError|SSLError|Connection error while submitting", re.I
)
_CODE = re.compile(r"error=(\d+)|Exception: .*?\((\d{3}), b|was refused: (\d{3}) ")
_LOUD = ("apprise", "urllib3")
_ONE_AT_A_TIME = threading.Lock()


def understand(channel: Channel) -> Any:
    """apprise's sender for the channel's address. Raises NoticeError where it is none, or one of many people."""
    import apprise

    with _heard():
        plugin = apprise.Apprise.instantiate(channel.address())
    if not plugin:
        raise NoticeError("address_unknown", channel=channel.name)
    plugin.retry = 0  # trying again is the sender's: an address may ask for it
    if not is_robot(plugin) and len(plugin) > 1:
        # One of them refused and the others not is neither sent nor refused; it could not be put right.
        raise NoticeError("address_of_many", channel=channel.name, found=len(plugin))
    return plugin


def post(plugin: Any, message: Message) -> Answer:
    """Send the message once; never raises for what the receiver or the way to it does."""
    return post_to_robot(plugin, message.body) if is_robot(plugin) else _through_apprise(plugin, message)


def _through_apprise(plugin: Any, message: Message) -> Answer:
    with _heard() as said:
        try:
            if plugin.notify(body=message.body, title=message.title, body_format="text"):
                return Answer("sent")
        except Exception as problem:  # a service's own fault: what it says may hold the address
            said.append(f"unexpectedly closed by {type(problem).__name__}")
    whole = "\n".join(said)
    code = _CODE.search(whole)
    if code:
        return refusal(int(code[code.lastindex or 0]))
    certain = _NOT_REACHED.search(whole) or not _UNCERTAIN.search(whole)
    return Answer("refused" if certain else "unknown")


class _Ear(logging.Handler):
    """Keeps what is said in memory."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Hears everything that is said while a message goes out, and lets nobody else hear it."""
    with _ONE_AT_A_TIME:
        ear = _Ear()
        loggers = [logging.getLogger(name) for name in _LOUD]
        before = [(one.handlers, one.propagate, one.level) for one in loggers]
        for one in loggers:
            one.handlers, one.propagate = [ear], False
            one.setLevel(logging.DEBUG)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what its many services warn of is nobody's business here
                yield ear.said
        finally:
            for one, (handlers, propagate, level) in zip(loggers, before, strict=True):
                one.handlers, one.propagate = handlers, propagate
                one.setLevel(level)
