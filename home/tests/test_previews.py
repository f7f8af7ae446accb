"""The previews as an editor opens them, from the forms of the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from catalog.models import CategoryPage, CollectionPage, Product, ProductPage
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.launching import every_row
from catalog.tests.page_forms import category_form, product_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor):
    page = make_page("Lighthouse", make_category("Prints"))
    sku = make_sku(page, "LH", price="20.00", on_hand=9)
    set_price(sku, "15.00", "20.00", at=timezone.now() + timedelta(days=3))
    return ProductPage.objects.get()


def looked_at(client, address, data, mode="") -> str:
    """Post what is typed, as the preview panel does, and get the preview of it."""
    assert client.post(address, data).json() == {"is_valid": True, "is_available": True}
    response = client.get(address, {"mode": mode})
    assert response.status_code == 200
    return response.content.decode()


def preview_of(page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def test_what_is_typed_is_shown_before_it_is_saved(client, page):
    shown = looked_at(client, preview_of(page), product_form("Harbour", "harbour"))

    assert "Harbour" in shown
    assert "€20.00" in shown
    assert ProductPage.objects.get().latest_revision is None


def test_a_member_sees_no_bar_for_editors(client, page):
    data = product_form("Lighthouse", "lighthouse")

    assert "wagtail-userbar" in looked_at(client, preview_of(page), data)
    assert "wagtail-userbar" not in looked_at(client, preview_of(page), data, "member")


@pytest.mark.parametrize("mode", ["", "card", "member", "sold-out"])
@pytest.mark.parametrize("title", ["", "Harbour"])
def test_a_product_that_is_just_being_made_can_be_previewed(client, page, mode, title):
    category = CategoryPage.objects.get()
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["catalog", "productpage", category.pk]
    )

    assert "<main" in looked_at(client, address, product_form(title, title.lower()), mode)


def test_a_category_that_is_just_being_made_can_be_previewed(client, page):
    home = Site.objects.get(is_default_site=True).root_page
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["catalog", "categorypage", home.pk]
    )

    assert "<main" in looked_at(client, address, category_form("", ""))


@pytest.fixture
def saved(page):
    """Pages with drafts, which can be looked at without a form: a product and all that lists it."""
    home = Site.objects.get(is_default_site=True).root_page
    collection = home.add_child(instance=CollectionPage(title="Everything", sort="price"))
    category = CategoryPage.objects.get()
    category.default_sort = "price"
    category.save()
    pages = [page, home.specific, collection, category]
    for each in pages:
        each.save_revision()
    return pages


def test_looking_writes_nothing(client, saved, monkeypatch):
    """No view is counted, no cart begun, and no column refreshed although one is due."""
    counted = []
    monkeypatch.setattr("social.views_counter.count", counted.append)
    Product.objects.update(price_changes_at=timezone.now() - timedelta(hours=1), lowest_price=99)
    addresses = [
        reverse("wagtailadmin_pages:revisions_view", args=[page.pk, page.latest_revision_id])
        for page in saved
    ]
    modes = [[mode for mode, _name in page.preview_modes] for page in saved]
    client.get(addresses[0])
    before = every_row()

    for address, own in zip(addresses, modes, strict=True):
        for mode in own:
            assert client.get(address, {"mode": mode}).status_code == 200

    assert every_row() == before
    assert counted == []


def test_the_same_listing_refreshes_what_is_due_for_a_shopper(client, page):
    """The control to the test above: what a preview must not do, a shopper's page does."""
    Product.objects.update(price_changes_at=timezone.now() - timedelta(hours=1), lowest_price=99)

    client.get("/prints/?sort=price")

    assert Product.objects.get().lowest_price == 20
