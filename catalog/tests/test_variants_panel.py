"""The panel in the page editor, as it is without JavaScript, and the ways to the form."""

import re

import pytest
from django.urls import reverse

from catalog.models import Stock
from catalog.tests.factories import make_sku
from catalog.tests.variants_form import page_with_options, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size", "Colour")


def editor_html(client, page):
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_the_page_editor_shows_facts_as_they_are_now_and_leads_to_their_form(client, editor, page):
    make_sku(page, "TEE-S", option1="Small", price="10", compare_at="12", on_hand=7)
    page.save_revision()
    Stock.objects.update(on_hand=3)

    html = editor_html(client, page)

    assert "TEE-S" in html
    assert "€10.00" in html
    assert "€12.00" in html
    assert "<td>3</td>" in re.sub(r"\s*(</?td>)\s*", r"\1", html)
    assert html.count(f'href="{url(page)}"') == 2  # in the panel and in the page's menu


def test_a_product_that_cannot_be_bought_says_why(client, editor, page):
    assert "Needs a SKU: nobody can buy this product yet" in editor_html(client, page)
    make_sku(page, "TEE-S", price=None)
    assert "none of its variants is on sale with a price" in editor_html(client, page)


def test_the_editor_of_a_page_not_yet_saved_asks_for_its_first_sku(client, editor, page):
    address = reverse(
        "wagtailadmin_pages:add", args=["catalog", "productpage", page.get_parent().pk]
    )
    html = client.get(address).content.decode()
    assert 'name="first_sku-code"' in html
    assert "/variants/grid/" not in html


def test_the_list_of_pages_offers_the_form_for_products_only(client, editor, page):
    category = page.get_parent()
    listing = client.get(reverse("wagtailadmin_explore", args=[category.pk])).content.decode()
    home = client.get(reverse("wagtailadmin_explore", args=[category.get_parent().pk]))
    assert url(page) in listing
    assert "/variants/" not in home.content.decode()
