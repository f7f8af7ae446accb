"""The instrument that measures pages: its shop is one that could be, and it sees what is worse."""

import pytest
from wagtail.models import Page

from bench.pages import asking, people, places, results, shopping
from bench.pages.results import Row
from catalog import listing
from catalog.models import CategoryPage, Product, ProductPage, Sku, StockMovement
from orders.models import Order
from social.models import User

HEADING = "PostgreSQL, 10,000 products, gunicorn-sync"
COLUMNS = ["pk", "lowest_price", "in_stock", "on_sale"]
PRODUCTS = 48


@pytest.fixture
def shop(db, settings):
    """Two shelves, on which each product has a copy."""
    settings.ALLOWED_HOSTS = ["localhost"]
    places.fill(PRODUCTS, places.Tree(departments=1, aisles=1, shelves=2), made=PRODUCTS // 2)
    with asking.kept_connection():
        yield


def row(**more) -> Row:
    given = {"name": "product, made anew", "cpu": 9.0, "bare": 20.0, "wagtail": 1.0, "queries": 8}
    return Row(**given | more)


def committed(*rows: Row) -> dict[str, results.Known]:
    text = results.written("# Results\n\nWords.\n", HEADING, results.table(rows))
    return results.known(text, HEADING)


def test_what_is_as_before_or_better_is_no_reason_to_fail():
    before = committed(row())

    assert results.worse([row()], before) == []
    assert results.worse([row(queries=7, bare=12.0, wagtail=1.24)], before) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"queries": 9}, "9 queries instead of 8"),
        ({"bare": 25.1}, "25.10 × bare instead of 20.00"),
        ({"wagtail": 1.26}, "1.26 × W instead of 1.00"),
    ],
)
def test_one_query_more_or_a_ratio_a_quarter_larger_is_told(change, said):
    (found,) = results.worse([row(**change)], committed(row()))

    assert found == f"product, made anew: {said}"


def test_a_page_that_is_not_measured_any_more_is_told():
    found = results.worse([row()], committed(row(), row(name="home")))

    assert found == ["home: not measured any more"]


def test_each_machine_and_size_is_compared_with_its_own_section():
    first = results.written("# Results\n", HEADING, results.table([row()]))
    both = results.written(first, "SQLite, 1,000 products", results.table([row(queries=3)]))
    again = results.written(both, HEADING, results.table([row(queries=5)]))

    assert results.known(again, HEADING)["product, made anew"].queries == 5
    assert results.known(again, "SQLite, 1,000 products")["product, made anew"].queries == 3
    assert results.known(again, "SQLite, 10,000 products") == {}
    assert again.startswith("# Results\n")
    assert again.count("## ") == 2


def test_what_is_asked_stands_beside_what_was_found():
    asked = {"bar": "≤ 1 × W product", "most": 1.0, "most_queries": 8}

    assert row(**asked, ratio=1.0).reached == "yes"
    assert row(**asked, ratio=1.01).reached == "no: CPU"
    assert row(**asked | {"most_queries": 7}, ratio=1.2).reached == "no: CPU, queries"
    assert row().reached == ""


def test_its_shop_is_one_that_could_be_shows_its_pages_and_takes_orders(shop, monkeypatch):
    rows = Product.objects.order_by("pk").values_list(*COLUMNS)
    before = list(rows)
    listing.refresh([row[0] for row in before])
    assert list(rows) == before
    assert not any(Page.find_problems())
    shelves = CategoryPage.objects.filter(title__startswith="Shelf").order_by("path")
    assert [shelf.numchild for shelf in shelves] == [PRODUCTS // 2] * 2
    (rich,) = shopping.rich_pages(1)
    copied = ProductPage.objects.get(slug=f"{rich.slug}-1")
    assert copied.get_parent() == rich.get_parent()
    assert (copied.gallery.count(), copied.related_products.count()) == (5, 4)
    assert Sku.objects.filter(product=copied.product).count() == 12
    assert copied.product.reviews.count() == copied.product.total_reviews == 8
    assert copied.attributes.filter(attribute__is_facet=True).count() == 4

    asked = asking.Asked()
    get = shopping.get
    home = asked(get("/")).body
    assert b"The winter edition opens in" in home
    for address in ("/", copied.url, "/department-1/", "/search/?q=lamp"):
        answer = asked(get(address))
        assert answer.status == 200
        assert b"<picture" in answer.body
        assert answer.queries > 0
    reader = people.session_of_reader()
    stream = asked(get("/stream/", reader)).body
    assert stream.count(b"<time") >= 10
    assert User.objects.get(username=people.READER).profile.following == people.FOLLOWED

    monkeypatch.setattr(shopping, "LINES", 1)
    (addition,) = shopping.additions(1)
    added = asked(addition)
    assert (added.status, added.location) == (302, "/cart/")
    placed = [asked(request) for request in shopping.checkouts(2)]
    assert [answer.status for answer in placed] == [302, 302]
    assert [order.items.count() for order in Order.objects.filter(country="DE")] == [1, 1]
    assert StockMovement.objects.filter(reason="order").count() == 2
