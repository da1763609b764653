"""The inside of a child process: answers one request after another off a pipe, under limits it sets on itself.

A child's own module calls `serve` with what it does. Its standard output is given away before anything else
runs, so that no library's chatter can be taken for an answer. Imported by children only. Not here: what they do.
"""

import gc
import json
import math
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO

from orchestration.sandbox import wire

# numpy is not needed, and its thread pools alone would exceed the memory limit.
sys.modules["numpy"] = None  # type: ignore[assignment]

Work = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]
"""(header, content) of a request → JSON-ready answer and the bytes of a file made, if any."""

# Ready beforehand: when memory is out there may be none left to make it.
_OVER_MEMORY = b'{"failure": "memory"}'


def serve(seconds: float, megabytes: int, load: Callable[[], Work]) -> None:
    """Answer requests until the pipe ends; after one that took too much memory, end.

    `load` imports what the work needs: before the limits, and before the first request's time runs.
    """
    requests, answers = _private_pipes()
    work = load()
    warnings.simplefilter("ignore")
    gc.disable()  # a file is many small objects; rubbish is collected between files
    _limit(megabytes)
    wire.send(answers, b"ready")
    while True:
        try:
            header = json.loads(wire.receive(requests))
            content = wire.receive(requests)
        except wire.PipeEndedError:
            return
        # Should the parent be gone, nobody else would stop a file that never ends.
        signal.alarm(math.ceil(seconds) + 5)
        try:
            answer, made = _answer(work, header, content)
        except MemoryError:
            answer, made = _OVER_MEMORY, b""
        signal.alarm(0)
        wire.send(answers, answer, made)
        if answer is _OVER_MEMORY:
            return
        del header, content, answer, made
        gc.collect()


def _answer(work: Work, header: dict[str, Any], content: bytes) -> tuple[bytes, bytes]:
    try:
        answer, made = work(header, content)
        return json.dumps(answer).encode(), made
    except MemoryError:
        raise
    except Exception as error:  # a file may break any library in any way
        # Where it broke, and not the message: it may quote the file.
        trace = "".join(traceback.format_tb(error.__traceback__))
        return json.dumps({"failure": type(error).__name__, "trace": trace}).encode(), b""


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output moved to descriptors of our own; the old ones lead nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, answers


def _limit(megabytes: int) -> None:
    """Bound memory, forbid writing files and core dumps. Where a system has no such limits, time remains."""
    try:
        import resource
    except ImportError:
        return
    sys.dont_write_bytecode = True
    size = megabytes * 1_000_000
    for limit, value in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):
            continue
