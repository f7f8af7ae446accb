"""Invoices of orders: one number each, and what was stated stays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Sku
from catalog.tests.factories import make_page, make_sku
from orders import states
from orders.documents import invoice
from orders.documents.facts import InvoiceFacts
from orders.documents.frozen import freeze, thaw
from orders.documents.invoice import NotInvoicedError, invoice_of
from orders.documents.slips import packing_slip, slip
from orders.models import Invoice, InvoiceAddress, InvoiceCounter, Order, OrderSettings, Refund
from orders.tests import sample_facts
from orders.tests.factories import CUSTOMER, order_for, paid
from orders.tests.pdf_text import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> Sku:
    return make_sku(make_page("Lamp"), "LAMP-S", price="59.50", option1="Small", on_hand=100)


@pytest.fixture
def rules() -> OrderSettings:
    rules = OrderSettings.load()
    rules.seller = "Lamps & Mugs\nLindenallee 7\n10115 Berlin"
    rules.seller_tax_id = "DE123456789"
    rules.invoice_prefix = "R-"
    rules.invoice_footer = "Thank you."
    rules.bank_details = "IBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001"
    rules.save()
    return rules


def text_of(order: Order) -> str:
    return "\n".join(pages(invoice.pdf(order)))


def sent_unpaid(order: Order) -> Order:
    Order.objects.filter(pk=order.pk).update(is_sent_unpaid=True)
    return Order.objects.get(pk=order.pk)


def test_a_paid_order_gets_a_number_once_and_keeps_it(lamp: Sku, rules: OrderSettings) -> None:
    order = paid(order_for({lamp: 2}))

    first = invoice_of(order)
    rules.invoice_prefix = "S-"
    rules.save()

    assert first.number == "R-00001"
    assert invoice_of(order).number == "R-00001"
    assert invoice_of(paid(order_for({lamp: 1}))).number == "S-00002"
    assert InvoiceCounter.objects.get().last == 2


def test_an_order_that_waits_for_its_money_draws_no_number(lamp: Sku) -> None:
    order = order_for({lamp: 1})

    with pytest.raises(NotInvoicedError):
        invoice_of(order)

    assert not Invoice.objects.exists()
    assert not InvoiceCounter.objects.exists()


def test_an_order_sent_on_invoice_has_one_before_it_is_paid_unless_it_is_cancelled(
    lamp: Sku,
) -> None:
    sent, cancelled = (sent_unpaid(order_for({lamp: 1})) for _ in range(2))
    cancelled = states.advance(cancelled, Order.State.CANCELLED)

    assert invoice_of(sent).sequence == 1
    with pytest.raises(NotInvoicedError):
        invoice_of(cancelled)


def test_an_invoice_outlives_the_cancelling_of_its_order(lamp: Sku) -> None:
    order = sent_unpaid(order_for({lamp: 1}))
    written = invoice_of(order)

    order = states.advance(order, Order.State.CANCELLED)

    assert invoice_of(order) == written


def test_a_number_whose_invoice_was_rolled_back_is_drawn_again(lamp: Sku) -> None:
    first, second = (paid(order_for({lamp: 1})) for _ in range(2))

    with transaction.atomic():
        invoice_of(first)
        transaction.set_rollback(True)

    assert invoice_of(second).sequence == 1
    assert invoice_of(first).sequence == 2


def test_the_invoice_states_what_the_order_cost(lamp: Sku, rules: OrderSettings) -> None:
    order = paid(order_for({lamp: 2}))
    lines = text_of(order).splitlines()

    assert invoice.facts(order).grand_total == order.total == Decimal("119.00")
    for wanted in (
        "Lamps & Mugs",
        "Ada Lovelace",
        "12 St James's Square",
        "United Kingdom",
        "Invoice R-00001",
        order.number,
        "Lamp",
        "LAMP-S",
        "€59.50",
        "€119.00",
        "Tax number: DE123456789",
        "Thank you.",
    ):
        assert wanted in lines, wanted


def test_nothing_that_changes_later_changes_what_was_invoiced(
    lamp: Sku, rules: OrderSettings
) -> None:
    order = paid(order_for({lamp: 2}))
    before = invoice.pdf(order)

    order.items.update(title="Another lamp", unit_price=1)
    Order.objects.update(last_name="Byron", city="Athens", total=3)
    rules.seller, rules.seller_tax_id, rules.invoice_footer = "Somebody else", "X", "Bye."
    rules.save()

    assert invoice.pdf(Order.objects.get(pk=order.pk)) == before


def test_what_is_owed_is_asked_for_until_it_is_paid(lamp: Sku, rules: OrderSettings) -> None:
    order = sent_unpaid(order_for({lamp: 1}))
    owed = text_of(order)
    settled = text_of(paid(order))

    assert "IBAN DE02 1203 0000 0000 2020 51" in owed
    assert order.number in owed
    assert "Paid on" not in owed
    assert "IBAN" not in settled
    assert "Paid on" in settled
    assert "R-00001" in settled


def test_nobody_is_asked_to_pay_for_an_order_that_was_cancelled(
    lamp: Sku, rules: OrderSettings
) -> None:
    order = sent_unpaid(order_for({lamp: 1}))
    assert "Please pay" in text_of(order)

    cancelled = text_of(states.advance(order, Order.State.CANCELLED))

    assert "R-00001" in cancelled
    assert "Please pay" not in cancelled
    assert "IBAN" not in cancelled


def test_money_that_comes_too_late_draws_no_number(lamp: Sku) -> None:
    order = paid(states.advance(order_for({lamp: 1}), Order.State.CANCELLED))
    assert order.paid_at

    with pytest.raises(NotInvoicedError):
        invoice_of(order)

    assert not InvoiceCounter.objects.exists()


def test_only_refunds_that_arrived_are_noted(lamp: Sku) -> None:
    order = paid(order_for({lamp: 2}))
    moment = timezone.now() + timedelta(days=2)
    for state, amount in ((Refund.State.DONE, 10), (Refund.State.WAITING, 20)):
        Refund.objects.create(order=order, amount=amount, state=state, done_at=moment)

    text = text_of(order)

    assert "€10.00" in text
    assert "€20.00" not in text


def test_goods_for_somebody_else_go_there_and_the_invoice_to_the_buyer(lamp: Sku) -> None:
    order = paid(order_for({lamp: 1}))
    address = {key: value for key, value in CUSTOMER.items() if key != "email"}
    InvoiceAddress.objects.create(order=order, **{**address, "company": "Engines Ltd"})

    stated = invoice.facts(order)

    assert stated.buyer[1] == "Engines Ltd"
    assert stated.delivery[:2] == ("Ada Lovelace", "12 St James's Square")


def test_at_home_no_country_is_written_on_the_letter(lamp: Sku, rules: OrderSettings) -> None:
    rules.home_country = "GB"
    rules.save()

    assert "United Kingdom" not in text_of(paid(order_for({lamp: 1})))


def test_without_a_seller_the_shop_signs_with_its_name(lamp: Sku) -> None:
    assert invoice.facts(paid(order_for({lamp: 1}))).seller.name


@pytest.mark.parametrize("prefix", ["R-2026/", '"; x\r\n송장 ', "../"])
def test_the_file_has_a_harmless_name(lamp: Sku, prefix: str) -> None:
    OrderSettings.objects.update_or_create(defaults={"invoice_prefix": prefix})

    found, _pdf = invoice.document(paid(order_for({lamp: 1})))

    assert found.isascii()
    assert set('"\r\n/; ').isdisjoint(found)
    assert found.startswith("invoice-")
    assert found.endswith("00001.pdf")


def test_facts_come_back_from_their_json_as_they_were() -> None:
    facts = sample_facts.invoice(
        lines=2, delivery=("A", "B"), paid=date(2026, 1, 2), discount=Decimal("0.005")
    )

    assert thaw(InvoiceFacts, freeze(facts)) == facts


def test_facts_frozen_before_a_field_was_added_have_its_default() -> None:
    frozen = freeze(sample_facts.invoice())
    del frozen["note"]

    assert thaw(InvoiceFacts, frozen) == sample_facts.invoice()


def test_a_slip_lists_what_is_packed_and_no_more(lamp: Sku, rules: OrderSettings) -> None:
    order = order_for({lamp: 5}, message="Please ring twice.")
    order.items.update(weight=400, back_ordered=1, restocked=2)
    order.items.create(title="A song", sku_code="SONG", unit_price=1, quantity=1, is_digital=True)

    packed = slip(Order.objects.get(pk=order.pk), "GB", sample_facts.SELLER)

    (line,) = packed.lines
    assert (line.sku_code, line.quantity, line.back_ordered) == ("LAMP-S", 3, 1)
    assert packed.weight == Decimal("0.8")
    assert packed.note == "Please ring twice."


def test_slips_of_several_orders_are_printed_in_one_go(lamp: Sku) -> None:
    orders = [order_for({lamp: 1}), order_for({lamp: 2}, language="ko", last_name="홍")]

    found = pages(packing_slip(orders))

    assert [order.number in text for order, text in zip(orders, found, strict=True)] == [True] * 2


def test_ten_slips_take_as_many_queries_as_one(lamp: Sku, rules: OrderSettings) -> None:
    keys = [order_for({lamp: 1}).pk for _ in range(10)]
    packing_slip(Order.objects.filter(pk=keys[0]).prefetch_related("items"))
    counts = []
    for some in (keys[:1], keys):
        orders = list(Order.objects.filter(pk__in=some).prefetch_related("items"))
        with CaptureQueriesContext(connection) as queries:
            packing_slip(orders)
        counts.append(len(queries))

    assert counts[0] == counts[1]
