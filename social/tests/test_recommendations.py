"""What was bought together, with one thing and with several; and why something is suggested."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cart.tests.shopping import add
from cart.tests.test_recent import shelf
from catalog import redis_client
from catalog.models import Product, ProductPage, Stock
from catalog.models.products import RelatedProduct
from catalog.tests.factories import make_category, make_page, make_sku
from orders.models import Order
from orders.payments import ledger
from orders.tests.factories import order_for, paid
from social import recommendations, suggestions
from social.recommendations import bought_with, key

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def server(a_redis):
    return redis_client.client()


@pytest.fixture
def buy(server, django_capture_on_commit_callbacks):
    """Place an order of one piece of each and pay for it."""

    def buy(*skus, **fields):
        order = order_for(dict.fromkeys(skus, 1), **fields)
        with django_capture_on_commit_callbacks(execute=True):
            return paid(order)

    return buy


def make(title, **fields):
    fields.setdefault("on_hand", 100)
    return make_sku(make_page(title), title.upper().replace(" ", "-"), **fields)


def together(server, sku):
    """What was bought with it, and how often."""
    rows = server.zrevrange(key(sku.product_id), 0, -1, withscores=True)
    return {int(product): score for product, score in rows}


def test_a_paid_order_counts_each_pair_both_ways(server, buy):
    dune, moon, snow = make("Dune"), make("Moon"), make("Snow")

    buy(dune, moon)
    buy(dune, moon, snow)

    assert together(server, dune) == {moon.product_id: 2, snow.product_id: 1}
    assert together(server, moon) == {dune.product_id: 2, snow.product_id: 1}
    assert together(server, snow) == {dune.product_id: 1, moon.product_id: 1}


def test_an_order_that_is_not_paid_counts_nothing(server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order_for({make("Dune"): 1, make("Moon"): 1})

    assert server.keys("bought:*") == []


def test_money_that_comes_twice_counts_once(server, buy, django_capture_on_commit_callbacks):
    dune, moon = make("Dune"), make("Moon")
    order = buy(dune, moon)
    payment = order.payments.get()
    payment.pk, payment.key, payment.state = None, uuid4(), "new"
    payment.reference, payment.capture_reference = "another", ""
    payment.save()

    with django_capture_on_commit_callbacks(execute=True):
        ledger.record_capture(payment, payment.amount, payment.currency, by="test")

    assert together(server, dune) == {moon.product_id: 1}


def test_two_variants_of_a_product_are_no_pair(server, buy):
    dune = make("Dune")

    buy(dune, make_sku(dune.product, "DUNE-LARGE", option1="Large"))

    assert server.keys("bought:*") == []


def test_of_an_order_of_a_hundred_lines_the_first_twelve_are_counted(server, buy):
    skus = [make(f"P{number}", price="1.00") for number in range(100)]

    buy(*skus)

    assert len(server.keys("bought:*")) == 12
    assert together(server, skus[0]) == {sku.product_id: 1 for sku in skus[1:12]}


def test_an_order_is_written_in_one_round_trip(server, buy):
    skus = [make(f"P{number}") for number in range(12)]
    order = buy(*skus)
    before = server.info("stats")["total_reads_processed"]

    recommendations.count(order.pk)

    # One of them is the question that this asks; 132 pairs may arrive in two parts.
    assert server.info("stats")["total_reads_processed"] - before <= 3


def test_only_the_best_hundred_are_kept(server):
    product = make("Dune").product_id
    server.zadd(key(product), {10_000 + number: number + 2 for number in range(150)})

    recommendations._count(server, products=[product, 7])

    assert server.zcard(key(product)) == 100
    assert server.zscore(key(product), 7) is None
    assert server.zscore(key(product), 10_149) == 151


def test_what_was_bought_most_with_several_comes_first_and_none_of_them(server):
    server.zadd(key(1), {2: 9, 3: 1, 4: 2})
    server.zadd(key(2), {1: 9, 3: 5, 5: 3})

    assert bought_with([1]) == [2, 4, 3]
    assert bought_with([1], 2) == [2, 4]
    assert bought_with([1, 2]) == [3, 5, 4]
    assert bought_with([2, 1, 2], 1) == [3]
    assert bought_with([99]) == []
    assert bought_with([]) == []


def test_several_are_asked_in_one_round_trip(server):
    for product in range(1, 21):
        server.zadd(key(product), {99: 1})
    bought_with([1])
    before = server.info("stats")["total_reads_processed"]

    assert bought_with(range(1, 60)) == [99]

    assert server.info("stats")["total_reads_processed"] - before == 2


def test_what_was_missed_while_redis_was_away_is_made_good_at_night(server, buy, settings):
    dune, moon, snow = make("Dune"), make("Moon"), make("Snow")
    buy(dune, moon)
    there = settings.REDIS_URL
    settings.REDIS_URL = "unix:///nowhere.sock"
    buy(dune, moon, snow)
    settings.REDIS_URL = there
    assert together(server, dune) == {moon.product_id: 1}

    assert recommendations.rebuild() == 3

    assert together(server, dune) == {moon.product_id: 2, snow.product_id: 1}
    assert together(server, snow) == {dune.product_id: 1, moon.product_id: 1}


def test_the_night_writes_what_the_days_have_written(server, buy):
    skus = [make(f"P{number}") for number in range(15)]
    for order in (skus, skus[3:6], skus[:2], skus[4:9], skus[4:9]):
        buy(*order)
    before = [together(server, sku) for sku in skus]

    recommendations.rebuild()

    assert [together(server, sku) for sku in skus] == before


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"state": Order.State.CANCELLED}, False),
        ({"state": Order.State.EXPIRED}, False),
        ({"state": Order.State.RETURNED}, True),
        ({"amount_refunded": Decimal("1.00")}, True),
        ({"paid_at": None}, False),
        ({"paid_at": timezone.now() - timedelta(days=731)}, False),
        ({"paid_at": timezone.now() - timedelta(days=729)}, True),
    ],
)
def test_what_is_refunded_stays_and_what_came_to_nothing_goes(server, buy, change, stays):
    dune, moon = make("Dune"), make("Moon")
    order = buy(dune, moon)
    Order.objects.filter(pk=order.pk).update(**change)

    recommendations.rebuild()

    assert together(server, dune) == ({moon.product_id: 1} if stays else {})


def test_lines_of_skus_that_are_gone_are_left_out(server, buy):
    dune, moon, snow = make("Dune"), make("Moon"), make("Snow")
    order = buy(dune, moon, snow)
    order.items.filter(sku=snow).update(sku=None)

    recommendations.rebuild()

    assert together(server, dune) == {moon.product_id: 1}
    assert together(server, snow) == {}


def test_redis_that_is_away_changes_nothing_about_an_order(
    settings, django_capture_on_commit_callbacks
):
    settings.REDIS_URL = "unix:///nowhere.sock"
    order = order_for({make("Dune"): 1, make("Moon"): 1})

    with django_capture_on_commit_callbacks(execute=True):
        order = paid(order)

    assert order.state == Order.State.PAID
    assert bought_with([1]) == []


def page_of(sku):
    return sku.product.pages.get()


def bought_row(sku):
    return shelf_of(Client().get(page_of(sku).url).content.decode(), "Bought together")


def shelf_of(page, heading):
    """The titles below a heading."""
    if f">{heading}</h2>" not in page:
        return []
    part = page.split(f">{heading}</h2>")[1].split("</section>")[0]
    return [text.split(">", 1)[1].split("<")[0] for text in part.split('class="card__link"')[1:]]


def test_the_page_of_a_product_shows_four_that_were_bought_with_it(server):
    dune = make("Dune")
    others = [make(f"P{number}") for number in range(8)]
    server.zadd(
        key(dune.product_id), {sku.product_id: 10 - place for place, sku in enumerate(others)}
    )
    # Sold out, unpublished, retired, and shown by the editor anyway.
    Stock.objects.filter(sku=others[0]).update(on_hand=0)
    page_of(others[1]).unpublish()
    Product.objects.filter(pk=others[2].product_id).update(retired=timezone.now())
    page = page_of(dune)
    page.related_products.add(RelatedProduct(product_page=page_of(others[3])))
    page.save_revision().publish()

    assert bought_row(dune) == ["P4", "P5", "P6", "P7"]


def test_a_product_that_was_bought_alone_has_no_such_row(server):
    assert bought_row(make("Dune")) == []


def test_the_page_takes_few_queries_more_with_suggestions(server, django_assert_max_num_queries):
    dune = make("Dune")
    client = Client()
    address = page_of(dune).url
    client.get(address)
    with django_assert_max_num_queries(100) as without:
        client.get(address)
    server.zadd(key(dune.product_id), {make(f"P{number}").product_id: 1 for number in range(20)})

    # What can be had, pages and who may see them, and the cards.
    with django_assert_max_num_queries(len(without) + 6):
        assert client.get(address).content.decode().count("card__title") == 4


def test_the_cart_shows_what_was_bought_with_what_is_in_it(server):
    dune, moon, snow, hill = make("Dune"), make("Moon"), make("Snow"), make("Hill")
    server.zadd(key(dune.product_id), {moon.product_id: 5, snow.product_id: 2})
    server.zadd(key(moon.product_id), {dune.product_id: 5, hill.product_id: 3})
    client = Client()
    add(client, dune)
    add(client, moon)

    assert shelf(client, "Often bought with what is in your cart") == ["Hill", "Snow"]


def looked_at(client, *skus):
    for sku in skus:
        client.get(f"/me/?viewed={sku.product_id}", headers=SCRIPT)


def test_the_cart_shows_what_goes_with_what_was_viewed_last(server):
    moon = make("Moon & <Sun>")
    prints = make("Dune"), make("Snow")
    elsewhere = make_sku(make_page("Cup", make_category("Cups")), "CUP")
    server.zadd(key(moon.product_id), {elsewhere.product_id: 1})
    Product.objects.filter(pk=prints[1].product_id).update(views=5)
    client = Client()
    looked_at(client, moon)

    # First what was bought with it, then what most look at in its category.
    heading = "Because you viewed Moon &amp; &lt;Sun&gt;"
    assert shelf(client, heading) == ["Cup", "Snow", "Dune"]
    assert shelf(client, "Recently viewed") == ["Moon &amp; &lt;Sun&gt;"]


def test_nothing_is_suggested_that_was_viewed_or_is_in_the_cart(server):
    dune, moon, snow = make("Dune"), make("Moon"), make("Snow")
    make("Hill")
    client = Client()
    add(client, snow)
    looked_at(client, dune, moon)

    assert shelf(client, "Because you viewed Moon") == ["Hill"]


def test_without_redis_the_category_and_the_tags_are_there(settings):
    settings.REDIS_URL = "unix:///nowhere.sock"
    dune = make("Dune")
    tagged = make_page("Cup", make_category("Cups"))
    for page in (page_of(dune), tagged):
        page.tags.add("sand")
        page.save_revision().publish()
    make_sku(tagged, "CUP")
    make_sku(make_page("Pot", make_category("Pots")), "POT")
    client = Client()
    looked_at(client, dune)

    assert shelf(client, "Because you viewed Dune") == ["Cup"]


def test_a_product_page_asks_for_what_goes_with_the_one_viewed_before(server):
    dune, moon = make("Dune"), make("Moon")
    make("Snow")
    bought, related = make("Bought with Moon"), make("Related")
    server.zadd(key(moon.product_id), {bought.product_id: 1})
    page = page_of(moon)
    page.related_products.add(RelatedProduct(product_page=page_of(related)))
    page.save_revision().publish()
    client = Client()
    address = f"/rankings/because/?product={moon.product_id}"
    assert f'data-hx-get="{address}"' in client.get(page_of(moon).url).content.decode()
    looked_at(client, dune, moon)

    response = client.get(address, headers=SCRIPT)

    # Not the page's own product, nor what it shows as related or bought together.
    assert shelf_of(response.content.decode(), "Because you viewed Dune") == ["Snow"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("product", ["", "0", "x", "9" * 30, "\x00", str(2**63 - 1)])
def test_where_there_is_nothing_to_say_the_answer_is_empty(product):
    response = Client().get("/rankings/because/", {"product": product}, headers=SCRIPT)

    assert (response.status_code, response.content.strip()) == (200, b"")


def test_what_was_viewed_and_is_gone_is_no_reason(server):
    dune = make("Dune")
    make("Moon")
    client = Client()
    looked_at(client, dune)
    ProductPage.objects.filter(product=dune.product_id).update(live=False)

    assert "Because you viewed" not in client.get("/cart/").content.decode()


def test_similar_products_are_remembered_for_a_while(django_assert_num_queries):
    dune = make("Dune")
    moon = make("Moon")
    assert suggestions.similar(dune.product_id) == [moon.product_id]

    with django_assert_num_queries(0):
        assert suggestions.similar(dune.product_id) == [moon.product_id]
