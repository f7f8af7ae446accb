"""A shop that has not said where its money goes must not point to an account that is not there."""

import pytest
from django.test import Client

from catalog.tests.factories import make_sku
from orders import outbox
from orders.mails import sending
from orders.models import Outbox
from orders.tests.factories import order_for
from orders.tests.mail_rows import BANK, settings_of_orders

pytestmark = pytest.mark.django_db


def confirmation(order) -> str:
    return sending.message_for(Outbox.objects.get(order=order, kind=outbox.ORDER_PLACED)).body


@pytest.mark.parametrize("empty", ["", " \r\n "])
@pytest.mark.parametrize("sends_unpaid", [True, False])
def test_the_mail_says_how_to_learn_the_account(empty: str, sends_unpaid: bool) -> None:
    settings_of_orders(bank_details=empty, sends_unpaid=sends_unpaid)
    order = order_for({make_sku(price="25.00"): 1})

    body = confirmation(order)

    assert "to this account" not in body
    assert "we tell you the account" in " ".join(body.split())
    assert "€25.00" in body
    assert f"Reference: {order.number}" in body


def test_a_mail_of_an_order_that_never_expires_names_no_day() -> None:
    settings_of_orders(bank_details="")
    order = order_for({make_sku(price="25.00"): 1})
    type(order).objects.update(expires_at=None)

    assert "Please pay €25.00. Write to us" in confirmation(order)


def test_the_orders_page_shows_the_account_or_says_how_to_learn_it(client: Client) -> None:
    rules = settings_of_orders()
    order = order_for({make_sku(): 1})
    page = client.get(order.get_absolute_url()).content.decode()
    assert BANK.splitlines()[1] in page
    assert "Please write to us first" not in page

    rules.bank_details = " "
    rules.save()

    page = client.get(order.get_absolute_url()).content.decode()
    assert "Please write to us first" in page
    assert "pay__bank" not in page
