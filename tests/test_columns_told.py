"""The columns of listings follow what is told: after each change they are as if read anew."""

import threading
import time
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from catalog import columns, kept, listing, moment, stock
from catalog.columns import keeping, rows
from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    Product,
    ProductAttribute,
    ProductPage,
    StockMovement,
)
from catalog.models.products import ProductCategory
from catalog.models.settings import CatalogSettings
from catalog.tests.columns_shown import shown
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from home.models import ShopSettings
from orders import sales
from orders.models import OrderItem, OrderSettings
from orders.tests.desk_orders import State, an_order
from social import likes, reviews, views_saving
from social.models import Review
from social.tests.reviewing import make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def shop(a_redis, commit):
    """Two prints in Oils and one above, which has a review; Dune has an answer and a brand."""
    cache.clear()
    kept.forget()
    with commit():
        for settings in (OrderSettings, CatalogSettings):
            settings.load()
        ShopSettings.objects.create(site=Site.objects.get(is_default_site=True), name="Halftone")
        prints = make_category("Prints")
        oils = make_category("Oils", parent=prints)
        wood = Attribute.objects.create(name="Wood", kind=Attribute.Kind.CHOICE, is_facet=True)
        wood.choices = [AttributeChoice(name=name) for name in ("Oak", "Ash")]
        wood.save()
        brand = Brand.objects.create(name="Elm")
        answered = [ProductAttribute(attribute=wood, value="Oak")]
        pages = [
            make_page("Dune", oils, brand=brand, attributes=answered),
            make_page("Moor", oils),
            make_page("Fen", prints),
        ]
        for page, price in zip(pages, ("20.00", "30.00", "40.00"), strict=True):
            page.sku = make_sku(page, price=price)
        make_review(pages[2].product, stars=2)
    with columns.using() as current:
        assert shown(current) == shown(keeping.read())
    yield pages
    kept.forget()


def dune():
    return ProductPage.objects.get(title="Dune")


def category(title):
    return dune().get_parent().specific if title == "Oils" else dune().get_parent().get_parent()


def published(**fields):
    page = dune()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def sold():
    an_order(State.PAID, quantities={dune().product.skus.get(): 2})
    assert OrderItem.objects.exists()
    sales.refresh()


def viewed():
    views_saving._add({dune().product_id: {timezone.now().date(): views_saving.Counted(views=7)}})


def answered_anew():
    page = dune()
    page.attributes.all().delete()
    page.attributes.add(
        ProductAttribute(attribute=Attribute.objects.get(), value="Ash", sort_order=0)
    )
    page.save_revision().publish()


def another_spelling():
    ProductAttribute.objects.filter(value="Oak").update(value="White oak")
    choice = AttributeChoice.objects.get(name="Oak")
    choice.name = "White oak"
    choice.save()


