"""Every kind of mail, in every language, with names that try to break out."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.tests.factories import make_page, make_sku
from orders import outbox, states
from orders.mails import sending
from orders.mails.kinds import _ALL, KINDS
from orders.models import InvoiceCounter, MailText, Outbox
from orders.tests.factories import order_for, paid
from orders.tests.mail_rows import BANK, MERCHANT, TRACKING_URL, row_of, settings_of_orders

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "ko", "zh-hans"]
# Apps above test theirs.
OWN_KINDS = [kind.slug for kind in _ALL]
HOSTILE = "<script>alert(1)</script>\r\nBcc: all@example.com {secret} {name} & 'Ada' \u202e"
STRINGS = Path(django_settings.BASE_DIR).parent / "shared" / "data" / "strings" / "blns.json"


@pytest.fixture
def shop():
    return settings_of_orders()


@pytest.fixture
def order(shop):
    sku = make_sku(make_page("Dune & <b>Moon</b>"), "DUNE", price="25.00", option1="A3")
    return order_for({sku: 3}, first_name="Ada & Bea")


def html_of(message):
    return message.alternatives[0].content


def bodies(message):
    return message.body, html_of(message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OWN_KINDS)
def test_each_kind_is_text_and_html_with_nothing_unescaped_left_open_or_from_elsewhere(
    kind, language, shop, settings
):
    settings.BASE_URL = "https://shop.example.com"
    with translation.override(language):
        sku = make_sku(make_page("Dune <b>&"), "DUNE", price="25.00", option1="<i>A3")
        order = order_for(
            {sku: 2}, first_name=HOSTILE[:100], last_name="<u>", language=language,
            message="</p><script>", address="<style>", city="{total}",
        )  # fmt: skip
        row = row_of(kind, order)

    message = sending.message_for(row)

    sent = message.message()
    assert sent["To"] == (MERCHANT if KINDS[kind].is_for_merchant else "ada@example.com")
    assert "Bcc" not in sent
    assert "\n" not in message.subject
    # What a name says in braces stays as it is; nothing else has any.
    assert not re.search(r"[{}]", message.subject.replace("{secret} {name}", ""))
    html = html_of(message)
    for tag in ("<script", "<i>A3", "<u>", "Dune <b>"):
        assert tag not in html
    assert f'<html lang="{"en" if KINDS[kind].is_for_merchant else language}">' in html
    links = re.findall(r'(?:href|src|action)="([^"]*)"', html)
    assert links
    for link in links:
        assert link.startswith(("https://shop.example.com", "mailto:")) or link == (
            TRACKING_URL.replace("&", "&amp;")
        )
    for link in re.findall(r"https?://\S+", message.body):
        assert link.startswith("https://shop.example.com") or link == TRACKING_URL
    assert sent["Message-ID"].endswith("@shop.example.com>")


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_each_kind_goes_out_once_and_its_row_is_done(kind, order):
    row = row_of(kind, order)

    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.last_error) == ("sent", "")
    assert len(mail.outbox) == 1


def test_the_confirmation_says_what_was_bought_what_it_costs_and_where_it_goes(order):
    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    assert message.subject == f"Your order {order.number} at Storefront"
    for text in bodies(message):
        for fact in (order.number, "A3", "DUNE", "€25.00", "€75.00", f"/orders/{order.secret}/"):
            assert fact in text
    assert "Dune & <b>Moon</b>" in message.body
    assert "Dune &amp; &lt;b&gt;Moon&lt;/b&gt;" in html_of(message)
    assert "Ada & Bea Lovelace" in message.body
    assert html_of(message).startswith("<!DOCTYPE html>")


def test_who_pays_by_bank_transfer_reads_where_to_and_for_what(order):
    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    for text in bodies(message):
        for line in (*BANK.splitlines(), "Please send €75.00 to this account by"):
            assert line in text
    assert f"Reference: {order.number}" in message.body
    assert message.attachments == []


def test_an_order_on_invoice_brings_its_invoice(shop):
    settings_of_orders(sends_unpaid=True)
    order = order_for({make_sku(price="25.00"): 1})

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    assert "The invoice is attached" in message.body
    (attachment,) = message.attachments
    assert attachment[0] == f"invoice-{order.invoice.number}.pdf"
    assert attachment[1].startswith(b"%PDF-")


def test_who_has_paid_is_not_asked_for_money_and_gets_the_invoice(order):
    row = row_of(outbox.PAYMENT_RECEIVED, order)

    message = sending.message_for(row)

    assert "€75.00" in message.subject + message.body
    assert "DE89" not in message.body
    assert message.attachments[0][1].startswith(b"%PDF-")
    order.refresh_from_db()
    placed = sending.message_for(outbox.enqueue(order, outbox.ORDER_PLACED))
    assert "DE89" not in placed.body


def test_a_failed_payment_leads_to_another_way_to_pay_until_the_order_is_paid(order):
    row = row_of(outbox.PAYMENT_FAILED, order)

    message = sending.message_for(row)
    assert f"Pay another way:\nhttp://localhost:8000/orders/{order.secret}/" in message.body
    assert "It is kept for you until" in message.body

    order.paid_at = order.created
    order.save()
    outbox.drain()

    row.refresh_from_db()
    assert (row.state, row.last_error) == ("dropped", "the order was paid since")
    assert mail.outbox == []


def test_a_parcel_is_followed_by_its_number_and_link(order):
    message = sending.message_for(row_of(outbox.ORDER_SHIPPED, order))

    assert "DHL & Co" in message.body
    assert "0034-1" in message.body
    assert TRACKING_URL in message.body
    assert f'href="{TRACKING_URL.replace("&", "&amp;")}"' in html_of(message)


@pytest.mark.parametrize("url", ["ftp://parcels.example.com/1", "javascript:alert(1)"])
def test_only_an_address_of_the_web_becomes_a_link_to_the_parcel(order, url):
    row = row_of(outbox.ORDER_SHIPPED, order)
    order.shipments.update(tracking_url=url)

    assert url not in html_of(sending.message_for(row))


def test_a_cancelled_order_says_why_and_that_money_goes_back_only_if_it_does(order):
    row = row_of(outbox.ORDER_CANCELLED, order)

    message = sending.message_for(row)
    assert "It is too large." in message.body
    assert "goes back" not in message.body

    type(order).objects.update(amount_paid=75, amount_refunded=75)
    assert "goes back" in sending.message_for(Outbox.objects.get(pk=row.pk)).body


def test_a_cancelled_order_of_which_some_money_stays_does_not_say_that_all_goes_back(order):
    row = row_of(outbox.ORDER_CANCELLED, order)
    type(order).objects.update(amount_paid=75, amount_refunded=5)

    assert "goes back" not in sending.message_for(Outbox.objects.get(pk=row.pk)).body


def dropped(row):
    """Why a row comes to nothing, when a worker comes to it now."""
    outbox.drain()
    row.refresh_from_db()
    assert mail.outbox == []
    assert row.state == "dropped"
    return row.last_error


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (outbox.ORDER_PACKED, "cancelled"),
        (outbox.ORDER_PACKED, "shipped"),
        (outbox.ORDER_SHIPPED, "returned"),
        (outbox.ORDER_CANCELLED, "paid"),
    ],
)
def test_what_is_true_no_more_when_the_mail_leaves_is_not_said(order, kind, state):
    row = row_of(kind, order)
    type(order).objects.update(state=state)

    assert dropped(row) == f"the order is {state}"


def test_a_refund_that_came_back_is_not_told_of(order):
    row = row_of(outbox.ORDER_REFUNDED, order)
    order.refunds.update(state="failed")

    assert dropped(row) == "the refund is failed"


def about_its_end(order):
    """How each mail ends that says that the order came to nothing, and what was sent of them."""
    Outbox.objects.exclude(kind=outbox.ORDER_CANCELLED).delete()
    outbox.drain()
    rows = Outbox.objects.filter(kind=outbox.ORDER_CANCELLED).order_by("pk")
    return [row.state for row in rows], [message.body for message in mail.outbox]


def test_an_order_that_expired_and_was_then_cancelled_has_one_mail_with_the_last_reason(order):
    states.advance(order, "expired")
    states.advance(order, "cancelled", reason="It is too large.")

    ends, (body,) = about_its_end(order)

    assert ends == ["sent"]
    assert "It is too large." in body
    assert "not paid in time" not in body


def test_an_order_that_came_to_nothing_twice_while_its_mails_waited_has_one_of_the_last(order):
    states.advance(order, "expired")
    states.advance(paid(order), "cancelled", reason="It is too large.")

    ends, (body,) = about_its_end(order)

    assert ends == ["dropped", "sent"]
    assert "It is too large." in body


def test_that_an_order_is_cancelled_is_said_once_more_where_somebody_asks_for_it(order):
    row = row_of(outbox.ORDER_CANCELLED, order)
    outbox.owe(f"{row.key}:again:0", row.kind, order=order)

    ends, _bodies = about_its_end(order)

    assert ends == ["sent", "sent"]


def test_a_second_parcel_is_told_of_alone_and_as_the_rest(order):
    row_of(outbox.ORDER_SHIPPED, order)
    order.items.update(back_ordered=1)
    rest = order.shipments.create(carrier="UPS", tracking_number="1Z-2")
    order.refresh_from_db()
    row = outbox.enqueue(order, outbox.ORDER_SHIPPED, rest.pk, shipment=rest.pk)

    body = sending.message_for(row).body
    assert "UPS" in body
    assert "0034-1" not in body
    assert "This parcel holds what was still owed to you." in body
    assert "What is on back order follows later." in body

    order.items.update(back_ordered=0)
    body = sending.message_for(Outbox.objects.get(pk=row.pk)).body
    assert "still owed" in body
    assert "follows later" not in body


def test_a_first_parcel_says_that_more_follows_only_if_it_does(order):
    row = row_of(outbox.ORDER_SHIPPED, order)
    assert "follows later" not in sending.message_for(row).body

    order.items.update(back_ordered=1)

    assert "follows later" in sending.message_for(Outbox.objects.get(pk=row.pk)).body


def test_a_refund_says_how_much_goes_back(order):
    message = sending.message_for(row_of(outbox.ORDER_REFUNDED, order))

    assert message.subject == f"€75.00 of your order {order.number} goes back to you"
    assert "It came broken." in message.body


def test_the_merchants_mails_lead_into_the_admin(order):
    for kind in (outbox.NEW_ORDER, outbox.ATTENTION):
        message = sending.message_for(row_of(kind, order))
        for text in bodies(message):
            assert f"http://localhost:8000/admin/orders/{order.pk}/" in text
            assert order.secret not in text


def test_an_alert_says_what_it_was_about_whatever_came_later(order):
    row = row_of(outbox.ATTENTION, order)
    type(order).objects.update(alert="Something else")

    row = Outbox.objects.get(pk=row.pk)
    assert "It was paid twice." in sending.message_for(row).body
    row.key += ":again:0"
    assert "It was paid twice." in sending.message_for(row).body


@pytest.mark.parametrize(
    ("kind", "rules", "reason"),
    [
        (outbox.NEW_ORDER, {"merchant_email": ""}, "no address"),
        (outbox.NEW_ORDER, {"tells_of_orders": False}, "new orders are not reported"),
        (outbox.LOW_STOCK, {"merchant_email": ""}, "no address"),
        (outbox.LOW_STOCK, {"tells_of_low_stock": False}, "low stock is not reported"),
        (outbox.ATTENTION, {"merchant_email": ""}, "no address"),
    ],
)
def test_what_the_merchant_does_not_want_to_read_is_dropped_with_the_reason(
    order, kind, rules, reason
):
    settings_of_orders(**rules)
    row = row_of(kind, order)

    outbox.drain()

    row.refresh_from_db()
    assert row.state == "dropped"
    assert reason in row.last_error
    assert mail.outbox == []


def test_the_sums_are_those_of_the_order_with_tax_discount_and_shipping(order):
    type(order).objects.update(
        coupon_code="SPRING", shipping_name="DHL <Express>", shipping_amount="4.90",
        shipping_net="4.12", shipping_tax="0.78", shipping_tax_rate=19,
    )  # fmt: skip
    order.items.update(discount="7.50", net="56.72", tax="10.78", tax_rate=19)

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    lines = [re.sub(" {2,}", " ", line) for line in message.body.splitlines()]
    begin = lines.index("Goods €75.00")
    assert lines[begin : begin + 5] == [
        "Goods €75.00",
        "Coupon SPRING -€7.50",
        "DHL <Express> €4.90",
        "Total €72.40",
        "of which 19% tax €11.56",
    ]
    for text in ("Coupon SPRING", "-€7.50", "DHL &lt;Express&gt;", "€72.40", "€11.56"):
        assert text in html_of(message)


def test_prices_without_tax_have_it_above_the_total(order):
    type(order).objects.update(includes_tax=False)
    order.items.update(net="75.00", tax="14.25", tax_rate=19)

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    lines = [re.sub(" {2,}", " ", line) for line in message.body.splitlines()]
    begin = lines.index("19% tax €14.25")
    assert lines[begin + 1] == "Total €89.25"


def test_a_download_goes_nowhere(shop):
    sku = make_sku(price="5.00")
    type(sku.product).objects.update(is_digital=True)
    order = order_for({sku: 1})

    assert "It goes to" not in sending.message_for(row_of(outbox.ORDER_PLACED, order)).body


def test_the_merchants_own_words_are_sent_in_their_language_only(order):
    MailText.objects.create(
        kind=outbox.ORDER_PLACED, language="en", subject="{number} is ours", heading="Hi {name}",
        text="<b>One</b>\n\nTwo", closing="Bye from {shop}",
    )  # fmt: skip

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    assert message.subject == f"{order.number} is ours"
    assert message.body.startswith("Hi Ada & Bea Lovelace\n\n<b>One</b>\n\nTwo\n\n")
    assert "Bye from Storefront" in message.body
    assert "&lt;b&gt;One&lt;/b&gt;</p>" in html_of(message)
    type(order).objects.update(language="ko")
    assert "ours" not in sending.message_for(Outbox.objects.get()).subject


def test_own_words_with_a_brace_too_many_never_go_out(order):
    MailText.objects.create(
        kind=outbox.ORDER_PLACED, language="en", subject="{secret}", heading="h", text="t"
    )

    message = sending.message_for(row_of(outbox.ORDER_PLACED, order))

    assert message.subject == f"Your order {order.number} at Storefront"


def test_amounts_stand_below_each_other_whatever_letters_stand_before_them():
    from orders.templatetags.mail_tags import text_row, width

    rows = [text_row("합계", "₩1,000"), text_row("Total", "€1.00"), text_row("総額", "¥5")]

    assert {width(row) for row in rows} == {60}
    assert text_row("x" * 58, "€1.00").splitlines() == ["x" * 58, "€1.00".rjust(60)]


@pytest.mark.real_files
def test_no_naughty_name_breaks_out_of_a_mail(order):
    row = row_of(outbox.ORDER_PLACED, order)
    for text in json.loads(STRINGS.read_text()):
        name = "".join(text.splitlines())[:100].replace("\x00", "")
        row.order.first_name = name

        message = sending.message_for(row)

        sent = message.message()
        assert sent.as_bytes()
        assert [part.get_content_type() for part in sent.get_payload()] == [
            "text/plain",
            "text/html",
        ]
        assert "<script" not in html_of(message).lower()
        assert html_of(message).count("<h1") == 1
        assert order.number in message.subject


def test_an_invoice_is_written_and_attached_with_few_queries(shop):
    order = paid(order_for({make_sku(on_hand=9): 1 for _ in range(3)}))
    row = Outbox.objects.get(order=order, kind=outbox.PAYMENT_RECEIVED)

    def asked() -> dict[str, int]:
        row.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            message = sending.message_for(row)
        [(name, pdf, _kind)] = message.attachments
        assert name == "invoice-00001.pdf"
        assert pdf.startswith(b"%PDF-")
        tables = re.findall(r'FROM "orders_(\w+)"', " ".join(query["sql"] for query in queries))
        return {table: tables.count(table) for table in ("orderitem", "invoice", "invoicecounter")}

    # The invoice is looked for before the counter is waited for, and after.
    InvoiceCounter.objects.create(pk=1)
    assert asked() == {"orderitem": 1, "invoice": 2, "invoicecounter": 1}
    assert asked() == {"orderitem": 1, "invoice": 1, "invoicecounter": 0}


def test_a_mail_of_many_lines_is_read_in_as_few_queries_as_one_of_one(shop):
    few, many = (order_for({make_sku(on_hand=9): 1 for _ in range(number)}) for number in (1, 6))
    rows = [
        Outbox.objects.select_related("order").get(order=order, kind=outbox.ORDER_PLACED)
        for order in (few, many)
    ]
    counts = []
    for row in rows:
        with CaptureQueriesContext(connection) as queries:
            sending.message_for(row)
        counts.append(len(queries))

    assert counts[1] <= counts[0]
