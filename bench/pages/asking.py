"""Requests answered in this process: how often they ask the database, and what that costs."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from bench.clock import Clock


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    location: str
    # Ms of this process's processor time, beside what the database worked for it.
    cpu: float
    # Ms that the database worked, and of its own processor time.
    sql: float
    sql_cpu: float
    queries: int


@contextmanager
def kept_connection() -> Iterator[None]:
    """Within this, the end of a request leaves the connection open, whatever the settings say."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Asked:
    """The shop's own WSGI application, asked without a server."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def __call__(self, request: str) -> Answered:
        """Answer a request as it would come over the wire."""
        connection.ensure_connection()
        environ, answer = _environ(request), {}

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            answer["status"], answer["headers"] = int(status.split()[0]), dict(headers)

        clock = Clock()
        with connection.execute_wrapper(clock):
            began = time.thread_time()
            response = self.application(environ, start_response)
            body = b"".join(response)
            response.close()
            cpu = time.thread_time() - began
        location = answer["headers"].get("Location", "")
        return Answered(
            answer["status"],
            body,
            location,
            1_000 * cpu,
            1_000 * clock.seconds,
            1_000 * clock.cpu,
            clock.queries,
        )


def _environ(request: str) -> dict[str, Any]:
    head, _gap, body = request.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, address, protocol = first.split()
    path, _mark, query = address.partition("?")
    headers = dict(line.split(": ", 1) for line in lines)
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": protocol,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **named,
    }
