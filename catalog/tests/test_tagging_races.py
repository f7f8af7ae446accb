"""Two people tag the same product at the same moment; and what happens without the lock."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from catalog import tagging
from catalog.models import ProductPage
from catalog.tests.factories import make_page

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NAMES = ["sea", "night"]


@pytest.fixture
def page():
    return make_page("Lighthouse")


@pytest.fixture
def at_once(monkeypatch):
    """Let each wait for the other between reading a page and changing it, if it gets there."""
    together = Barrier(len(NAMES))
    change = tagging._change

    def change_together(*arguments):
        with suppress(BrokenBarrierError):
            together.wait(timeout=1)
        return change(*arguments)

    monkeypatch.setattr(tagging, "_change", change_together)


def tag_at_once(page) -> list[str]:
    user = get_user_model().objects.create_superuser("editor", "editor@example.com", "secret")

    def tag(name):
        try:
            tagging.retag([page.pk], add=[name], remove=[], user=user)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(NAMES)) as threads:
        list(threads.map(tag, NAMES))
    return sorted(ProductPage.objects.get(pk=page.pk).tags.names())


def test_neither_tag_is_lost(page, at_once):
    assert tag_at_once(page) == ["night", "sea"]


@pytest.mark.postgresql
def test_without_the_lock_one_would_be_lost(page, at_once, monkeypatch):
    """On SQLite the transaction itself keeps the other one waiting."""
    monkeypatch.setattr(tagging, "_hold", lambda key: None)

    assert tag_at_once(page) != ["night", "sea"]
