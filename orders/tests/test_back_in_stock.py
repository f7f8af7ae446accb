"""To be told once when something is to be had again."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from catalog import stock
from catalog.models import ProductPage, StockMovement
from catalog.tests.factories import make_page, make_sku
from orders import back_in_stock, outbox
from orders.models import BackInStock, Outbox

pytestmark = pytest.mark.django_db
OWN = {"Sec-Fetch-Site": "same-origin"}
RECEIVED = StockMovement.Reason.RECEIVED


@pytest.fixture(autouse=True)
def no_counts():
    cache.clear()


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", option1="A3", on_hand=0)


def ask(client, sku, email="ada@example.com", headers=OWN, **data):
    return client.post(
        "/orders/back-in-stock/", {"code": sku.code, "email": email, **data}, headers=headers
    )


def receive(sku, count=5):
    stock.adjust({sku: count}, reason=RECEIVED)


def drain():
    while outbox.drain():
        pass


def told():
    return [(message.to[0], message.subject) for message in mail.outbox]


def test_the_page_of_what_is_sold_out_has_a_form_and_sets_no_cookie(client, sku):
    page = client.get("/prints/dune/")

    assert 'action="/orders/back-in-stock/"' in page.content.decode()
    assert "Vary" not in page.headers or "Cookie" not in page.headers["Vary"]
    assert not page.cookies


def test_only_variants_of_which_there_are_none_are_asked_for(client, sku):
    make_sku(sku.product, "DUNE-2", option1="A2", on_hand=0)
    make_sku(sku.product, "DUNE-1", option1="A1", on_hand=3)
    make_sku(sku.product, "DUNE-0", option1="A0", on_hand=0, when_sold_out="sell_on")

    page = client.get("/prints/dune/").content.decode()

    form = page[page.index('action="/orders/back-in-stock/"') :].split("</form>")[0]
    assert re.findall(r'<option value="([^"]+)"', form) == ["DUNE", "DUNE-2"]


def test_where_all_is_there_nobody_is_asked(client):
    make_sku(make_page("Moon"), on_hand=1)

    assert "back-in-stock" not in client.get("/prints/moon/").content.decode()


def test_who_asked_is_told_once_when_it_is_there(client, sku):
    answer = ask(client, sku)
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200

    receive(sku)
    receive(sku)
    drain()

    assert told() == [("ada@example.com", "Back again: Dune")]
    body = mail.outbox[0].body
    assert "http://localhost:8000/prints/dune/" in body
    receive(sku, -10)
    receive(sku)
    drain()
    assert len(mail.outbox) == 1


def test_the_answer_is_the_same_for_an_address_that_asked_before(client, sku):
    first = ask(client, sku)
    again = ask(client, sku, "ADA@example.com")

    assert (again.status_code, again.url) == (first.status_code, first.url)
    assert client.get(again.url).content == client.get(first.url).content
    assert [wish.email for wish in BackInStock.objects.all()] == ["ada@example.com"]


def test_what_a_program_seems_to_have_filled_in_is_not_taken_and_not_lost(client, sku):
    answer = ask(client, sku, "ada@example.com", website="https://spam.example.com")

    assert answer.status_code == 422
    assert "Please send it once more" in answer.content.decode()
    assert 'value="ada@example.com"' in answer.content.decode()
    assert not BackInStock.objects.exists()


def test_an_address_has_three_wishes_an_hour_whatever_the_cache_says(client, sku):
    for number in range(5):
        other = make_sku(sku.product, f"DUNE-{number}", option1=f"B{number}", on_hand=0)
        cache.clear()
        assert ask(client, other, "ada@example.com").status_code == 302

    assert BackInStock.objects.count() == 3
    BackInStock.objects.update(created=timezone.now() - timedelta(minutes=61))
    ask(client, sku)
    assert BackInStock.objects.count() == 4


def test_one_place_asks_twenty_times_an_hour(client, sku):
    answers = [ask(client, sku, f"a{number}@example.com") for number in range(22)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 2
    assert "try again in an hour" in answers[-1].content.decode()
    assert 'value="a21@example.com"' in answers[-1].content.decode()
    assert BackInStock.objects.count() == 20
    other = client.post(
        "/orders/back-in-stock/",
        {"code": sku.code, "email": "other@example.com"},
        headers=OWN,
        REMOTE_ADDR="192.0.2.7",
    )
    assert other.status_code == 302


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_asks_for_nobody(client, sku, headers):
    assert ask(client, sku, headers=headers).status_code == 403
    assert not BackInStock.objects.exists()


@pytest.mark.parametrize("email", ["", "ada", "a@b@c", "a@b.c\nBcc: x@y.z", f"{'a' * 250}@b.de"])
def test_what_is_no_address_is_said_beside_the_field(client, sku, email):
    answer = ask(client, sku, email)

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not BackInStock.objects.exists()


def test_what_nobody_sells_cannot_be_waited_for(client, sku):
    ProductPage.objects.update(live=False)
    assert ask(client, sku).status_code == 404
    assert client.post(
        "/orders/back-in-stock/", {"code": "NOTHING", "email": "a@example.com"}, headers=OWN
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize("code", ["", "\x00", "DUNE\x00", "X" * 65])
def test_what_can_be_no_code_is_nothing_that_is_sold(client, sku, code):
    answer = client.post(
        "/orders/back-in-stock/", {"code": code, "email": "a@example.com"}, headers=OWN
    )

    assert answer.status_code == 404


def test_what_is_there_again_by_now_is_shown_and_nothing_written_down(client, sku):
    receive(sku)

    answer = ask(client, sku)

    assert "It is back already" in answer.content.decode()
    assert 'href="/prints/dune/"' in answer.content.decode()
    assert not BackInStock.objects.exists()


def wish_of(sku, email="ada@example.com", **fields):
    return BackInStock.objects.create(sku=sku, email=email, language="en", **fields)


def test_the_mail_has_a_way_out_of_it_that_asks_before_it_does_anything(client, sku):
    wish_of(sku)
    other = wish_of(make_sku(on_hand=0))
    receive(sku)
    drain()
    (message,) = mail.outbox
    url = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in message.body
    path = url.removeprefix("http://localhost:8000")

    asked = client.get(path)
    assert "Yes, no more mails" in asked.content.decode()
    assert asked.headers["Referrer-Policy"] == "no-referrer"
    assert BackInStock.objects.filter(pk=other.pk).exists()

    # As a mail program does it: no cookie, no origin.
    done = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert not BackInStock.objects.exists()
    assert client.get(path).status_code == 200


def test_a_strangers_key_opens_nothing(client, sku):
    wish_of(sku)

    answer = client.post("/orders/back-in-stock/guess/")

    assert answer.status_code == 200
    assert BackInStock.objects.count() == 1


def test_who_changed_their_mind_before_the_mail_went_out_gets_none(sku):
    wish = wish_of(sku)
    receive(sku)
    outbox.drain(budget=0)
    back_in_stock.tell(Outbox.objects.get(kind=outbox.TELL_OF_STOCK))
    back_in_stock.forget(wish)

    drain()

    assert mail.outbox == []
    row = Outbox.objects.get(kind=outbox.BACK_IN_STOCK)
    assert (row.state, row.last_error) == ("dropped", "nobody wants to be told any more")


def test_what_is_sold_out_again_before_anybody_was_told_is_waited_for_on(sku):
    wish_of(sku)
    receive(sku, 1)
    receive(sku, -1)

    drain()
    assert mail.outbox == []
    assert Outbox.objects.get().state == "dropped"

    receive(sku, 1)
    drain()
    assert len(mail.outbox) == 1


def sell_before_the_mails_leave(sku, count):
    """Mails are owed, and then goods are sold before a worker comes to write them."""
    for row in Outbox.objects.filter(kind=outbox.TELL_OF_STOCK, state="queued"):
        back_in_stock.tell(row)
        Outbox.objects.filter(pk=row.pk).update(state="sent")
    receive(sku, -count)


def test_who_was_not_told_before_it_was_gone_again_goes_on_waiting(sku):
    for number in range(3):
        wish_of(sku, f"a{number}@example.com")
    receive(sku, 1)
    sell_before_the_mails_leave(sku, 1)
    drain()
    assert mail.outbox == []
    assert BackInStock.objects.filter(told__isnull=True).count() == 3

    for _time in range(2):
        receive(sku, 1)
        drain()
        receive(sku, -1)

    assert sorted(to for to, _subject in told()) == [f"a{n}@example.com" for n in range(3)]


def test_who_has_asked_again_meanwhile_waits_once_and_keeps_the_better_place(sku):
    first = wish_of(sku)
    receive(sku, 1)
    sell_before_the_mails_leave(sku, 1)
    wish_of(sku, "bob@example.com")
    wish_of(sku, "ADA@example.com")

    drain()

    assert BackInStock.objects.filter(told__isnull=True).count() == 2
    assert BackInStock.objects.earliest("pk") == first
    receive(sku)
    drain()
    assert [to for to, _subject in told()] == ["ada@example.com", "bob@example.com"]


def test_the_oldest_wish_is_told_first_also_across_batches(sku, monkeypatch):
    monkeypatch.setattr(back_in_stock, "BATCH", 3)
    wishes = [wish_of(sku, f"a{number}@example.com") for number in range(8)]
    # Neither the order of the rows in the table nor that of the addresses decides.
    BackInStock.objects.filter(pk=wishes[0].pk).update(language="de")
    BackInStock.objects.filter(pk=wishes[1].pk).update(email="z@example.com")

    receive(sku)
    drain()

    expected = ["a0@example.com", "z@example.com", *(f"a{n}@example.com" for n in range(2, 8))]
    assert [to for to, _subject in told()] == expected


def test_where_fewer_come_back_than_wait_the_oldest_are_told_until_it_is_gone(sku):
    """And the rest keep their places before whoever asks later."""
    for number in range(5):
        wish_of(sku, f"a{number}@example.com")
    receive(sku, 2)
    outbox.drain(budget=0)
    for _row in range(3):
        # Who is to be told, and then two mails.
        outbox._work(outbox._claim())
    receive(sku, -2)
    drain()
    assert [to for to, _subject in told()] == ["a0@example.com", "a1@example.com"]

    wish_of(sku, "late@example.com")
    receive(sku, 1)
    drain()

    assert [to for to, _subject in told()][2:] == [
        "a2@example.com",
        "a3@example.com",
        "a4@example.com",
        "late@example.com",
    ]


def test_each_is_told_in_their_language(sku):
    wish_of(sku)
    BackInStock.objects.create(sku=sku, email="kim@example.com", language="ko")
    receive(sku)
    drain()

    sent = {message.to[0]: message for message in mail.outbox}
    assert 'lang="ko"' in sent["kim@example.com"].alternatives[0].content
    assert 'lang="en"' in sent["ada@example.com"].alternatives[0].content


def test_stock_that_comes_back_with_nobody_waiting_owes_nothing(sku):
    receive(sku)

    assert not Outbox.objects.exists()


def test_a_delivery_that_is_undone_tells_nobody(sku):
    wish_of(sku)

    class UndoneError(Exception):
        pass

    def receive_and_fail():
        with transaction.atomic():
            receive(sku)
            raise UndoneError

    with pytest.raises(UndoneError):
        receive_and_fail()

    assert not Outbox.objects.exists()


def test_more_than_one_batch_is_told_each_once(sku, monkeypatch):
    monkeypatch.setattr(back_in_stock, "BATCH", 2)
    for number in range(5):
        wish_of(sku, f"a{number}@example.com")
    receive(sku)
    drain()
    assert sorted(to for to, _subject in told()) == [f"a{n}@example.com" for n in range(5)]


def test_the_beat_finds_who_asked_at_the_very_moment_it_came_back(sku):
    receive(sku)
    wish_of(sku)
    wish_of(make_sku(on_hand=0))

    assert back_in_stock.look_again() == 1
    drain()

    assert [to for to, _subject in told()] == ["ada@example.com"]
    assert back_in_stock.look_again() == 0


def test_no_address_is_kept_longer_than_its_mail(sku):
    then = timezone.now() - timedelta(days=91)
    wish_of(sku, told=then)
    open_wish = wish_of(sku, created=then)

    assert back_in_stock.forget_told() == 1
    assert BackInStock.objects.get() == open_wish
