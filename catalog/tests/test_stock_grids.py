"""Grids of many products: the selection of the explorer, and the stock of the whole shop."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission

from catalog.models import Sku, Stock
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.grid import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(django_user_model, client):
    """Keeps the stock, and edits no page."""
    user = django_user_model.objects.create_user("keeper", "keeper@example.com", "secret")
    wanted = ["access_admin", "change_stock"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return user


def listed(client, name, query=None):
    html = BeautifulSoup(client.get(reverse(name), query or {}).content, "html.parser")
    return html, [row["data-code"] for row in html.select("tr[data-sku]")]


class TestStock:
    def test_who_keeps_the_stock_finds_and_counts_it_without_editing_pages(self, client, keeper):
        sku = make_sku(make_page("Mug"), "MUG", on_hand=5)

        html, codes = listed(client, "catalog_stock")
        answer = save(client, sku, on_hand="4")

        assert codes == ["MUG"]
        page = sku.product.pages.get()
        link = html.select_one(".variant-title a")["href"]
        assert link == reverse("catalog_movements", args=[page.pk])
        assert client.get(link).status_code == 200
        assert [box["data-name"] for box in html.select("[data-name]:not([disabled])")] == [
            "on_hand",
            "low_at",
            "when_sold_out",
            "back_order_text",
        ]
        assert answer["errors"] == {}
        assert Stock.objects.get().on_hand == 4

    def test_it_is_searched_by_code_barcode_and_title(self, client, keeper):
        make_sku(make_page("Blue mug"), "A-1", barcode="4006381333931")
        make_sku(make_page("Poster"), "B-1")

        for words in ("a-1", "333931", "blue"):
            assert listed(client, "catalog_stock", {"q": words})[1] == ["A-1"]
        assert listed(client, "catalog_stock", {"q": "tractor"})[1] == []

    def test_it_is_filtered_by_the_state_of_the_stock(self, client, keeper):
        make_sku(code="PLENTY", on_hand=50)
        make_sku(code="FEW", on_hand=1)
        make_sku(code="NONE", on_hand=0)
        make_sku(code="LATER", on_hand=0, when_sold_out="sell_on")

        for state, code in [
            ("in_stock", "PLENTY"),
            ("low", "FEW"),
            ("sold_out", "NONE"),
            ("back_order", "LATER"),
        ]:
            assert listed(client, "catalog_stock", {"state": state})[1] == [code]
        assert listed(client, "catalog_stock", {"state": ["low", "sold_out"]})[1] == ["FEW", "NONE"]

    def test_it_is_in_the_menu_of_those_who_keep_it_only(self, client, keeper):
        html = client.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("catalog_stock") in html

        keeper.user_permissions.remove(Permission.objects.get(codename="change_stock"))
        html = client.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("catalog_stock") not in html
        assert client.get(reverse("catalog_stock")).url == reverse("wagtailadmin_home")

    def test_it_is_listed_by_pages_and_asked_for_at_once(self, client, keeper):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                listed(client, "catalog_stock")
            return len(captured)

        category = make_category()
        make_sku(make_page(category=category), "S-00")
        queries()
        one = queries()
        for number in range(1, 52):
            make_sku(make_page(category=category), f"S-{number:02}")

        assert queries() <= one + 2
        assert one <= 25
        assert len(listed(client, "catalog_stock")[1]) == 50
        assert len(listed(client, "catalog_stock", {"p": 2})[1]) == 2

    def test_a_product_whose_page_was_deleted_can_still_be_counted(self, client, keeper):
        sku = make_sku(make_page("Mug"), "MUG")
        for page in sku.product.pages.all():
            page.delete()

        assert listed(client, "catalog_stock")[1] == ["MUG"]
        assert save(client, sku, on_hand="3")["errors"] == {}


class TestMany:
    def test_the_variants_of_the_named_pages_are_shown(self, client, editor):
        mug, tee, _other = (make_page(title) for title in ("Mug", "Tee", "Other"))
        make_sku(mug, "MUG")
        make_sku(tee, "TEE-S", option1="S")
        make_sku(tee, "TEE-L", option1="L")
        make_sku(_other, "OTHER")

        html, codes = listed(client, "catalog_many_variants", {"id": [mug.pk, tee.pk]})

        assert codes == ["MUG", "TEE-S", "TEE-L"]
        assert {box["data-name"] for box in html.select("[data-name]:not([disabled])")} == {
            "price",
            "compare_at",
            "on_hand",
            "low_at",
            "is_active",
        }

    @pytest.mark.parametrize("ids", [[], ["x"], ["9" * 30], ["0"], ["²"]])
    def test_an_address_that_names_none_shows_none(self, client, editor, ids):
        make_sku()

        assert listed(client, "catalog_many_variants", {"id": ids})[1] == []

    def test_pages_that_one_may_not_publish_are_left_out_and_it_is_said(
        self, client, django_user_model
    ):
        mine, theirs = make_category("Mine"), make_category("Theirs")
        my_page, their_page = make_page("Mug", mine), make_page("Tee", theirs)
        make_sku(my_page, "MUG")
        other = make_sku(their_page, "TEE")
        user = django_user_model.objects.create_user("me", "me@example.com", "secret")
        group = Group.objects.create(name="Mine")
        wanted = ["access_admin", "change_productpage"]
        group.permissions.add(*Permission.objects.filter(codename__in=wanted))
        GroupPagePermission.objects.create(group=group, page=mine, permission_type="publish")
        user.groups.add(group)
        client.force_login(user)

        query = {"id": [my_page.pk, their_page.pk]}
        html, codes = listed(client, "catalog_many_variants", query)

        assert codes == ["MUG"]
        assert "1 product is left out" in html.text
        assert set(save(client, other, price="1")["errors"]) == {"price"}
        only_theirs = client.get(reverse("catalog_many_variants"), {"id": their_page.pk})
        assert only_theirs.url == reverse("wagtailadmin_home")

    def test_pages_keep_the_selection(self, client, editor):
        page = make_page("Tee")
        for number in range(51):
            make_sku(page, f"T-{number:02}", option1=str(number), position=number)

        html, codes = listed(client, "catalog_many_variants", {"id": page.pk})
        _html, rest = listed(client, "catalog_many_variants", {"id": page.pk, "p": 2})

        assert (len(codes), rest) == (50, ["T-50"])
        assert f"id={page.pk}" in html.select_one(".pagination .next a")["href"]

    def test_many_are_asked_for_at_once(self, client, editor):
        def queries(pages):
            with CaptureQueriesContext(connection) as captured:
                listed(client, "catalog_many_variants", {"id": [page.pk for page in pages]})
            return len(captured)

        category = make_category()
        pages = [make_page(category=category) for _ in range(12)]
        for page in pages:
            make_sku(page)
        queries(pages[:1])
        one = queries(pages[:1])

        assert queries(pages) == one
        assert Sku.objects.count() == 12
