from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog import stock
from catalog.models import Picture, ProductPicture, Sku, Stock, StockMovement
from catalog.tests.factories import make_page, make_sku, set_price
from orders.checkout import CartChangedError, UnseenTotalError, place_order
from orders.models import Coupon, Order, Outbox, ShippingMethod, TaxRate
from orders.quote import Wishes, quote
from orders.tests.factories import entries_of, order_for, shown, unsaved_order

pytestmark = pytest.mark.django_db


def nothing_was_written() -> bool:
    return not (
        Order.objects.exists()
        or Outbox.objects.exists()
        or StockMovement.objects.filter(reason="order").exists()
    )


def test_an_order_its_lines_its_stock_and_its_mail_are_written_together():
    dune = make_sku(make_page("Dune"), "DUNE-A3", price="25.00", on_hand=5, option1="A3")
    moon = make_sku(make_page("Moon"), "MOON", price="12.50", compare_at="15.00", on_hand=9)

    order = order_for({dune: 2, moon: 3})

    assert order.total == Decimal("87.50")
    assert list(
        order.items.values_list("title", "sku_code", "options", "unit_price", "quantity")
    ) == [
        ("Dune", "DUNE-A3", "A3", Decimal("25.00"), 2),
        ("Moon", "MOON", "", Decimal("12.50"), 3),
    ]
    assert [Stock.objects.get(sku=sku).on_hand for sku in (dune, moon)] == [3, 6]
    movements = StockMovement.objects.filter(reason="order")
    assert {(line.sku, line.quantity, line.reference) for line in movements} == {
        (dune, -2, order.number),
        (moon, -3, order.number),
    }
    assert set(Outbox.objects.values_list("key", flat=True)) == {
        f"order:{order.pk}:order_placed",
        f"order:{order.pk}:new_order",
    }
    assert order.payments.get().amount == Decimal("87.50")
    assert order.events.get().to_state == Order.State.PENDING


def test_a_line_remembers_where_its_picture_was():
    file = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(file, "PNG")
    picture = Picture.objects.create(title="Dune", file=ContentFile(file.getvalue(), "dune.png"))
    page = make_page("Dune", gallery=[ProductPicture(image=picture)])

    order = order_for({make_sku(page): 1, make_sku(make_page()): 1})

    assert [item.picture for item in order.items.all()] == [picture.file.url, ""]


def test_the_books_say_the_same_totals_as_the_page_that_was_shown():
    TaxRate.objects.create(country="GB", rate=Decimal("20"))
    Coupon.objects.create(code="ODD", value=Decimal("7.5"))
    method = ShippingMethod.objects.create(name="Post", price=Decimal("4.99"))
    quantities = {make_sku(price="3.33", on_hand=50): 7, make_sku(price="9.99"): 1}
    chosen = {"method": method.pk, "coupon_code": "ODD"}

    order = order_for(quantities, **chosen)

    offered = quote(entries_of(quantities), Wishes("GB", method.pk, email="new@example.com"))
    again = quote(entries_of(quantities), Wishes("GB", method.pk, "ODD", "new@example.com"))
    read_back = Order.objects.get(pk=order.pk).totals
    assert read_back == again.totals
    assert read_back.grand_total == order.total < offered.grand_total


def test_the_second_submit_of_a_form_is_the_same_order():
    sku = make_sku(on_hand=5)
    token = uuid4()

    first = order_for({sku: 2}, checkout_token=token)
    second = order_for({sku: 2}, checkout_token=token)

    assert first.pk == second.pk
    assert (Order.objects.count(), Outbox.objects.count()) == (1, 2)
    assert Stock.objects.get(sku=sku).on_hand == 3


def test_a_price_that_rose_since_the_page_was_shown_is_not_charged():
    sku = make_sku(price="10.00")
    seen = shown({sku: 1})
    set_price(sku, "11.00")

    with pytest.raises(UnseenTotalError):
        place_order(unsaved_order(), entries_of({sku: 1}), shown=seen)

    assert nothing_was_written()


def test_a_line_added_in_another_tab_is_not_bought_silently():
    seen_sku, other = make_sku(price="10.00"), make_sku(price="0.00")
    seen = shown({seen_sku: 1})

    with pytest.raises(UnseenTotalError):
        place_order(unsaved_order(), entries_of({seen_sku: 1, other: 1}), shown=seen)

    assert nothing_was_written()


@pytest.mark.parametrize("change", ["sold out", "unpublished", "retired", "too many", "empty cart"])
def test_what_cannot_be_bought_places_no_order(change):
    sku = make_sku(on_hand=5)
    quantities = {sku: 6 if change == "too many" else 1}
    seen = shown(quantities)
    if change == "sold out":
        stock.adjust({sku: -5}, reason="adjustment")
    if change == "unpublished":
        sku.product.pages.get().unpublish()
    if change == "retired":
        Sku.objects.update(is_active=False)
    entries = {} if change == "empty cart" else entries_of(quantities)

    with pytest.raises(CartChangedError):
        place_order(unsaved_order(), entries, shown=seen)

    assert nothing_was_written()


def test_what_is_not_on_hand_is_sold_on_back_order_and_owed():
    sku = make_sku(on_hand=2, when_sold_out=Stock.WhenSoldOut.SELL_ON)

    order = order_for({sku: 5})

    assert order.items.get().back_ordered == 3
    assert Stock.objects.get(sku=sku).on_hand == 0


def test_deleting_the_page_or_the_sku_changes_no_order():
    sku = make_sku(make_page("Dune"), "DUNE", price="25.00")
    order = order_for({sku: 2})

    product = sku.product
    product.pages.get().delete()
    assert order.items.get().sku == sku
    sku.delete()
    product.delete()

    item = Order.objects.get().items.get()
    assert (item.title, item.sku_code, item.unit_price, item.total, item.sku) == (
        "Dune",
        "DUNE",
        Decimal("25.00"),
        Decimal("50.00"),
        None,
    )


def test_deleting_the_category_changes_no_order():
    sku = make_sku(make_page("Dune"))
    order = order_for({sku: 2})

    sku.product.pages.get().get_parent().delete()

    assert order.items.get().title == "Dune"
    assert order.items.get().sku == sku


def test_order_numbers_do_not_count_orders():
    sku = make_sku(on_hand=50)

    numbers = [order_for({sku: 1}).number for _ in range(20)]

    assert len(set(numbers)) == 20
    assert numbers != sorted(numbers)


def test_a_number_that_is_taken_is_drawn_again(monkeypatch):
    sku = make_sku(on_hand=50)
    taken = order_for({sku: 1}).number
    monkeypatch.setattr("orders.checkout.new_number", lambda: "FREE-0000")

    order = order_for({sku: 1}, number=taken)

    assert order.number == "FREE-0000"
    assert order.items.count() == 1
    assert Stock.objects.get(sku=sku).on_hand == 48


def test_placing_an_order_takes_few_queries(django_assert_max_num_queries):
    skus = [make_sku(make_page()) for _ in range(3)]

    with django_assert_max_num_queries(30):
        order_for(dict.fromkeys(skus, 1))


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Gildong", "Hong", "Gildong Hong"),
        ("길동", "홍", "홍길동"),
        ("小明", "王", "王小明"),
        ("Jürgen", "Groß", "Jürgen Groß"),
    ],
)
def test_a_name_is_written_as_its_bearer_writes_it(first, last, name):
    assert unsaved_order(first_name=first, last_name=last).name == name
