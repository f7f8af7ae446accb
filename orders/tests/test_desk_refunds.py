"""Refunds at the desk: what pieces come to, what is left, and never more than was paid."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku
from orders.desk.giving_back import what_is_left
from orders.models import Order, OrderItem, Payment, Refund, RefundItem
from orders.payments import paying, refunds
from orders.tests.desk_orders import State, address, an_order, posted
from orders.tests.factories import paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


@pytest.fixture
def order():
    """Three tees that came to 10.00 after the discount, tax included, and shipping for 5.00."""
    tee = make_sku(make_page("Tee"), "TEE", price="5.00", on_hand=9)
    order = an_order(quantities={tee: 3})
    OrderItem.objects.update(discount=5, net=Decimal("8.40"), tax=Decimal("1.60"), tax_rate=19)
    Order.objects.update(
        shipping_amount=5, shipping_net=Decimal("4.20"), shipping_tax=Decimal("0.80"), total=15
    )
    order.payments.update(amount=15)
    order.refresh_from_db()
    return paid(order)


def refund(client, order, *, agreed=True, **typed):
    typed |= {"agreed": "1"} if agreed else {}
    response = client.post(address(order, "refund"), posted(order, **typed), follow=True)
    order.refresh_from_db()
    return response


def pieces(order, count, restock=0):
    item = order.items.get()
    return {f"pieces_{item.pk}": count, f"restock_{item.pk}": restock}


def test_the_sum_is_shown_before_anything_goes_back(client, order):
    response = refund(client, order, agreed=False, **pieces(order, 1, 1), shipping="5.00")

    assert "€8.34" in response.content.decode()
    assert not Refund.objects.exists()
    assert order.amount_refunded == 0


def test_pieces_shipping_and_shelf_in_one_refund(client, order, editor):
    refund(client, order, **pieces(order, 2, 1), shipping="5.00", reason="Too small")

    made = Refund.objects.get()
    assert (made.amount, made.shipping, made.reason) == (Decimal("11.67"), 5, "Too small")
    assert made.user == editor
    part = made.items.get()
    assert (part.quantity, part.amount) == (2, Decimal("6.67"))
    assert order.items.get().restocked == 1
    assert Stock.objects.get().on_hand == 7
    assert order.amount_refunded == Decimal("11.67")


def test_parts_add_up_to_what_was_paid_for_the_line(client, order):
    for _time in range(3):
        refund(client, order, **pieces(order, 1))

    amounts = [str(part.amount.normalize()) for part in RefundItem.objects.order_by("pk")]
    assert amounts == ["3.34", "3.33", "3.33"]
    assert what_is_left(order).lines[0].pieces == 0
    assert what_is_left(order).lines[0].amount == 0


def test_a_piece_that_came_back_worn_makes_the_others_no_dearer(client, order):
    refund(client, order, **pieces(order, 1), amount="1.00", reason="Worn")
    assert "2 (€6.67)" in client.get(address(order, "refund")).content.decode()

    for _time in range(2):
        refund(client, order, **pieces(order, 1))

    amounts = [str(part.amount.normalize()) for part in RefundItem.objects.order_by("pk")]
    assert amounts == ["1", "3.34", "3.33"]
    refund(client, order, amount=str(what_is_left(order).money))
    assert order.amount_refunded == 15


def test_a_cancelled_order_gives_back_what_was_kept_of_a_piece_as_well(client, order):
    refund(client, order, **pieces(order, 1), amount="1.00")

    client.post(address(order, "cancel"), posted(order, restock="on", refund="on"))

    order.refresh_from_db()
    assert order.amount_refunded == 15
    assert [part.amount for part in RefundItem.objects.order_by("pk")] == [1, Decimal("6.67")]


def test_pieces_of_a_refund_that_failed_can_be_given_back_again(client, order):
    refund(client, order, **pieces(order, 1))
    refund(client, order, **pieces(order, 1))
    refunds.fail(Refund.objects.order_by("pk")[0], "no such account")

    refund(client, order, **pieces(order, 2))

    counted = RefundItem.objects.exclude(refund__state=Refund.State.FAILED)
    assert sum(part.amount for part in counted) == 10
    assert order.amount_refunded == 10


def test_a_second_click_gives_nothing_back_a_second_time(client, order):
    form = posted(order, amount="2.00", agreed="1")

    client.post(address(order, "refund"), form)
    response = client.post(address(order, "refund"), form, follow=True)

    assert Refund.objects.count() == 1
    messages = " ".join(str(message) for message in response.context["messages"])
    assert "has moved on meanwhile" in messages


def test_two_desks_at_once_give_back_what_one_of_them_saw(client, order):
    mine, theirs = (posted(order, **pieces(order, 3), agreed="1") for _desk in range(2))

    client.post(address(order, "refund"), theirs)
    client.post(address(order, "refund"), mine)

    order.refresh_from_db()
    assert order.amount_refunded == 10


def test_an_amount_of_ones_own_is_shared_out_among_what_it_is_for(client, order):
    refund(client, order, **pieces(order, 3), shipping="5.00", amount="6.00")

    made = Refund.objects.get()
    assert (made.amount, made.shipping) == (6, 2)
    assert made.items.get().amount == 4


def test_an_amount_without_pieces_is_kindness(client, order):
    refund(client, order, amount="1.50", reason="Sorry")

    assert Refund.objects.get().amount == Decimal("1.50")
    assert not RefundItem.objects.exists()
    assert what_is_left(order).lines[0].amount == 10


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "__all__"),
        ({"amount": "0"}, "__all__"),
        ({"amount": "15.01"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"shipping": "5.01"}, "shipping"),
    ],
)
def test_what_cannot_go_back_is_said_beside_its_field(client, order, typed, field):
    response = refund(client, order, **typed, reason="Kept words")

    assert field in response.context["form"].errors
    assert "Kept words" in response.content.decode()
    assert not Refund.objects.exists()


@pytest.mark.parametrize("count", ["4", "-1", "1.5", "x"])
def test_no_more_pieces_than_were_bought(client, order, count):
    response = refund(client, order, **pieces(order, count))

    assert f"pieces_{order.items.get().pk}" in response.context["form"].errors
    assert not Refund.objects.exists()


def test_money_that_is_gone_already_does_not_go_back_with_its_line(client, order):
    refund(client, order, amount="14.00")

    response = refund(client, order, **pieces(order, 3))

    assert "only €1.00 is left" in response.content.decode()
    assert order.amount_refunded == 14


def test_what_was_shown_can_be_changed_before_it_goes_back(client, order):
    form = posted(order, **pieces(order, 2), change="1")

    response = client.post(address(order, "refund"), form)

    assert f'name="pieces_{order.items.get().pk}" value="2"' in response.content.decode()
    assert not Refund.objects.exists()


BY_HAND = "nobody sends the money back but you"


@pytest.mark.parametrize("action", ["refund", "cancel"])
def test_money_that_only_a_person_can_send_back_is_warned_of(client, order, action):
    assert BY_HAND in client.get(address(order, action)).content.decode()


@pytest.mark.parametrize("action", ["refund", "cancel"])
def test_who_sends_money_back_is_told_by_the_payment_that_brought_it(client, order, action):
    Order.objects.update(payment_method="paypal")
    assert BY_HAND in client.get(address(order, action)).content.decode()

    order.payments.update(gateway="paypal")
    Order.objects.update(payment_method="bank_transfer")

    assert BY_HAND not in client.get(address(order, action)).content.decode()


def test_a_payment_that_has_gone_back_is_no_matter_for_a_person_any_more(client, order):
    refund(client, order, amount="15.00")
    again = paying.new_payment(order, "paypal")
    Payment.objects.filter(pk=again.pk).update(
        state=Payment.State.CAPTURED, captured_at=timezone.now()
    )
    Order.objects.update(amount_paid=30)

    assert BY_HAND not in client.get(address(order, "refund")).content.decode()


def test_nobody_is_warned_of_what_a_cancelled_order_does_not_do(client):
    order = an_order()

    assert BY_HAND not in client.get(address(order, "cancel")).content.decode()


def test_yen_have_no_fractions(client):
    order = an_order(State.PAID)
    Order.objects.update(currency="JPY")
    order.payments.update(currency="JPY")

    response = refund(client, order, amount="0.50")

    assert "amount" in response.context["form"].errors
    refund(client, order, amount="7")
    assert order.amount_refunded == 7
