"""Public pages are kept whole: the same for everybody, and right as soon as something changes."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from catalog import kept, redis_client, stock
from catalog.models import CatalogSettings
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from orders.models import OrderSettings
from search import terms
from social.tests.people import make_member
from storefront.page_cache import pages, store
from storefront.page_cache.middleware import PageCacheMiddleware
from storefront.page_cache.store import Store

pytestmark = pytest.mark.django_db

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """``with commit(): ...`` is a transaction that is committed."""
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture(autouse=True)
def _on(a_redis, settings, commit):
    with commit():
        # The shop's settings are written when they are first read.
        Client().get("/")
        CatalogSettings.load()
        OrderSettings.load()
    settings.PAGE_CACHE = True


@pytest.fixture
def product(commit):
    with commit():
        page = make_page("Heron", category=make_category("Birds"))
        make_sku(page, "B-1", price="20", on_hand=5)
    return page


def text(page, client=None, **headers):
    """What another process shows: each client has a chain of middleware of its own."""
    url = page if isinstance(page, str) else page.url
    response = (client or Client()).get(url, **headers)
    assert response.status_code == 200
    return response.content.decode()


def is_kept(page, **headers):
    """Whether the page is shown without a look into the database."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text(page, **headers)
    return not queries.captured_queries


# Kept


def test_a_page_is_made_once_for_all_processes(product):
    first = text(product)
    assert is_kept(product)
    assert text(product) == first


def test_what_is_campaigned_for_shares_the_page_with_everybody(product):
    text(product)
    assert is_kept(f"{product.url}?utm_source=mail&fbclid=IwAR1&x=1")


def test_what_a_page_reads_makes_another_page(product):
    text(product)
    assert not is_kept(f"{product.url}?sku=B-1")
    assert is_kept(f"{product.url}?sku=B-1&utm_source=mail")


def test_languages_are_kept_apart(product):
    assert 'lang="en"' in text("/search/?q=heron")
    assert 'lang="ko"' in text("/ko/search/?q=heron")
    assert 'lang="en"' in text("/search/?q=heron", HTTP_ACCEPT_LANGUAGE="ko")


def test_a_browser_that_has_the_page_is_told_that_it_holds(product):
    first = Client().get(product.url)
    again = Client().get(product.url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("", None), ("zstd", None)],
)
def test_it_leaves_compressed_as_the_browser_wants_it(product, accepted, encoding):
    plain = text(product)
    response = Client().get(product.url, HTTP_ACCEPT_ENCODING=accepted)
    assert response.get("Content-Encoding") == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert int(response["Content-Length"]) == len(response.content)
    opened = {"br": pages.brotli.decompress, "gzip": pages.gzip.decompress, None: bytes}
    assert opened[encoding](response.content).decode() == plain


def test_a_question_for_the_head_alone_is_answered_from_what_is_kept(product):
    text(product)
    with CaptureQueriesContext(connection) as queries:
        response = Client().head(product.url)
    assert response.status_code == 200
    assert not queries.captured_queries


# Not kept


@pytest.mark.parametrize("url", ["/cart/", "/me/", "/account/login/", "/nothing-here/"])
def test_what_is_not_public_is_never_kept(url):
    client = Client()
    client.get(url)
    assert not _server().keys("kept:page:*")
    assert not _server().keys("kept:making:*")


def test_a_page_for_some_alone_is_shown_to_them_and_kept_for_nobody(product, commit):
    group = Group.objects.create(name="Friends")
    with commit():
        restriction = PageViewRestriction.objects.create(
            page=product.get_parent(), restriction_type=PageViewRestriction.GROUPS
        )
        restriction.groups.add(group)
    friend = make_member("friend")
    friend.groups.add(group)
    client = Client()
    client.force_login(friend)
    for _ in range(2):
        assert "Heron" in text(product, client)
        assert Client().get(product.url).status_code == 302


def test_a_page_that_everybody_saw_is_shut_at_once(product, commit):
    text(product)
    with commit():
        PageViewRestriction.objects.create(
            page=product.get_parent(), restriction_type=PageViewRestriction.LOGIN
        )
    assert Client().get(product.url).status_code == 302


def test_while_the_shop_is_shut_no_kept_page_is_shown(product, settings):
    text(product)
    settings.MAINTENANCE = True
    assert Client().get(product.url).status_code == 503


# The same for everybody


