"""The child process: reads one file after another off a pipe, under limits it sets on itself.

Run as `python -I -m orchestration.intake.reading.child SECONDS MEGABYTES`. Its standard output is given away
before anything else runs, so that no library's chatter can be taken for an answer. Parsing: `parse.py`.
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

from orchestration.core.delivery import Delivery
from orchestration.intake.reading import wire
from orchestration.intake.reading.spec import ReadingSpec

# numpy is not needed, and its thread pools alone would exceed the memory limit.
sys.modules["numpy"] = None  # type: ignore[assignment]

# Ready beforehand: when memory is out there may be none left to make it.
_OVER_MEMORY = b'{"failure": "memory"}'


def main(seconds: float, megabytes: int) -> None:
    """Answer requests until the pipe ends; after a file that took too much memory, end."""
    requests, answers = _private_pipes()
    import openpyxl  # noqa: F401  (before the limits, and before the first file's time runs)

    from orchestration.intake.reading.parse import parse_file

    warnings.simplefilter("ignore")
    gc.disable()  # a file is many small objects; rubbish is collected between files
    _limit(megabytes)
    wire.send(answers, b"ready")
    while True:
        try:
            header = json.loads(wire.receive(requests))
        except wire.PipeEndedError:
            return
        content = wire.receive(requests)
        # Should the parent be gone, nobody else would stop a file that never ends.
        signal.alarm(math.ceil(seconds) + 5)
        try:
            answer = json.dumps(_answer(parse_file, header, content)).encode()
        except MemoryError:
            answer = _OVER_MEMORY
        signal.alarm(0)
        wire.send(answers, answer)
        if answer is _OVER_MEMORY:
            return
        del content, answer
        gc.collect()


def _answer(
    parse: Callable[[str, bytes, ReadingSpec], Delivery], header: dict[str, Any], content: bytes
) -> dict[str, Any]:
    try:
        return wire.to_json(parse(header["file_name"], content, ReadingSpec.from_json(header["spec"])))
    except MemoryError:
        raise
    except Exception as error:  # a file may break any library in any way
        # Where it broke, and not the message: it may quote the file.
        trace = "".join(traceback.format_tb(error.__traceback__))
        return {"failure": type(error).__name__, "trace": trace}


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


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
