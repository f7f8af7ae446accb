"""A Redis of one's own that can be at fault: silent, slow, or not there."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# How much later the slow Redis answers, in seconds.
DELAY = 0.03


class Redis:
    """The embedded server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        from storefront.embedded_redis import socket_path

        self.path = socket_path(folder)
        self.url = f"unix://{self.path}?db=1"
        command = [sys.executable, "-m", "storefront.embedded_redis", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        while not self.path.exists():
            time.sleep(0.05)

    @contextmanager
    def off(self) -> Iterator[str]:
        yield f"unix://{self.path.with_name('nobody.sock')}?db=1"

    @contextmanager
    def silent(self) -> Iterator[str]:
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield self.url
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    @contextmanager
    def slow(self) -> Iterator[str]:
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._delay, args=[listener], daemon=True).start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/1"
        listener.close()

    def _delay(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.path))
                for source, target, delay in ((client, server, 0), (server, client, DELAY)):
                    threading.Thread(
                        target=_pass_on, args=[source, target, delay], daemon=True
                    ).start()


def _pass_on(source: socket.socket, target: socket.socket, delay: float) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            time.sleep(delay)
            target.sendall(data)


@contextmanager
def redis_at(url: str) -> Iterator[None]:
    from django.conf import settings
    from django.test import override_settings

    caches = {"default": {**settings.CACHES["default"], "LOCATION": url}}
    with override_settings(REDIS_URL=url, CACHES=caches):
        yield
