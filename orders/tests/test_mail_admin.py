"""Mails in the Wagtail admin: their words, their preview, a test, and what became of each."""

import smtplib
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.mails.kinds import KINDS
from orders.models import BackInStock, MailText, Outbox
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db
WORDS = {"subject": "S {number}", "heading": "H", "text": "T {name}", "closing": "C {shop}"}


@pytest.fixture
def log_in(client, django_user_model):
    def with_permissions(*codenames):
        user = django_user_model.objects.create_user(
            "kim", "kim@example.com", "secret", is_staff=True
        )
        for codename in ("access_admin", *codenames):
            user.user_permissions.add(Permission.objects.get(codename=codename))
        client.force_login(user)
        return user

    return with_permissions


def url(name, kind=outbox.ORDER_PLACED, language="en"):
    return reverse(f"shop_mail_texts:{name}", args=[kind, language])


@pytest.fixture
def order():
    return order_for({make_sku(make_page("Dune"), "DUNE", price="25.00"): 1}, first_name="Zoé")


def failed_row(order, kind=outbox.ORDER_PLACED, **fields):
    row = outbox.enqueue(order, kind)
    Outbox.objects.filter(pk=row.pk).update(
        **{"state": "failed", "attempts": 16, "last_error": "TimeoutError: silent", **fields}
    )
    return row


def test_the_list_says_of_each_mail_and_language_whose_words_it_has(client, log_in):
    log_in("view_mailtext")
    MailText.objects.create(kind=outbox.ORDER_PLACED, language="ko", **WORDS)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("shop_mail_texts:index")).content.decode()

    for kind in KINDS.values():
        for language in kind.languages:
            assert url("edit", kind.slug, language) in page
    assert page.count("your own") == 1
    assert sum("mailtext" in query["sql"] for query in queries) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
@pytest.mark.parametrize("has_order", [True, False])
def test_every_mail_has_a_preview_with_an_order_and_without(
    client, log_in, request, kind, language, has_order
):
    log_in("view_mailtext", "view_order")
    if has_order:
        request.getfixturevalue("order")
    if language not in KINDS[kind].languages:
        assert client.get(url("edit", kind, language)).status_code == 404
        return

    assert client.get(url("edit", kind, language)).status_code == 200
    html = client.get(url("html", kind, language))
    plain = client.get(url("plain", kind, language))

    assert "<h1" in html.content.decode()
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert plain.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "{" not in plain.content.decode()


def test_the_preview_shows_what_stands_in_the_form_and_saves_nothing(client, log_in, order):
    log_in("change_mailtext", "view_order")

    page = client.post(url("html"), WORDS).content.decode()

    assert "T Zoé Lovelace" in page
    assert order.secret not in page
    assert not MailText.objects.exists()
    assert mail.outbox == []


def test_who_may_not_see_orders_sees_an_invented_one(client, log_in, order):
    log_in("change_mailtext")

    for name in ("html", "plain"):
        page = client.get(url(name)).content.decode()
        assert "Ada Lovelace" in page
        assert "Zoé" not in page


def test_a_preview_of_words_that_cannot_be_sent_says_what_is_wrong(client, log_in):
    log_in("change_mailtext")

    page = client.post(url("html"), {**WORDS, "text": "Dear {nmae}"})

    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "{nmae} is none of the words" in page.content.decode()


def test_own_words_are_saved_and_thrown_away_again(client, log_in):
    log_in("change_mailtext")

    assert client.post(url("edit"), WORDS).status_code == 302
    text = MailText.objects.get()
    assert (text.kind, text.language, text.text) == (outbox.ORDER_PLACED, "en", "T {name}")
    assert client.post(url("edit"), {**WORDS, "heading": "H2"}).status_code == 302
    assert MailText.objects.get().heading == "H2"

    assert "Thank you for your order" in client.get(url("reset")).content.decode()
    assert MailText.objects.exists()
    assert client.post(url("reset")).status_code == 302
    assert not MailText.objects.exists()


@pytest.mark.parametrize("part", ["subject", "heading", "text", "closing"])
@pytest.mark.parametrize("wrong", ["{nmae}", "{tracking}", "{name.__class__}", "{", "{{name}}"])
def test_a_word_that_the_mail_does_not_know_is_an_error_at_its_field(client, log_in, part, wrong):
    log_in("change_mailtext")

    answer = client.post(url("edit"), {**WORDS, part: f"Dear {wrong}"})

    assert list(answer.context["form"].errors) == [part]
    assert not MailText.objects.exists()


