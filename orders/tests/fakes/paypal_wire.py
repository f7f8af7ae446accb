"""The stand-in's connections: what comes in, what goes out, and what goes wrong on the way."""

import json
import re
import socket
import time
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol


class Fault(StrEnum):
    DROP = "do the work, close the connection without an answer"
    REFUSE = "do nothing, close the connection"
    ERROR = "do nothing, answer 500"
    ERROR_AFTER = "do the work, answer 500"
    BUSY = "do nothing, answer 429"
    IN_PROGRESS = "do nothing, answer 409"
    GARBLED = "do the work, answer 200 with a page of HTML"


@dataclass
class Planned:
    fault: Fault | None
    path: re.Pattern[str]
    times: int
    delay: float


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


@dataclass
class Reply:
    status: int
    body: dict[str, Any] | str
    headers: dict[str, str] = field(default_factory=dict)


class Service(Protocol):
    received: list[Received]

    def reply(self, request: Received) -> Reply: ...

    def planned_for(self, path: str) -> Planned | None: ...


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer leave together, at once.
    wbufsize = -1
    disable_nagle_algorithm = True
    service: Service

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Received(self.command, self.path, headers, self.rfile.read(length))
        self.service.received.append(request)
        plan = self.service.planned_for(self.path)
        if plan:
            time.sleep(plan.delay)
        reply = self._reply(request, plan.fault if plan else None)
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(reply)

    do_POST = do_GET  # noqa: N815

    def _reply(self, request: Received, fault: Fault | None) -> Reply | None:
        undone = {
            Fault.REFUSE: None,
            Fault.ERROR: Reply(500, {"name": "INTERNAL_SERVER_ERROR"}),
            Fault.BUSY: Reply(429, {"name": "RATE_LIMIT_REACHED"}),
            Fault.IN_PROGRESS: Reply(409, {"name": "RESOURCE_CONFLICT"}),
        }
        if fault in undone:
            return undone[fault]
        reply = self.service.reply(request)
        done = {
            Fault.DROP: None,
            Fault.ERROR_AFTER: Reply(500, {"name": "INTERNAL_SERVER_ERROR"}),
            Fault.GARBLED: Reply(200, "<h1>Hello</h1>"),
        }
        return done.get(fault, reply) if fault else reply

    def _write(self, reply: Reply) -> None:
        is_page = isinstance(reply.body, str)
        content = reply.body.encode() if is_page else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "text/html" if is_page else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """A test has no use for an access log."""


def server_for(service: Service) -> ThreadingHTTPServer:
    """A server of this machine alone, on a port that is free."""
    handler = type("HandlerOfService", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server
