"""Listings of products in the admin: columns, filters, search, order, pages."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from catalog import retiring
from catalog.admin import explorer
from catalog.admin.explorer_facts import ProductState, attach
from catalog.models import (
    Brand,
    Picture,
    Product,
    ProductCategory,
    ProductPage,
    ProductPicture,
    Sku,
    Stock,
)
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.page_forms import upload

pytestmark = pytest.mark.django_db
ALL = "/admin/products/"


@pytest.fixture
def category():
    return make_category("Prints")


def explore(client, category, /, **asked):
    return client.get(reverse("wagtailadmin_explore", args=[category.pk]), asked)


def titles(response) -> list[str]:
    return [page.title for page in response.context["object_list"]]


def words(response) -> str:
    """What a reader sees of a page: its text in one line."""
    text = re.sub(
        r"<(script|style|template).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(text.split())


def row(response, title) -> str:
    """What the row of this page says."""
    html = response.content.decode()
    page = next(page for page in response.context["object_list"] if page.title == title)
    rows = re.findall(r"<tr.*?</tr>", html[html.index("<tbody") :], flags=re.S)
    mine = next(text for text in rows if f'data-object-id="{page.pk}"' in text)
    return " ".join(re.sub(r"<[^>]*>", " ", mine).split())


def test_a_row_says_price_stock_sales_and_status(client, editor, category):
    page = make_page("Lighthouse", category)
    make_sku(page, "LH-S", price="10.00", compare_at="12.50", on_hand=4, option1="S")
    make_sku(page, "LH-L", price="15.00", on_hand=30, option1="L")
    Product.objects.filter(pk=page.product_id).update(sold_30_days=1234)

    text = row(explore(client, category), "Lighthouse")

    assert "from €10.00 before the reduction: €12.50" in text
    assert " 34 " in text
    assert "1,234" in text
    assert "Live" in text.title()


def test_categories_and_products_stand_in_one_listing(client, editor, category):
    make_category("Posters", parent=category)
    make_sku(make_page("Lighthouse", category), price="10.00")

    response = explore(client, category)

    assert set(titles(response)) == {"Posters", "Lighthouse"}
    assert "€" not in row(response, "Posters")
    assert f"/admin/pages/{Page.objects.get(title='Posters').pk}/" in response.content.decode()


STATES = [
    (ProductState.IN_STOCK, [(9, "stop", True), (9, "stop", True)]),
    (ProductState.IN_STOCK, [(9, "stop", True), (0, "sell_on", True)]),
    (ProductState.IN_STOCK, [(9, "stop", True), (0, "stop", False)]),
    (ProductState.LOW, [(2, "stop", True)]),
    (ProductState.LOW, [(9, "stop", True), (0, "stop", True)]),
    (ProductState.SOLD_OUT, [(0, "stop", True), (0, "stop", True)]),
    (ProductState.SOLD_OUT, [(0, "stop", True), (9, "stop", False)]),
    (ProductState.BACK_ORDER, [(0, "sell_on", True), (0, "stop", True)]),
    (ProductState.NEEDS_SKU, []),
    (ProductState.OFF_SALE, [(9, "stop", False)]),
]


@pytest.mark.parametrize(("state", "skus"), STATES)
def test_the_stock_column_and_its_filter_agree(client, editor, category, state, skus):
    page = make_page("Lighthouse", category)
    for number, (on_hand, when_sold_out, is_active) in enumerate(skus):
        make_sku(
            page,
            option1=str(number),
            on_hand=on_hand,
            when_sold_out=when_sold_out,
            is_active=is_active,
        )

    found = {
        other for other in ProductState if titles(explore(client, category, stock=other.value))
    }
    attach(shown := [ProductPage.objects.get()])

    assert shown[0].row.facts.state == state
    assert found == {state}


def test_a_sku_without_a_stock_row_counts_as_sold_out(client, editor, category):
    sku = make_sku(make_page("Lighthouse", category), on_hand=0)
    Stock.objects.filter(sku=sku).delete()

    assert "Sold out" in row(explore(client, category), "Lighthouse")
    assert titles(explore(client, category, stock="sold_out")) == ["Lighthouse"]


def test_a_product_of_which_one_variant_is_gone_says_so(client, editor, category):
    page = make_page("Lighthouse", category)
    make_sku(page, option1="S", on_hand=0)
    make_sku(page, option1="L", on_hand=30)

    assert "30 Low 1 variant sold out" in row(explore(client, category), "Lighthouse")


def test_several_states_are_found_at_once(client, editor, category):
    make_page("Bare", category)
    make_sku(make_page("Gone", category), on_hand=0)
    make_sku(make_page("There", category), on_hand=50)

    found = titles(explore(client, category, stock=["needs_sku", "sold_out"]))

    assert set(found) == {"Bare", "Gone"}


@pytest.fixture
def shelf(category):
    """Three products that differ in everything that can be asked for."""
    below = make_category("Small", parent=category)
    brand = Brand.objects.create(name="Ocean & Sons")
    cheap = make_page("Cheap", category, brand=brand)
    dear = make_page("Dear", below)
    draft = make_page("Draft", category, live=False)
    make_sku(cheap, "CHEAP-1", price="5.00", compare_at="8.00", barcode="4006381333931")
    make_sku(dear, "DEAR-1", price="500.00")
    dear.tags.add("navy blue")
    dear.save()
    draft.tags.add("blue")
    draft.save()
    Product.objects.filter(pk=cheap.product_id).update(on_sale=True)
    Product.objects.filter(pk=draft.product_id).update(retired=timezone.now())
    return below


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"price_max": "100"}, {"Cheap"}),
        ({"price_min": "100"}, {"Dear"}),
        ({"price_min": "5", "price_max": "500"}, {"Cheap", "Dear"}),
        ({"on_sale": "yes"}, {"Cheap"}),
        ({"on_sale": "no"}, {"Dear", "Draft"}),
        ({"brand": "ocean & sons"}, {"Cheap"}),
        ({"brand": "ocean"}, {"Cheap"}),
        ({"brand": "nobody"}, set()),
        ({"tag": "Blue"}, {"Draft"}),
        ({"tag": "navy"}, {"Dear"}),
        ({"status": "live"}, {"Cheap", "Dear", "Small"}),
        ({"status": "draft"}, {"Draft"}),
        ({"retired": "yes"}, {"Draft"}),
        ({"retired": "no"}, {"Cheap", "Dear"}),
        ({"q": "chea"}, {"Cheap"}),
        ({"q": "dear-1"}, {"Dear"}),
        ({"q": "4006381"}, {"Cheap"}),
        ({"q": "6381"}, set()),
        ({"q": "cheap 4006381333931"}, {"Cheap"}),
        ({"q": "cheap dear"}, set()),
    ],
)
def test_the_listing_finds_what_is_asked_for(client, editor, category, shelf, asked, expected):
    assert set(titles(explore(client, category, **asked))) == expected
    assert set(titles(client.get(ALL, asked))) == expected - {"Small"}


def test_live_pages_with_changes_that_wait_are_found(client, editor, category, shelf):
    page = ProductPage.objects.get(title="Cheap")
    page.title = "Cheaper"
    page.save_revision()

    assert titles(client.get(ALL, {"status": "changed"})) == ["Cheap"]
    assert titles(client.get(ALL, {"q": "cheaper"})) == ["Cheap"]


def test_a_category_is_found_with_all_below_it_and_what_it_lists_besides(client, editor, shelf):
    elsewhere = make_page("Guest", make_category("Elsewhere"))
    ProductCategory.objects.create(page=elsewhere, category=shelf)

    found = titles(client.get(ALL, {"category": shelf.get_parent().pk}))

    assert set(found) == {"Cheap", "Dear", "Draft", "Guest"}


def test_dates_are_asked_for_as_in_wagtails_own_listing(client, editor, category, shelf):
    old = timezone.now() - timedelta(days=40)
    Page.objects.filter(title="Dear").update(latest_revision_created_at=old)
    Page.objects.filter(title="Cheap").update(latest_revision_created_at=timezone.now())

    asked = {"latest_revision_created_at_to": (old + timedelta(days=1)).date().isoformat()}

    assert titles(explore(client, category, **asked)) == ["Dear"]


def test_bad_values_in_a_filter_are_no_server_error(client, editor, category, shelf):
    for asked in (
        {"price_min": "much"},
        {"stock": "gone"},
        {"category": "x"},
        {"category": "9" * 30},
        {"price_min": "NaN"},
        {"price_max": "1e400"},
        {"ordering": "password"},
        {"p": "9999"},
        {"q": "%_\\'\""},
        {"status": "x"},
    ):
        assert explore(client, category, **asked).status_code == 200
        assert client.get(ALL, asked).status_code == 200


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("title", ["Cheap", "Dear", "Draft"]),
        ("-title", ["Draft", "Dear", "Cheap"]),
        ("price", ["Cheap", "Dear", "Draft"]),
        ("-price", ["Dear", "Cheap", "Draft"]),
        ("sold", ["Draft", "Cheap", "Dear"]),
        ("-sold", ["Dear", "Cheap", "Draft"]),
        ("live", ["Draft", "Cheap", "Dear"]),
        ("latest_revision_created_at", ["Draft", "Cheap", "Dear"]),
        ("-latest_revision_created_at", ["Dear", "Cheap", "Draft"]),
    ],
)
def test_the_listing_can_be_sorted(client, editor, category, ordering, expected):
    for number, title in enumerate(["Cheap", "Dear"], 1):
        page = make_page(title, category)
        make_sku(page, price=f"{number}0.00")
        Product.objects.filter(pk=page.product_id).update(sold_30_days=number)
        Page.objects.filter(pk=page.pk).update(
            latest_revision_created_at=timezone.now() + timedelta(minutes=number)
        )
    make_page("Draft", category, live=False)

    assert titles(explore(client, category, ordering=ordering)) == expected
    assert titles(client.get(ALL, {"ordering": ordering})) == expected


def test_a_price_that_has_changed_since_sorts_where_it_belongs(client, editor, category):
    first, second = make_page("First", category), make_page("Second", category)
    make_sku(first, price="10.00")
    sku = make_sku(second, price=None)
    set_price(sku, "20.00", at=timezone.now() - timedelta(days=1))
    set_price(sku, "5.00", at=timezone.now() - timedelta(seconds=1))
    Product.objects.filter(pk=second.product_id).update(
        lowest_price=20, price_changes_at=timezone.now() - timedelta(seconds=1)
    )

    assert titles(explore(client, category, ordering="price")) == ["Second", "First"]


def test_what_was_searched_for_comes_before_what_only_has_it_inside(client, editor, category):
    make_page("A red lamp", category)
    make_page("Lamp", category)
    make_sku(make_page("Zebra", category), "lamp")

    assert titles(client.get(ALL, {"q": "Lamp"})) == ["Zebra", "Lamp", "A red lamp"]


@pytest.fixture
def short_pages(monkeypatch):
    for view in (explorer.CategoryExplorerView, explorer.ProductIndexView):
        monkeypatch.setattr(view, "get_paginate_by", lambda self, queryset: 3)


@pytest.mark.parametrize("ordering", ["title", "-title", "price", "sold", "-live"])
def test_pages_read_from_the_end_are_the_same_as_from_the_start(
    client, editor, category, short_pages, ordering
):
    for number in range(10):
        page = make_page(f"Page {number}", category)
        # Equal in pairs: only the key tells them apart.
        make_sku(page, price=f"{10 + number // 2}.00")

    read = [
        title
        for number in (1, 2, 3, 4)
        for title in titles(explore(client, category, ordering=ordering, p=number))
    ]

    assert sorted(read) == sorted(ProductPage.objects.values_list("title", flat=True))
    if ordering == "-title":
        assert read == sorted(read, reverse=True)


def test_the_number_of_queries_does_not_grow_with_the_rows(client, editor, category):
    def count(address, rows):
        while ProductPage.objects.count() < rows:
            page = make_page(category=category, live=ProductPage.objects.count() % 2 == 0)
            page.tags.add("blue")
            page.save()
            make_sku(page, option1="S")
            make_sku(page, option1="L")
            ProductPicture.objects.create(page=page, image=picture)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    picture = upload(client)
    addresses = [
        reverse("wagtailadmin_explore", args=[category.pk]),
        f"{reverse('wagtailadmin_explore', args=[category.pk])}?stock=in_stock&ordering=price",
        ALL,
        f"{ALL}?q=print&tag=blue",
    ]
    # Caches of content types and permissions are filled once.
    count(addresses[0], 3)
    few = [count(address, 3) for address in addresses]
    many = [count(address, 30) for address in addresses]

    assert many == few
    assert max(many) < 60


def test_a_thumbnail_is_made_when_it_is_first_asked_for(client, editor, category):
    picture = upload(client)
    page = make_page("Lighthouse", category)
    ProductPicture.objects.create(page=page, image=picture)
    address = reverse("catalog_thumbnail", args=[picture.pk])
    assert address in explore(client, category).content.decode()

    made = client.get(address)

    assert made.url == picture.get_rendition("max-165x165").url
    html = explore(client, category).content.decode()
    assert address not in html
    assert made.url in html


def test_a_picture_whose_file_is_lost_has_no_thumbnail(client, editor, category):
    picture = upload(client)
    page = make_page("Lighthouse", category)
    ProductPicture.objects.create(page=page, image=picture)
    picture.file.storage.delete(picture.file.name)
    # Wagtail keeps renditions there, and keys of pictures come again in tests.
    cache.clear()

    assert client.get(reverse("catalog_thumbnail", args=[picture.pk])).status_code == 404
    assert explore(client, category).status_code == 200


def test_a_thumbnail_is_for_staff_only(client, editor):
    picture = upload(client)
    client.logout()

    response = client.get(reverse("catalog_thumbnail", args=[picture.pk]))

    assert "login" in response.url
    assert not Picture.objects.get().renditions.filter(filter_spec="max-165x165").exists()


def test_up_to_two_hundred_pages_can_be_put_in_order_by_hand(client, editor, category):
    for title in ("B", "A"):
        make_page(title, category)

    response = explore(client, category, ordering="ord")

    assert titles(response) == ["B", "A"]
    assert "w-orderable" in response.content.decode()


def test_more_pages_are_not_and_the_listing_says_so(client, editor, category, monkeypatch):
    monkeypatch.setattr(explorer, "MOST_TO_ORDER", 1)
    for title in ("B", "A"):
        make_page(title, category)

    response = explore(client, category, ordering="ord")

    assert "w-orderable" not in response.content.decode()
    assert "too many to be put in order by hand" in words(response)
    assert f'/admin/pages/{category.pk}/?ordering=ord"' not in response.content.decode()
    assert response.context["is_paginated"]


def test_each_row_leads_to_variants_prices_and_stock(client, editor, category):
    page = make_page("Lighthouse", category)

    for response in (explore(client, category), client.get(ALL)):
        assert reverse("catalog_variants", args=[page.pk]) in response.content.decode()


def test_the_archive_of_retired_products_is_listed_alike(client, editor, category):
    page = make_page("Lighthouse", category)
    make_sku(page)
    retiring.retire([page], user=editor)
    archive = Page.objects.get(pk=page.pk).get_parent()

    assert "retired" in row(explore(client, archive), "Lighthouse")
    assert titles(client.get(ALL, {"retired": "yes"})) == ["Lighthouse"]


def member_of(group: Group):
    user = get_user_model().objects.create_user("other", "other@example.com", "secret")
    user.groups.add(group)
    return user


def test_editors_see_only_what_they_may_edit(client, category):
    own, other = make_category("Own"), make_category("Other")
    make_page("Mine", own)
    make_page("Theirs", other)
    group = Group.objects.create(name="Own")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.permissions.add(Permission.objects.get(codename="change_productpage"))
    GroupPagePermission.objects.create(
        group=group, page=own, permission=Permission.objects.get(codename="change_page")
    )
    client.force_login(member_of(group))

    assert titles(client.get(ALL)) == ["Mine"]
    assert titles(client.get(ALL, {"q": "theirs"})) == []
    assert titles(explore(client, own)) == ["Mine"]


def test_nobody_sees_products_without_any_right_on_pages(client):
    group = Group.objects.create(name="Fulfilment of nothing")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(member_of(group))

    assert client.get(ALL).status_code == 302
    assert "/admin/products/" not in client.get("/admin/").content.decode()


def test_the_flat_listing_is_for_those_who_see_it_in_the_menu(client):
    group = Group.objects.get(name="Marketer")
    client.force_login(member_of(group))

    for address in (ALL, f"{ALL}results/", f"{ALL}?export=csv"):
        assert client.get(address).status_code == 302
    assert "/admin/products/" not in client.get("/admin/").content.decode()


def test_products_are_in_the_menu(client, editor):
    assert "/admin/products/" in client.get("/admin/").content.decode()


def test_the_use_of_the_page_type_lists_products_too(client, editor, category):
    make_sku(make_page("Lighthouse", category), price="10.00")

    response = client.get(reverse("wagtailadmin_pages:type_use", args=["catalog", "productpage"]))

    assert "€10.00" in row(response, "Lighthouse")
    assert Sku.objects.count() == 1
