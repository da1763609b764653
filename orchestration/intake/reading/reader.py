"""The Reader: one reusable child process that parses delivered files within a time and a memory limit.

A file that breaks the child, hangs it or fills its memory is refused; the child is replaced and the next file
reads as if nothing had happened. The process itself: `sandbox`; what it does: `child.py`, `parse.py`.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from orchestration.core.delivery import Delivery
from orchestration.intake.reading import wire
from orchestration.intake.reading.spec import ReadingSpec
from orchestration.intake.reading.whole import joined
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.process import ChildEndedError, ChildProcess

CHILD = "orchestration.intake.reading.child"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IncomingFile:
    """One delivered file: its name without folders, and its bytes."""

    file_name: str
    content: bytes


class Reader:
    """Reads files in a child process, started at the first file and kept until one breaks it.

    `seconds` and `memory_mb` bound each file. A context manager, for several threads, one file at a time.
    """

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._child: ChildProcess | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one; a later `read` starts another."""
        with self._turn:
            self._discard()

    def read(self, files: Sequence[IncomingFile], spec: ReadingSpec) -> Delivery:
        """All files of one submission as read; one that cannot be read is a `block` finding, never an error.

        Raises RuntimeError only when no child process can be started at all.
        """
        with self._turn:
            return joined([self._read(file, spec) for file in files])

    def _read(self, file: IncomingFile, spec: ReadingSpec) -> Delivery:
        limit = spec.limits.file_mb
        if len(file.content) > limit * 1_000_000:
            found = f"{len(file.content) / 1e6:.1f} MB"
            return _refusal(file, RefusedError("file_too_large", found=found, expected=f"{limit} MB"))
        child = self._living_child()
        try:
            answer = child.ask({"file_name": file.file_name, "spec": spec.to_json()}, file.content).data
            if "failure" not in answer:
                return wire.from_json(answer)
        except ChildEndedError as end:
            self._child = None
            _log.warning("the reading process ended on %s: %s", file.file_name, end.how)
            return _refusal(file, self._ended(end))
        except (
            KeyError,
            TypeError,
            ValueError,
        ):  # an answer, but no delivery
            self._discard()
            return _refusal(file, RefusedError("file_breaks_reader", found="no delivery"))
        return _refusal(file, self._failed(file, answer))

    def _living_child(self) -> ChildProcess:
        if self._child is not None and not self._child.is_alive():
            self._discard()
        if self._child is None:
            self._child = ChildProcess(CHILD, self._seconds, self._memory_mb)
        return self._child

    def _ended(self, end: ChildEndedError) -> RefusedError:
        if end.too_slow:
            return RefusedError("file_too_slow", expected=f"{self._seconds:g} s")
        return RefusedError("file_breaks_reader", found=end.how)

    def _failed(self, file: IncomingFile, answer: dict[str, Any]) -> RefusedError:
        """The child lives and says that it could not read the file."""
        if answer["failure"] == "memory":
            self._discard()
            return RefusedError("file_over_memory", expected=f"{self._memory_mb} MB")
        _log.warning("%s could not be read:\n%s", file.file_name, answer.get("trace"))
        return RefusedError("file_unreadable", found=str(answer["failure"]))

    def _discard(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _refusal(file: IncomingFile, refused: RefusedError) -> Delivery:
    return Delivery(tables=(), findings=(refused.finding(file.file_name),))
