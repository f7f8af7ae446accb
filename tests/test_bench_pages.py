"""The instrument that measures pages: its shop is one that could be, and it sees what is worse."""

from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from wagtail.models import Page

from bench.pages import asking, changing, people, places, results, shopping
from bench.pages.results import Row
from catalog import listing
from catalog.models import CategoryPage, Price, Product, ProductPage, Sku, StockMovement
from orders.models import Order
from social.models import User

HEADING = "PostgreSQL, 10,000 products, gunicorn-sync"
COLUMNS = ["pk", "lowest_price", "in_stock", "on_sale"]
PRODUCTS = 48
ROOT = Path(__file__).parents[1]
COMMANDS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "bench").rglob("*.py"))
    if "\ndef main(" in path.read_text()
]


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


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_finds_what_it_imports(command):
    assert callable(import_module(command).main)


def test_what_is_as_before_or_better_is_no_reason_to_fail():
    before = committed(row())

    assert results.worse([row()], before) == []
    assert results.worse([row(queries=7, bare=12.0, wagtail=1.24)], before) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"queries": 9}, "9 queries instead of 8"),
        ({"changed_queries": 5}, "5 queries after its own change instead of 4"),
        ({"new_queries": 8}, "8 queries never asked instead of 7"),
        ({"first_queries": 16}, "16 queries first time instead of 15"),
        ({"bare": 25.1}, "25.10 × bare instead of 20.00"),
        ({"wagtail": 1.26}, "1.26 × W instead of 1.00"),
    ],
)
def test_one_query_more_or_a_ratio_a_quarter_larger_is_told(change, said):
    counts = {"changed_queries": 4, "new_queries": 7, "first_queries": 15}
    (found,) = results.worse([row(**counts | change)], committed(row(**counts)))

    assert found == f"product, made anew: {said}"


def test_a_page_that_is_not_measured_any_more_is_told():
    found = results.worse([row()], committed(row(), row(name="home")))

    assert found == ["home: not measured any more"]


def test_each_machine_and_size_is_compared_with_its_own_section():
    first = results.written("# Results\n", HEADING, results.table([row()]))
    both = results.written(first, "SQLite, 1,000 products", results.table([row(queries=3)]))
    again = results.written(both, HEADING, results.table([row(queries=5)]))

    small = results.known(again, "SQLite, 1,000 products")
    assert results.known(again, HEADING)["product, made anew"].queries == {"queries": 5}
    assert small["product, made anew"].queries == {"queries": 3}
    assert results.known(again, "SQLite, 10,000 products") == {}
    assert again.startswith("# Results\n")
    assert again.count("## ") == 2


def test_what_is_asked_stands_beside_what_was_found():
    asked = {"bar": "≤ 1 × W product", "most": 1.0, "most_queries": 8}

    assert row(**asked, ratio=1.0).reached == "yes"
    assert row(**asked, ratio=1.01).reached == "no: CPU"
    assert row(**asked | {"most_queries": 7}, ratio=1.2).reached == "no: CPU, queries"
    assert row(**asked, changed_queries=9, new_queries=8).reached == "no: after its own change"
    # Nothing is asked of a process that knows nothing.
    assert row(**asked, new_queries=9, first_queries=9).reached == "no: never asked"
    assert row().reached == ""


def test_an_older_table_without_these_columns_can_be_compared_with():
    lines = ["| page | CPU ms | × bare | × W | queries |", "|---|", "| home | 1.50 | 2.00 |  | 3 |"]
    before = results.known(results.written("", HEADING, lines), HEADING)

    assert before == {"home": results.Known(2.0, None, {"queries": 3})}
    assert results.worse([row(name="home", bare=1.0, queries=3, changed_queries=9)], before) == []


def test_what_is_done_to_a_page_changes_what_it_shows(shop):
    (page,) = shopping.rich_pages(1)
    skus = Sku.objects.filter(product=page.product).with_prices()
    review = page.product.reviews.shown().first()
    before = {sku.pk: (sku.price.amount, sku.stock.on_hand) for sku in skus}

    for change in (*changing.OF_PRODUCTS, *changing.OF_PAGES):
        change(page.url)

    after = {sku.pk: (sku.price.amount, sku.stock.on_hand) for sku in skus.with_prices()}
    assert {after[pk][0] - before[pk][0] for pk in before} == {Decimal("0.01")}
    assert sum(before[pk][1] - after[pk][1] for pk in before) == 1
    assert page.product.reviews.get(pk=review.pk).text != review.text
    prices = Price.objects.filter(kind="regular").count()
    again = ProductPage.objects.get(pk=page.pk)
    assert again.last_published_at > page.last_published_at
    changing.found_priced("/search/?q=lamp")
    assert Price.objects.filter(kind="regular").count() > prices
    with pytest.raises(TypeError, match="no product is sold at /department-1/"):
        changing.priced("/department-1/")


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
