"""What became of a product's stock, and what was changed by hand."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log

from catalog import stock
from catalog.admin.history import told
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from catalog.tests.grid import save, save_all
from catalog.tests.variants_form import page_with_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", on_hand=5)


def rows(client, name, page, **query):
    html = BeautifulSoup(client.get(reverse(name, args=[page.pk]), query).content, "html.parser")
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in html.select("table.listing tbody tr")
    ]


def test_every_movement_is_listed_with_who_when_why_and_the_note(client, editor, page, sku):
    row = {"sku": sku.pk, "values": {"on_hand": "4"}, "shown": {"on_hand": "5"}}
    save_all(client, row, reason="counted", note="One behind the shelf")

    latest, first = rows(client, "catalog_movements", page)

    assert latest[1:] == ["TEE-S", "-1", "counted", "", "editor", "One behind the shelf"]
    assert first[1:4] == ["TEE-S", "+5", "adjustment"]


def test_movements_of_other_products_are_not(client, editor, page, sku):
    make_sku(make_page("Mug"), "MUG")

    assert [row[1] for row in rows(client, "catalog_movements", page)] == ["TEE-S"]


def test_movements_are_filtered_by_reason_and_code(client, editor, page, sku):
    other = make_sku(page, "TEE-L", option1="L", on_hand=0)
    stock.adjust({other: 2}, reason=StockMovement.Reason.RETURNED, reference="K7QF-2M9D")

    assert len(rows(client, "catalog_movements", page, reason="returned")) == 1
    assert len(rows(client, "catalog_movements", page, code="tee-s")) == 1
    assert len(rows(client, "catalog_movements", page)) == 2


def test_movements_are_listed_by_pages_and_asked_for_at_once(client, editor, page, sku):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            rows(client, "catalog_movements", page)
        return len(captured)

    queries()
    few = queries()
    StockMovement.objects.bulk_create(
        StockMovement(sku=sku, quantity=1, reason="adjustment", user=editor) for _ in range(60)
    )

    assert len(rows(client, "catalog_movements", page)) == 50
    assert queries() <= few + 2
    assert len(rows(client, "catalog_movements", page, p=2)) == 11


def test_people_are_linked_for_those_who_may_edit_people(client, editor, page, sku):
    save(client, sku, on_hand="4")
    address = reverse("wagtailusers_users:edit", args=[editor.pk])
    movements = reverse("catalog_movements", args=[page.pk])
    assert f'href="{address}"' in client.get(movements).content.decode()

    keeper = type(editor).objects.create_user("keeper", "keeper@example.com", "secret")
    wanted = ["access_admin", "change_stock"]
    keeper.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    client.force_login(keeper)
    assert f'href="{address}"' not in client.get(movements).content.decode()


def test_what_was_changed_is_told_with_what_it_was(client, editor, page, sku):
    save(client, sku, price="12", when_sold_out="sell_on")
    save(client, sku, cost="3.33")

    latest, first = rows(client, "catalog_changes", page)

    assert latest[1:] == ["editor", "TEE-S: Cost"]
    assert first[2] == "TEE-S: Price 10.00 → 12.00; When sold out stop selling → sell on back order"


def test_the_page_has_the_same_in_its_history(client, editor, page, sku):
    save(client, sku, price="12")

    address = reverse("wagtailadmin_pages:history", args=[page.pk])

    assert "TEE-S: Price 10.00 → 12.00" in client.get(address).content.decode()


def test_entries_from_before_values_were_kept_can_be_read(client, editor, page):
    log(page, "catalog.variants.edit", data={"changes": {"TEE-S": ["price"], "TEE-L": ["code"]}})

    assert rows(client, "catalog_changes", page)[0][2] == "TEE-L: SKU code TEE-S: Price"


def test_new_variants_are_told_without_what_they_were_not():
    data = {"A": {"code": ["", "A"], "price": ["", "5.00"]}, "B": {"new": ["", "Small"]}}

    assert told({"changes": data}) == ["A: SKU code A; Price 5.00", "B: new variant Small"]


@pytest.mark.parametrize("name", ["catalog_movements", "catalog_changes"])
def test_strangers_see_neither(client, django_user_model, page, sku, name):
    user = django_user_model.objects.create_user("nobody", "nobody@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert client.get(reverse(name, args=[page.pk])).url == reverse("wagtailadmin_home")


def test_the_ledger_adds_up_after_the_grid(client, editor, sku):
    for count in ("9", "2", "7"):
        save(client, sku, on_hand=count)

    assert Stock.objects.get().on_hand == 7
    assert sum(StockMovement.objects.values_list("quantity", flat=True)) == 7
