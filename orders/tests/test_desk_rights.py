"""Who may do what at the desk: every role at every address, shown and sent."""

import pytest
from django.test import Client

from orders import events, outbox
from orders.models import Order, OrderEvent, Outbox, Refund
from orders.payments import refunds
from orders.tests.desk_orders import ROLES, State, address, an_order, member_of, posted
from orders.tests.factories import CUSTOMER

pytestmark = pytest.mark.django_db

SEES = {"Fulfilment", "Finance", "Owner"}
REFUNDS = {"Finance", "Owner"}
# The end of the address, the state the order is in for it, who may, and what is typed.
READ = ["", "invoice", "mails/{mail}", "mails/{mail}/html"]
CHANGE = [
    ("pay", State.PENDING, {"amount": "25.00", "received": "2026-01-01"}),
    ("pack", State.PAID, {}),
    ("ship", State.PACKED, {"carrier": "Post"}),
    ("deliver", State.SHIPPED, {}),
    ("return", State.SHIPPED, {}),
    ("cancel", State.PAID, {"restock": "on"}),
    ("clear-alert", State.PAID, {"note": "Done"}),
    ("note", State.PAID, {"note": "Seen"}),
    ("shipments/{parcel}", State.SHIPPED, {"carrier": "Courier"}),
    ("address", State.PAID, {**CUSTOMER, "first_name": "Grace"}),
    ("mails/{mail}/again", State.PAID, {"time": "0"}),
]
EVERYBODY = [*ROLES, "Shopper", "Anonymous"]


def signed_in(client, role):
    if role != "Anonymous":
        client.force_login(member_of(role))
    return client


def parcel_of(order):
    return order.shipments.first() or order.shipments.create(carrier="Post")


def ready(state):
    order = an_order(state)
    events.alert(order, "Look")
    Outbox.objects.update(state=Outbox.State.SENT)
    return order


def at(order, end):
    mail = order.outbox.filter(kind=outbox.ORDER_PLACED).get()
    parcel = parcel_of(order).pk if "{parcel}" in end else None
    return address(order, end.format(mail=mail.pk, parcel=parcel))


def is_let_in(response) -> bool:
    """Shown, or done and led back to the order; all others are led to the start or the log-in."""
    if response.status_code == 302:
        return response.url.startswith("/admin/orders/")
    return response.status_code == 200


def stands():
    rows = Order.objects.values_list("state", "alert", "amount_paid", "amount_refunded")
    return list(rows), OrderEvent.objects.count(), Outbox.objects.count(), Refund.objects.count()


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_sees_orders(client, role):
    order = ready(State.PAID)
    signed_in(client, role)

    ends = [f"/admin/orders/{end}" for end in ("", "results/", "?export=csv", "?export=xlsx")]
    ends.append(f"/admin/orders/slips/?ids={order.pk}")
    ends.append(f"/admin/bulk/orders/order/slips/?id={order.pk}")
    for url in [*ends, *(at(order, end) for end in READ)]:
        assert is_let_in(client.get(url)) is (role in SEES), url


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_carries_orders_on(client, role):
    orders = [(end, ready(state), typed) for end, state, typed in CHANGE]
    signed_in(client, role)
    may = role in SEES

    for end, order, typed in orders:
        before = stands()
        assert is_let_in(client.get(at(order, end))) is may, end
        assert stands() == before, f"{end}: a look changes nothing"
        response = client.post(at(order, end), posted(order, **typed))
        assert is_let_in(response) is may, end
        assert (stands() != before) is may, end


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_gives_money_back(client, role):
    order = ready(State.PAID)
    stuck = refunds.ask(order, order.total / 5)
    Outbox.objects.filter(kind=outbox.REFUND).update(state=Outbox.State.FAILED)
    signed_in(client, role)
    may = role in REFUNDS

    for end, typed in [(f"refunds/{stuck.pk}", {}), ("refund", {"amount": "1.00", "agreed": "1"})]:
        before = stands()
        assert is_let_in(client.get(address(order, end))) is may, end
        client.post(address(order, end), posted(order, **typed))
        assert (stands() != before) is may, end


@pytest.mark.parametrize("role", sorted(SEES))
def test_who_may_not_refund_cancels_without_giving_back(client, role):
    order = ready(State.PAID)
    signed_in(client, role)

    client.post(address(order, "cancel"), posted(order, restock="on", refund="on"))

    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert order.amount_refunded == (25 if role in REFUNDS else 0)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_shown_which_button(client, role):
    order = ready(State.PAID)
    signed_in(client, role)

    html = client.get(address(order), follow=True).content.decode()

    for action, who in [("pack", SEES), ("cancel", SEES), ("address", SEES), ("refund", REFUNDS)]:
        assert (f'href="{address(order, action)}"' in html) is (role in who), action


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_does_something_to_many_orders(client, role):
    order = ready(State.PAID)
    signed_in(client, role)
    may = role in SEES

    for action in ("pack", "ship", "export"):
        url = f"/admin/bulk/orders/order/{action}/?id={order.pk}&next=/admin/orders/"
        before = stands()
        assert (client.get(url).status_code == 200) is may, action
        response = client.post(url, {"rows": "orders", "kind": "csv"})
        assert (response.status_code == 200 or response.url == "/admin/orders/") is may, action
        if action != "export":
            assert (stands() != before) is may, action


def test_the_log_of_a_payment_is_for_those_who_keep_the_books(client):
    order = ready(State.PAID)
    payment = order.payments.get()
    payment.events.create(gateway="paypal", direction="call", action="capture", body={"id": "X9"})

    for role in sorted(SEES):
        signed_in(client, role)
        html = client.get(address(order)).content.decode()
        assert ("&quot;id&quot;: &quot;X9&quot;" in html) is (role in REFUNDS), role


def test_a_forged_form_does_nothing(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    order = ready(State.PAID)

    response = strict.post(address(order, "pack"), posted(order))

    assert response.status_code == 403
    order.refresh_from_db()
    assert order.state == State.PAID