def test_a_subject_is_one_line(client, log_in):
    log_in("change_mailtext")

    client.post(url("edit"), {**WORDS, "subject": "A\r\nBcc: all@example.com"})

    assert MailText.objects.get().subject == "A Bcc: all@example.com"


def test_a_test_goes_to_oneself_with_what_stands_in_the_form(client, log_in, order):
    log_in("change_mailtext", "view_order")

    page = client.post(url("edit"), {**WORDS, "test": "1"})

    (message,) = mail.outbox
    assert message.to == ["kim@example.com"]
    assert message.subject == f"S {order.number}"
    assert order.secret not in message.body
    assert message.attachments == []
    assert "A test went to kim@example.com" in page.content.decode()
    assert "T {name}" in page.content.decode()
    assert not MailText.objects.exists()


def test_a_test_that_cannot_be_sent_says_so(client, log_in, monkeypatch):
    user = log_in("change_mailtext")

    def refuse(self, fail_silently=False):
        raise smtplib.SMTPAuthenticationError(535, b"wrong password")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    page = client.post(url("edit"), {**WORDS, "test": "1"}).content.decode()
    assert "It could not be sent: SMTPAuthenticationError" in page

    user.email = ""
    user.save()
    page = client.post(url("edit"), {**WORDS, "test": "1"}).content.decode()
    assert "Your account has no email address." in page


def test_who_may_only_see_the_words_changes_and_sends_nothing(client, log_in):
    log_in("view_mailtext")
    MailText.objects.create(kind=outbox.ORDER_PLACED, language="en", **WORDS)

    page = client.get(url("edit")).content.decode()
    assert "Send a test to me" not in page
    for name, data in (("edit", WORDS), ("edit", {**WORDS, "test": "1"}), ("reset", {})):
        client.post(url(name), data)

    assert MailText.objects.get().text == "T {name}"
    assert mail.outbox == []


@pytest.mark.parametrize(
    "path",
    [
        "mail-texts/",
        "mail-texts/order_placed/en/",
        "mail-texts/order_placed/en/reset/",
        "mail-texts/order_placed/en/html/",
        "mail-texts/order_placed/en/text/",
        "outgoing-mail/",
        "outgoing-mail/results/",
    ],
)
def test_without_permission_every_page_is_closed(client, log_in, path):
    log_in("view_order")

    assert client.get(f"/admin/{path}").status_code in {302, 403}
    assert client.post(f"/admin/{path}", WORDS).status_code in {302, 403, 405}
    assert not MailText.objects.exists()


def test_the_list_of_outgoing_mail_tells_how_each_stands(client, log_in, order):
    log_in("view_outbox")
    failed_row(order)

    page = client.get(reverse("shop_outgoing:index")).content.decode()

    for text in ("Confirmation of the order", "New order", order.number, "TimeoutError: silent"):
        assert text in page
    assert "1 was given up after its last attempt." in " ".join(page.split())
    assert "1 is waiting, since" in " ".join(page.split())
    assert "Send again" not in page


def test_the_list_takes_the_same_queries_for_many_rows(client, log_in):
    log_in("view_outbox", "change_outbox")
    sku = make_sku(on_hand=100)
    order_for({sku: 1})
    address = reverse("shop_outgoing:index")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(8):
        failed_row(order_for({sku: 1}))

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)


def found(client, **query):
    answer = client.get(reverse("shop_outgoing:results"), query)
    return sorted(row.key for row in answer.context["page_obj"])


def test_outgoing_mail_is_found_by_state_kind_number_and_address(client, log_in, order):
    log_in("view_outbox")
    sku = make_sku(on_hand=0)
    wish = BackInStock.objects.create(sku=sku, email="kim@example.com", language="en")
    back = outbox.owe("back:1:1780000000.5", outbox.BACK_IN_STOCK, wish=wish.pk)
    failed_row(order)
    placed, new = f"order:{order.pk}:order_placed", f"order:{order.pk}:new_order"

    assert found(client) == sorted([back.key, new, placed])
    assert found(client, state="failed") == [placed]
    assert found(client, kind="new_order") == [new]
    assert found(client, q=order.number) == sorted([new, placed])
    assert found(client, q="ada@example") == sorted([new, placed])
    assert found(client, q="kim@") == [back.key]
    assert found(client, q="nobody") == []


