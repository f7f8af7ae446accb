"""What the clock does with payments nobody is heard of, and with orders whose time is over."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from catalog.models import Stock
from catalog.tests.factories import make_sku
from orders import outbox
from orders.models import Order, OrderSettings, Outbox, Payment
from orders.payments import ledger, overdue, paying, reach
from orders.payments.base import Gateway, GatewayUnavailableError, Step, UndecidedError
from orders.tests.factories import order_for, paid

pytestmark = pytest.mark.django_db

LATER = timedelta(days=400)


class CardGateway(Gateway):
    """Answers as the test says: how a payment stands, or with an error."""

    slug, label = "card", "Card"
    answer: object = None
    asked: list[int] = []

    def is_offered(self, currency):
        return True

    def begin(self, payment):
        return Step("https://card.example.com/")

    def settle(self, payment):
        self.asked.append(payment.pk)
        if isinstance(self.answer, BaseException):
            raise self.answer
        if self.answer:
            type(self).answer(payment)

    def refund(self, refund):
        return "R-1"


@pytest.fixture(autouse=True)
def card(settings, monkeypatch):
    settings.PAYMENT_GATEWAYS = [
        "orders.payments.bank_transfer.BankTransfer",
        f"{__name__}.CardGateway",
    ]
    monkeypatch.setattr(CardGateway, "asked", [])
    monkeypatch.setattr(CardGateway, "answer", None)
    return CardGateway


@pytest.fixture
def sku():
    return make_sku(price="25.00", on_hand=5)


def state_of(order):
    order.refresh_from_db()
    return order.state


def test_an_order_whose_money_is_on_its_way_does_not_expire(sku, card, client):
    order = order_for({sku: 2}, payment_method="card")
    card.answer = ledger.record_pending

    for day in range(5):
        assert overdue.expire_due(timezone.now() + timedelta(days=day, hours=2)) == 0

    assert state_of(order) == Order.State.PENDING
    assert Stock.objects.get(sku=sku).on_hand == 3
    page = client.get(order.get_absolute_url()).content.decode()
    assert "on its way" in page
    assert f"/orders/{order.secret}/pay/" not in page


def test_no_second_payment_is_begun_while_one_is_on_its_way(sku):
    order = order_for({sku: 2}, payment_method="card")
    ledger.record_pending(order.payments.get())

    with pytest.raises(paying.CannotPayError, match="on its way"):
        paying.begin(order, "bank_transfer")

    assert order.payments.count() == 1


@pytest.mark.parametrize(
    "error", [GatewayUnavailableError("silent"), UndecidedError("403"), KeyError("status")]
)
def test_an_order_of_which_nobody_can_tell_waits_a_day_and_then_expires(sku, card, error):
    order = order_for({sku: 2}, payment_method="card")
    card.answer = error

    assert overdue.expire_due(timezone.now() + timedelta(hours=2)) == 0
    assert state_of(order) == Order.State.PENDING
    assert order.expires_at > timezone.now() + timedelta(minutes=9)

    reach.forget()
    Payment.objects.update(created=timezone.now() - timedelta(days=1, minutes=1))
    assert overdue.expire_due(timezone.now() + timedelta(hours=2)) == 1


def test_a_worker_whose_time_is_over_expires_nothing_unasked(sku, card):
    order = order_for({sku: 2}, payment_method="card")
    card.answer = SoftTimeLimitExceeded()

    with pytest.raises(SoftTimeLimitExceeded):
        overdue.expire_due(timezone.now() + LATER)
    with pytest.raises(SoftTimeLimitExceeded):
        overdue.check_due(timezone.now() + LATER)

    assert state_of(order) == Order.State.PENDING


def test_an_order_that_got_more_time_while_its_gateway_was_asked_does_not_expire(sku, card):
    order = order_for({sku: 2}, payment_method="card")
    card.answer = lambda payment: paying.begin(payment.order, "bank_transfer")

    assert overdue.expire_due(order.expires_at) == 0

    assert state_of(order) == Order.State.PENDING
    assert order.payment_method == "bank_transfer"


def test_choosing_another_way_takes_no_time_from_an_order(sku):
    order = order_for({sku: 2}, payment_method="bank_transfer")
    until = order.expires_at

    paying.begin(order, "card")
    order.refresh_from_db()
    assert (order.payment_method, order.expires_at) == ("card", until)

    paying.begin(order, "bank_transfer")
    order.refresh_from_db()
    assert order.payment_method == "bank_transfer"
    # And gives none twice: it runs from the first time that this way was chosen.
    assert timedelta(0) <= order.expires_at - until < timedelta(seconds=5)


def test_choosing_the_bank_gives_an_order_the_time_that_a_transfer_takes(sku):
    order = order_for({sku: 2}, payment_method="card")

    paying.begin(order, "bank_transfer")

    order.refresh_from_db()
    hours = OrderSettings.load().unpaid_hours
    assert order.expires_at > timezone.now() + timedelta(hours=hours - 1)


def test_who_meant_to_send_money_hears_that_the_order_expired_whatever_was_tried_since(sku):
    order = order_for({sku: 2}, payment_method="bank_transfer")
    paying.begin(order, "card")

    assert overdue.expire_due(timezone.now() + LATER) == 1

    assert Outbox.objects.filter(order=order, kind=outbox.ORDER_CANCELLED).exists()


def test_an_order_on_invoice_is_paid_online_after_it_was_packed(sku, card):
    OrderSettings.objects.create(sends_unpaid=True)
    order = order_for({sku: 2}, payment_method="bank_transfer")
    Order.objects.update(state=Order.State.PACKED)

    paying.begin(order, "card")
    order.refresh_from_db()

    assert paying.is_payable(order)
    assert (order.is_sent_unpaid, order.expires_at) == (True, None)
    assert paid(order).money == Order.Money.PAID


def test_eight_declined_cards_leave_the_bank_transfer(sku):
    order = order_for({sku: 2}, payment_method="card")
    for _ in range(paying.MOST_ATTEMPTS):
        paying.begin(order, "card")
        ledger.record_failure(order.payments.latest("pk"), "declined")

    with pytest.raises(paying.CannotPayError, match="too often"):
        paying.begin(order, "card")
    assert paying.begin(order, "bank_transfer") == Step()


def test_a_payment_is_asked_about_daily_after_the_first_day_however_often_that_failed(sku, card):
    order_for({sku: 2}, payment_method="card")
    card.answer = UndecidedError("silent")
    begun = timezone.now()

    for days in (1, 2, 3, 4, 5, 6, 7, 8):
        overdue.check_due(begun + timedelta(days=days, minutes=days))

    assert len(card.asked) == 8
    assert Payment.objects.get().next_check > begun + timedelta(days=8)


def test_nobody_asks_for_ever(sku, card):
    order_for({sku: 2}, payment_method="card")
    Payment.objects.update(checks=60, next_check=timezone.now())

    overdue.check_due(timezone.now() + timedelta(days=61))

    assert Payment.objects.get().next_check is None


def test_a_silent_gateway_costs_its_time_once_and_keeps_no_other_waiting(sku, card):
    for _ in range(3):
        order_for({sku: 1}, payment_method="card")
    card.answer = GatewayUnavailableError("silent")

    overdue.check_due(timezone.now() + timedelta(minutes=3))
    overdue.expire_due(timezone.now() + timedelta(hours=2))

    assert len(card.asked) == 1
    assert Order.objects.filter(state=Order.State.PENDING).count() == 3
    # Those that were not asked keep their turn.
    assert Payment.objects.filter(checks=0).count() == 2
