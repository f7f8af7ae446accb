"""What is kept of products is told of each change of their facts, and of nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from catalog import kept, listing, stock, telling_facts
from catalog.cards import cards_of_keys
from catalog.models import Price, Product, Stock, StockMovement
from catalog.models.products import ProductCategory
from catalog.prices import withdraw
from catalog.small_products import small_products
from catalog.tests.factories import make_category, make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves():
    prints = make_category("Prints")
    return prints, make_category("Maps", parent=prints), make_category("Gifts")


@pytest.fixture
def dune(shelves):
    """In Maps below Prints, and in Gifts besides."""
    page = make_page("Dune", shelves[1])
    ProductCategory.objects.create(page=page, category=shelves[2])
    return make_sku(page, "DUNE", price="20.00", on_hand=3)


@pytest.fixture
def told(monkeypatch, dune):
    tags = set()
    monkeypatch.setattr(kept, "changed", lambda *some: tags.update(some))
    return tags


def own(sku, *kinds):
    return {f"{kind}:{sku.product_id}" for kind in kinds}


def everywhere(sku, shelves):
    """On the home page, too, below which all categories stand."""
    paths = [shelves[0].get_parent().path, *(shelf.path for shelf in shelves)]
    return own(sku, "product", "card") | {"listed", *(f"in:{path}" for path in paths)}


def take(sku, count):
    with transaction.atomic():
        stock.take({sku: count}, reference="A")


def test_a_new_price_concerns_every_listing_that_it_stands_in(dune, told, shelves):
    set_price(dune, "25.00")

    assert told == everywhere(dune, shelves)


def test_other_listings_are_none_of_its_business(dune, told, shelves):
    other = make_category("Other")
    told.clear()

    set_price(dune, "25.00")

    assert f"in:{other.path}" not in told


def test_what_a_listing_sorts_by_stays_but_its_card_says_otherwise(dune, told, shelves):
    """Reduced from 30 instead of 25, to the same 20."""
    set_price(dune, "20.00", "25.00")
    told.clear()

    set_price(dune, "20.00", "30.00")

    assert told == own(dune, "product", "card")


def test_a_price_to_come_changes_until_when_a_card_is_right(dune, told):
    set_price(dune, "15.00", at=timezone.now() + timedelta(days=2))

    assert own(dune, "product", "card") <= told


def test_a_price_that_is_withdrawn(dune, told, shelves):
    set_price(dune, "12.00")
    told.clear()

    withdraw(list(Price.objects.filter(amount=12)))

    assert told == everywhere(dune, shelves)


def test_a_price_whose_time_has_come(dune, told, shelves):
    set_price(dune, "15.00", at=timezone.now() + timedelta(milliseconds=1))
    Product.objects.update(lowest_price=Decimal(20), price_changes_at=timezone.now())
    told.clear()

    assert listing.refresh_due() == 1

    assert told == everywhere(dune, shelves)


def test_one_sold_of_several_concerns_only_its_own_page(dune, told):
    take(dune, 1)

    assert told == own(dune, "product")


def test_the_last_one_sold_concerns_every_listing(dune, told, shelves):
    take(dune, 3)

    assert told == everywhere(dune, shelves)


def test_of_several_variants_the_dearer_one_sells_out(dune, told):
    """The product is still there, at the same lowest price; "from" is no longer said of it."""
    large = make_sku(dune.product, "DUNE-L", price="40.00", on_hand=1, option1="L")
    told.clear()

    take(large, 1)

    assert told == own(dune, "product", "card")


def test_what_is_received_when_there_was_none(dune, told, shelves):
    take(dune, 3)
    told.clear()

    stock.adjust({dune: 5}, reason=StockMovement.Reason.RECEIVED)

    assert told == everywhere(dune, shelves)


def test_what_is_received_when_there_was_some(dune, told):
    stock.adjust({dune: 5}, reason=StockMovement.Reason.RECEIVED)

    assert told == own(dune, "product")


def test_the_first_stock_of_a_new_sku(dune, told):
    sku = make_sku(dune.product, "NEW", on_hand=0, option1="N")
    Stock.objects.filter(sku=sku).delete()
    told.clear()

    stock.begin([Stock(sku=sku, on_hand=4)], reason=StockMovement.Reason.IMPORT)

    assert own(dune, "product", "card") <= told


def test_what_stays_as_it_is_is_not_written(dune, told, django_assert_num_queries):
    # The savepoint, the lock, the SKUs, and when prices change.
    with django_assert_num_queries(5):
        listing.refresh([dune.product_id])

    assert told == own(dune, "product")


def test_many_products_are_told_of_by_one_query(shelves, django_assert_num_queries):
    products = [make_sku(make_page(category=shelves[1])).product_id for _ in range(5)]

    with django_assert_num_queries(1):
        telling_facts.listed_changed(products)
    with django_assert_num_queries(0):
        telling_facts.listed_changed([])


class TestKept:
    """With a Redis: what was made of a product is made anew, and only then."""

    @pytest.fixture(autouse=True)
    def nothing_waits(self, a_redis, dune, django_capture_on_commit_callbacks):
        kept.forget()
        self.commit = lambda: django_capture_on_commit_callbacks(execute=True)
        with self.commit():
            telling_facts.facts_changed([0])
        # What the test was prepared with is nobody's change any more.
        transaction.get_connection().run_on_commit.clear()
        yield
        kept.forget()

    def test_a_card_says_the_new_price(self, dune):
        page = dune.product.pages.get()
        assert cards_of_keys([page.pk])[0].price.amount == 20
        with self.commit():
            set_price(dune, "25.00")
        transaction.get_connection().run_on_commit.clear()

        with kept.from_here():
            assert cards_of_keys([page.pk])[0].price.amount == 25

    def test_small_products_cost_nothing_the_second_time(self, dune, django_assert_num_queries):
        first = small_products([dune.product_id])

        with django_assert_num_queries(0):
            assert small_products([dune.product_id]) == first
        assert first[dune.product_id].page.title == "Dune"

    def test_a_new_title_is_shown(self, dune):
        page = dune.product.pages.get()
        assert small_products([dune.product_id])[dune.product_id].page.title == "Dune"
        with self.commit():
            page.title = "Dune at noon"
            page.save_revision().publish()
        transaction.get_connection().run_on_commit.clear()

        assert small_products([dune.product_id])[dune.product_id].page.title == "Dune at noon"

    def test_what_is_taken_down_is_shown_no_longer_and_comes_back(self, dune):
        page = dune.product.pages.get()
        assert small_products([dune.product_id])
        for change, is_shown in ((page.unpublish, False), (page.save_revision().publish, True)):
            with self.commit():
                change()
            transaction.get_connection().run_on_commit.clear()
            assert bool(small_products([dune.product_id])) is is_shown

    def test_another_page_of_the_product_in_this_language_is_shown_instead(self, dune):
        page = dune.product.pages.get()
        with self.commit():
            page.unpublish()
        transaction.get_connection().run_on_commit.clear()
        assert not small_products([dune.product_id])

        with self.commit():
            other = make_page("Dune, again", product=dune.product)
        transaction.get_connection().run_on_commit.clear()

        assert small_products([dune.product_id])[dune.product_id].page.pk == other.pk
