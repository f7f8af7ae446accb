"""``make run`` as somebody at a terminal meets it: real processes on a real port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests
from django.conf import settings

from tests.shop import free_port, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.once]
PASSWORD = "open sesame, please"

# What belongs to the suite or to the person's own shop must not reach the one that is started.
NOT_PASSED_ON = (
    *("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL"),
    *("BASE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DEBUG", "HOST"),
)


class Run:
    """One ``python -m storefront.run`` in a folder of its own, without the demo."""

    def __init__(self, data_dir: Path, port: int | str, extra: dict[str, str]) -> None:
        environment = {name: os.environ[name] for name in os.environ if name not in NOT_PASSED_ON}
        environment |= {"DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0"}
        environment["OWNER_PASSWORD"] = PASSWORD
        self.address = f"http://localhost:{port}"
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "storefront.run"],
            cwd=settings.BASE_DIR,
            env=environment | extra,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""

    def read_until(self, word: str) -> float:
        """Read what it prints up to a word; return the seconds since the start."""
        for line in self.process.stdout:
            self.printed += line
            if word in line:
                return time.monotonic() - self.began
        raise AssertionError(f"{word!r} was not printed:\n{self.printed}")

    def read_to_end(self) -> int:
        self.printed += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def all_processes(self) -> list[psutil.Process]:
        runner = psutil.Process(self.process.pid)
        return [runner, *runner.children(recursive=True)]

    def wait_for_workers(self) -> None:
        """Until Celery's worker has its own children, which are the hardest to end."""
        wait_for(lambda: len(self.all_processes()) >= 9, "children of the worker")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One shop for all of the module, because a new database takes the longest."""
    return tmp_path_factory.mktemp("shop") / "var"


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Run]]:
    """Start runs, and end what a failed test has left of them."""
    runs: list[Run] = []

    def _start(data_dir: Path = folder, port: int | str | None = None, **environment: str) -> Run:
        runs.append(Run(data_dir, port or free_port(), environment))
        return runs[-1]

    yield _start
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(timeout=10)


def still_running(processes: list[psutil.Process]) -> list[psutil.Process]:
    # A zombie has ended; somebody has yet to hear of it.
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def test_it_answers_at_three_addresses_ends_on_ctrl_c_and_keeps_everything(start, capsys) -> None:
    first = start()
    first.read_until("Ready")
    assert re.findall(r"http://\S+", first.printed) == [
        f"{first.address}/",
        f"{first.address}/admin/",
        f"{first.address}/admin/mail/",
    ]
    for path in ("/", "/admin/login/"):
        assert requests.get(first.address + path, timeout=10).status_code == 200
    session = log_in(first)
    first.wait_for_workers()
    processes = first.all_processes()

    asked = time.monotonic()
    first.process.send_signal(signal.SIGINT)
    assert first.read_to_end() == 0
    assert "Traceback" not in first.printed
    ended_after = time.monotonic() - asked
    assert not still_running(processes)
    # 5 s are promised; a machine that is busy with other tests gets as many again.
    assert ended_after < 10

    second = start(port=first.address.rpartition(":")[2])
    ready_after = second.read_until("Ready")
    assert "Password" not in second.printed
    assert session.get(f"{second.address}/admin/mail/", timeout=10).url.endswith("/admin/mail/")
    with capsys.disabled():
        sys.stdout.write(f"\n[ended after {ended_after:.1f} s, again after {ready_after:.1f} s] ")
    assert ready_after < 30


def log_in(run: Run) -> requests.Session:
    session = requests.Session()
    login = f"{run.address}/account/login/"
    session.get(login, timeout=10)
    fields = {"login": "owner", "password": PASSWORD, "next": "/admin/mail/"}
    fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    answer = session.post(login, fields, headers={"Referer": login}, timeout=10)
    assert answer.status_code == 200
    assert answer.url.endswith("/admin/mail/")
    return session


def named(run: Run, word: str) -> psutil.Process:
    """The first process of a run with a word in its command line."""

    def find() -> psutil.Process | None:
        for child in run.all_processes():
            # One that has just ended has no command line any more.
            with suppress(psutil.Error):
                if word in " ".join(child.cmdline()):
                    return child
        return None

    return wait_for(find, word)


def test_without_its_web_process_the_shop_ends_and_says_so(start) -> None:
    run = start()
    run.read_until("Ready")
    processes = run.all_processes()
    named(run, "gunicorn").kill()

    assert run.read_to_end() == 1
    assert "the web process was killed by signal 9" in run.printed
    assert "Traceback" not in run.printed
    assert not still_running(processes)


@pytest.mark.parametrize(("name", "word"), [("redis", "valkey-server"), ("beat", "beat")])
def test_another_process_that_ends_is_started_again(start, name: str, word: str) -> None:
    run = start()
    run.read_until("Ready")
    killed = named(run, word)
    killed.kill()

    run.read_until(f"The {name} process was killed by signal 9; it is started again.")
    assert wait_for(lambda: named(run, word).pid != killed.pid, f"another {name}")
    assert requests.get(run.address, timeout=30).status_code == 200


def test_a_process_that_keeps_ending_ends_the_shop(start) -> None:
    run = start()
    run.read_until("Ready")
    for _ in range(4):
        server = named(run, "valkey-server")
        server.kill()
        wait_for(lambda server=server: not server.is_running(), "the end of Redis")

    assert run.read_to_end() == 1
    assert run.printed.count("it is started again") == 3


def test_a_killed_runner_leaves_no_process_behind_and_the_next_one_starts(start) -> None:
    run = start()
    run.read_until("Ready")
    run.wait_for_workers()
    processes = run.all_processes()
    run.process.kill()
    run.process.wait()

    again = start()
    again.read_until("Shop")
    assert not still_running(processes)


def test_a_second_run_in_the_same_folder_is_told_where_the_first_is(start) -> None:
    first = start()
    wait_for(lambda: len(first.all_processes()) > 1, "children")

    second = start()
    assert second.read_to_end() == 1
    assert second.printed.startswith(
        f"Storefront: already running as process {first.process.pid} at {first.address}/"
    )
    assert second.printed.count("\n") == 1


def test_a_taken_port_is_told_in_one_line(start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = start(port=port)
        assert run.read_to_end() == 1
    assert run.printed == (
        f"Storefront: port {port} is taken. Choose another: PORT={port + 1} make run\n"
    )


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_told_in_one_line(start, port: str) -> None:
    run = start(port=port)
    assert run.read_to_end() == 1
    assert run.printed == (
        f"Storefront: PORT={port} is no port. Choose a number: PORT=8001 make run\n"
    )


def test_a_folder_that_cannot_be_written_is_told_in_one_line(start, tmp_path: Path) -> None:
    # A file in its place, because permissions do not bind root.
    (tmp_path / "file").touch()
    run = start(data_dir=tmp_path / "file")
    assert run.read_to_end() == 1
    assert run.printed.startswith(f"Storefront: cannot write {tmp_path / 'file'}")
    assert run.printed.count("\n") == 1


def test_a_database_that_does_not_answer_is_told_without_a_traceback(start) -> None:
    run = start(DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port()}/nothing")
    assert run.read_to_end() == 1
    assert "The database cannot be used" in run.printed
    assert "Traceback" not in run.printed
