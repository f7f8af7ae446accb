"""The demo card: a gateway to try the shop with, that no real shop offers."""

from decimal import Decimal

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order, Outbox, Payment, Refund
from orders.payments import demo_card, refunds
from orders.tests.fakes.stripe_shop import an_order, payment_of, work_on_money

GOOD, BAD, SECOND_STEP, AWAY = demo_card.CARDS
REAL_LOOKING = "5555 5555 5555 4444"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trying_out(settings) -> None:
    settings.DEBUG = True


@pytest.fixture
def order(client) -> Order:
    return an_order(payment_method="demo_card")


@pytest.fixture
def page(client, order) -> str:
    """The address of the page that the shopper is sent to."""
    return client.post(reverse("orders:pay", args=[order.secret]), {"gateway": "demo_card"})[
        "Location"
    ]


def text_of(reply) -> str:
    assert reply.status_code == 200
    return reply.content.decode()


def is_paid(order: Order) -> bool:
    order.refresh_from_db()
    assert order.amount_paid == (order.total if order.paid_at else 0)
    return order.state == Order.State.PAID


def test_the_page_says_what_is_to_be_paid_and_with_which_cards(client, order, page):
    text = text_of(client.get(page))

    assert order.number in text
    assert "€59.90" in text
    assert all(number in text for number in demo_card.CARDS)


@pytest.mark.parametrize("typed", [GOOD, GOOD.replace(" ", ""), GOOD.replace(" ", "-")])
def test_a_good_card_pays(client, order, page, typed):
    client.post(page, {"number": typed}, follow=True)

    assert is_paid(order)
    assert payment_of(order).state == Payment.State.CAPTURED


def test_pressing_twice_pays_once(client, order, page):
    client.post(page, {"number": GOOD})
    client.post(page, {"number": GOOD})

    assert is_paid(order)
    assert order.payments.count() == 1


def test_a_declined_card_fails_the_payment_and_another_may_be_tried(client, order, page):
    text = text_of(client.post(page, {"number": BAD}, follow=True))

    assert "payment was refused" in text
    assert not is_paid(order)
    assert payment_of(order).state == Payment.State.FAILED
    another = client.post(reverse("orders:pay", args=[order.secret]), {"gateway": "demo_card"})
    client.post(another["Location"], {"number": GOOD})
    assert is_paid(order)


def step_of(client, page: str) -> str:
    reply = client.post(page, {"number": SECOND_STEP})
    return reply.context["form"].initial["step"]


def test_a_card_with_a_second_step_pays_with_the_right_code_only(client, order, page):
    step = step_of(client, page)
    assert not is_paid(order)

    assert "code is wrong" in text_of(client.post(page, {"step": step, "code": "000000"}))
    assert not is_paid(order)

    client.post(page, {"step": step, "code": demo_card.CODE})
    assert is_paid(order)


@pytest.mark.parametrize("case", ["made up", "of another payment", "too old", "of another purpose"])
def test_the_second_step_cannot_be_had_without_the_first(client, order, page, case, monkeypatch):
    key = str(payment_of(order).key)
    step = {
        "made up": "x:y:z",
        "of another payment": signing.dumps("another", salt=demo_card.SALT),
        "too old": signing.dumps(key, salt=demo_card.SALT),
        "of another purpose": signing.dumps(key, salt="sessions"),
    }[case]
    if case == "too old":
        monkeypatch.setattr(demo_card, "STEP_SECONDS", -1)

    text = text_of(client.post(page, {"step": step, "code": demo_card.CODE}))

    assert "begin again" in text
    assert not is_paid(order)


def test_when_the_network_is_away_nothing_is_lost_and_one_may_try_again(client, order, page):
    assert "does not answer" in text_of(client.post(page, {"number": AWAY}))
    assert payment_of(order).state == Payment.State.NEW

    client.post(page, {"number": GOOD})
    assert is_paid(order)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "required"),
        ("4111", "12 to 19 digits"),
        ("4" * 20, "12 to 19 digits"),
        ("４２４２４２４２４２４２４２４２", "12 to 19 digits"),
        ("<script>", "12 to 19 digits"),
        ("4242 4242 4242 4241", "digit of this card number is wrong"),
        (REAL_LOOKING, "Only the demo cards"),
    ],
)
def test_what_is_no_demo_card_is_refused_and_not_repeated(client, order, page, number, reason):
    text = text_of(client.post(page, {"number": number}))

    assert reason in text
    assert not number or number not in text
    assert payment_of(order).state == Payment.State.NEW


@pytest.mark.parametrize("number", [GOOD, BAD, SECOND_STEP, AWAY, REAL_LOOKING])
def test_no_number_reaches_the_database_or_the_session(client, order, page, number):
    with CaptureQueriesContext(connection) as queries:
        client.post(page, {"number": number})

    digits = number.replace(" ", "")
    said = " ".join(query["sql"] for query in queries).replace(" ", "")
    assert digits not in said
    assert digits not in repr(dict(client.session)).replace(" ", "")


def test_refunds_are_done_at_once(client, order, page):
    client.post(page, {"number": GOOD})

    refunds.ask(order, Decimal("9.90"))
    work_on_money()

    assert order.refunds.get().state == Refund.State.DONE
    order.refresh_from_db()
    assert order.amount_refunded == Decimal("9.90")
    assert Outbox.objects.filter(kind="refund", state="sent").exists()


def test_an_order_that_is_over_cannot_be_paid(client, order, page):
    client.post(reverse("orders:cancel", args=[order.secret]))

    client.post(page, {"number": GOOD})

    order.refresh_from_db()
    assert (order.state, order.amount_paid) == (Order.State.CANCELLED, 0)


def test_the_page_is_nobody_elses(client, order, page):
    stranger = an_order(payment_method="demo_card")
    key = payment_of(order).key

    assert client.get(reverse("orders:demo_card", args=[stranger.secret, key])).status_code == 404
    assert client.get(reverse("orders:demo_card", args=["guessed", key])).status_code == 404


def test_a_real_shop_has_no_demo_card(client, order, page, settings):
    settings.DEBUG = False

    assert client.get(page).status_code == 404
    assert client.post(page, {"number": GOOD}).status_code == 404
    assert 'value="demo_card"' not in text_of(client.get(order.get_absolute_url()))
    assert not is_paid(order)


@pytest.mark.parametrize("number", ["4242424242424242", "378282246310005", "6011111111111117"])
def test_the_check_digit_finds_one_wrong_digit_and_two_that_changed_places(number):
    assert demo_card.passes_luhn(number)
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            assert not demo_card.passes_luhn(number[:place] + other + number[place + 1 :])
    for place in range(len(number) - 1):
        first, second = number[place], number[place + 1]
        swapped = number[:place] + second + first + number[place + 2 :]
        # The one pair that the rule of Luhn does not tell apart.
        if first != second and {first, second} != {"0", "9"}:
            assert not demo_card.passes_luhn(swapped)