def test_nothing_of_who_asks_first_is_on_the_page_of_who_asks_next(product, settings):
    clean = text(product)
    settings.ALLOWED_HOSTS = ["testserver"]
    names = [
        "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "Accept",
        "Accept-Language", "Cookie", "Referer", "User-Agent", "HX-Request", "HX-Current-URL",
        "X-Forwarded-For", "Forwarded", "Origin", "Authorization", "Via", "X-HTTP-Method-Override",
        "Sec-Purpose", "If-Modified-Since", "Range",
    ]  # fmt: skip
    values = ["evil.example", "/evil", "<script>evil</script>", "ko", "sessionid=evil; evil=1"]
    for name in names:
        for value in values:
            with_cache_of_its_own(product, {f"HTTP_{name.upper().replace('-', '_')}": value})
            assert text(product) == clean, (name, value)


def test_nothing_of_a_strange_parameter_is_on_a_page(product):
    clean = text(product)
    for number, name in enumerate(("next", "evil", "callback", "_method", "lang", "page[]")):
        for value in ("evil", "<script>", "//evil.example", "%00", "ko"):
            _server().flushdb()
            response = Client().get(product.url, {name: value, "utm_campaign": number})
            assert response.content.decode() == clean
            assert not response.cookies
            assert text(product) == clean


def test_a_member_makes_the_page_that_a_stranger_sees(product):
    client = Client()
    client.force_login(make_member("ada", name="Ada Lovelace"))
    seen = text(product, client)
    assert "Ada" not in seen
    assert text(product) == seen


def with_cache_of_its_own(page, headers):
    _server().flushdb()
    response = Client().get(page.url, **headers)
    assert not response.cookies


# Fresh


def test_what_an_editor_publishes_is_on_every_page_that_shows_it(product, commit):
    category = product.get_parent()
    text(product), text(category), text("/search/?q=heron")
    product.title = "Grey heron"
    with commit():
        product.save_revision().publish()
    for page in (product, category, "/search/?q=heron"):
        assert "Grey heron" in text(page)


def test_a_draft_changes_nothing(product, commit):
    text(product)
    product.title = "Not yet"
    with commit():
        product.save_revision()
    assert is_kept(product)


def test_other_pages_stay_as_they_are(product, commit):
    with commit():
        other = make_page("Teapot", category=make_category("Kitchen"))
    text(other), text(other.get_parent())
    with commit():
        product.save_revision().publish()
    assert is_kept(other)
    assert is_kept(other.get_parent())


def test_a_new_product_is_in_its_category_and_all_above(commit):
    with commit():
        upper = make_category("Animals")
        lower = make_category("Birds", parent=upper)
    text(upper), text(lower)
    with commit():
        make_page("Heron", category=lower)
    assert "Heron" in text(lower)
    assert "Heron" in text(upper)


def test_what_is_unpublished_is_gone_from_page_and_listing(product, commit):
    category = product.get_parent()
    text(product), text(category)
    with commit():
        product.unpublish()
    assert Client().get(product.url).status_code == 404
    assert "Heron" not in text(category)


def test_what_is_deleted_is_gone_from_the_listing(product, commit):
    category = product.get_parent()
    text(category)
    with commit():
        product.delete()
    assert "Heron" not in text(category)


def test_what_moves_leaves_one_category_for_the_other(product, commit):
    before = product.get_parent()
    with commit():
        after = make_category("Water")
    text(before), text(after)
    with commit():
        product.move(after, pos="last-child")
    assert "Heron" not in text(before)
    assert "Heron" in text(after)


def test_a_price_is_right_as_soon_as_it_is_written(product, commit):
    category = product.get_parent()
    assert "20.00" in text(product)
    assert "20.00" in text(category)
    with commit():
        set_price(product.product.skus.get(), "31")
    for page in (product, category):
        assert "31.00" in text(page)
        assert "20.00" not in text(page)


def test_a_price_that_starts_at_a_moment_is_right_at_that_moment(product, commit):
    sku = product.product.skus.get()
    begins = timezone.now() + timedelta(seconds=2)
    with commit():
        set_price(sku, "17", at=begins)
    category = product.get_parent()
    assert "20.00" in text(product)
    assert "20.00" in text(category)
    assert is_kept(product)
    time.sleep(max(0, (begins - timezone.now()).total_seconds()) + 0.01)
    assert "17.00" in text(product)
    assert "17.00" in text(category)


