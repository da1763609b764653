"""What is wrong with how channels are set up, as one sentence. None of them holds an address: it is a secret."""

from orchestration.messages import SpokenError, Term

__all__ = ["NoticeError", "Term"]


class NoticeError(SpokenError):
    """The channels' file, or the address of one, does not fit; nothing was sent."""

    area = "notices"
