"""Two sellers put stock back at the same moment, and workers tell of it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from catalog import stock
from catalog.models import StockMovement
from catalog.tests.factories import make_page, make_sku
from orders import back_in_stock, outbox
from orders.models import BackInStock, Outbox

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
THREADS = 4
WAITING = 10


def together(work, times=THREADS):
    barrier = Barrier(times)

    def once(number):
        try:
            barrier.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(once, range(times)))


@pytest.fixture
def sku():
    sku = make_sku(make_page("Dune"), "DUNE", on_hand=0)
    for number in range(WAITING):
        BackInStock.objects.create(sku=sku, email=f"a{number}@example.com", language="en")
    return sku


def test_sellers_who_bring_stock_back_at_once_let_each_who_waits_have_one_mail(sku):
    together(lambda _n: stock.adjust({sku: 5}, reason=StockMovement.Reason.RECEIVED))
    assert Outbox.objects.filter(kind=outbox.TELL_OF_STOCK).count() == 1

    together(lambda _n: outbox.drain())
    while outbox.drain():
        pass

    assert sorted(message.to[0] for message in mail.outbox) == [
        f"a{number}@example.com" for number in range(WAITING)
    ]


def test_workers_who_tell_at_once_owe_each_who_waits_one_mail(sku):
    stock.adjust({sku: 5}, reason=StockMovement.Reason.RECEIVED)
    row = Outbox.objects.get(kind=outbox.TELL_OF_STOCK)

    together(lambda _n: back_in_stock.tell(row))

    assert Outbox.objects.filter(kind=outbox.BACK_IN_STOCK).count() == WAITING


def test_workers_who_tell_at_once_owe_the_mails_in_the_order_of_the_wishes(sku, monkeypatch):
    monkeypatch.setattr(back_in_stock, "BATCH", 2)
    stock.adjust({sku: 5}, reason=StockMovement.Reason.RECEIVED)
    row = Outbox.objects.get(kind=outbox.TELL_OF_STOCK)

    together(lambda _n: back_in_stock.tell(row))

    owed = Outbox.objects.filter(kind=outbox.BACK_IN_STOCK).order_by("next_at", "pk")
    wishes = BackInStock.objects.order_by("pk").values_list("pk", flat=True)
    assert [row.payload["wish"] for row in owed] == list(wishes)


def test_one_who_asks_again_while_their_mail_is_dropped_waits_once(sku):
    stock.adjust({sku: 5}, reason=StockMovement.Reason.RECEIVED)
    back_in_stock.tell(Outbox.objects.get(kind=outbox.TELL_OF_STOCK))
    Outbox.objects.filter(kind=outbox.TELL_OF_STOCK).delete()
    stock.adjust({sku: -5}, reason=StockMovement.Reason.RECEIVED)

    def ask_or_drop(number):
        if number % 2:
            outbox.drain()
        for one in range(WAITING):
            back_in_stock.ask(sku, f"a{one}@example.com", language="en")

    together(ask_or_drop)
    while outbox.drain():
        pass

    waiting = BackInStock.objects.filter(told__isnull=True)
    assert sorted(wish.email for wish in waiting) == [f"a{n}@example.com" for n in range(WAITING)]
    assert BackInStock.objects.count() == WAITING
    assert mail.outbox == []


def test_one_who_asks_many_times_at_once_waits_once(sku):
    together(lambda _n: back_in_stock.ask(sku, "new@example.com", language="en"))

    assert BackInStock.objects.filter(email="new@example.com").count() == 1
