"""The Reader: one reusable child process that parses delivered files within a time and a memory limit.

A file that breaks the child, hangs it or fills its memory is refused; the child is replaced and the next file
reads as if nothing had happened. The process itself: `sandbox`; what it does: `child.py`, `parse.py`.
"""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from orchestration.core.delivery import Delivery
from orchestration.intake.reading import wire
from orchestration.intake.reading.carrying import KnownSheet, with_carried
from orchestration.intake.reading.spec import ReadingSpec
from orchestration.intake.reading.whole import joined
from orchestration.sandbox.findings import RefusedError
from orchestration.sandbox.process import Answer, ChildEndedError, ChildProcess

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
        return joined(self.read_each(files, spec))

    def read_each(
        self, files: Sequence[IncomingFile], spec: ReadingSpec, known: Mapping[str, KnownSheet] | None = None
    ) -> list[Delivery]:
        """Each file as `read`, not yet put together; sheets whose digests are `known` are not read again."""
        with self._turn:
            return [self._read(file, spec, known or {}) for file in files]

    def _read(self, file: IncomingFile, spec: ReadingSpec, known: Mapping[str, KnownSheet]) -> Delivery:
        limit = spec.limits.file_mb
        if len(file.content) > limit * 1_000_000:
            found = f"{len(file.content) / 1e6:.1f} MB"
            return _refusal(file, RefusedError("file_too_large", found=found, expected=f"{limit} MB"))
        child = self._living_child()
        try:
            request = {"file_name": file.file_name, "spec": spec.to_json(), "known": list(known)}
            answer = child.ask(request, file.content)
            if "failure" not in answer.data:
                return _delivery(file, answer, known)
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
        return _refusal(file, self._failed(file, answer.data))

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


def _delivery(file: IncomingFile, answer: Answer, known: Mapping[str, KnownSheet]) -> Delivery:
    """The answer as a Delivery, and its own text kept as the file's reading."""
    delivery, reading = wire.from_json(answer.data), answer.text
    if any(sheet.is_carried for sheet in delivery.sheets):
        delivery = with_carried(delivery, known)
        reading = json.dumps(wire.to_json(delivery)).encode()
    return replace(delivery, readings={file.file_name: reading})


def _refusal(file: IncomingFile, refused: RefusedError) -> Delivery:
    return Delivery(tables=(), findings=(refused.finding(file.file_name),))
