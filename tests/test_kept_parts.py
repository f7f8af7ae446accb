"""Pages that are put together from what is kept show what there is, and ask for little."""

import re
import time
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from catalog import kept, stock
from catalog.kept import memory
from catalog.models import Brand, ProductOption, ProductPage, Stock, StockMovement
from catalog.models.products import RelatedProduct
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from home.models import ShopSettings
from orders.models import OrderSettings

pytestmark = pytest.mark.django_db

# Made anew in a process that has made them before: the page itself, on a home page without blocks
# its categories and its newest, and for a search the SKU that it may name.
WARM = {"/": 3, "/prints/": 1, "/prints/dune/": 1, "/search/?q=dune": 1}


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def shop(a_redis, commit, settings):
    """A category with products, of which Dune has two variants and goes with the others."""
    cache.clear()
    kept.forget()
    with commit():
        # Not by the first page: a transaction of a test is never over.
        OrderSettings.load()
        ShopSettings.objects.create(site=Site.objects.get(is_default_site=True), name="Halftone")
        prints = make_category("Prints")
        brand = Brand.objects.create(name="Odd & Elm")
        dune = make_page("Dune", prints, brand=brand, summary="A calm horizon")
        dune.options.add(ProductOption(name="Size"))
        others = [make_page(f"Dune number {number}", prints, brand=brand) for number in range(4)]
        for place, page in enumerate(others):
            make_sku(page, f"NUMBER-{place}", price="5.00")
            dune.related_products.add(RelatedProduct(product_page=page, sort_order=place))
        dune.save()
        dune.small = make_sku(dune, "DUNE-A4", price="10.00", option1="A4", on_hand=9)
        dune.large = make_sku(dune, "DUNE-A3", price="20.00", option1="A3", on_hand=3)
    yield dune
    kept.forget()


def page_of(path):
    return Client().get(path).content.decode()


def queries(path):
    with CaptureQueriesContext(connection) as captured:
        page_of(path)
    return len(captured)


@pytest.mark.parametrize("path", WARM)
def test_a_page_that_is_made_anew_asks_for_little(path, shop):
    first = page_of(path)

    assert queries(path) <= WARM[path]
    assert page_of(path) == first


@pytest.mark.parametrize("path", [*WARM, "/prints/?sort=price", "/prints/dune/?sku=DUNE-A3"])
def test_what_is_put_together_is_what_is_made_from_nothing(path, shop):
    for other in WARM:
        page_of(other)
    together = page_of(path)
    kept.forget()

    assert page_of(path) == together


@pytest.mark.parametrize("path", ["/prints/dune/", "/prints/", "/search/?q=dune", "/"])
def test_another_price_is_shown_at_once(path, shop, commit):
    assert "€10.00" in page_of(path)
    with commit():
        set_price(shop.small, "12.50")

    text = page_of(path)
    assert "€12.50" in text
    assert "€10.00" not in text


@pytest.mark.parametrize("path", ["/prints/dune/", "/prints/"])
def test_a_price_that_begins_later_is_shown_from_its_moment_on(path, shop, commit):
    begins = timezone.now() + timedelta(seconds=2)
    with commit():
        set_price(shop.small, "8.75", at=begins)
    before = page_of(path)
    time.sleep(max((begins - timezone.now()).total_seconds(), 0))

    assert "€8.75" not in before
    assert "€8.75" in page_of(path)


def test_a_listing_by_price_follows_a_price_that_begins_by_itself(shop, commit):
    def first():
        return re.search(r'card__link" href="([^"]+)"', page_of("/prints/?sort=price"))[1]

    begins = timezone.now() + timedelta(seconds=2)
    with commit():
        set_price(shop.small, "1.00", at=begins)
    assert first() != "/prints/dune/"
    time.sleep(max((begins - timezone.now()).total_seconds(), 0))

    assert first() == "/prints/dune/"


def test_what_sells_out_is_no_longer_offered(shop, commit):
    assert "Only 3 left" in page_of("/prints/dune/")
    with commit():
        Stock.objects.filter(sku=shop.small).update(when_sold_out="stop")
        for sku, number in ((shop.small, -9), (shop.large, -3)):
            stock.adjust({sku: number}, reason=StockMovement.Reason.ADJUSTMENT)

    assert "/cart/add/" not in page_of("/prints/dune/")
    assert "Sold out" in page_of("/prints/")


