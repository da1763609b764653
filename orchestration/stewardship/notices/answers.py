"""What can become of a message that went out. Not here: how it goes out (`post`, `robots`)."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["sent", "refused", "unknown"]
# Of HTTP: what stands between did not hear from the receiver, which may have the message.
_GATEWAY_TIMEOUT = 504


@dataclass(frozen=True)
class Answer:
    """`refused`: it did not arrive. `unknown`: it may have. `code`: what the receiver refused it with."""

    outcome: Outcome
    code: int | None = None


def refusal(code: int) -> Answer:
    """What a receiver's code of refusal says of the message."""
    return Answer("unknown" if code == _GATEWAY_TIMEOUT else "refused", code)
