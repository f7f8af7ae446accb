import pytest
from wagtail.models import Site

from catalog.tests.factories import make_page, make_sku
from home.models import ShopSettings
from orders import mail
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    sku = make_sku(make_page("Dune & <b>Moon</b>"), "DUNE", price="25.00", option1="A3")
    return order_for({sku: 3}, first_name="Ada & Bea")


@pytest.fixture
def shop():
    site = Site.objects.get(is_default_site=True)
    return ShopSettings.objects.create(
        site=site, name="Paper & Ink", contact_email="hello@example.com"
    )


def html_of(message):
    return message.alternatives[0][0]


def test_it_says_what_was_bought_and_what_it_costs(order, shop):
    message = mail.order_placed(order, "key")

    assert order.number in message.subject
    for text in (message.body, html_of(message)):
        for fact in (order.number, "A3", "DUNE", "€25.00", "€75.00", f"/orders/{order.secret}/"):
            assert fact in text


def test_the_text_is_plain_and_the_html_escaped(order, shop):
    message = mail.order_placed(order, "key")

    assert "Dune & <b>Moon</b>" in message.body
    assert "Ada & Bea" in message.body
    assert "Dune &amp; &lt;b&gt;Moon&lt;/b&gt;" in html_of(message)
    assert html_of(message).startswith("<!DOCTYPE html>")


def test_it_comes_from_the_shop_by_name_and_answers_go_to_its_contact(order, shop):
    message = mail.order_placed(order, "key")

    assert message.from_email == "Paper & Ink <shop@localhost>"
    assert message.reply_to == ["hello@example.com"]


def test_a_sender_with_a_name_keeps_it(order, shop, settings):
    settings.DEFAULT_FROM_EMAIL = "Sales <sales@example.com>"

    assert mail.order_placed(order, "key").from_email == "Sales <sales@example.com>"


def test_the_links_lead_to_the_shops_address_whatever_a_request_said(order, shop, settings):
    settings.BASE_URL = "https://shop.example.com"

    message = mail.order_placed(order, "key")

    assert f"https://shop.example.com/orders/{order.secret}/" in message.body
    assert "localhost" not in message.body


def test_a_shop_with_a_hostile_name_sends_no_extra_header(order, shop):
    shop.name = "Ink\r\nBcc: everybody@example.com"
    shop.save()

    message = mail.order_placed(order, "key").message()

    assert "Bcc" not in message
    assert "Ink Bcc: everybody@example.com" in str(message["From"])
