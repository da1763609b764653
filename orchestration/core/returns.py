"""The token of a returned workbook: it names the submission that was returned, and what it held. Pure.

Not here: making the workbook (`stewardship.returning`), taking it back (`intake.receiving.returned`).
"""

import hashlib
import re

# The first sheet of a returned workbook; the reader leaves it unread but for the token.
LIST_SHEET = "问题清单"
TOKEN = re.compile(r"(?<![0-9A-Za-z])QY-(?P<submission>[0-9]{1,15})-(?P<seal>[0-9a-f]{16})(?![0-9A-Za-z])")


def token_of(submission: int, content_hash: str) -> str:
    """`QY-<submission>-<16 hex>`, over the submission's id and its content hash (`raw.submission.sha256`).

    It ties a workbook to what it was made from; it is no secret and proves nobody's identity.
    """
    seal = hashlib.sha256(f"{submission}\n{content_hash}".encode()).hexdigest()[:16]
    return f"QY-{submission}-{seal}"


def submission_of(token: str) -> int | None:
    """The submission that a token names; None for what is no token."""
    match = TOKEN.fullmatch(token)
    return int(match["submission"]) if match else None
