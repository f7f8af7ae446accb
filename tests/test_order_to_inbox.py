"""From the shelf to the inbox: real web, worker, beat and Redis processes, a real SMTP server."""

import html
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import requests

from catalog.models import Stock
from orders.models import Order, Outbox
from tests.services import RABBITMQ_URL
from tests.shop import Inbox, Shop, Shopper, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.slow,
]


def test_the_shoppers_way_ends_in_an_inbox(shop: Shop, inbox: Inbox, poster) -> None:
    shop.start_redis()
    shop.start_web()
    shop.start_workers()
    shopper = Shopper(shop.url)

    shopper.fill_cart()
    assert "€79.00" in shopper.page
    thanks = shopper.check_out()

    order = Order.objects.get()
    assert order.number in thanks.text
    assert order.secret in thanks.url
    mail = wait_for(lambda: inbox.of(order), f"mail; worker: {shop.log('worker')}")[0]
    assert mail["To"] == "ada@example.com"
    for kind in ("plain", "html"):
        text = html.unescape(mail.get_body(preferencelist=(kind,)).get_content())
        for expected in (order.number, "Dune at dawn", "A2", "€39.50", "€79.00", thanks.url):
            assert expected in text, (kind, expected)
    placed = Outbox.objects.filter(kind="order_placed", state="sent")
    wait_for(placed.exists, "row marked as sent")
    assert len(inbox.mails) == 1
    assert Stock.objects.get(sku__code="DUNE-A2").on_hand == 7
    # A stranger with another cookie sees neither the cart nor the order.
    stranger = Shopper(shop.url)
    assert "Dune at dawn" not in stranger.open("/cart/")
    assert requests.get(f"{shop.url}/orders/{order.number}/", timeout=30).status_code == 404


@contextmanager
def silent_server(path: Path) -> Iterator[None]:
    """A server that accepts connections at the address and never says a word."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(100)
        yield
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("broker", ["gone", "silent"])
def test_without_a_broker_the_order_is_placed_at_once_and_the_mail_goes_out_later(
    broker: str, shop: Shop, inbox: Inbox, poster
) -> None:
    shop.start_redis()
    shop.start_web()
    usual = Shopper(shop.url)
    usual.fill_cart()
    usual_time = usual.check_out().elapsed.total_seconds()
    shopper = Shopper(shop.url)
    shopper.fill_cart()
    shop.kill("redis")

    sock = shop.folder / "redis" / "redis.sock"
    with silent_server(sock) if broker == "silent" else nullcontext():
        time_without_broker = shopper.check_out().elapsed.total_seconds()

    assert time_without_broker < usual_time + 1.0
    assert Outbox.objects.filter(kind="order_placed", state="queued").count() == 2
    shop.start_redis()
    shop.start_workers()
    for order in Order.objects.all():
        wait_for(lambda order=order: inbox.of(order), f"mail; worker: {shop.log('worker')}")


def test_a_worker_killed_while_it_sends_loses_no_mail(shop: Shop, inbox: Inbox, poster) -> None:
    shop.start_redis()
    shop.start_web()
    shop.start_workers()
    inbox.is_slow.set()
    shopper = Shopper(shop.url)
    shopper.fill_cart()
    shopper.check_out()
    order = Order.objects.get()
    assert inbox.has_begun.wait(timeout=60), shop.log("worker")

    shop.kill("worker")
    inbox.is_slow.clear()
    row = Outbox.objects.get(kind="order_placed")
    assert (row.state, row.attempts) == ("leased", 1)
    # Nobody waits 90 seconds here for the lease to end.
    Outbox.objects.update(leased_until=order.created)
    shop.start_worker()

    wait_for(lambda: Outbox.objects.filter(state="sent"), f"mail; worker: {shop.log('worker')}")
    # The server may have kept what it was given when the worker died: one mail by its id.
    assert len({mail["Message-ID"] for mail in inbox.of(order)}) == 1


@pytest.mark.rabbitmq
def test_with_rabbitmq_as_broker_the_mail_goes_out_as_well(
    shop: Shop, inbox: Inbox, poster
) -> None:
    shop.environment["CELERY_BROKER_URL"] = RABBITMQ_URL
    shop.start_redis()
    shop.start_web()
    shop.start_workers()
    shopper = Shopper(shop.url)
    shopper.fill_cart()
    shopper.check_out()

    order = Order.objects.get()
    wait_for(lambda: inbox.of(order), f"mail; worker: {shop.log('worker')}")
