"""``make run``: the whole shop in one terminal, and nothing left behind when it ends.

Run as ``python -m storefront.run``. Redis comes first because everything speaks
to it, then the setting up, then the web server; worker and beat follow once the
shop answers, so that they do not keep it waiting.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from storefront.embedded_redis import socket_path
from storefront.place import FOLDER, Place, Problem, make_folders, only_run, take_port
from storefront.processes import Child, Group

CELERY = ("-m", "celery", "--app", "storefront", "--quiet")
SECONDS_TO_ANSWER = 60.0
# A closed terminal sends its signals twice at once; a second one after this is impatience.
SECONDS_BETWEEN_SIGNALS = 0.5


def main() -> int:
    try:
        place = Place.from_environment()
        make_folders(place)
        with only_run(place):
            return asyncio.run(run(place))
    except Problem as problem:
        sys.stderr.write(f"Storefront: {problem}\n")
        return 1


async def run(place: Place) -> int:
    """Run until a signal asks for the end or a service ends by itself."""
    group = Group(FOLDER, place.log_dir, place.environment(), _say)
    asked = _listen_for_signals(group)
    starting = asyncio.create_task(start(place, group))
    try:
        await asyncio.wait({starting, group.ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asyncio.wait({group.ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            child = group.ended.result()
            raise Problem(f"the {child.name} process {child.how_it_ended()}. {_last_words(child)}")
        _say("\nStopping.")
        return 0
    finally:
        starting.cancel()
        await group.stop()


def _listen_for_signals(group: Group) -> asyncio.Future[None]:
    """The first signal asks for the end, a later one for no more patience."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[None] = loop.create_future()
    first = 0.0

    def heed() -> None:
        nonlocal first
        if not asked.done():
            first = loop.time()
            asked.set_result(None)
        elif loop.time() - first > SECONDS_BETWEEN_SIGNALS:
            group.hurry.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup has said that the end of the terminal is not to be heeded.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, heed)
    return asked


async def start(place: Place, group: Group) -> None:
    began = time.monotonic()
    sockets = take_port(place)
    if not {"REDIS_URL", "CELERY_BROKER_URL"} <= os.environ.keys():
        redis = ("-m", "storefront.embedded_redis", str(place.data_dir))
        await group.start("redis", *redis, again=True)
        await _redis_answers(socket_path(place.data_dir))
    # Its words are for the terminal: the owner's password is shown there and nowhere else.
    setup = await group.run("setup", "manage.py", "setup_shop", stdout=None)
    if setup.process.returncode:
        raise Problem(f"setting up the shop has failed. {_last_words(setup)}")
    await _start_web(group, sockets)
    host, port = sockets[0].getsockname()[:2]
    for stream in sockets:
        stream.close()
    for name, path in _addresses().items():
        await _announce(place, host, port, name, path)
    worker = (*CELERY, "worker", "--concurrency", "2", "--without-mingle")
    await group.start("worker", *worker, again=True)
    await group.start("beat", *CELERY, "beat", again=True)
    seconds = time.monotonic() - began
    _say(f"Ready after {seconds:.1f} s. Ctrl-C ends everything; logs are in {place.log_dir}")


async def _redis_answers(path: Path) -> None:
    """Wait until Redis has read its files: it answers before, but only that it is loading."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(b"PING\r\n")
            answer = await reader.readline()
            writer.close()
            if answer == b"+PONG\r\n":
                return
        await asyncio.sleep(0.05)


async def _start_web(group: Group, sockets: list[socket.socket]) -> None:
    files = [stream.fileno() for stream in sockets]
    options = [
        *(word for file in files for word in ("--bind", f"fd://{file}")),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--graceful-timeout", "2", "--no-control-socket"),
        # No header may say which path was asked for.
        "--forwarder-headers=",
    ]
    if os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        options.append("--reload")
    await group.start("web", "-m", "gunicorn", "storefront.wsgi", *options, pass_fds=files)


def _addresses() -> dict[str, str]:
    addresses = {"Shop": "/", "Admin": "/admin/", "Mail": "/admin/mail/"}
    if url := os.environ.get("EMAIL_URL"):
        del addresses["Mail"]
        server = urlsplit(url)
        # Without the user and the password that the URL may hold.
        _say(f"  Mail   is sent by {server.scheme}://{server.hostname or ''}")
    return addresses


async def _announce(place: Place, host: str, port: int, name: str, path: str) -> None:
    """Print an address when it answers, or that it does not."""
    server = urlsplit(place.address).netloc
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not (status := await _status(host, port, path, server)):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.05)
    words = f"  {name:<6} {place.address}{path}"
    if not 0 < status < 500:
        fault = f"answers with error {status}" if status else "does not answer"
        words += f"   {fault}, see {place.log_dir / 'web.log'}"
    _say(words)


async def _status(host: str, port: int, path: str, name: str) -> int:
    """The status of a request, 0 where nobody answers."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            line = await reader.readline()
        writer.close()
        return int(line.split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _last_words(child: Child) -> str:
    lines = "\n".join(f"    {line}" for line in child.last_lines())
    return f"The end of {child.log}:\n{lines}"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
