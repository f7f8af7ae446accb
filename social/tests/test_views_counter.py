"""Each page that is looked at counts, in a real Redis: the embedded one, in a folder of its own."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from catalog import redis_client
from catalog.models import ProductPage
from catalog.tests.factories import make_page
from social import counters, views_counter
from social.views_counter import EVER, PENDING, day_key, total_key

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
DAY = date(2026, 11, 30)


@pytest.fixture
def server(a_redis, monkeypatch):
    """Redis as it is when it was filled from the database, on a day that does not end."""
    monkeypatch.setattr(views_counter, "today", lambda: DAY)
    client = redis_client.client()
    client.set(counters.FILLED, "then")
    return client


def request_of(rf, name=FIREFOX, address="192.0.2.1", **headers):
    return rf.get("/", headers={"User-Agent": name, **headers}, REMOTE_ADDR=address)


def test_every_view_counts_and_is_answered_with_their_number(server, rf):
    dune, moon = make_page("Dune").product_id, make_page("Moon").product_id

    numbers = [views_counter.count(product, request_of(rf)) for product in (dune, dune, moon)]

    assert numbers == [1, 2, 1]
    assert server.get(total_key(dune)) == "2"
    fields = server.hgetall(PENDING)
    assert re.fullmatch("[0-9a-f]{12}", fields.pop(views_counter.BATCH))
    assert fields == {
        f"2026-11-30:{dune}": "2",
        f"2026-11-30:{dune}:visits": "1",
        f"2026-11-30:{moon}": "1",
        f"2026-11-30:{moon}:visits": "1",
    }


def test_a_view_takes_one_round_trip_to_redis_and_no_query_but_the_first(
    server, rf, django_assert_num_queries
):
    product = make_page().product_id
    views_counter.count(product, request_of(rf))
    before = server.info("stats")["total_reads_processed"]

    with django_assert_num_queries(0):
        for _ in range(5):
            views_counter.count(product, request_of(rf))

    # One of them is the question that this asks.
    assert server.info("stats")["total_reads_processed"] - before == 6


def test_who_reloads_a_thousand_times_counts_once_in_the_rankings(server, rf):
    dune, moon = make_page("Dune").product_id, make_page("Moon").product_id

    for _ in range(1_000):
        total = views_counter.count(dune, request_of(rf))
    for number in range(3):
        views_counter.count(moon, request_of(rf, address=f"192.0.2.{number}"))

    assert total == 1_000
    expected = [(str(moon), 3.0), (str(dune), 1.0)]
    assert [tuple(row) for row in server.zrevrange(EVER, 0, -1, withscores=True)] == expected
    day = day_key(DAY)
    assert [tuple(row) for row in server.zrevrange(day, 0, -1, withscores=True)] == expected


def test_who_changes_the_name_of_the_browser_counts_five_times(server, rf):
    product = make_page().product_id

    for number in range(50):
        views_counter.count(product, request_of(rf, f"{FIREFOX} {number}"))

    assert server.zscore(EVER, product) == 5
    [seen] = server.keys("views:seen:*")
    assert server.scard(seen) == 5


def test_people_behind_one_address_are_told_apart(server, rf):
    product = make_page().product_id

    views_counter.count(product, request_of(rf, FIREFOX))
    views_counter.count(product, request_of(rf, SAFARI))

    assert server.zscore(EVER, product) == 2


def test_who_comes_back_after_half_an_hour_counts_again(server, rf):
    product = make_page().product_id
    views_counter.count(product, request_of(rf))
    [seen] = server.keys("views:seen:*")
    assert 1_790 <= server.ttl(seen) <= 1_800
    server.delete(seen)

    views_counter.count(product, request_of(rf))

    assert server.zscore(EVER, product) == 2


def test_neither_address_nor_browser_is_written_down(server, rf):
    views_counter.count(make_page().product_id, request_of(rf, address="198.51.100.77"))

    [seen] = server.keys("views:seen:*")
    assert "198.51.100.77" not in seen
    assert all(re.fullmatch("[0-9a-f]{16}", who) for who in server.smembers(seen))


def test_a_day_is_forgotten_after_three_weeks(server, rf):
    views_counter.count(make_page().product_id, request_of(rf))

    assert 21 * 86_400 - 10 <= server.ttl(day_key(DAY)) <= 21 * 86_400


@pytest.mark.parametrize(
    "name",
    [
        "",
        "curl/8.5.0",
        "Wget/1.21.4",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/130.0",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; ChatGPT-User/1.0)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 11) Chrome/130.0 Mobile Safari/537.36 Chrome-Lighthouse",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Mozilla/5.0 (compatible; Pingdom.com_bot_version_1.4)",
        "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534.24 BingPreview/1.0b",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 8_3) Safari/600 (compatible; Mediapartners-Google/2.1)",
        "Mozilla/5.0 (compatible; archive.org_bot)",
        "Mozilla/5.0 (compatible; SkypeUriPreview; Preview/0.5)",
    ],
)
def test_a_program_is_no_visitor(server, rf, name):
    assert views_counter.count(make_page().product_id, request_of(rf, name)) is None
    assert server.keys("views:*") == []


@pytest.mark.parametrize(
    "name",
    [
        FIREFOX,
        SAFARI,
        "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/130.0 Mobile Safari",
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Safari [Pinterest]",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Edg/140.0",
        "Mozilla/5.0 (X11; Ubuntu) " + "x" * 10_000,
    ],
)
def test_a_person_is(server, rf, name):
    assert views_counter.count(make_page().product_id, request_of(rf, name)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_nobody_looks_at_is_no_view(server, rf, headers):
    product = make_page().product_id

    assert views_counter.count(product, request_of(rf, **headers)) is None
    assert views_counter.count(product, request_of(rf, **{"Sec-Fetch-Site": "same-origin"})) == 1


def test_numbers_of_nothing_do_not_fill_redis(server, rf):
    draft = make_page("Draft", live=False).product_id
    private = make_page("Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    for product in (10**17, 2**63 - 1, draft, private.product_id):
        assert views_counter.count(product, request_of(rf)) is None

    assert server.keys("views:*") == []


def test_what_is_unpublished_counts_no_more_after_a_minute(server, rf, monkeypatch):
    page = make_page()
    assert views_counter.count(page.product_id, request_of(rf)) == 1
    ProductPage.objects.update(live=False)
    assert views_counter.count(page.product_id, request_of(rf)) == 2

    later = views_counter._now() + 60
    monkeypatch.setattr(views_counter, "_now", lambda: later)

    assert views_counter.count(page.product_id, request_of(rf)) is None


def test_a_redis_that_was_emptied_counts_on_and_shows_no_small_number(server, rf):
    product = make_page().product_id
    views_counter.count(product, request_of(rf))

    server.flushall()

    assert views_counter.count(product, request_of(rf)) is None
    assert server.hget(PENDING, f"2026-11-30:{product}") == "1"


def test_the_day_is_that_of_utc(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 12, 31, 23, 59, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(views_counter, "datetime", Clock)

    assert views_counter.today() == date(2026, 12, 31)


def test_the_page_itself_asks_for_nothing_to_be_counted(server):
    page = make_page("Dune")

    response = Client(headers={"User-Agent": FIREFOX}).get(page.url)

    assert server.keys("views:*") == []
    assert (
        f'<img src="/rankings/seen/?product={page.product_id}"'
        in response.content.decode().split("<noscript>")[1]
    )
    assert not response.cookies


def test_a_preview_asks_for_no_view_either(rf):
    page = make_page("Dune")

    response = page.make_preview_request()

    assert "/rankings/seen/" not in response.content.decode()
    assert "/rankings/because/" not in response.content.decode()


def test_without_script_a_picture_counts_it(server):
    page = make_page("Dune")
    client = Client(headers={"User-Agent": FIREFOX})

    response = client.get(f"/rankings/seen/?product={page.product_id}")

    assert (response.status_code, response.content) == (204, b"")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert server.get(total_key(page.product_id)) == "1"


@pytest.mark.parametrize("product", ["", "0", "-1", "x", "9" * 30, "\x00", "１", "1.5"])
def test_a_picture_of_nonsense_counts_nothing(server, product):
    client = Client(headers={"User-Agent": FIREFOX})

    assert client.get("/rankings/seen/", {"product": product}).status_code == 204
    assert server.keys("views:*") == []


def test_the_script_counts_it_by_the_private_fragment(server):
    page = make_page("Dune")
    client = Client(headers={"User-Agent": FIREFOX, "HX-Request": "true"})

    for _ in range(2):
        response = client.get(f"/me/?viewed={page.product_id}")

    assert server.get(total_key(page.product_id)) == "2"
    assert "Viewed 2 times" in response.content.decode()
    assert Client(headers={"User-Agent": FIREFOX}).get("/me/").status_code == 200


def test_a_page_that_asks_again_is_no_new_view(server):
    """Back from the browser's memory, or after something was put into the cart."""
    page = make_page("Dune")
    client = Client(headers={"User-Agent": FIREFOX, "HX-Request": "true"})
    client.get(f"/me/?viewed={page.product_id}")

    client.get(f"/me/?viewed={page.product_id}&again=1")

    assert server.get(total_key(page.product_id)) == "1"
