"""Whoever asks to be forgotten is, and the books add up as before."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from catalog.tests.factories import make_page, make_sku
from orders import back_orders, erasing, outbox, states
from orders.documents import invoice
from orders.mails.sending import message_for
from orders.models import (
    CouponUse,
    Invoice,
    InvoiceAddress,
    Order,
    OrderEvent,
    OrderItem,
    OrderSettings,
    Outbox,
    PaymentEvent,
    Refund,
)
from orders.payments import ledger, refunds
from orders.payments.bare import bare
from orders.tests.desk_orders import an_order, carried_to
from orders.tests.factories import order_for
from orders.tests.pdf_text import pages
from orders.tests.test_races import race

pytestmark = pytest.mark.django_db

State = Order.State
# Whatever may change when a person is erased; nothing else does.
PERSONAL = {*erasing.PERSONAL, "email", "message", "alert", "user_id", "erasure_asked", "erased"}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user("ada", "ada@example.com", "secret")


def facts_of(order: Order) -> dict:
    """All that the books say of an order beside the person."""
    order = Order.objects.get(pk=order.pk)
    own = {
        field.attname: getattr(order, field.attname)
        for field in Order._meta.concrete_fields
        if field.attname not in PERSONAL
    }
    lines = list(order.items.order_by("pk").values())
    money = list(order.payments.order_by("pk").values("state", "amount", "reference", "key"))
    given = list(order.refunds.order_by("pk").values("state", "amount", "reference"))
    return {"order": own, "lines": lines, "payments": money, "refunds": given}


@pytest.mark.parametrize("state", [State.DELIVERED, State.RETURNED, State.CANCELLED, State.EXPIRED])
def test_an_order_that_has_ended_is_erased_and_adds_up_as_before(ada, state):
    order = an_order(state, user=ada, phone="030 123", message="Ring twice")
    before = facts_of(order)

    assert erasing.ask(ada) == 0

    order.refresh_from_db()
    assert facts_of(order) == before
    assert [getattr(order, name) for name in erasing.PERSONAL] == [""] * 9
    assert (order.email, order.message, order.user) == ("", "", None)
    assert str(order.country) == "GB"
    assert order.erased


@pytest.mark.parametrize("state", [State.PENDING, State.PAID, State.PACKED, State.SHIPPED])
def test_an_order_on_its_way_keeps_its_address_until_it_has_ended(ada, state):
    order = an_order(state, user=ada)

    assert erasing.ask(ada) == 1
    assert erasing.erase_due() == 0
    order.refresh_from_db()
    assert (order.name, order.erased) == ("Ada Lovelace", None)
    assert order.erasure_asked

    if state == State.PENDING:
        states.advance(order, State.EXPIRED, by="clock")
    else:
        rest = [State.PACKED, State.SHIPPED, State.DELIVERED]
        for step in rest[rest.index(state) + 1 :] if state in rest else rest:
            states.advance(order, step, by="test")
    assert erasing.erase_due() == 1
    order.refresh_from_db()
    assert (order.first_name, bool(order.erased)) == ("", True)


def test_a_parcel_is_waited_for_no_longer_than_thirty_days(ada):
    order = an_order(State.SHIPPED, user=ada)
    erasing.ask(ada)
    sent = OrderEvent.objects.filter(to_state=State.SHIPPED)

    sent.update(created=timezone.now() - timedelta(days=29))
    assert erasing.erase_due() == 0
    sent.update(created=timezone.now() - timedelta(days=31))
    assert erasing.erase_due() == 1

    order.refresh_from_db()
    assert (order.state, order.first_name) == (State.SHIPPED, "")


def test_an_order_nobody_asked_to_erase_stays(ada):
    order = an_order(State.DELIVERED, user=ada)

    assert erasing.erase_due() == 0
    order.refresh_from_db()
    assert order.name == "Ada Lovelace"


def test_who_still_has_to_pay_for_what_was_sent_is_known_until_then(ada):
    rules = OrderSettings.load()
    rules.sends_unpaid = True
    rules.save()
    order = an_order(user=ada)
    for step in (State.PACKED, State.SHIPPED, State.DELIVERED):
        states.advance(order, step, by="test")

    assert erasing.ask(ada) == 1

    payment = order.payments.get()
    ledger.record_capture(payment, payment.amount, payment.currency, by="test")
    assert erasing.erase_due() == 1


def test_who_waits_for_money_back_is_known_until_it_is_there(ada):
    order = an_order(State.RETURNED, user=ada)
    refund = refunds.ask(order, order.refundable, reason="came back", by="test")

    assert erasing.ask(ada) == 1

    refunds.finish(Refund.objects.get(pk=refund.pk))
    assert erasing.erase_due() == 1


def test_what_is_owed_is_still_sent(ada):
    order = an_order(State.DELIVERED, user=ada)
    OrderItem.objects.update(back_ordered=1)
    assert back_orders.owes(Order.objects.get(pk=order.pk))

    assert erasing.ask(ada) == 1
    OrderItem.objects.update(back_ordered=0)
    assert erasing.erase_due() == 1


def test_the_invoice_names_nobody_and_states_the_same_sums(ada):
    order = an_order(State.DELIVERED, user=ada)
    InvoiceAddress.objects.create(
        order=order, first_name="Countess", last_name="Lovelace", company="Engines Ltd",
        address="1 Other Road", city="Paris", country="FR",
    )  # fmt: skip
    before = invoice.facts(order)
    assert "Engines" in " ".join(pages(invoice.pdf(order)))

    erasing.ask(ada)

    order = Order.objects.get(pk=order.pk)
    after = invoice.facts(order)
    assert after.buyer == ("The customer was erased at their own request.", "France")
    assert after.delivery == ()
    assert (after.number, after.lines, after.taxes, after.grand_total) == (
        (before.number, before.lines, before.taxes, before.grand_total)
    )  # fmt: skip
    text = " ".join(pages(invoice.pdf(order)))
    assert "erased at their own request" in text
    assert not any(word in text for word in ("Lovelace", "Engines", "Other Road", "London"))


def test_an_invoice_that_is_written_only_afterwards_names_nobody_either(ada):
    order = an_order(State.DELIVERED, user=ada)
    assert not Invoice.objects.exists()

    erasing.ask(ada)

    stated = invoice.facts(Order.objects.get(pk=order.pk))
    assert stated.buyer == ("The customer was erased at their own request.", "United Kingdom")


def test_an_erased_order_still_opens_for_shopper_and_desk(ada, client, django_user_model):
    order = an_order(State.DELIVERED, user=ada)
    erasing.ask(ada)
    order.refresh_from_db()

    page = client.get(order.get_absolute_url()).content.decode()
    assert "The customer asked to be erased" in page
    assert order.number in page
    assert client.get(f"{order.get_absolute_url()}invoice.pdf").status_code == 200

    client.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))
    desk = client.get(f"/admin/orders/{order.pk}/").content.decode()
    assert "The customer asked to be erased" in desk
    assert 'mailto:"' not in desk
    assert "Member:" not in desk
    for row in Outbox.objects.filter(order=order):
        assert client.get(f"/admin/orders/{order.pk}/mail/{row.pk}/").status_code in {200, 404}
    assert order.number in client.get("/admin/orders/?q=" + order.number).content.decode()


def test_erased_orders_are_not_taken_for_those_of_one_customer(ada, client, django_user_model):
    orders = [an_order(State.DELIVERED, user=ada) for _ in range(2)]
    erasing.ask(ada)
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))

    desk = client.get(f"/admin/orders/{orders[0].pk}/").content.decode()

    assert "other order" not in desk


def test_no_mail_goes_to_who_was_erased(ada):
    order = an_order(State.DELIVERED, user=ada)
    row = Outbox.objects.get(order=order, kind=outbox.ORDER_PLACED)
    assert message_for(row).to == ["ada@example.com"]

    erasing.ask(ada)

    with pytest.raises(outbox.NoLongerNeededError):
        message_for(Outbox.objects.get(pk=row.pk))


def test_money_that_comes_after_all_goes_back_and_brings_nothing_to_life(ada):
    order = an_order(user=ada)
    states.advance(order, State.EXPIRED, by="clock")
    erasing.ask(ada)
    payment = order.payments.get()

    ledger.record_capture(payment, payment.amount, payment.currency, by="test")

    order.refresh_from_db()
    assert (order.state, order.amount_paid) == (State.EXPIRED, payment.amount)
    assert order.amount_refunded == payment.amount
    assert "erased" in order.alert


def test_words_with_gateways_keep_names_and_sums_alone():
    said = {
        "id": "evt_1",
        "data": {
            "object": {
                "id": "cs_1",
                "amount_total": 2500,
                "currency": "eur",
                "customer_email": "ada@example.com",
                "customer_details": {"name": "Ada", "id": "cus_1"},
                "description": "for Ada",
            }
        },
        "payer": {"name": {"given_name": "Ada"}, "id": "P1"},
        "purchase_units": [
            {"shipping": {"name": "Ada"}, "amount": {"value": "25.00", "currency_code": "EUR"}}
        ],
    }

    assert bare(said) == {
        "id": "evt_1",
        "data": {"object": {"id": "cs_1", "amount_total": 2500, "currency": "eur"}},
        "purchase_units": [{"amount": {"value": "25.00", "currency_code": "EUR"}}],
    }
    assert (bare("Ada"), bare(None), bare(["Ada"]), bare({"id": ["Ada"]})) == ({}, {}, [], {})


def test_what_a_gateway_says_later_is_made_bare_at_night(ada):
    order = an_order(State.DELIVERED, user=ada)
    erasing.ask(ada)
    payment = order.payments.get()
    PaymentEvent.objects.create(
        gateway="x", payment=payment, direction="message", action="late",
        body={"id": "1", "payer": {"name": "Ada"}},
    )  # fmt: skip

    erasing.erase_due()

    assert PaymentEvent.objects.get(action="late").body == {"id": "1"}


def test_an_order_that_cannot_be_erased_keeps_no_other(ada, monkeypatch):
    first, second = [an_order(State.SHIPPED, user=ada) for _ in range(2)]
    erasing.ask(ada)
    for order in (first, second):
        states.advance(order, State.DELIVERED, by="test")
    erase_money = erasing._erase_money

    def fail_once(order):
        if order.pk == first.pk:
            raise ValueError
        erase_money(order)

    monkeypatch.setattr(erasing, "_erase_money", fail_once)

    assert erasing.erase_due() == 1
    first.refresh_from_db()
    assert first.first_name == "Ada"


def test_erasing_again_changes_nothing(ada):
    order = an_order(State.DELIVERED, user=ada)
    assert erasing.erase(order.pk)
    order.refresh_from_db()
    first, events = order.erased, order.events.count()

    assert not erasing.erase(order.pk)

    order.refresh_from_db()
    assert (order.erased, order.events.count()) == (first, events)


def test_sums_of_the_shop_are_the_same_afterwards(ada):
    sku = make_sku(make_page("Tee"), price="12.50", on_hand=100)
    for state in (State.DELIVERED, State.SHIPPED, State.CANCELLED):
        carried_to(order_for({sku: 2}, user=ada), state)
    sums = {"total": Sum("total"), "paid": Sum("amount_paid"), "back": Sum("amount_refunded")}
    before = Order.objects.aggregate(**sums), OrderItem.objects.aggregate(Sum("tax"), Sum("net"))

    erasing.ask(ada)

    after = Order.objects.aggregate(**sums), OrderItem.objects.aggregate(Sum("tax"), Sum("net"))
    assert after == before
    assert CouponUse.objects.count() == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_nights_at_once_erase_each_order_once(django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    sku = make_sku(make_page("Tee"), price="12.50", on_hand=100)
    for _ in range(3):
        carried_to(order_for({sku: 1}, user=ada), State.DELIVERED)
    Order.objects.update(erasure_asked=timezone.now())

    results = race(lambda _: erasing.erase_due(), 4)

    assert sum(results) == 3, results
    assert OrderEvent.objects.filter(text=str(erasing.GONE)).count() == 3
