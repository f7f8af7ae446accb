"""Each trade has its group: what it may do, what it may not, and which menu it sees."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.admin.menu import admin_menu
from wagtail.models import Page, Site

from catalog.models import CollectionPage
from catalog.tests.factories import make_category, make_page, make_sku
from home.models import ContentPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def member_of(client, django_user_model):
    def log_in(name):
        user = django_user_model.objects.create_user(name, f"{name}@example.com", "secret")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        return user

    return log_in


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page.specific


def may_edit(client, page):
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def may_add(client, parent, kind):
    address = reverse("wagtailadmin_pages:add", args=[*kind.split("."), parent.pk])
    return client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("group", "products", "collections", "words"),
    [
        ("Merchandiser", True, True, False),
        ("Marketer", False, True, True),
        ("Fulfilment", False, False, False),
        ("Finance", False, False, False),
        ("Owner", True, True, True),
    ],
)
def test_each_group_edits_its_own_kind_of_pages(
    client, member_of, home, group, products, collections, words
):
    member_of(group)
    category = make_category()
    product = make_page(category=category)
    collection = home.add_child(instance=CollectionPage(title="New"))
    about = home.add_child(instance=ContentPage(title="About"))

    assert may_edit(client, category) is products
    assert may_edit(client, product) is products
    assert may_edit(client, collection) is collections
    assert may_edit(client, about) is words
    assert may_edit(client, home) is words
    assert may_add(client, home, "catalog.categorypage") is products
    assert may_add(client, home, "catalog.collectionpage") is collections
    assert may_add(client, home, "home.contentpage") is words
    assert may_add(client, category, "catalog.productpage") is products


def test_a_merchandiser_cannot_publish_move_or_delete_what_marketers_write(client, member_of, home):
    user = member_of("Merchandiser")
    about = home.add_child(instance=ContentPage(title="About"))

    for page in (about, Page.objects.get(pk=about.pk)):
        may = page.permissions_for_user(user)
        granted = [may.can_publish(), may.can_unpublish(), may.can_delete(), may.can_move()]
        assert not any(granted)
    client.post(reverse("wagtailadmin_pages:delete", args=[about.pk]))
    assert ContentPage.objects.filter(pk=about.pk).exists()


def test_orders_are_for_those_who_send_and_account_for_them(client, member_of):
    for group, sees in [
        ("Merchandiser", False),
        ("Marketer", False),
        ("Fulfilment", True),
        ("Finance", True),
        ("Owner", True),
    ]:
        member_of(group)
        assert (client.get(reverse("shop_orders:index")).status_code == 200) is sees, group


def test_stock_can_be_changed_by_fulfilment_and_merchandisers_but_not_by_marketers(
    client, member_of
):
    page = make_page()
    make_sku(page)
    address = reverse("catalog_variants", args=[page.pk])

    for group, may in [("Fulfilment", True), ("Merchandiser", True), ("Marketer", False)]:
        member_of(group)
        assert (client.get(address).status_code == 200) is may, group


def test_price_batches_of_merchandisers_wait_for_finance():
    merchandiser, finance = (Group.objects.get(name=name) for name in ("Merchandiser", "Finance"))

    def has(group, codename):
        return group.permissions.filter(codename=codename).exists()

    assert has(merchandiser, "add_pricebatch")
    assert not has(merchandiser, "publish_pricebatch")
    assert has(finance, "publish_pricebatch")


@pytest.mark.parametrize(
    ("group", "theirs"),
    [
        ("Merchandiser", {"explorer", "images", "products", "price-batches"}),
        ("Marketer", {"explorer", "images"}),
        ("Fulfilment", {"orders"}),
        ("Finance", {"orders", "price-batches"}),
        ("Owner", {"explorer", "images", "orders", "products", "price-batches", "settings"}),
    ],
)
def test_each_group_sees_the_menu_of_its_work(rf, member_of, group, theirs):
    request = rf.get("/admin/")
    request.user = member_of(group)

    shown = {item.name for item in admin_menu.menu_items_for_request(request)}

    others = {"explorer", "images", "orders", "products", "price-batches"} - theirs
    assert theirs <= shown
    assert not others & shown
    assert "mail" not in shown


def test_an_owner_keeps_collections_of_pictures_and_has_pages_translated(client, member_of):
    page = make_page()
    addresses = [
        reverse("wagtailadmin_collections:index"),
        reverse("wagtailadmin_collections:add"),
        reverse("simple_translation:submit_page_translation", args=[page.pk]),
    ]

    for group, may in [("Owner", True), ("Fulfilment", False)]:
        member_of(group)
        assert [client.get(address).status_code == 200 for address in addresses] == [may] * 3, group


# Wagtail shows these to everybody in the admin, with what each may know; their items hide.
FOR_EVERYBODY = {"/admin/reports/site-history/", "/admin/pages/usage/social/newsletterpage/"}


def addresses_in_menu(client) -> set[str]:
    """Where the menus of whoever is logged in lead, with what is folded into them."""
    html = client.get("/admin/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.DOTALL)[1]
    return set(re.findall(r'"(/admin/[^"?]+/)"', props)) - {"/admin/logout/"}


def test_what_the_menu_hides_is_refused(client, member_of):
    member_of("Owner")
    all_there_is = addresses_in_menu(client)

    for group in ("Merchandiser", "Marketer", "Fulfilment", "Finance"):
        member_of(group)
        hidden = all_there_is - addresses_in_menu(client) - FOR_EVERYBODY
        assert hidden
        let_in = {address for address in hidden if client.get(address).status_code == 200}
        assert not let_in, group
