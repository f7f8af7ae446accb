"""The way to a broker, which can be cut in three ways while others use it."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

REFUSED, BLACK_HOLE, SILENT = "refused", "black-holed", "silent"
CHUNK = 65_536
# Linux lets a listener with a backlog of 0 hold one connection, and drops those that follow.
FILLING = 4


class Relay:
    """Listens on a port and passes everything on to a Unix socket, until it is cut."""

    def __init__(self, goal: Path) -> None:
        self._goal = goal
        self._is_cut = False
        self._open: list[socket.socket] = []
        self._listener = _listener(0, 128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def cut(self, how: str) -> None:
        """Refuse connections, drop whatever comes, or take it and never answer."""
        self._is_cut = True
        if how == SILENT:
            return
        _close(self._listener)
        if how == REFUSED:
            for one in self._open:
                _close(one)
            return
        self._listener = _listener(self.port, 0)
        for _ in range(FILLING):
            filling = socket.socket()
            filling.setblocking(False)
            filling.connect_ex(("127.0.0.1", self.port))
            self._open.append(filling)

    def close(self) -> None:
        self._is_cut = True
        for one in [self._listener, *self._open]:
            _close(one)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self._open.append(client)
            if self._is_cut:
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._goal))
            self._open.append(server)
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, goal: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if not self._is_cut:
                    goal.sendall(data)
        if not self._is_cut:
            _close(goal)


def _listener(port: int, backlog: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    return listener


def _close(one: socket.socket) -> None:
    # Closing alone wakes nobody who waits in accept() or recv().
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
