"""Web servers of a run: real processes, whose processor time and memory are read from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from storefront.embedded_redis import socket_path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
SECONDS_TO_START = 90
MIB = 1024 * 1024
KINDS = {
    "gunicorn-sync": ("gunicorn", "--workers", str(WORKERS), "--no-control-socket"),
    "gthread": ("gunicorn", "--worker-class", "gthread", "--workers", str(WORKERS),
                "--threads", "4", "--no-control-socket"),
    "granian": ("granian", "--interface", "wsgi", "--workers", str(WORKERS)),
}  # fmt: skip


@dataclass
class Server:
    """A web server with its workers; ``start`` returns when it answers."""

    name: str
    application: str
    folder: Path
    environment: dict[str, str]
    kind: str = "gunicorn-sync"
    python: str = sys.executable
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.port = _free_port()
        module, *options = KINDS[self.kind]
        if module == "granian":
            options += ["--host", "127.0.0.1", "--port", str(self.port)]
        else:
            options += ["--bind", f"127.0.0.1:{self.port}"]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - a server of ours
                [self.python, "-m", module, *options, self.application],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _wait(self._answers, f"{self.name} does not answer: {self._log}")

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name.replace(' ', '-')}.log"

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} has ended:\n{self._log.read_text()[-3000:]}")
        with socket.socket() as stream:
            # A first request also loads what the application needs.
            stream.settimeout(SECONDS_TO_START)
            if stream.connect_ex(("127.0.0.1", self.port)):
                return False
            stream.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return bool(re.match(rb"HTTP/1.1 [2345]", stream.recv(16)))

    def _workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def cpu(self) -> dict[int, float]:
        """Seconds of processor time that each of its processes has used."""
        used = {}
        for one in (psutil.Process(self.process.pid), *self._workers()):
            times = one.cpu_times()
            used[one.pid] = times.user + times.system
        return used

    def rss(self) -> float:
        """MiB of memory of its largest worker."""
        return max(one.memory_info().rss for one in self._workers()) / MIB

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()


@contextmanager
def redis(folder: Path) -> Iterator[dict[str, str]]:
    """A Redis of the run's own; the settings that lead to it."""
    path = socket_path(folder)
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - a server of ours
            [sys.executable, "-m", "storefront.embedded_redis", str(folder)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(path.exists, "Redis does not start")
        yield {
            "REDIS_URL": f"unix://{path}?db=1",
            "CELERY_BROKER_URL": f"redis+socket://{path}?virtual_host=0",
        }
    finally:
        process.terminate()
        process.wait()


def _wait(condition, otherwise: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
