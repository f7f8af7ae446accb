"""What mails take from the settings of the shop: its name, and where answers go."""

import pytest
from wagtail.models import Site

from catalog.tests.factories import make_sku
from home.models import ShopSettings
from orders import outbox
from orders.mails import sending
from orders.models import Outbox
from orders.tests.factories import order_for
from orders.tests.mail_rows import row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    site = Site.objects.get(is_default_site=True)
    return ShopSettings.objects.create(
        site=site, name="Paper & Ink", contact_email="hello@example.com"
    )


@pytest.fixture
def order(shop):
    return order_for({make_sku(): 1})


def test_it_comes_from_the_shop_by_name_and_answers_go_to_its_contact(order, settings):
    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))
    assert message.from_email == "Paper & Ink <shop@localhost>"
    assert message.reply_to == ["hello@example.com"]

    settings.DEFAULT_FROM_EMAIL = "Sales <sales@example.com>"
    message = sending.message_for(Outbox.objects.get())
    assert message.from_email == "Sales <sales@example.com>"


def test_a_shop_with_a_hostile_name_sends_no_extra_header(order, shop):
    shop.name = "Ink\r\nBcc: everybody@example.com"
    shop.save()

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order)).message()

    assert "Bcc" not in message
    assert "Ink Bcc: everybody@example.com" in str(message["From"])


def test_the_shop_is_named_in_the_subject_and_in_both_bodies(order):
    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    assert message.subject == f"Your order {order.number} at Paper & Ink"
    assert "Kind regards\nPaper & Ink" in message.body
    assert "Write to us: hello@example.com" in message.body
    assert "Paper &amp; Ink" in message.alternatives[0].content
    assert "mailto:hello@example.com" in message.alternatives[0].content
