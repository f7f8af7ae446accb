"""Whatever is done to a page, it changes no SKU, price, stock, movement, view or order."""

from decimal import Decimal

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page

from catalog.models import Price, Product, ProductPage, Sku, Stock, StockMovement
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from home.tests.page_forms import edit, product_form
from orders.models import OrderItem
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor):
    """A product that was edited twice and has sold since."""
    page = make_page("Lighthouse", make_category("Prints"))
    page.save_revision(user=editor)
    page.title = "Lighthouse, second edition"
    page.save_revision(user=editor).publish()
    page.title = "Lighthouse, third edition"
    page.save_revision(user=editor)
    sku = make_sku(page, "LH", price="20.00", on_hand=9)
    set_price(sku, "15.00", "20.00")
    order_for({Sku.objects.with_prices().get(): 2})
    Product.objects.update(views=41)
    return ProductPage.objects.get()


def facts(product):
    """Every column of every row that is a fact about the product."""
    rows = [Product.objects.filter(pk=product.pk)]
    rows += [model.objects.filter(sku__product=product) for model in (Price, Stock, StockMovement)]
    rows += [Sku.objects.filter(product=product), OrderItem.objects.filter(sku__product=product)]
    return [list(found.order_by("pk").values()) for found in rows]


def publish_old_draft(client, page):
    page.revisions.order_by("pk").last().publish()
    assert ProductPage.objects.get().title == "Lighthouse, third edition"


def publish_from_an_old_form(client, page):
    edit(client, page, product_form("As typed", "lighthouse") | {"action-publish": "1"})
    assert ProductPage.objects.get().title == "As typed"


def revert(client, page):
    first = page.revisions.order_by("pk").first()
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    assert "Lighthouse" in client.get(address).content.decode()
    data = product_form("Lighthouse", "lighthouse") | {"revision": first.pk}
    edit(client, page, data | {"action-publish": "1"})
    assert ProductPage.objects.get().title == "Lighthouse"


def unpublish(client, page):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert not ProductPage.objects.get().live


def copy(client, page, **fields):
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk}
    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data | fields)
    return ProductPage.objects.exclude(pk=page.pk).get()


def copy_page(client, page):
    made = copy(client, page, publish_copies="on")
    made.save_revision().publish()
    assert made.product_id != page.product_id
    assert not made.product.skus.exists()
    assert made.product.views == 0


def make_alias(client, page):
    made = copy(client, page, alias="on")
    assert made.alias_of_id == page.pk
    assert made.product_id == page.product_id


def translate(client, page):
    korean = Locale.objects.create(language_code="ko")
    page.get_parent().copy_for_translation(korean, copy_parents=True)
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    client.post(address, {"locales": [korean.pk]})
    made = ProductPage.objects.get(locale=korean)
    made.save_revision().publish()
    assert made.product_id == page.product_id


def move(client, page):
    target = make_category("Posters")
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    assert ProductPage.objects.get().get_parent() == target.page_ptr


def delete(client, page):
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not ProductPage.objects.exists()


def delete_in_bulk(client, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    client.post(f"{address}?id={page.pk}", {"next": "/admin/"})
    assert not ProductPage.objects.exists()


def delete_category(client, page):
    client.post(reverse("wagtailadmin_pages:delete", args=[page.get_parent().pk]))
    assert not Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize(
    "action",
    [
        publish_old_draft,
        publish_from_an_old_form,
        revert,
        unpublish,
        copy_page,
        make_alias,
        translate,
        move,
        delete,
        delete_in_bulk,
        delete_category,
    ],
)
def test_no_action_on_a_page_changes_a_fact(client, page, action):
    before = facts(page.product)
    assert [len(rows) for rows in before] == [1, 2, 1, 2, 1, 1]

    action(client, page)

    assert facts(page.product) == before


def test_the_facts_compared_above_would_show_a_change(page):
    before = facts(page.product)

    set_price(Sku.objects.get(), "16.00")

    assert facts(page.product) != before
    assert Sku.objects.with_prices().get().price.amount == Decimal(16)
