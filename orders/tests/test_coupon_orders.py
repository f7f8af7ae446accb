"""Coupons, shipping and taxes as orders are placed with them, from the form to the books."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import TaxClass
from catalog.tests.factories import make_category, make_page, make_sku
from orders import states
from orders.checkout import UnseenTotalError
from orders.coupons import CouponError
from orders.models import Coupon, CouponUse, Order, ShippingMethod, TaxRate
from orders.quote import CannotShipError
from orders.tests.factories import order_for
from orders.tests.test_coupon_races import race, told
from orders.tests.test_coupons import FIRST_ONLY, USED_ALREADY, USED_UP, coupon


def buy(sku, *, count: int = 2, **wishes) -> Order:
    return order_for({sku: count}, **wishes)


def test_an_order_keeps_what_its_coupon_took_off(db):
    coupon(value=Decimal(15))

    placed = buy(make_sku(price="10.00"), coupon_code="welcome")

    made = CouponUse.objects.get()
    assert (placed.coupon_code, placed.totals.discount, placed.total) == ("WELCOME", 3, 17)
    assert (made.order, made.amount, made.coupon.used) == (placed, 3, 1)


def test_a_first_order_may_use_a_coupon_for_first_orders_and_the_next_may_not(db):
    sku = make_sku(on_hand=20)
    coupon(first_order_only=True)

    first = buy(sku, coupon_code="WELCOME")
    with pytest.raises((CouponError, UnseenTotalError)) as refused:
        buy(sku, coupon_code="WELCOME")

    assert first.coupon_code == "WELCOME"
    assert str(refused.value) == FIRST_ONLY
    assert Order.objects.count() == 1


def test_each_customer_uses_it_so_often(db):
    sku = make_sku(on_hand=20)
    coupon(most_uses_each=1)
    buy(sku, coupon_code="WELCOME")

    with pytest.raises(CouponError, match=USED_ALREADY):
        buy(sku, coupon_code="WELCOME", email="ADA@example.com")
    buy(sku, coupon_code="WELCOME", email="bob@example.com")

    assert Coupon.objects.get().used == 2


def test_a_refused_order_takes_nothing(db):
    sku = make_sku(on_hand=20)
    coupon(most_uses=0)

    with pytest.raises(CouponError, match=USED_UP):
        buy(sku, coupon_code="WELCOME")

    sku.refresh_from_db()
    assert sku.stock.on_hand == 20
    assert (Order.objects.count(), CouponUse.objects.count()) == (0, 0)


def test_an_order_that_is_cancelled_gives_its_coupon_back(db):
    sku = make_sku(on_hand=20)
    coupon(most_uses=1, most_uses_each=1, first_order_only=True)
    placed = buy(sku, coupon_code="WELCOME")

    states.advance(placed, Order.State.CANCELLED, by="test")

    assert Coupon.objects.get().used == 0
    assert buy(sku, coupon_code="WELCOME").coupon_code == "WELCOME"


def test_only_what_stands_in_its_categories_becomes_cheaper(db):
    prints, cards = make_category("Prints"), make_category("Cards")
    print_, card = make_sku(make_page(category=prints)), make_sku(make_page(category=cards))
    coupon(only_some=True, value=Decimal(50)).categories.set([cards])

    placed = order_for({print_: 1, card: 1}, coupon_code="WELCOME")

    off = {item.sku_code: item.discount for item in placed.items.all()}
    assert off == {print_.code: 0, card.code: 5}


def test_free_shipping_takes_the_shipping_off_and_its_tax_with_it(db):
    ShippingMethod.objects.create(name="Parcel", price=Decimal("4.90"))
    TaxRate.objects.create(country="GB", rate=20)
    coupon(kind=Coupon.Kind.FREE_SHIPPING, value=0)

    placed = buy(make_sku(price="12.00"), count=1, coupon_code="WELCOME")

    assert (placed.shipping_amount, placed.shipping_discount) == (Decimal("4.90"),) * 2
    assert (placed.total, placed.totals.tax) == (12, 2)
    assert CouponUse.objects.get().amount == Decimal("4.90")


def test_the_country_decides_what_is_offered_and_what_is_taxed(db):
    books = TaxClass.objects.create(name="Books")
    for country, rate, less in (("DE", 19, 7), ("FR", 20, "5.5")):
        TaxRate.objects.create(country=country, rate=rate)
        TaxRate.objects.create(country=country, rate=less, tax_class=books)
    ShippingMethod.objects.create(name="Paket", countries=["DE"], price=Decimal("4.90"))
    ShippingMethod.objects.create(
        name="Livre", countries=["FR"], price=Decimal("2.11"), tax_class=books
    )
    sku = make_sku(price="10.70", tax_class=books, on_hand=20)

    german, french = buy(sku, count=1, country="DE"), buy(sku, count=1, country="FR")

    assert (german.shipping_name, german.shipping_tax_rate, german.shipping_tax) == (
        "Paket",
        19,
        Decimal("0.78"),
    )
    assert german.items.get().tax == Decimal("0.70")
    assert (french.shipping_name, french.shipping_tax_rate, french.shipping_tax) == (
        "Livre",
        Decimal("5.5"),
        Decimal("0.11"),
    )
    with pytest.raises(CannotShipError):
        buy(sku, count=1, country="US")


def test_a_coupon_that_ends_before_the_button_is_pressed_is_not_used_silently(db):
    sku = make_sku(on_hand=20)
    ending = coupon()

    def place() -> Order:
        return buy(sku, coupon_code="WELCOME")

    place()
    ending.valid_until = timezone.now()
    ending.save(update_fields=["valid_until"])
    with pytest.raises(CouponError, match="not valid"):
        place()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_orders_at_once_for_a_one_use_coupon_are_one():
    sku = make_sku(on_hand=100)
    coupon(most_uses=1)

    def place(number: int) -> str:
        buy(sku, coupon_code="WELCOME", count=1, email=f"buyer{number}@example.com")
        return "used"

    results = [_refused_if_unseen(result) for result in race(place, 20)]

    assert told(results) == (1, 19)
    assert Order.objects.count() == CouponUse.objects.count() == Coupon.objects.get().used == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_customer_with_twenty_tabs_has_one_first_order():
    sku = make_sku(on_hand=100)
    coupon(first_order_only=True)

    def place(_number: int) -> str:
        buy(sku, coupon_code="WELCOME", count=1)
        return "used"

    results = [_refused_if_unseen(result) for result in race(place, 20)]

    assert told(results) == (1, 19)
    assert Order.objects.count() == 1


def _refused_if_unseen(result: object) -> object:
    """Who looked at the page after the coupon was gone is told so before the order is placed."""
    return CouponError() if isinstance(result, UnseenTotalError) else result
