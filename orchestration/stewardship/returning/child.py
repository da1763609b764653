"""The child process that makes returned workbooks, under limits it sets on itself.

Run as `python -I -m orchestration.stewardship.returning.child SECONDS MEGABYTES`. Not here: limits and pipe
(`sandbox.child`), making (`making.py`).
"""

import sys
from typing import Any

from orchestration.sandbox.child import Work, serve


def load() -> Work:
    """The making of one workbook, its libraries imported."""
    from orchestration.stewardship.returning.making import make
    from orchestration.stewardship.returning.request import Request

    def returned(header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        return {}, make(Request.from_json(header), content)

    return returned


if __name__ == "__main__":
    serve(float(sys.argv[1]), int(sys.argv[2]), load)
