"""The page of rankings: what comes first and why, with Redis and without."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from catalog import redis_client
from catalog.models import Product, ProductPage
from catalog.tests.factories import make_category, make_page, make_sku
from social import counters, rankings, views_counter
from social.models import ProductViews
from social.views_counter import EVER, day_key

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 30)
ADDRESSES = [
    "/rankings/",
    "/rankings/today/",
    "/rankings/ever/",
    "/rankings/selling/",
    "/rankings/liked/",
    "/rankings/rated/",
]


@pytest.fixture(autouse=True)
def _a_day_that_does_not_end(monkeypatch):
    monkeypatch.setattr(views_counter, "today", lambda: DAY)


@pytest.fixture
def server(a_redis):
    client = redis_client.client()
    client.set(counters.FILLED, "then")
    return client


def titles(address):
    page = Client().get(address).content.decode().split("<ol", 1)
    return re.findall(r'class="card__link"[^>]*>([^<]*)<', page[1]) if len(page) > 1 else []


def make(title, **facts):
    page = make_page(title)
    Product.objects.filter(pk=page.product_id).update(**facts)
    return page.product_id


def viewed(product, visits, days_ago=0):
    day = DAY - timedelta(days=days_ago)
    ProductViews.objects.create(product_id=product, day=day, count=100 - visits, visits=visits)


def test_views_are_ranked_by_what_redis_knows_of_this_moment(server):
    dune, moon, snow = make("Dune", views=9), make("Moon"), make("Snow")
    server.zadd(EVER, {dune: 1, moon: 7, snow: 3})
    server.zadd(day_key(DAY), {snow: 2, dune: 1})
    server.zadd(day_key(DAY - timedelta(days=6)), {dune: 2, moon: 1})
    server.zadd(day_key(DAY - timedelta(days=7)), {moon: 50})

    assert titles("/rankings/today/") == ["Snow", "Dune"]
    assert titles("/rankings/") == ["Dune", "Snow", "Moon"]
    assert titles("/rankings/ever/") == ["Moon", "Snow", "Dune"]


@pytest.mark.parametrize("state", ["away", "emptied"])
def test_without_redis_they_are_ranked_by_what_the_database_knows(request, state):
    if state == "emptied":
        server = request.getfixturevalue("server")
        server.delete(counters.FILLED)
        server.zadd(EVER, {1: 1})
    dune, moon, snow = make("Dune", views=1), make("Moon", views=7), make("Snow", views=3)
    viewed(snow, 2)
    viewed(dune, 1)
    viewed(dune, 2, days_ago=6)
    viewed(moon, 1, days_ago=6)
    viewed(moon, 50, days_ago=7)

    assert titles("/rankings/today/") == ["Snow", "Dune"]
    assert titles("/rankings/") == ["Dune", "Snow", "Moon"]
    assert titles("/rankings/ever/") == ["Moon", "Snow", "Dune"]


def test_best_sellers_and_most_liked_are_ranked_by_their_numbers():
    make("Dune", sold_30_days=2, total_likes=1)
    make("Moon", sold_30_days=5)
    make("Snow", total_likes=3)

    assert titles("/rankings/selling/") == ["Moon", "Dune"]
    assert titles("/rankings/liked/") == ["Snow", "Dune"]


def test_many_good_reviews_come_before_a_few_perfect_ones():
    """With m = 4.6 of all: (5 * m + n * stars) / (5 + n)."""
    make("Three of 5", rating="5.00", total_reviews=3)
    make("Fifty of 4.8", rating="4.80", total_reviews=50)
    make("Two of 5", rating="5.00", total_reviews=2)
    make("Ten of 2", rating="2.00", total_reviews=10)
    make("Five of 4", rating="4.00", total_reviews=5)
    make("Nobody said anything")

    assert titles("/rankings/rated/") == ["Fifty of 4.8", "Three of 5", "Five of 4", "Ten of 2"]


def test_where_views_are_the_same_the_newer_product_comes_first(server):
    first, second = make("First", views=3), make("Second", views=3)
    server.zadd(day_key(DAY), {first: 3, second: 3})

    assert titles("/rankings/") == ["Second", "First"]
    server.delete(counters.FILLED)
    cache.clear()
    assert titles("/rankings/ever/") == ["Second", "First"]


@pytest.mark.parametrize("gone", ["unpublished", "deleted", "private"])
def test_only_what_has_a_page_that_everybody_may_see_has_a_place(server, gone):
    dune, moon = make("Dune", total_likes=5), make("Moon", total_likes=1)
    server.zadd(EVER, {dune: 5, moon: 1})
    page = ProductPage.objects.get(product=dune)
    if gone == "unpublished":
        page.unpublish()
    if gone == "deleted":
        page.delete()
    if gone == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert titles("/rankings/ever/") == ["Moon"]
    assert titles("/rankings/liked/") == ["Moon"]


def test_places_that_fell_free_are_taken_by_the_next():
    for number in range(30):
        make(f"P{number}", total_likes=100 - number)
    ProductPage.objects.filter(title__in=[f"P{number}" for number in range(5)]).update(live=False)

    assert titles("/rankings/liked/") == [f"P{number}" for number in range(5, 29)]
    assert re.findall(
        r"</span> (\d+)</span>", Client().get("/rankings/liked/").content.decode()
    ) == [str(place) for place in range(1, 25)]


def test_a_product_with_a_page_and_an_alias_has_one_place():
    page = make_page("Dune")
    page.create_alias(parent=make_category("Gifts"))
    Product.objects.update(total_likes=1)

    assert titles("/rankings/liked/") == ["Dune"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_ranking_says_so(address):
    page = Client().get(address)

    assert page.status_code == 200
    assert "Nobody has a place here yet" in page.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_ranking_is_the_same_for_everybody_and_may_be_kept(address, editor, client):
    make("Dune", views=1, total_likes=1, sold_30_days=1, total_reviews=3, rating=5)

    of_stranger, of_editor = Client().get(address), client.get(address)

    assert of_stranger.content == of_editor.content
    assert not of_stranger.cookies
    assert not of_editor.cookies
    assert "max-age=60" in of_stranger["Cache-Control"]
    assert "public" in of_stranger["Cache-Control"]
    assert "Cookie" not in of_stranger.get("Vary", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_its_tabs_are_links_and_say_where_one_is(address):
    page = Client().get(address).content.decode()

    for other in ADDRESSES:
        assert f'href="{other}"' in page
    [here] = re.findall(r'href="([^"]*)"\s+aria-current="page"', page)
    assert here == address


def test_the_week_has_one_address():
    response = Client().get("/rankings/week/")

    assert (response.status_code, response["Location"]) == (301, "/rankings/")


@pytest.mark.parametrize("slug", ["nothing", "x" * 5_000, "%00", "week%00", "1"])
def test_a_ranking_that_is_none_is_not_found(slug):
    assert Client().get(f"/rankings/{slug}/").status_code == 404


def test_a_ranking_takes_the_same_queries_whatever_is_on_it():
    def queries_with(numbers):
        for number in numbers:
            page = make_page(f"P{number}")
            make_sku(page, f"P{number}")
            Product.objects.filter(pk=page.product_id).update(total_likes=number)
        titles("/rankings/liked/")
        cache.delete("rankings:liked")
        with CaptureQueriesContext(connection) as queries:
            titles("/rankings/liked/")
        return len(queries)

    assert queries_with(range(1, 3)) == queries_with(range(3, 28))
    assert len(titles("/rankings/liked/")) == 24


def test_it_is_worked_out_once_a_minute(server):
    dune = make("Dune")
    moon = make("Moon")
    server.zadd(EVER, {dune: 1})
    assert titles("/rankings/ever/") == ["Dune"]
    server.zadd(EVER, {moon: 2})

    assert titles("/rankings/ever/") == ["Dune"]
    cache.clear()
    assert titles("/rankings/ever/") == ["Moon", "Dune"]


def test_a_shop_with_very_many_products_asks_for_a_thousand_of_each_day(server, monkeypatch):
    monkeypatch.setattr(rankings, "CANDIDATES", 10)
    for back in range(7):
        server.zadd(
            day_key(DAY - timedelta(days=back)), {number: number for number in range(1, 100)}
        )

    assert rankings.viewed_this_week() == list(range(99, 89, -1))
