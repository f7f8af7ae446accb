"""Money in the books: whatever a gateway says, how often and in which order."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from catalog import stock
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku
from orders import outbox, states
from orders.models import Coupon, Order, Outbox, Payment, Refund
from orders.payments import ledger, paying, refunds
from orders.tests.factories import order_for, paid

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="20.00", on_hand=5)


def another_payment(order: Order) -> Payment:
    return paying.new_payment(order, "bank_transfer")


def capture(payment: Payment, amount: str = "40.00", currency: str = "EUR") -> Payment:
    return ledger.record_capture(payment, Decimal(amount), currency, by="test")


def test_money_makes_an_order_paid_once_however_often_it_is_told(sku):
    order = order_for({sku: 2})

    for _ in range(3):
        capture(order.payments.get())

    order.refresh_from_db()
    assert (order.state, order.money, order.amount_paid) == (State.PAID, "paid", 40)
    assert Outbox.objects.filter(kind=outbox.PAYMENT_RECEIVED).count() == 1


@pytest.mark.parametrize(("amount", "currency"), [("39.99", "EUR"), ("40.00", "USD"), ("0", "EUR")])
def test_another_amount_or_currency_is_not_taken_for_paid(sku, amount, currency):
    order = order_for({sku: 2})

    capture(order.payments.get(), amount, currency)
    capture(order.payments.get(), amount, currency)

    order.refresh_from_db()
    assert (order.state, order.amount_paid) == (State.PENDING, 0)
    assert order.alert
    assert Outbox.objects.filter(kind=outbox.ATTENTION).count() == 1


def test_a_failure_that_is_told_after_the_money_came_changes_nothing(sku):
    order = order_for({sku: 2})
    payment = capture(order.payments.get())

    ledger.record_failure(payment, "declined")

    payment.refresh_from_db()
    assert payment.state == Payment.State.CAPTURED


def test_money_after_a_failure_counts(sku):
    order = order_for({sku: 2})
    payment = ledger.record_failure(order.payments.get(), "declined")
    assert Outbox.objects.filter(kind=outbox.PAYMENT_FAILED).count() == 1

    capture(payment)

    order.refresh_from_db()
    assert order.state == State.PAID


def test_an_order_that_is_paid_twice_is_paid_once_and_gives_the_rest_back(sku):
    order = order_for({sku: 2})
    second = another_payment(order)

    capture(order.payments.first())
    capture(second)

    order.refresh_from_db()
    refund = Refund.objects.get()
    assert (refund.payment, refund.amount) == (second, 40)
    assert (order.amount_paid, order.amount_refunded, order.state) == (80, 40, State.PAID)
    assert order.alert


def test_an_expired_order_is_paid_where_its_goods_are_still_there(sku):
    order = order_for({sku: 2})
    states.advance(order, State.EXPIRED, by="clock")
    assert Stock.objects.get(sku=sku).on_hand == 5

    capture(order.payments.get())

    order.refresh_from_db()
    assert order.state == State.PAID
    assert Stock.objects.get(sku=sku).on_hand == 3
    assert order.items.get().restocked == 0


def test_an_expired_order_whose_goods_are_gone_gives_the_money_back(sku):
    order = order_for({sku: 2})
    states.advance(order, State.EXPIRED, by="clock")
    stock.adjust({sku: -4}, reason="adjustment")

    capture(order.payments.get())

    order.refresh_from_db()
    assert order.state == State.EXPIRED
    assert Refund.objects.get().amount == 40
    assert Stock.objects.get(sku=sku).on_hand == 1
    assert order.alert


def test_money_for_a_cancelled_order_goes_back(sku):
    order = order_for({sku: 2})
    states.advance(order, State.CANCELLED, by="shopper")

    capture(order.payments.get())

    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert Refund.objects.get().amount == 40


def test_a_coupon_is_free_again_when_its_order_expires_and_taken_again_when_it_is_paid(sku):
    coupon = Coupon.objects.create(code="ONE", value=10, most_uses=1)
    order = order_for({sku: 2}, coupon_code="one")
    assert Coupon.objects.get().used == 1

    states.advance(order, State.EXPIRED, by="clock")
    assert Coupon.objects.get().used == 0
    capture(order.payments.get(), "36.00")

    coupon.refresh_from_db()
    order.refresh_from_db()
    assert (coupon.used, order.state) == (1, State.PAID)


def test_refunds_never_exceed_what_was_paid(sku):
    order = paid(order_for({sku: 2}))
    refunds.ask(order, Decimal("30.00"), reason="late")

    with pytest.raises(refunds.RefundError):
        refunds.ask(order, Decimal("10.01"))
    refunds.ask(order, Decimal("10.00"))

    order.refresh_from_db()
    assert (order.amount_refunded, order.money) == (40, Order.Money.REFUNDED)


def test_a_refund_is_carried_out_once_and_told_to_the_shopper(sku, settings):
    settings.DEBUG = True
    order = paid(order_for({sku: 2}, payment_method="demo_card"))
    refund = refunds.ask(order, Decimal("15.00"))
    row = Outbox.objects.get(kind=outbox.REFUND)

    refunds.carry_out(row)
    refunds.carry_out(row)

    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, order.money) == (Refund.State.DONE, Order.Money.PARTLY_REFUNDED)
    assert Outbox.objects.filter(kind=outbox.ORDER_REFUNDED).count() == 1


def test_a_refused_refund_no_longer_counts_and_asks_for_attention(sku):
    order = paid(order_for({sku: 2}))
    refund = refunds.ask(order, Decimal("15.00"))

    refunds.fail(refund, "card closed")
    refunds.fail(refund, "card closed")

    order.refresh_from_db()
    assert (order.amount_refunded, order.money) == (0, Order.Money.PAID)
    assert "card closed" in order.alert


def test_a_refund_made_at_the_gateway_itself_is_in_the_books_once(sku):
    order = paid(order_for({sku: 2}))
    payment = order.payments.get()

    refunds.record_outside(payment, Decimal("5.00"), "RE-1")
    refunds.record_outside(payment, Decimal("5.00"), "RE-1")

    order.refresh_from_db()
    assert order.amount_refunded == 5


def test_our_own_refund_is_recognised_by_its_key_when_the_gateway_tells_of_it(sku):
    order = paid(order_for({sku: 2}))
    refund = refunds.ask(order, Decimal("5.00"))

    refunds.record_outside(refund.payment, Decimal("5.00"), "RE-2", key=str(refund.key))

    order.refresh_from_db()
    refund.refresh_from_db()
    assert (order.amount_refunded, refund.state, refund.reference) == (5, "done", "RE-2")


def test_more_pieces_than_were_bought_cannot_be_refunded(sku):
    order = paid(order_for({sku: 2}))
    item = order.items.get()
    refunds.ask(order, Decimal("20.00"), items={item.pk: 1}, restock={item.pk: 1})

    with pytest.raises(refunds.RefundError):
        refunds.ask(order, Decimal("20.00"), items={item.pk: 2})

    assert Stock.objects.get(sku=sku).on_hand == 4
    assert Refund.objects.count() == 1


def test_what_is_written_into_the_books_is_read_in_the_shop_s_language_and_mails_in_the_shopper_s(
    sku,
):
    order = paid(order_for({sku: 1}, language="ko"))
    second = paying.new_payment(order, "bank_transfer")

    with translation.override("ko"):
        ledger.record_capture(second, second.amount, second.currency)

    order.refresh_from_db()
    (refund,) = order.refunds.all()
    assert order.alert == "It was paid twice."
    with translation.override("ko"):
        assert refund.reason == gettext("It was paid twice.") != "It was paid twice."
    assert order.events.filter(text__contains="It was paid twice.").count() == 2


def test_money_that_a_person_sends_back_waits_until_they_say_so(sku, django_user_model):
    order = paid(order_for({sku: 1}))
    refund = refunds.ask(order, order.total, reason="Torn")

    outbox.drain()

    order.refresh_from_db()
    refund.refresh_from_db()
    assert refund.state == Refund.State.WAITING
    assert "to the shopper's bank account" in order.alert
    assert not Outbox.objects.filter(kind=outbox.ORDER_REFUNDED).exists()

    refunds.sent_by_hand(refund, user=django_user_model.objects.create_user("ada"))

    order.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.state, order.alert) == (Refund.State.DONE, "")
    assert Outbox.objects.filter(kind=outbox.ORDER_REFUNDED).count() == 1


def test_a_second_payment_that_goes_back_does_not_change_how_the_order_was_paid(sku, settings):
    settings.DEBUG = True
    order = paid(order_for({sku: 1}, payment_method="demo_card"))

    second = paying.new_payment(order, "bank_transfer")
    ledger.record_capture(second, second.amount, second.currency)

    order.refresh_from_db()
    assert order.payment_method == "demo_card"
