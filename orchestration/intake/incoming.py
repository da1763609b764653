"""One department's delivery before anybody opened it: where it belongs, and files that can be fetched.

Not here: where deliveries come from (`inbox`, `sources`), what becomes of them (`receive`).
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Protocol

# The reader refuses above its own limit (`reading.spec.Limits`); more than this is never fetched at all.
LONGEST_FETCH = 64 * 1_000_000


def content_version(content: bytes) -> str:
    """The version of a file whose store tells no time: its size and the sha256 of its content."""
    return f"{len(content)}#{hashlib.sha256(content).hexdigest()}"


class DeliveredFile(Protocol):
    """A file by name, fetched when it is received. `version` changes when the file does, if that is known."""

    @property
    def file_name(self) -> str:
        """The name as delivered, without folders."""
        ...

    @property
    def version(self) -> str | None:
        """Size and time as the store tells them; None where only the content tells."""
        ...

    def fetch(self) -> bytes:
        """The content; OSError (file) or SourceError (SQL) where it cannot be had."""
        ...


@dataclass(frozen=True)
class PlacedFile:
    """A file in the inbox. `modified` in seconds since 1970."""

    file_name: str
    size: int | None
    modified: float | None
    store: Any = field(repr=False, compare=False)
    path: str = field(repr=False)

    @property
    def version(self) -> str | None:
        """Size and time of the last change."""
        return None if self.modified is None else f"{self.size}@{self.modified:.6f}"

    def fetch(self) -> bytes:
        """The content, cut off far above what the reader takes."""
        with self.store.open(self.path, "rb") as stream:
            content: bytes = stream.read(LONGEST_FETCH)
        return content


@dataclass(frozen=True)
class HeldFile:
    """A file whose content is at hand."""

    file_name: str
    content: bytes = field(repr=False)
    version: str | None = None

    def fetch(self) -> bytes:
        """The content."""
        return self.content


@dataclass(frozen=True)
class Incoming:
    """All files of one department for one institution and quarter: one submission. Without files: absent."""

    institution: str
    quarter: str
    department: str
    files: tuple[DeliveredFile, ...] = ()
