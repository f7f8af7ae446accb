"""Where a run listens and keeps its files; what is wrong with either is one clear sentence."""

import errno
import fcntl
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).resolve().parents[1]
LOCAL_HOSTS = {"localhost", "127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104 - compared only
# A killed run's guard needs some seconds to clear up.
SECONDS_FOR_LAST_RUN_TO_END = 5.0


class Problem(Exception):  # noqa: N818 - not an error of the program
    """Something the person at the terminal can put right, told without a traceback."""


@dataclass(frozen=True)
class Place:
    """Where this run listens and where it keeps its files."""

    host: str
    port: int
    data_dir: Path

    @classmethod
    def from_environment(cls) -> Self:
        port = os.environ.get("PORT") or "8000"
        if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
            raise Problem(f"PORT={port[:20]} is no port. Choose a number: PORT=8001 make run")
        data_dir = Path(os.environ.get("DATA_DIR") or FOLDER / "var").resolve()
        return cls(os.environ.get("HOST") or "localhost", int(port), data_dir)

    @property
    def address(self) -> str:
        host = "localhost" if self.host in LOCAL_HOSTS else self.host
        return f"http://{host}:{self.port}"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    def environment(self) -> dict[str, str]:
        """What the children see: what was asked for, completed by what follows from it."""
        environment = os.environ | {
            "DATA_DIR": str(self.data_dir),
            "PYTHONUNBUFFERED": "1",
            # The worker gets two seconds for its task, then hands it back to the broker.
            "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": "2",
            "REMAP_SIGTERM": "SIGQUIT",
        }
        environment.setdefault("BASE_URL", self.address)
        if self.host not in LOCAL_HOSTS:
            environment.setdefault("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{self.host}")
        return environment


def make_folders(place: Place) -> None:
    """Make the folders of this run, or say which one cannot be written."""
    probe = place.data_dir / ".writable"
    try:
        place.log_dir.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _cannot_write(error.filename, error.strerror) from error
    for path in (*place.data_dir.iterdir(), *place.log_dir.iterdir()):
        if not os.access(path, os.W_OK):
            raise _cannot_write(path, "belongs to somebody else")


def _cannot_write(path: object, reason: str) -> Problem:
    return Problem(
        f"cannot write {path} ({reason}). "
        "Make it writable, or choose another folder: DATA_DIR=/some/folder make run"
    )


@contextmanager
def only_run(place: Place) -> Iterator[None]:
    """Hold the folder's lock; the guard inherits it, so it is free when all are gone."""
    with (place.data_dir / "run.lock").open("a+") as file:
        deadline = time.monotonic() + SECONDS_FOR_LAST_RUN_TO_END
        while not _lock(file.fileno()):
            file.seek(0)
            pid, _space, address = file.read().partition(" ")
            if time.monotonic() > deadline or _is_alive(pid):
                raise Problem(
                    f"already running as process {pid} at {address} "
                    "End that one with Ctrl-C, or run a second shop: "
                    "DATA_DIR=/some/folder PORT=8001 make run"
                )
            time.sleep(0.1)
        file.truncate(0)
        file.write(f"{os.getpid()} {place.address}/")
        file.flush()
        yield


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def take_port(place: Place) -> list[socket.socket]:
    """Bind the port on every address of the host, so that nobody takes it while we set up."""
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        found = []
    for family, kind, protocol, _name, address in found:
        try:
            bound = socket.socket(family, kind, protocol)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                advice = f"Choose another: PORT={place.port % 65_535 + 1} make run"
                raise Problem(f"port {place.port} is taken. {advice}") from error
            if error.errno == errno.EACCES:
                advice = "Choose one above 1023: PORT=8000 make run"
                raise Problem(f"port {place.port} is for the administrator. {advice}") from error
            # One of two is enough: a machine without IPv6 still has a name for it.
            continue
        sockets.append(bound)
    if not sockets:
        raise Problem(f"HOST={place.host} is no address of this machine. Try HOST=localhost")
    return sockets
