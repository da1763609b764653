"""What a person may not do, or a state does not allow, as one sentence. Not here: faults of the program."""

from orchestration.messages import SpokenError, Term

__all__ = ["LoginError", "RectificationError", "StewardshipError", "Term"]


class StewardshipError(SpokenError):
    """An act that was refused; nothing was written."""

    area = "stewardship"


class RectificationError(StewardshipError):
    """An act on a rectification task that was refused; nothing was written."""

    area = "rectification"


class LoginError(StewardshipError):
    """A login that was not given or not ended; nothing was written."""

    area = "logins"
