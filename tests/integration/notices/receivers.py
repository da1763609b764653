"""Real receivers on this machine: an HTTP server that answers as it is told, and a mail server."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

Reply = tuple[int, bytes] | None
WELL: Reply = (200, b"{}")
SECONDS = 30.0


class Receiver:
    """An HTTP server: `received` are the JSON bodies of its requests, in order; `reply` answers each."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.reply: Callable[[], Reply] = lambda: WELL
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.paths.append(self.path)
                receiver.received.append(json.loads(content))
                reply = receiver.reply()
                if reply is None:  # hangs up
                    self.close_connection = True
                    return
                status, body = reply
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: object) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A sender that was killed took its answer with it."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port

    @property
    def url(self) -> str:
        """An address of apprise that posts here; its path is a secret."""
        return f"json://127.0.0.1:{self.port}/canary-7f3a"

    @property
    def texts(self) -> list[str]:
        """What arrived, as text."""
        return [one["message"] for one in self.received]


@contextmanager
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield one
    finally:
        one.server.shutdown()
        thread.join()
        one.server.server_close()


class Letters:
    """What a mail server took."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def mail_server(handler: Any) -> Iterator[int]:
    """A mail server without encryption; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
