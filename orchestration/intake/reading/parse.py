"""One file, start to end: what it is, its sheets, their tables."""

from orchestration.core.delivery import Delivery
from orchestration.intake.reading.spec import ReadingSpec


def parse_file(file_name: str, content: bytes, spec: ReadingSpec) -> Delivery:
    """The tables of one file, or the finding that refuses it."""
    return Delivery(tables=(), findings=(), encodings={})