def test_a_new_title_is_everywhere_at_once(shop, commit):
    paths = ["/prints/dune/", "/prints/", "/"]
    for path in paths:
        assert "Moonrise" not in page_of(path)
    with commit():
        shop.title = "Moonrise"
        shop.save_revision().publish()

    for path in paths:
        assert "Moonrise" in page_of(path)


def test_a_product_that_is_published_is_listed_counted_and_found_at_once(shop, commit):
    assert "5 products" in page_of("/prints/")
    assert "5 products" in page_of("/search/?q=dune")
    with commit():
        make_sku(make_page("Dune at night", shop.get_parent(), brand=shop.brand), "NIGHT")

    for path in ("/prints/", "/search/?q=dune"):
        text = page_of(path)
        assert "6 products" in text
        assert "Dune at night" in text


def test_what_goes_well_with_it_goes_when_it_is_unpublished(shop, commit):
    assert "Dune number 2" in page_of("/prints/dune/")
    with commit():
        ProductPage.objects.get(title="Dune number 2").unpublish()

    assert "Dune number 2" not in page_of("/prints/dune/")
    assert Client().get("/prints/dune-number-2/").status_code == 404


def test_a_category_in_the_menu_is_there_on_every_page_at_once(shop, commit):
    page_of("/prints/dune/")
    with commit():
        make_category("Lamps")

    assert ">Lamps<" in re.sub(r"\s+", "", page_of("/prints/dune/"))


def test_a_page_that_only_some_may_see_is_no_longer_shown_to_all(shop, commit):
    from wagtail.models import PageViewRestriction

    page_of("/prints/dune/"), page_of("/prints/")
    with commit():
        PageViewRestriction.objects.create(page=shop, restriction_type="login")

    assert Client().get("/prints/dune/").status_code == 302
    assert "A calm horizon" not in page_of("/prints/")
    assert "DUNE-A4" not in page_of("/prints/")


def test_a_preview_neither_reads_nor_leaves_a_part(shop):
    live = page_of("/prints/dune/")
    shop.title = "Not yet"

    draft = shop.make_preview_request().content.decode()

    assert "Not yet" in draft
    assert page_of("/prints/dune/") == live


def test_an_address_cannot_fill_the_memory_with_variants(shop):
    page_of("/prints/dune/?sku=DUNE-A3")
    before = len(memory._values)
    for number in range(20):
        page_of(f"/prints/dune/?sku={number}")
        page_of(f"/prints/dune/?sku=dune-a3&x={number}")
        page_of(f"/prints/?price_from={number}&brand={number}")

    # Without a variant that is known, the page is the plain one.
    assert len(memory._values) <= before + 20


def test_the_variant_that_an_address_names_is_the_one_that_is_chosen(shop):
    def chosen(path):
        return re.findall(r'value="(DUNE-A\d)"\s+required\s+checked', page_of(path))

    page_of("/prints/dune/")
    assert chosen("/prints/dune/?sku=dune-a3") == ["DUNE-A3"]
    assert chosen("/prints/dune/?sku=nothing") == ["DUNE-A4"]
    assert chosen("/prints/dune/") == ["DUNE-A4"]


def test_a_brand_that_is_renamed_is_named_so_by_its_facet(shop, commit):
    with commit():
        make_sku(make_page("Fern", shop.get_parent(), brand=Brand.objects.create(name="Halbkreis")))
    assert "Odd &amp; Elm" in page_of("/prints/")
    with commit():
        shop.brand.name = "Even & Ash"
        shop.brand.save()

    assert "Odd &amp; Elm" not in page_of("/prints/")
    assert "Even &amp; Ash" in page_of("/prints/")
    assert "Even &amp; Ash" in page_of("/prints/dune/")


def test_a_language_that_has_no_pages_is_searched_in_the_pages_that_there_are(shop):
    assert "Dune number 2" in page_of("/zh-hans/search/?q=dune")