CHANGES = {
    "a price": lambda: set_price(dune().product.skus.get(), "5.00"),
    "a reduced price": lambda: set_price(dune().product.skus.get(), "5.00", "9.00"),
    "the last piece": lambda: stock.adjust(
        {dune().product.skus.get(): -10}, reason=StockMovement.Reason.ADJUSTMENT
    ),
    "a title": lambda: published(title="Éclair"),
    "an answer": answered_anew,
    "another spelling of an answer": another_spelling,
    "no filter any more": lambda: Attribute.objects.get().delete(),
    "another brand": lambda: published(brand=Brand.objects.create(name="Birch")),
    "another name of the brand": lambda: (
        setattr(brand := Brand.objects.get(), "name", "Oak") or brand.save()
    ),
    "the brand is gone": lambda: Brand.objects.get().delete(),
    "a new page": lambda: make_sku(make_page("Heath", category("Oils")), price="1.00"),
    "an alias": lambda: dune().create_alias(parent=category("Prints").specific),
    "unpublishing": lambda: dune().unpublish(),
    "deleting": lambda: dune().delete(),
    "moving it": lambda: dune().move(category("Prints"), pos="last-child"),
    "moving its category": lambda: category("Oils").move(
        category("Prints").get_parent(), pos="last-child"
    ),
    "a further category": lambda: ProductCategory.objects.create(
        page=ProductPage.objects.get(title="Fen"), category=category("Oils")
    ),
    "a category for members": lambda: PageViewRestriction.objects.create(
        page=category("Oils"), restriction_type=PageViewRestriction.LOGIN
    ),
    "a review": lambda: make_review(dune().product, stars=5),
    "a hidden review": lambda: reviews.hide(Review.objects.get()),
    "a like": lambda: likes.like(make_member(), dune().product),
    "views": viewed,
    "an order": sold,
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_every_change_they_are_what_is_read_anew(change, shop, commit):
    before = shown(keeping.read())

    with commit():
        CHANGES[change]()

    with columns.using() as current:
        after = shown(keeping.read())
        assert shown(current) == after
    assert after != before


def test_a_price_that_begins_by_itself_moves_a_product_in_the_listing(shop, commit, monkeypatch):
    begins = timezone.now() + timedelta(hours=1)
    with commit():
        set_price(dune().product.skus.get(), "99.00", at=begins)
    now = begins + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    with commit():
        listing.refresh_due()

    with columns.using() as current:
        assert current.prices.of[current.slots[dune().pk]] == 99_000
        assert shown(current) == shown(keeping.read())


def test_a_change_that_is_not_told_is_not_seen(shop):
    """The control: what the tests above find comes by the log, not by reading all anew."""
    Product.objects.filter(pages=dune()).update(lowest_price=Decimal("1.00"))

    with columns.using() as current:
        assert shown(current) != shown(keeping.read())


def test_a_change_reads_what_has_changed_and_nothing_else(shop, commit, monkeypatch):
    read = []
    monkeypatch.setattr(
        rows, "some", lambda pages, products, *more: read.append((set(pages), set(products))) or []
    )
    monkeypatch.setattr(keeping, "read", lambda: pytest.fail("Everything is read anew."))
    page = dune()
    with commit():
        set_price(page.product.skus.get(), "5.00")
    with columns.using():
        pass

    assert read == [(set(), {page.product_id})]


def test_a_listing_asks_the_database_for_no_order_and_no_counts(shop):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            response = Client().get(address)
            assert response.status_code == 200
        return [query["sql"] for query in captured], response.context

    Client().get("/prints/")
    for address in ("/prints/?sort=price&price_from=25", "/prints/?sort=name&stock=1&page=1"):
        found, context = queries(address)
        assert context["page_obj"].paginator.count >= 2
        # Nothing of products: neither counts, nor an order, nor cards.
        assert not [sql for sql in found if "catalog_product" in sql]


@pytest.fixture
def large(shop, monkeypatch):
    """As if it had very many pages: they are read by a thread, which goes on when it is let."""
    kept.forget()
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    read, go_on = keeping.read(), threading.Event()

    def slowly():
        assert go_on.wait(10)
        return read

    monkeypatch.setattr(keeping, "read", slowly)
    yield go_on
    go_on.set()
    columns.keeper.wait()


def test_while_very_many_are_read_nobody_waits_and_nothing_is_missed(large, commit, monkeypatch):
    with columns.using() as current:
        assert current is None
    with commit():
        published(title="Éclair")
    assert Client().get("/prints/").status_code == 200
    large.set()
    columns.keeper.wait()

    monkeypatch.undo()
    with columns.using() as current:
        assert shown(current) == shown(keeping.read())


def test_what_could_not_be_read_is_read_the_next_time(large, monkeypatch, caplog):
    def broken():
        raise ConnectionError("gone")

    monkeypatch.setattr(keeping, "read", broken)
    with columns.using() as current:
        assert current is None
    columns.keeper.wait()
    assert "could not be read" in caplog.text

    monkeypatch.undo()
    with columns.using() as current:
        assert shown(current) == shown(keeping.read())


def test_who_is_asked_for_no_listing_for_long_does_not_remember_every_change(shop, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_HEARD", 100)
    for number in range(300):
        columns.keeper.hear([f"page:{number}", f"in:{number}", "frame"])
    assert len(columns.keeper._heard) <= 101

    with columns.using() as current:
        assert shown(current) == shown(keeping.read())


def test_previews_and_unfinished_transactions_ask_the_database(shop):
    with moment.at(timezone.now() + timedelta(days=1)), columns.using() as current:
        assert current is None
    # Not yet committed: a test's own transaction is never over.
    set_price(dune().product.skus.get(), "7.00")
    with columns.using() as current:
        assert current is None
    prices = [card.price.amount for card in Client().get("/prints/?sort=price").context["cards"]]
    assert prices[0] == 7


def test_without_redis_listings_ask_the_database(shop, a_redis):
    a_redis.kill()
    a_redis.wait()
    time.sleep(kept.log.STILL_KNOWN + kept.log.KNOWN_FOR)

    with columns.using() as current:
        assert current is None
    assert Client().get("/prints/?sort=price").context["page_obj"].paginator.count == 3


def test_who_has_not_heard_the_log_for_too_long_reads_everything_anew(shop, monkeypatch):
    Product.objects.filter(pages=dune()).update(lowest_price=Decimal("1.00"))
    monkeypatch.setattr(kept.view, "_heard_at", kept.view._heard_at - 2 * 600)
    kept.view.look_again()

    with columns.using() as current:
        assert shown(current) == shown(keeping.read())
