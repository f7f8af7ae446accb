"""A copy is another product: it says so, and nobody can buy it before it has a SKU."""

import pytest
from django.urls import reverse

from catalog.models import ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    page = make_page("Lighthouse", make_category("Prints"))
    make_sku(page, "LH")
    return page


def copy(client, page, **fields) -> str:
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk}
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    return client.post(address, data | fields, follow=True).content.decode()


def test_the_answer_says_that_the_copy_needs_a_sku_and_leads_there(editor, client, page):
    text = copy(client, page, publish_copies="on")

    made = ProductPage.objects.get(title="Copy")
    assert "“Copy” needs a SKU" in text
    assert reverse("catalog_variants", args=[made.pk]) in text
    assert made.live
    assert not Sku.objects.purchasable().filter(product=made.product).exists()
    make_sku(made, "CP")
    assert Sku.objects.purchasable().filter(product=made.product).exists()


def test_a_category_copied_with_its_products_says_how_many_need_skus(editor, client, page):
    make_sku(make_page("Harbour", page.get_parent().specific), "HB")

    text = copy(client, page.get_parent(), copy_subpages="on")

    assert "2 copied products need SKUs" in text
    assert ProductPage.objects.filter(product__skus=None).count() == 2
    assert Sku.objects.count() == 2


@pytest.mark.parametrize("what", ["alias", "category without its products"])
def test_nothing_is_said_where_no_product_was_copied(editor, client, page, what):
    alone = page.get_parent()
    text = copy(client, page, alias="on") if what == "alias" else copy(client, alone)

    assert "needs a SKU" not in text
    assert "need SKUs" not in text


def test_an_alias_and_a_translation_sell_what_their_source_sells(editor, client, page):
    copy(client, page, alias="on")

    assert ProductPage.objects.get(slug="copy").product_id == page.product_id
