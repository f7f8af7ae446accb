"""Where an order goes: changed before it is packed, with old and new in the timeline."""

import pytest

from orders import states
from orders.documents.invoice import invoice_of
from orders.models import InvoiceAddress, Order, OrderEvent
from orders.tests.desk_orders import State, address, an_order, do, last_event, posted, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


def typed_address(order, **changed):
    fields = {name: str(getattr(order, name)) for name in (*Order.FIELDS, "email")}
    return {**fields, **changed}


def test_an_address_is_changed_and_the_old_one_stays_in_the_timeline(client, editor):
    order = an_order(State.PAID)

    do(client, order, "address", **typed_address(order, city="Oxford", postal_code="ox1 1aa"))

    assert (order.city, order.postal_code) == ("Oxford", "OX1 1AA")
    event = last_event(order)
    assert event.kind == OrderEvent.Kind.ADDRESS
    assert event.text.splitlines() == [
        "Postal code: SW1Y 4JH → OX1 1AA",
        "City: London → Oxford",
    ]


def test_an_address_that_its_country_does_not_know_is_refused(client):
    order = an_order()

    response = do(client, order, "address", **typed_address(order, postal_code="12345"))

    assert "postal_code" in response.context["form"].errors
    assert 'value="12345"' in response.content.decode()
    assert order.postal_code == "SW1Y 4JH"


def test_the_country_stays_for_tax_and_shipping_were_worked_out_for_it(client):
    order = an_order()

    do(client, order, "address", **typed_address(order, country="DE"))

    assert order.country == "GB"
    assert not order.events.filter(kind=OrderEvent.Kind.ADDRESS).exists()


INVOICE = {
    "invoice_first_name": "Mary",
    "invoice_last_name": "Somerville",
    "invoice_address": "Schottentor 1",
    "invoice_postal_code": "1010",
    "invoice_city": "Wien",
    "invoice_country": "AT",
}


def test_an_invoice_address_comes_changes_and_goes(client):
    order = an_order()
    invoice = dict(INVOICE)

    do(client, order, "address", **typed_address(order), has_invoice="on", **invoice)
    assert InvoiceAddress.objects.get(order=order).city == "Wien"
    invoice["invoice_city"] = "Graz"
    do(client, order, "address", **typed_address(order), has_invoice="on", **invoice)
    assert last_event(order).text == "Invoice, City: Wien → Graz"
    do(client, order, "address", **typed_address(order))

    assert not InvoiceAddress.objects.exists()


def test_the_whole_invoice_address_stands_in_the_timeline_when_it_comes_and_goes(client):
    order = an_order()
    lines = [
        ("First name", "Mary"),
        ("Last name", "Somerville"),
        ("Address", "Schottentor 1"),
        ("Postal code", "1010"),
        ("City", "Wien"),
        ("Country", "AT"),
    ]

    do(client, order, "address", **typed_address(order), has_invoice="on", **INVOICE)
    came = last_event(order).text.splitlines()
    do(client, order, "address", **typed_address(order))
    gone = last_event(order).text.splitlines()

    assert came == [f"Invoice, {label}: – → {value}" for label, value in lines]
    assert gone == [f"Invoice, {label}: {value} → –" for label, value in lines]


def test_an_invoice_that_is_written_keeps_its_address_and_the_form_says_so(client):
    order = an_order(State.PAID)
    number = invoice_of(order).number

    html = client.get(address(order, "address")).content.decode()
    do(client, order, "address", **typed_address(order, city="Oxford"))

    assert f"Invoice {number} is written and stays as it is." in html
    assert "invoice_city" not in html
    assert order.city == "Oxford"
    assert last_event(order).text == "City: London → Oxford"


def test_an_invoice_that_is_written_meanwhile_is_said_before_anything_changes(client):
    order = an_order(State.PAID)
    typed = {**typed_address(order, city="Oxford"), "has_invoice": "on", **INVOICE}
    number = invoice_of(order).number

    response = do(client, order, "address", **typed)

    assert f"Invoice {number} has been written meanwhile" in response.content.decode()
    assert order.city == "London"
    assert not InvoiceAddress.objects.exists()


def test_an_invoice_address_is_whole(client):
    order = an_order()

    response = do(
        client, order, "address", **typed_address(order), has_invoice="on", invoice_city="Wien"
    )

    missing = {name for name in response.context["form"].errors if name.startswith("invoice")}
    assert {"invoice_first_name", "invoice_address", "invoice_country"} <= missing
    assert not InvoiceAddress.objects.exists()


def test_a_packed_parcel_keeps_its_address(client):
    order = an_order(State.PAID)
    form = posted(order, **typed_address(order, city="Oxford"))
    states.advance(order, State.PACKED)

    response = client.post(address(order, "address"), form, follow=True)

    order.refresh_from_db()
    assert order.city == "London"
    assert "has moved on meanwhile" in said(response)
