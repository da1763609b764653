"""The child process seen from outside: started, asked, watched by a clock, ended.

Not here: what its end means for a file (`intake.reading.reader`), what runs in it (`child.py`).
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from orchestration.sandbox import wire

# A busy machine may take long to start a process; this bounds a broken installation, not a file.
_START_SECONDS = 60.0
_PARTING_SECONDS = 0.5


class ChildEndedError(Exception):
    """The child is gone and gave no answer. `too_slow`: we ended it; `how`: its signal or exit code."""

    def __init__(self, too_slow: bool, how: str) -> None:
        super().__init__(how)
        self.too_slow = too_slow
        self.how = how


@dataclass(frozen=True)
class Answer:
    """What the child said: `text` is JSON, an object; `content` the bytes of a file it made, or none."""

    text: bytes
    data: dict[str, Any]
    content: bytes


class ChildProcess:
    """One running child: `module`, which calls `child.serve`. Raises RuntimeError when it cannot be started.

    `seconds` and `memory_mb` bound each request.
    """

    def __init__(self, module: str, seconds: float, memory_mb: int) -> None:
        self._seconds = seconds
        # No environment: a file that takes the child over finds no secrets there.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-m", module, str(seconds), str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        self._requests = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        try:
            with self._clock(_START_SECONDS):
                wire.receive(self._answers)
        except wire.PipeEndedError as error:
            raise RuntimeError(f"the child process ({module}) did not start: {self.end()}") from error

    def is_alive(self) -> bool:
        """Whether the child still runs; an idle one may have been ended by somebody else."""
        return self._process.poll() is None

    def ask(self, header: dict[str, Any], content: bytes) -> Answer:
        """The child's answer to one request. Raises ChildEndedError; the child is then of no more use."""
        with self._clock(self._seconds) as struck:
            try:
                wire.send(self._requests, json.dumps(header).encode(), content)
                text = wire.receive(self._answers)
                data = json.loads(text)
                if not isinstance(data, dict):
                    raise ValueError("no answer")
                return Answer(text, data, wire.receive(self._answers))
            except (OSError, ValueError, wire.PipeEndedError) as error:
                raise ChildEndedError(struck.is_set(), self.end()) from error

    def end(self) -> str:
        """End the child and wait for it; how it ended (`SIGKILL`, `exit 0`)."""
        for pipe in (self._requests, self._answers):
            try:
                pipe.close()
            except OSError:  # what was still to be written has no reader left
                continue
        try:
            code = self._process.wait(timeout=_PARTING_SECONDS)  # without its pipe an idle child ends
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit {code}"

    @contextmanager
    def _clock(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the child after `seconds`, unless the block is left before; the event says that it struck."""
        struck, left, gate = threading.Event(), threading.Event(), threading.Lock()

        def strike() -> None:
            with gate:
                if not left.is_set():
                    struck.set()
                    self._process.kill()

        timer = threading.Timer(seconds, strike)
        timer.daemon = True
        timer.start()
        try:
            yield struck
        finally:
            with gate:
                left.set()
            timer.cancel()