def test_what_sells_out_is_offered_no_longer(product, commit):
    assert "data-add-button" in text(product)
    sku = product.product.skus.get()
    with commit():
        stock.take({sku: 5}, reference="1")
    assert "data-add-button" not in text(product)
    assert "Sold out" in text(product.get_parent())


def test_a_picture_is_shown_once_a_worker_has_made_its_sizes(product, commit):
    from catalog import telling

    text(product)
    with commit():
        telling.pictures_changed([])
    assert is_kept(product)


# One makes, the others wait


def test_who_comes_while_a_page_is_made_gets_the_old_one(product, commit, monkeypatch):
    old = text(product)
    with commit():
        product.title = "Grey heron"
        product.save_revision().publish()
    key = next(iter(_pages())).key
    assert Store().take_lock(key)
    assert text(product) == old
    Store().let_go(key)
    assert "Grey heron" in text(product)


def test_what_changed_a_while_ago_is_shown_to_nobody(product, commit, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN_AFTER_CHANGE", 0)
    text(product)
    with commit():
        product.title = "Grey heron"
        product.save_revision().publish()
    assert "Grey heron" in text(product)


def test_what_is_old_is_made_anew_and_shown_meanwhile(product, monkeypatch):
    monkeypatch.setattr(pages, "RIGHT_FOR", 0)
    old = text(product)
    key = next(iter(_pages())).key
    assert Store().take_lock(key)
    assert is_kept(product)
    Store().let_go(key)
    assert not is_kept(product)
    assert text(product) == old


@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_many_readers_at_once_one_makes_the_page(is_guarded, monkeypatch, rf):
    """The control: without the lock most of them make it."""
    made = []

    def get_response(request):
        middleware.process_view(request, view, (), {})
        if request._making and request._making.is_answered:
            return HttpResponse()
        made.append(1)
        time.sleep(0.3)
        return HttpResponse("made")

    def view(request):
        raise NotImplementedError

    view.is_public_page = True
    middleware = PageCacheMiddleware(get_response)
    if not is_guarded:
        monkeypatch.setattr(Store, "take_lock", lambda store, key: True)

    answers = []

    def ask():
        request = rf.get("/some/page/")
        request.session = type("Session", (), {"accessed": False, "__init__": lambda *_: None})()
        answers.append(middleware(request).content)
        connections.close_all()

    readers = [threading.Thread(target=ask) for _ in range(200)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(made) == 1 if is_guarded else len(made) > 10
    if is_guarded:
        assert set(answers) <= {b"made", b""}


# Where Redis fails, and where it is full


def test_without_redis_pages_are_made_and_right(product, commit, a_redis):
    text(product)
    a_redis.kill()
    a_redis.wait()
    time.sleep(kept.log.STILL_KNOWN + kept.log.KNOWN_FOR)
    with commit():
        product.title = "Grey heron"
        product.save_revision().publish()
    assert "Grey heron" in text(product)
    assert not is_kept(product)


def test_two_pages_of_one_place_are_not_taken_for_each_other(product, settings, commit):
    settings.PAGE_CACHE_SLOTS = 1
    with commit():
        other = make_page("Teapot", category=product.get_parent())
    assert "Heron" in text(product)
    assert "Heron" not in text(other).split("</h1>")[0].split("<h1")[1]
    assert len(_server().keys("kept:page:*")) == 1


def test_a_process_keeps_so_many_bytes_and_no_more(product, monkeypatch):
    text(product)
    page = next(iter(_pages()))
    monkeypatch.setattr(store, "MOST_BYTES", 10 * page.size)
    here = Store()
    for number in range(25):
        page.key = f"{number}"
        here._keep(pages.Page.from_bytes(page.to_bytes()))
    assert list(here._here) == [str(number) for number in range(15, 25)]
    assert here._bytes == 10 * page.size


# What each showing does


def test_a_search_is_counted_each_time_that_its_page_is_shown(product):
    for _ in range(3):
        Client().get("/search/?q=heron", **BROWSER)
    Client().get("/search/?q=heron")
    counts = redis_client.client().hgetall(terms.PENDING)
    assert [int(value) for name, value in counts.items() if name.startswith("asked:")] == [3]


def _server():
    return redis_client.bytes_client()


def _pages():
    return [pages.Page.from_bytes(_server().get(name)) for name in _server().keys("kept:page:*")]
