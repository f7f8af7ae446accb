"""Documents to download, and who may."""

from http import HTTPStatus

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from catalog.models import Sku
from catalog.tests.factories import make_sku
from orders.documents import views
from orders.models import Invoice, Order, new_secret
from orders.tests.factories import order_for, paid
from orders.tests.pdf_text import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def sku() -> Sku:
    return make_sku(on_hand=100)


def member(name: str, *permissions: str) -> object:
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def invoice_url(order: Order) -> str:
    return reverse("orders:invoice", args=[order.secret])


def test_a_guest_gets_the_invoice_by_the_secret_address(client: Client, sku: Sku) -> None:
    order = paid(order_for({sku: 1}))

    answer = client.get(invoice_url(order))

    assert answer.status_code == HTTPStatus.OK
    assert order.number in "".join(pages(answer.content))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="invoice-00001.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_members_get_their_own_and_not_that_of_another(client: Client, sku: Sku) -> None:
    ada, eve = member("ada"), member("eve")
    order = paid(order_for({sku: 1}, user=ada))

    client.force_login(ada)
    assert client.get(invoice_url(order)).status_code == HTTPStatus.OK
    client.force_login(eve)
    assert client.get(invoice_url(order)).status_code == HTTPStatus.NOT_FOUND


def test_neither_number_nor_key_nor_a_guess_opens_an_invoice(client: Client, sku: Sku) -> None:
    order = paid(order_for({sku: 1}))
    guesses = (
        order.number,
        str(order.pk),
        str(order.checkout_token),
        new_secret(),
        order.secret[:-1],
        order.secret.swapcase(),
        order.secret + "%00",
        "..%2f" + order.secret,
    )

    answers = [client.get(f"/orders/{guess}/invoice.pdf").status_code for guess in guesses]

    assert answers == [HTTPStatus.NOT_FOUND] * len(guesses)
    assert not Invoice.objects.exists()


def test_an_order_without_an_invoice_has_none_to_download(client: Client, sku: Sku) -> None:
    assert client.get(invoice_url(order_for({sku: 1}))).status_code == HTTPStatus.NOT_FOUND


def test_an_invoice_is_only_ever_read(client: Client, sku: Sku) -> None:
    order = paid(order_for({sku: 1}))

    assert client.post(invoice_url(order)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def desk_urls(order: Order) -> tuple[str, str]:
    slips = reverse("shop_orders:slips")
    return reverse("shop_orders:invoice", args=[order.pk]), f"{slips}?ids={order.pk}"


def test_the_desk_downloads_invoices_and_slips(client: Client, sku: Sku) -> None:
    order = paid(order_for({sku: 1}))
    client.force_login(member("desk", "access_admin", "view_order"))

    for url in desk_urls(order):
        answer = client.get(url)

        assert answer.status_code == HTTPStatus.OK
        assert order.number in "".join(pages(answer.content))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("permissions", [(), ("access_admin",), ("view_order",)])
def test_nobody_else_gets_anything_from_the_desk(
    client: Client, sku: Sku, permissions: tuple[str, ...]
) -> None:
    order = paid(order_for({sku: 1}, user=(eve := member("eve", *permissions))))
    client.force_login(eve)

    for url in desk_urls(order):
        answer = client.get(url)

        assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
        assert b"%PDF" not in answer.content
    assert not Invoice.objects.exists()


def test_strangers_get_nothing_from_the_desk(client: Client, sku: Sku) -> None:
    for url in desk_urls(paid(order_for({sku: 1}))):
        assert client.get(url).status_code == HTTPStatus.FOUND


def test_slips_come_in_the_order_asked_for_and_each_once(client: Client, sku: Sku) -> None:
    first, second = (order_for({sku: 1}) for _ in range(2))
    client.force_login(member("desk", "access_admin", "view_order"))
    wanted = f"{second.pk},{first.pk},{second.pk}"

    answer = client.get(f"{reverse('shop_orders:slips')}?ids={wanted}&ids=x&ids=²&ids=99999999")

    found = pages(answer.content)
    assert len(found) == 2
    assert second.number in found[0]
    assert first.number in found[1]
    assert answer["Content-Disposition"] == 'attachment; filename="packing-slip-2.pdf"'


@pytest.mark.parametrize("ids", ["", "?ids=", "?ids=x", f"?ids={10**30}", "?ids=-1"])
def test_slips_of_no_order_are_not_found(client: Client, ids: str) -> None:
    client.force_login(member("desk", "access_admin", "view_order"))

    assert client.get(f"{reverse('shop_orders:slips')}{ids}").status_code == HTTPStatus.NOT_FOUND


def test_one_request_prints_no_more_than_the_most(
    client: Client, sku: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_SLIPS", 2)
    ids = ",".join(str(order_for({sku: 1}).pk) for _ in range(3))
    client.force_login(member("desk", "access_admin", "view_order"))

    answer = client.get(f"{reverse('shop_orders:slips')}?ids={ids}")

    assert len(pages(answer.content)) == 2
