"""Which tests can run here, and who edits in them.

In CI a test that is skipped has failed: nothing may go untested that can be installed.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis
from django.contrib.auth.models import AbstractUser as User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from catalog import kept, redis_client
from catalog.breaker import Breaker
from search import indexing
from social import views_counter
from storefront.embedded_redis import socket_path
from tests import services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-sync"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about PostgreSQL alone belongs to the run on PostgreSQL, and is not in the other."""
    if connection.vendor == "postgresql":
        return
    others = [item for item in items if item.get_closest_marker("postgresql")]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in ("rabbitmq", "browser"):
        if item.get_closest_marker(name) and (advice := services.missing(name)):
            pytest.skip(advice)
    if item.get_closest_marker("real_files") and not services.REAL_FILES.is_dir():
        pytest.skip("the folder shared/data beside the checkout is absent")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    report = yield
    is_excused = hasattr(report, "wasxfail") or item.get_closest_marker("real_files")
    if services.IN_CI and report.skipped and not is_excused:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which is a failure in CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Generator[None, None, None]:
    """A request leaves its language in the thread, and answers in the caches of the process.

    So does a transaction that is undone: the pages that it changed.
    """
    yield
    translation.deactivate()
    cache.clear()
    indexing.forget()
    kept.forget()
    views_counter._is_shown.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is, for tests that are marked with ``browser``."""
    path = services.chromium()
    assert path, "only tests with the marker `browser` can have it"
    return path


@pytest.fixture
def browser(chromium: str, monkeypatch: pytest.MonkeyPatch) -> Generator["Browser", None, None]:
    # Only here: most tests have no use for it.
    from playwright.sync_api import sync_playwright

    # Its synchronous interface runs a loop in this thread, which Django takes for async code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_tab(
    browser: "Browser", request: pytest.FixtureRequest
) -> Generator[Callable[..., "Page"], None, None]:
    """Open tabs of shoppers; at the end no page may have complained."""
    url = request.getfixturevalue("live_server").url
    complaints: list[str] = []

    def open_tab(**options: Any) -> "Page":
        page = browser.new_context(base_url=url, **options).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.complaints = complaints
        return page

    yield open_tab
    assert complaints == []


@pytest.fixture
def a_redis(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Generator[subprocess.Popen[bytes], None, None]:
    """A real Redis of the test's own, to which REDIS_URL points; may be killed."""
    # A test before this one may have found none, and this machine may be busy.
    monkeypatch.setattr(redis_client, "breaker", Breaker("test", pause=5.0))
    monkeypatch.setattr(redis_client, "FAST_CONNECT", 5.0)
    monkeypatch.setattr(redis_client, "FAST_ANSWER", 5.0)
    process = subprocess.Popen(
        [sys.executable, "-m", "storefront.embedded_redis", str(tmp_path)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )
    settings.REDIS_URL = f"unix://{socket_path(tmp_path)}?db=1"
    server = redis.Redis.from_url(settings.REDIS_URL)
    for _ in range(100):
        try:
            server.ping()
            break
        except (OSError, redis.RedisError):
            time.sleep(0.05)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def editor(db: None, client: Client, django_user_model: type[User]) -> User:
    """Somebody who may do anything in the admin, logged in with ``client``."""
    user = django_user_model.objects.create_superuser("editor", "editor@example.com", "secret")
    client.force_login(user)
    return user
