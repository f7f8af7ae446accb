"""Before something is unpublished, it is said who notices: pages, collections, open carts."""

import pytest
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex

from catalog import affected
from catalog.models import (
    CategoryPage,
    CategoryProduct,
    CollectionPage,
    CollectionProduct,
    ProductPage,
    RelatedProduct,
)
from catalog.signals import OPEN_CARTS, product_figures
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.figures import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    """A product in /prints/ that a product, a collection, and two categories show."""
    prints = make_category("Prints")
    page = make_page("Lighthouse", prints)
    make_sku(page, "LH")
    harbour = make_page("Harbour", make_category("Posters"))
    harbour.related_products = [RelatedProduct(product_page=page)]
    harbour.save()
    home = prints.get_parent()
    sea = home.add_child(instance=CollectionPage(title="By the sea", gathered="hand"))
    sea.picked = [CollectionProduct(product_page=page)]
    sea.save()
    prints = CategoryPage.objects.get(pk=prints.pk)
    prints.first_products = [CategoryProduct(product_page=page)]
    prints.save()
    for shower in (harbour, sea, prints):
        ReferenceIndex.create_or_update_for_object(shower)
    return page


def ask(client, asked: Page) -> str:
    return client.get(reverse("wagtailadmin_pages:unpublish", args=[asked.pk])).content.decode()


def in_bulk(*pages: Page) -> str:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    return f"{address}?{'&'.join(f'id={page.pk}' for page in pages)}&next=/admin/"


def test_each_kind_of_page_that_shows_it_is_named(page):
    found = affected.affected([page])

    assert [shower.title for shower in found.pages] == ["Harbour"]
    assert [shower.title for shower in found.collections] == ["By the sea"]
    assert [shower.title for shower in found.categories] == ["Prints"]


def test_what_is_not_live_or_goes_too_does_not_notice(page):
    CollectionPage.objects.get().unpublish()
    harbour = ProductPage.objects.get(title="Harbour")

    found = affected.affected([page, harbour])

    assert (found.pages, found.collections) == ([], [])


@pytest.mark.parametrize("bulk", [False, True])
def test_it_is_said_before_unpublishing(editor, client, page, monkeypatch, bulk):
    say(monkeypatch, OPEN_CARTS, {page.product_id: 2})

    text = client.get(in_bulk(page)).content.decode() if bulk else ask(client, page)

    for words in ("Harbour", "By the sea", "Prints", "2 open carts hold it."):
        assert words in text
    assert ProductPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("bulk", [False, True])
def test_nothing_is_said_where_nobody_notices(editor, client, bulk):
    page = make_page("Lonely")

    text = client.get(in_bulk(page)).content.decode() if bulk else ask(client, page)

    assert "Are you sure you want to unpublish" in text
    assert "Shown on these pages" not in text
    assert "open cart" not in text


def test_of_a_category_the_products_below_and_their_carts_are_counted(
    editor, client, page, monkeypatch
):
    say(monkeypatch, OPEN_CARTS, {page.product_id: 3})
    make_page("Mill", page.get_parent().specific)

    text = ask(client, page.get_parent())

    assert "2 products below are live." in text
    assert "3 open carts hold some of them." in text
    assert "Unpublish these too" in text


def test_carts_keep_a_product_that_has_another_live_page(page, monkeypatch):
    say(monkeypatch, OPEN_CARTS, {page.product_id: 3})
    assert affected.open_carts([page]) == 3

    make_page("Lighthouse again", make_category("Other"), product=page.product)

    assert affected.open_carts([page]) == 0


def test_without_anybody_who_counts_carts_none_are_spoken_of(page, monkeypatch):
    monkeypatch.setattr(product_figures, "_functions", {})

    assert affected.affected([page]).carts is None


def test_unpublishing_does_what_it_did(editor, client, page):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert not ProductPage.objects.get(pk=page.pk).live

    harbour = ProductPage.objects.get(title="Harbour")
    client.post(in_bulk(harbour))
    assert not ProductPage.objects.get(pk=harbour.pk).live


def test_looking_up_costs_the_same_for_one_and_for_many(page, django_assert_num_queries):
    affected.affected([page])
    with django_assert_num_queries(50, exact=False) as few:
        affected.affected([page])
    pages = [page, *(make_page() for _ in range(10))]

    with django_assert_num_queries(len(few)):
        affected.affected(pages)
