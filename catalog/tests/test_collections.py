"""What collections list, by rule and by hand, and in which order."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Site

from catalog.models import (
    Attribute,
    Brand,
    CollectionPage,
    CollectionProduct,
    Product,
    ProductAttribute,
)

from .factories import make_category, make_page, make_sku, set_price
from .test_gathering import sell, titles

pytestmark = pytest.mark.django_db


def make_collection(**fields):
    fields.setdefault("title", "Collection")
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=CollectionPage(**fields))


def pick(*pages):
    return [
        CollectionProduct(product_page=page, sort_order=order) for order, page in enumerate(pages)
    ]


def test_by_rule_every_condition_must_be_met():
    prints, gifts = make_category("Prints"), make_category("Gifts")
    small = make_category("Small", prints)
    elm, birch = (Brand.objects.create(name=name) for name in ("Elm", "Birch"))
    wood = Attribute.objects.create(name="Wood")
    oak = {"attributes": [ProductAttribute(attribute=wood, value="Oak")]}
    right = sell("Right", small, brand=elm, price="20", compare_at="30", **oak)
    right.tags.add("calm", "warm")
    right.save()
    for title, change in {
        "Other brand": {"brand": birch},
        "Too cheap": {"price": "5"},
        "Too dear": {"price": "28"},
        "Not reduced": {"compare_at": None},
        "Elsewhere": {"category": gifts},
        "No tag": {"tag": "loud"},
        "No oak": {"attributes": []},
    }.items():
        fields = {"brand": elm, "price": "20", "compare_at": "30", "tag": "calm", **change}
        fields.setdefault("attributes", [ProductAttribute(attribute=wood, value="Oak")])
        tag, category = fields.pop("tag"), fields.pop("category", small)
        page = sell(title, category, **fields)
        page.tags.add(tag)
        page.save()

    collection = make_collection(
        categories=[prints],
        brands=[elm],
        any_of_tags=list(Tag.objects.filter(name__in=["calm", "warm"])),
        attribute=wood,
        attribute_value="Oak",
        price_from=10,
        price_to=25,
        only_on_sale=True,
    )
    assert titles(collection.products()) == ["Right"]
    # Each condition alone keeps out what only it keeps out.
    for change in (
        {"brands": []},
        {"price_from": None},
        {"price_to": None},
        {"only_on_sale": False},
        {"categories": []},
        {"any_of_tags": []},
        {"attribute": None},
    ):
        wider = CollectionPage.objects.get(pk=collection.pk)
        for name, value in change.items():
            setattr(wider, name, value)
        assert len(wider.products()) == 2, change


def test_without_a_condition_it_is_the_whole_shop_of_its_language_cut_off_at_most():
    category = make_category()
    for title in "ABCD":
        sell(title, category)
    collection = make_collection(sort="name", most=3)
    assert titles(collection.products()) == ["A", "B", "C"]
    # A shopper's own order changes which come first, not which belong to it.
    assert set(titles(collection.products("-price"))) == {"A", "B", "C"}


def test_pinned_products_stand_first_and_count_among_the_most():
    category = make_category()
    pages = {title: sell(title, category, price="9") for title in "ABCD"}
    dear = sell("Dear", category, price="99")
    collection = make_collection(sort="name", price_to=10, most=3, picked=pick(dear, pages["D"]))
    assert titles(collection.products()) == ["Dear", "D", "A"]


def test_by_hand_it_has_what_was_picked_in_that_order_and_nothing_else():
    category = make_category()
    pages = {title: sell(title, category) for title in "ABCD"}
    collection = make_collection(
        gathered="hand", price_to=1, picked=pick(pages["C"], pages["A"], pages["D"])
    )
    assert titles(collection.products()) == ["C", "A", "D"]
    pages["A"].unpublish()
    assert titles(collection.products()) == ["C", "D"]
    assert titles(make_collection(title="Empty", slug="e", gathered="hand").products()) == []


def test_an_alias_or_a_translation_that_was_picked_stands_for_its_product():
    category = make_category()
    page = sell("Lighthouse", category)
    alias = page.create_alias(parent=category, update_slug="alias")
    collection = make_collection(gathered="hand", picked=pick(alias, page))
    assert list(collection.products()) == [page]


def test_a_reduction_brings_a_product_in_and_its_end_takes_it_out():
    page = make_page("Sale")
    sku = make_sku(page, price="20")
    collection = make_collection(only_on_sale=True)
    assert not collection.products().exists()
    set_price(sku, "15", "20")
    assert titles(collection.products()) == ["Sale"]
    set_price(sku, "20")
    assert not collection.products().exists()


def test_a_reduction_that_began_since_the_row_was_written_counts(client):
    page = make_page("Sale")
    sku = make_sku(page, price="20")
    set_price(sku, "15", "20", at=timezone.now() + timedelta(hours=1))
    collection = make_collection(only_on_sale=True)
    assert not client.get(collection.url).context["cards"]
    Product.objects.update(price_changes_at=timezone.now() - timedelta(minutes=1))
    sku.prices.filter(valid_from__gt=timezone.now()).update(valid_from=timezone.now())
    assert titles(card.page for card in client.get(collection.url).context["cards"]) == ["Sale"]


def test_it_is_shown_with_filters_and_in_the_navigation(client):
    category = make_category()
    for title, price in (("A", "5"), ("B", "50")):
        sell(title, category, price=price)
    collection = make_collection(title="Everything", show_in_menus=True)
    response = client.get(collection.url)
    assert [facet.key for facet in response.context["facets"]] == ["price"]
    assert f'href="{collection.url}"' in client.get("/").content.decode()
    response = client.get(f"{collection.url}?price_to=10")
    assert titles(card.page for card in response.context["cards"]) == ["A"]


def test_a_draft_is_previewed_with_its_own_rule_and_the_live_page_keeps_its():
    category, elm = make_category(), Brand.objects.create(name="Elm")
    sell("Elm print", category, brand=elm)
    sell("Other print", category)
    collection = make_collection(sort="name")
    draft = CollectionPage.objects.get(pk=collection.pk)
    draft.brands = [elm]
    previewed = draft.save_revision().as_object()
    request = RequestFactory().get("/")
    request.is_preview = True
    shown = previewed.get_context(request)["cards"]
    assert titles(card.page for card in shown) == ["Elm print"]
    live = CollectionPage.objects.get(pk=collection.pk)
    assert titles(live.products()) == ["Elm print", "Other print"]
    assert not live.brands.exists()
