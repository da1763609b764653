"""Processes of a test's own, which it may kill: forked from one that has imported what a run takes.

A fresh interpreter would spend five seconds on importing. Not here: `qingyuan` in an interpreter of its own.
"""

import os
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["tests.integration.preloaded"])


def start(work: Callable[..., object], *given: object, says: Path) -> BaseProcess:
    """`work` in a process group of its own; what it and its children say goes into the file `says`."""
    process = FORKED.Process(target=_work, args=(says, work, given))
    process.start()
    return process


def command(environment: Mapping[str, str], folder: Path, *line: str) -> None:
    """`qingyuan` with these words, called in the folder; of our settings the environment has these alone."""
    from orchestration.cli import main

    for name in [name for name in os.environ if name.startswith(("QINGYUAN_", "DAGSTER_"))]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(folder)
    main(list(line), prog_name="qingyuan")


def _work(says: Path, work: Callable[..., object], given: tuple[object, ...]) -> None:
    os.setsid()
    with says.open("wb") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    work(*given)


def kill(process: BaseProcess) -> None:
    """Kills it and its children with -9; it must not have ended before."""
    assert process.pid is not None
    os.killpg(process.pid, SIGKILL)
    process.join()
    assert process.exitcode == -SIGKILL
