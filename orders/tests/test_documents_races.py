"""Rivals for an invoice number, with a control that shows what the lock is for."""

import threading

import pytest
from django.db import IntegrityError

from catalog.tests.factories import make_sku
from orders.documents import invoice
from orders.models import Invoice, InvoiceCounter, Order
from orders.tests.factories import order_for, paid
from orders.tests.test_races import race

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

RIVALS = 12


def test_many_at_once_write_one_invoice_for_one_order() -> None:
    order = paid(order_for({make_sku(on_hand=1): 1}))

    results = race(lambda _: invoice.invoice_of(Order.objects.get(pk=order.pk)), RIVALS)

    assert {result.number for result in results} == {"00001"}, results
    assert Invoice.objects.count() == InvoiceCounter.objects.get().last == 1


def test_many_orders_at_once_get_numbers_without_a_gap() -> None:
    sku = make_sku(on_hand=RIVALS)
    orders = [paid(order_for({sku: 1})) for _ in range(RIVALS)]

    results = race(lambda number: invoice.invoice_of(orders[number]), RIVALS)

    assert sorted(result.sequence for result in results) == list(range(1, RIVALS + 1)), results


@pytest.mark.postgresql
def test_without_the_lock_two_draw_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control; on SQLite each has the whole database to itself."""
    sku = make_sku(on_hand=RIVALS)
    orders = [paid(order_for({sku: 1})) for _ in range(RIVALS)]
    InvoiceCounter.objects.create(pk=1)
    all_have_read = threading.Barrier(RIVALS)

    def read_carelessly() -> InvoiceCounter:
        counter = InvoiceCounter.objects.get(pk=1)
        all_have_read.wait(timeout=30)
        return counter

    monkeypatch.setattr(invoice, "_held_counter", read_carelessly)
    results = race(lambda number: invoice.invoice_of(orders[number]), RIVALS)

    refused = [result for result in results if isinstance(result, IntegrityError)]
    assert len(refused) == RIVALS - 1, results
