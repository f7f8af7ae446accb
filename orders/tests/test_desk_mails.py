"""Mails and refunds of an order that are sent again, once for each time somebody asks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders import outbox
from orders.models import Outbox, Refund
from orders.payments import refunds
from orders.tests.desk_orders import State, address, an_order, do, last_event, posted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


@pytest.fixture
def confirmation():
    order = an_order()
    Outbox.objects.update(state=Outbox.State.SENT, sent_at=timezone.now(), attempts=1)
    return order.outbox.get(kind=outbox.ORDER_PLACED)


def again(client, row, **typed):
    return do(client, row.order, f"mails/{row.pk}/again", **typed)


def test_a_mail_that_was_sent_goes_out_once_more_as_a_mail_of_its_own(client, confirmation):
    again(client, confirmation, time="0")

    new = Outbox.objects.get(key=f"{confirmation.key}:again:0")
    assert (new.kind, new.state, new.payload) == (confirmation.kind, "queued", confirmation.payload)
    confirmation.refresh_from_db()
    assert confirmation.state == Outbox.State.SENT
    assert last_event(confirmation.order).text == "Sent again: Confirmation of the order"


def test_a_second_click_sends_no_second_mail(client, confirmation):
    again(client, confirmation, time="0")
    again(client, confirmation, time="0")

    assert Outbox.objects.filter(key__contains=":again:").count() == 1
    assert confirmation.order.events.filter(kind="mail").count() == 1


def test_a_mail_that_was_given_up_is_tried_again(client, confirmation):
    Outbox.objects.update(state=Outbox.State.FAILED, attempts=16)

    again(client, confirmation)

    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.attempts) == (Outbox.State.QUEUED, 0)
    assert not Outbox.objects.filter(key__contains=":again:").exists()


def test_a_mail_that_waits_is_not_sent_twice(client, confirmation):
    Outbox.objects.filter(pk=confirmation.pk).update(state=Outbox.State.QUEUED)

    again(client, confirmation, time="0")

    assert not Outbox.objects.filter(key__contains=":again:").exists()
    assert not confirmation.order.events.filter(kind="mail").exists()


def test_a_mail_that_waits_for_a_later_attempt_is_sent_now(client, confirmation):
    later = timezone.now() + timedelta(hours=1)
    Outbox.objects.filter(pk=confirmation.pk).update(state=Outbox.State.QUEUED, next_at=later)

    again(client, confirmation, time="0")

    assert outbox.drain() == 1
    confirmation.refresh_from_db()
    assert confirmation.state == Outbox.State.SENT
    assert not Outbox.objects.filter(key__contains=":again:").exists()


def test_a_mail_is_read_before_it_is_sent_without_the_shoppers_own_address(client, confirmation):
    order = confirmation.order
    page = client.get(address(order, f"mails/{confirmation.pk}"))
    html = client.get(address(order, f"mails/{confirmation.pk}/html"))

    assert order.number in page.content.decode()
    for response in (page, html):
        assert response.status_code == 200
        assert order.secret not in response.content.decode()
    assert "sandbox" in html["Content-Security-Policy"]


def test_mails_of_one_order_are_not_read_through_another(client, confirmation):
    other = an_order()

    for end in ("", "/html", "/again"):
        assert client.get(address(other, f"mails/{confirmation.pk}{end}")).status_code == 404


@pytest.fixture
def stuck(settings):
    settings.DEBUG = True
    order = an_order(State.PAID, payment_method="demo_card")
    refund = refunds.ask(order, Decimal(5), reason="Late")
    Outbox.objects.filter(kind=outbox.REFUND).update(state=Outbox.State.FAILED, attempts=16)
    return refund


def test_a_stuck_refund_is_tried_again(client, stuck):
    order = stuck.order
    assert f"/refunds/{stuck.pk}/" in client.get(address(order)).content.decode()

    do(client, order, f"refunds/{stuck.pk}")

    row = Outbox.objects.get(kind=outbox.REFUND)
    assert (row.state, row.attempts) == (Outbox.State.QUEUED, 0)
    assert order.amount_refunded == 5
    assert outbox.drain() > 0
    stuck.refresh_from_db()
    assert stuck.state == Refund.State.DONE


def test_a_refund_of_another_order_is_not_tried_again(client, stuck):
    other = an_order(State.PAID)
    refunds.ask(other, Decimal(5))
    Outbox.objects.filter(kind=outbox.REFUND).update(state=Outbox.State.FAILED)

    response = client.post(address(other, f"refunds/{stuck.pk}"), posted(other))

    assert response.status_code == 404
    assert set(Outbox.objects.filter(kind=outbox.REFUND).values_list("state", flat=True)) == {
        Outbox.State.FAILED
    }
