"""The child process that reads: one delivered file after another, off a pipe, under limits.

Run as `python -I -m orchestration.intake.reading.child SECONDS MEGABYTES`. Not here: limits and pipe
(`sandbox.child`), parsing (`parse.py`).
"""

import sys
from typing import Any

from orchestration.intake.reading import wire
from orchestration.intake.reading.spec import ReadingSpec
from orchestration.sandbox.child import Work, serve


def load() -> Work:
    """The reading of one file, its libraries imported."""
    import openpyxl  # noqa: F401

    from orchestration.intake.reading.digests import basis_of
    from orchestration.intake.reading.parse import parse_file

    def read(header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        spec = ReadingSpec.from_json(header["spec"])
        known = frozenset(header["known"])
        delivery = parse_file(header["file_name"], content, spec, known, basis_of(header["spec"]))
        return wire.to_json(delivery), b""

    return read


if __name__ == "__main__":
    serve(float(sys.argv[1]), int(sys.argv[2]), load)
