"""Sends requests over several connections, in a process of its own, and says what came of it.

    python -m bench.pages.load <port> <seconds> <connections> < requests > result

``requests`` and the result are JSON. Of the standard library alone, and little of that: it runs on
the machine whose work is measured. Servers may close the connection after each answer.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

PATIENCE = 60.0


class Sender(threading.Thread):
    """One connection: sends what is next of all requests until it is told to end, or none is."""

    def __init__(self, port: int, until: float, requests: "Requests") -> None:
        super().__init__(daemon=True)
        self.port, self.until, self.requests = port, until, requests
        self.seconds: list[float] = []
        self.answers: Counter[str] = Counter()
        self.stream: socket.socket | None = None

    def run(self) -> None:
        while time.monotonic() < self.until and (request := self.requests.next()) is not None:
            start = time.perf_counter()
            try:
                status = self._asked(request)
            except OSError as error:
                self._close()
                status = type(error).__name__
            self.seconds.append(time.perf_counter() - start)
            self.answers[status] += 1
        self._close()

    def _asked(self, request: bytes) -> str:
        """The status; once more on a new connection where the server has closed the kept one."""
        if self.stream is not None:
            with suppress(ConnectionError):
                return self._answer(request)
            self._close()
        self.stream = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._answer(request)

    def _answer(self, request: bytes) -> str:
        self.stream.sendall(request)
        head, body = self._head()
        lines = head.split(b"\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:] if b": " in line)
        status = lines[0].split(b" ", 2)[1].decode()
        if b"content-length" in fields:
            length = int(fields[b"content-length"])
            while len(body) < length:
                body += self._received()
        elif status not in {"204", "304"}:
            # All that comes until the server closes, or the last part of it says that it is.
            with suppress(ConnectionError):
                while not body.endswith(b"0\r\n\r\n"):
                    body += self._received()
        if fields.get(b"connection") == b"close":
            self._close()
        return status

    def _head(self) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        head, _gap, body = received.partition(b"\r\n\r\n")
        return head, body

    def _received(self) -> bytes:
        part = self.stream.recv(1 << 18)
        if not part:
            raise ConnectionError
        return part

    def _close(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None


class Requests:
    """The same in turns for ever, or each of them once."""

    def __init__(self, all_of_them: list[bytes], *, once: bool) -> None:
        self.all, self.once = all_of_them, once
        self.lock, self.place = threading.Lock(), 0

    def next(self) -> bytes | None:
        with self.lock:
            place, self.place = self.place, self.place + 1
        if self.once and place >= len(self.all):
            return None
        return self.all[place % len(self.all)]


def load(port: int, seconds: float, connections: int, asked: dict[str, Any]) -> dict[str, Any]:
    """Send for so long; return how many were answered, by status, and how long each took."""
    requests = Requests([text.encode() for text in asked["requests"]], once=asked["once"])
    start = time.monotonic()
    senders = [Sender(port, start + seconds, requests) for _number in range(connections)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return {
        "seconds": time.monotonic() - start,
        "answers": sum((sender.answers for sender in senders), Counter()),
        "took": sorted(took for sender in senders for took in sender.seconds),
    }


if __name__ == "__main__":
    _port, _seconds, _connections = sys.argv[1:]
    sys.stdout.write(
        json.dumps(load(int(_port), float(_seconds), int(_connections), json.load(sys.stdin)))
    )
