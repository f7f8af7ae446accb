"""The shop with one of its guards off: the controls' web server, and nothing else's.

``BENCH_WITHOUT`` names the guard: "stock", "token", "coupon",
"outbox" or "publishing".
"""

import os
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from storefront import celery_app
from storefront.wsgi import application

__all__ = ["application"]


def without_stock() -> None:
    """Look how many there are, and then take one: two who look at once take the same one."""
    from catalog import stock
    from catalog.models import Sku, Stock

    def take_carelessly(sku: Sku, quantity: int) -> int:
        on_hand = Stock.objects.get(sku=sku).on_hand
        if on_hand < quantity:
            raise stock.OutOfStockError(sku)
        Stock.objects.filter(sku=sku).update(on_hand=on_hand - quantity)
        return quantity

    stock._take_one = take_carelessly
    _without_transaction_on_sqlite()


def without_coupon() -> None:
    """Check how often it was used, and count one more later: two who check at once both pass."""
    from orders import coupons
    from orders.models import Coupon, CouponUse, Order

    def use_carelessly(coupon: Coupon, order: Order, amount: Any) -> CouponUse:
        # As it was when it was checked, for the quote.
        coupon.used += 1
        coupon.save(update_fields=["used"])
        return CouponUse.objects.create(
            coupon=coupon, order=order, email=order.email, user=order.user, amount=amount
        )

    coupons.lock = lambda coupon: coupon
    coupons.use = use_carelessly
    _without_transaction_on_sqlite()


def without_token() -> None:
    """Each click is a checkout of its own."""
    from orders import checkout, checkout_views

    place_order = checkout.place_order

    def place_anew(order: Any, *arguments: Any, **options: Any) -> Any:
        order.checkout_token = uuid4()
        return place_order(order, *arguments, **options)

    checkout_views.order_of = lambda _token: None
    checkout_views.place_order = place_anew


def without_outbox() -> None:
    """Each mail is a Celery message, published after the commit; no row is worked off later."""
    from django.db import transaction

    from bench.checkout.plain_mail import SEND
    from orders import outbox
    from orders.models import Order, Outbox

    owe_first = outbox.owe_first

    def owe_and_publish(order: Order, *kinds: str) -> None:
        owe_first(order, *kinds)
        number = Outbox.objects.values_list("pk", flat=True).get(
            order=order, kind=outbox.ORDER_PLACED
        )
        transaction.on_commit(lambda: celery_app.send_task(SEND, [number]), robust=True)

    outbox.owe_first = owe_and_publish
    outbox.ring = lambda: None


def without_publishing() -> None:
    """Celery's own settings for publishing, which wait long and try again."""
    from celery.app.defaults import DEFAULTS

    for name in (
        "broker_transport_options",
        "broker_connection_timeout",
        "task_publish_retry",
        "task_publish_retry_policy",
    ):
        setattr(celery_app.conf, name, DEFAULTS[name])


def _without_transaction_on_sqlite() -> None:
    """There a transaction has the database to itself: each step becomes one of its own."""
    from django.db import connection

    from catalog import stock
    from orders import checkout

    if connection.vendor != "sqlite":
        return

    def now(function: Callable[[], None], **_options: Any) -> None:
        function()

    checkout.transaction = SimpleNamespace(atomic=nullcontext, on_commit=now)
    stock._require_transaction = lambda: None


{
    "stock": without_stock,
    "token": without_token,
    "coupon": without_coupon,
    "outbox": without_outbox,
    "publishing": without_publishing,
}[os.environ["BENCH_WITHOUT"]]()