def test_what_was_given_up_is_sent_again_alone_or_all_together(client, log_in, order):
    log_in("view_outbox", "change_outbox")
    first, second = failed_row(order), failed_row(order, outbox.ORDER_PACKED)

    client.post(reverse("shop_outgoing:again", args=[first.pk]))
    assert set(Outbox.objects.given_up()) == {second}
    client.post(reverse("shop_outgoing:again_all"))
    assert not Outbox.objects.given_up().exists()

    outbox.drain()
    first.refresh_from_db()
    assert (first.state, first.attempts) == ("sent", 1)


def test_what_was_sent_is_not_sent_again_by_it(client, log_in, order):
    log_in("view_outbox", "change_outbox")
    outbox.drain()
    row = Outbox.objects.get(kind=outbox.ORDER_PLACED)

    client.post(reverse("shop_outgoing:again", args=[row.pk]))

    row.refresh_from_db()
    assert row.state == "sent"


def test_ticked_ones_or_all_that_the_list_found_are_sent_again(client, log_in, order):
    log_in("view_outbox", "change_outbox")
    first, second = failed_row(order), failed_row(order, outbox.ORDER_PACKED)
    bulk = reverse("wagtail_bulk_action", args=["orders", "outbox", "send_again"])
    address = reverse("shop_outgoing:index")

    assert (
        "1 of those chosen" in client.get(f"{bulk}?id={first.pk}&next={address}").content.decode()
    )
    client.post(f"{bulk}?id={first.pk}&next={address}")
    assert set(Outbox.objects.given_up()) == {second}

    client.post(f"{bulk}?id=all&kind=order_placed&next={address}")
    assert set(Outbox.objects.given_up()) == {second}
    client.post(f"{bulk}?id=all&kind=order_packed&next={address}")
    assert not Outbox.objects.given_up().exists()


@pytest.fixture
def waiting(order):
    """A mail whose next attempt is an hour away; all others have gone out."""
    outbox.drain()
    row = outbox.enqueue(order, outbox.PAYMENT_FAILED, 1)
    later = timezone.now() + timedelta(hours=1)
    Outbox.objects.filter(pk=row.pk).update(attempts=9, next_at=later)
    return row


def test_what_waits_after_an_outage_is_sent_at_once(client, log_in, waiting):
    log_in("view_outbox", "change_outbox")
    address = reverse("shop_outgoing:again", args=[waiting.pk])
    assert address in client.get(reverse("shop_outgoing:index")).content.decode()

    client.post(address)
    outbox.drain()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("sent", 10)


def test_all_that_waits_is_sent_at_once_from_the_list(client, log_in, waiting):
    log_in("view_outbox", "change_outbox")
    bulk = reverse("wagtail_bulk_action", args=["orders", "outbox", "send_again"])
    address = reverse("shop_outgoing:index")
    query = f"{bulk}?id=all&state=queued&next={address}"

    assert "is sent now" in client.get(query).content.decode()
    client.post(query)

    assert outbox.drain() == 1


def stuck_warning(client):
    return client.get(reverse("shop_outgoing:index")).context["is_stuck"]


@pytest.mark.parametrize("state", ["queued", "leased"])
def test_anything_overdue_says_that_no_worker_runs_whatever_else_waits(
    client, log_in, waiting, state
):
    log_in("view_outbox")
    assert not stuck_warning(client)
    then = timezone.now() - timedelta(minutes=11)

    Outbox.objects.create(
        key="later", kind=outbox.LOW_STOCK, state=state, next_at=then, leased_until=then
    )

    assert stuck_warning(client)


def test_only_who_may_change_outgoing_mail_sends_again(client, log_in, order):
    log_in("view_outbox")
    row = failed_row(order)
    bulk = reverse("wagtail_bulk_action", args=["orders", "outbox", "send_again"])

    client.post(reverse("shop_outgoing:again", args=[row.pk]))
    client.post(reverse("shop_outgoing:again_all"))
    client.post(f"{bulk}?id={row.pk}")

    assert list(Outbox.objects.given_up()) == [row]


def test_the_first_page_warns_of_what_was_given_up_and_only_then(client, log_in, order):
    log_in("view_outbox")
    address = reverse("wagtailadmin_home")
    assert "Mail that was not sent" not in client.get(address).content.decode()
    failed_row(order)

    page = client.get(address).content.decode()

    assert "Mail that was not sent" in page
    assert "TimeoutError: silent" in page
    assert reverse("shop_outgoing:index") + "?state=failed" in page


def test_who_does_not_see_outgoing_mail_is_not_warned(client, log_in, order):
    log_in("view_order")
    failed_row(order)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "Mail that was not sent" not in page
    assert reverse("shop_outgoing:index") not in page
