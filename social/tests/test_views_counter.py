"""With a real Redis: the embedded one, in a folder of its own."""

import pytest
from django.test import Client

from catalog import redis_client
from catalog.models import Product
from catalog.tests.factories import make_page
from social import views_counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_server(a_redis, monkeypatch):
    fresh_counter(monkeypatch)
    return a_redis


def fresh_counter(monkeypatch):
    monkeypatch.setattr(views_counter, "_redis", views_counter.Breaker("test", 5.0))


def views(page):
    return Product.objects.get(pk=page.product_id).views


def test_views_are_counted_in_redis_and_copied_to_the_database(redis_server):
    dune, moon = make_page("Dune"), make_page("Moon")

    for page in (dune, dune, moon):
        views_counter.count(page.product_id)
    assert views(dune) == 0

    assert views_counter.save() == 2
    assert (views(dune), views(moon)) == (2, 1)
    assert views_counter.save() == 0
    assert (views(dune), views(moon)) == (2, 1)


def test_counts_that_a_crash_left_behind_are_saved_with_the_next(redis_server):
    page = make_page()
    views_counter.count(page.product_id)
    server = redis_client.client()
    server.rename(views_counter.PENDING, views_counter.SAVING)
    views_counter.count(page.product_id)

    views_counter.save()

    assert views(page) == 2


def test_two_copies_at_once_count_nothing_twice(redis_server):
    page = make_page()
    views_counter.count(page.product_id)
    lock = redis_client.client().lock("views:lock", timeout=60)
    lock.acquire()

    assert views_counter.save() == 0

    lock.release()
    assert views_counter.save() == 1


def test_a_served_product_page_counts_and_a_preview_does_not(redis_server, rf):
    page = make_page("Dune")

    Client().get(page.url)
    page.make_preview_request()

    views_counter.save()
    assert views(page) == 1


def test_without_redis_a_page_is_served_all_the_same(settings, monkeypatch, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    fresh_counter(monkeypatch)
    page = make_page("Dune")

    assert Client().get(page.url).status_code == 200
