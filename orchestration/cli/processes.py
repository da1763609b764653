"""The process of a run: stopped by a person, or gone.

A run whose process is gone would be “started” in Dagster's eyes for ever, and fill a place that its daemon gives
to runs. Not here: runs that Dagster itself launched; it watches over those.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import dagster as dg

TAG = "qingyuan/process"
INTERRUPTED = 130
T = TypeVar("T")


def interruptible(work: Callable[[], T], say_stopped: Callable[[], None]) -> T:
    """Does `work`; Ctrl+C or SIGTERM end the process at once, after `say_stopped`.

    In a thread of its own: in the main one Dagster takes the signal for a failure of the step, and tries the step
    again. To end at once is safe, because a run killed anywhere leaves whole quarters.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as problem:  # raised again in the thread that waits
            failed.append(problem)

    thread = threading.Thread(target=run, name="run", daemon=True)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        thread.start()
        thread.join()
    except KeyboardInterrupt:
        say_stopped()
        sys.stdout.flush()
        os._exit(INTERRUPTED)
    finally:
        signal.signal(signal.SIGTERM, before)
    if failed:
        raise failed[0]
    return done[0]


def process_tag(pid: int | None = None) -> dict[str, str]:
    """The tag of a run of the process `pid` (None: this one): host, number, and when the process began."""
    own = os.getpid() if pid is None else pid
    return {TAG: f"{socket.gethostname()}/{own}/{_began(own)}"}


def end_orphans(instance: "dg.DagsterInstance") -> int:
    """Marks the started runs of this host whose process is gone as failed; how many there were."""
    import dagster as dg

    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    runs = [record.dagster_run for record in instance.get_run_records(started)]
    orphans = [run for run in runs if TAG in run.tags and _is_gone(run.tags[TAG])]
    for run in orphans:
        instance.report_run_failed(run, "The process of this run is gone; another run may take its place.")
    return len(orphans)


def _is_gone(tag: str) -> bool:
    host, pid, _ = tag.split("/")
    return host == socket.gethostname() and process_tag(int(pid))[TAG] != tag


def _began(pid: int) -> str:
    """When the process began, in the kernel's clock; empty when there is none. A number may be given again."""
    try:
        # The name, in brackets, may hold blanks; the start is the 20th field after it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
