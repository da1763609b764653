"""`qingyuan dev`: Dagster's UI and daemon on this machine's loopback. Not here: what they show."""

import os
import socket
import sys

import click

from orchestration.cli.door import Verb, say
from orchestration.settings import settings

HOST, PORT = "127.0.0.1", 3000


@click.command(cls=Verb)
def dev() -> None:
    """Starts Dagster's UI and daemon; ends with Ctrl+C."""
    from orchestration.cli.session import open_instance
    from orchestration.warehouse.connections import open_warehouse

    own = settings()
    open_instance(own, open_warehouse(own)).dispose()
    port = free_port(PORT)
    say("dev", url=f"http://{HOST}:{port}")
    # Children inherit the environment that open_instance completed; signals go straight to Dagster. What it
    # warns of (that `dg dev` is the newer name) is for us and not for the person at the terminal.
    command = ["dagster", "dev", "-m", "orchestration.definitions", "-h", HOST, "-p", str(port)]
    os.execv(sys.executable, [sys.executable, "-W", "ignore", "-m", *command])


def free_port(wanted: int) -> int:
    """`wanted` where nobody listens on it, else a port that is free now."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port on {HOST}")
