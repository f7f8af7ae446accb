"""A shop whose shoppers pay by PayPal: orders that wait, shoppers who approve, messages."""

import re
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.test import Client

from catalog.models import Sku
from orders import outbox
from orders.models import Order, Outbox, Payment, Refund
from orders.tests.factories import CUSTOMER, order_for
from orders.tests.fakes.paypal import FakePayPal

CHECKOUT = "/orders/checkout/"
MESSAGES = "/payments/messages/paypal/"
BROWSER = {"Origin": "http://testserver"}


def waiting_order(sku: Sku, quantity: int = 2, **fields: Any) -> Order:
    """An order that is to be paid by PayPal and is not yet."""
    return order_for({sku: quantity}, **{"payment_method": "paypal", **fields})


def go_to_paypal(client: Client, order: Order) -> str:
    """Press the button; the address that the shopper is sent to."""
    path = f"{order.get_absolute_url()}pay/"
    return client.post(path, {"gateway": "paypal"}, headers=BROWSER).url


def buy(client: Client, sku: Sku, quantity: int = 2) -> str:
    """From the product to the button of the checkout; where the shopper is sent then."""
    client.post("/cart/add/", {"code": sku.code, "quantity": quantity}, headers=BROWSER)
    form = {**CUSTOMER, "payment": "paypal"}
    page = client.post(CHECKOUT, {**form, "do": "update"}, headers=BROWSER).content.decode()
    hidden = dict(re.findall(r'name="(token|shown)" value="([^"]+)"', page))
    return client.post(CHECKOUT, {**form, **hidden}, headers=BROWSER).url


def order_at_paypal(address: str) -> str:
    return address.rpartition("token=")[2]


def approved(client: Client, paypal: FakePayPal, order: Order) -> str:
    """PayPal's name of its order, which the shopper has approved there."""
    order_id = order_at_paypal(go_to_paypal(client, order))
    paypal.account.approve(order_id)
    return order_id


def come_back(client: Client, paypal: FakePayPal, order_id: str) -> Any:
    """Follow PayPal's link back into the shop."""
    address = paypal.account.orders[order_id]["experience"]["return_url"]
    path = address.removeprefix(settings.BASE_URL)
    return client.get(f"{path}?token={order_id}&PayerID=QYR5Z8XDVJNXQ")


def paid(client: Client, paypal: FakePayPal, order: Order) -> Payment:
    come_back(client, paypal, approved(client, paypal, order))
    return order.payments.get()


def tell(client: Client, paypal: FakePayPal, event: dict[str, Any]) -> int:
    """Let PayPal send a message to the shop; the status that the shop answers with."""
    body, headers = paypal.message(event)
    response = client.post(MESSAGES, body, content_type="application/json", headers=headers)
    return response.status_code


def tell_all(client: Client, paypal: FakePayPal) -> None:
    for event in list(paypal.account.events):
        assert tell(client, paypal, event) == 200
    outbox.drain()


def state_of(order: Order) -> dict[str, Any]:
    """How the order stands in the books, and what the shopper is told of it."""
    order.refresh_from_db()
    mails = Outbox.objects.filter(order=order)
    return {
        "order": order.state,
        "money": order.money,
        "paid": order.amount_paid,
        "refunded": order.amount_refunded,
        "captured": order.payments.filter(state=Payment.State.CAPTURED).count(),
        "refunds": sorted(
            order.refunds.filter(state=Refund.State.DONE).values_list("amount", flat=True)
        ),
        "mails": {
            kind: mails.filter(kind=kind).count()
            for kind in (outbox.PAYMENT_RECEIVED, outbox.ORDER_REFUNDED)
        },
        "alert": order.alert,
    }


def paid_once(total: Decimal) -> dict[str, Any]:
    """The state of an order whose money came once and stayed."""
    return {
        "order": Order.State.PAID,
        "money": Order.Money.PAID,
        "paid": total,
        "refunded": Decimal(0),
        "captured": 1,
        "refunds": [],
        "mails": {outbox.PAYMENT_RECEIVED: 1, outbox.ORDER_REFUNDED: 0},
        "alert": "",
    }
