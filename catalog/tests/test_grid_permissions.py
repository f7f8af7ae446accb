"""Who may change what in the grid; ``catalog.admin.rights`` has the rules."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from catalog.models import Sku
from catalog.tests.factories import make_sku
from catalog.tests.grid import save, save_all
from catalog.tests.variants_form import page_with_options, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", price="10", on_hand=5)


@pytest.fixture
def somebody(django_user_model, client):
    """Logged in, in no group that edits pages."""
    user = django_user_model.objects.create_user("someone", "someone@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return user


def may(user, *codenames):
    user.user_permissions.add(
        *Permission.objects.filter(content_type__app_label="catalog", codename__in=codenames)
    )


def now(sku):
    return Sku.objects.with_facts().get(pk=sku.pk)


def test_nothing_is_shown_or_saved_without_any(client, somebody, page, sku):
    grid = client.get(reverse("catalog_variant_grid", args=[page.pk]))
    answer = save(client, sku, price="1", on_hand="9", code="X")

    assert grid.url == reverse("wagtailadmin_home")
    assert set(answer["errors"]) == {"price", "on_hand", "code"}
    assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).code) == (10, 5, "TEE-S")


@pytest.mark.parametrize(
    ("codename", "allowed"),
    [
        ("change_stock", {"on_hand", "low_at", "when_sold_out", "back_order_text"}),
        ("add_price", {"price", "compare_at"}),
        ("change_sku", {"code", "weight", "is_active"}),
    ],
)
def test_each_permission_opens_its_part_of_the_shop(client, somebody, page, sku, codename, allowed):
    may(somebody, codename)
    typed = {
        "on_hand": "9",
        "low_at": "1",
        "when_sold_out": "sell_on",
        "back_order_text": "Soon",
        "price": "9",
        "compare_at": "20",
        "code": "X",
        "weight": "1",
        "is_active": False,
    }

    answer = save(client, sku, **typed)

    assert set(answer["errors"]) == set(typed) - allowed
    assert all("may not" in told[0] for told in answer["errors"].values())
    assert (now(sku).stock.on_hand == 9) == ("on_hand" in allowed)
    assert (now(sku).price.amount == 9) == ("price" in allowed)
    assert (now(sku).code == "X") == ("code" in allowed)


def test_who_may_publish_the_page_may_change_all_but_the_cost(client, somebody, page, sku):
    group = Group.objects.create(name="Teamsters")
    group.permissions.add(Permission.objects.get(codename="change_productpage"))
    somebody.groups.add(group)
    GroupPagePermission.objects.create(group=group, page=page, permission_type="publish")

    answer = save(client, sku, price="9", on_hand="9", weight="9", cost="9")

    assert list(answer["errors"]) == ["cost"]
    assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).cost) == (9, 9, None)
    assert "cost" not in answer["values"]


def test_a_forged_form_cannot_smuggle_a_count(client, somebody, page, sku):
    may(somebody, "add_price")
    data = {
        "variants-TOTAL_FORMS": "1",
        "variants-INITIAL_FORMS": "1",
        "variants-0-id": str(sku.pk),
        "variants-0-price": "9",
        "initial-variants-0-price": "10.00",
        "variants-0-on_hand": "99",
        "initial-variants-0-on_hand": "1",
        "variants-0-code": "X",
    }

    client.post(url(page), data)

    assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).code) == (9, 5, "TEE-S")


def test_the_cost_is_shown_to_those_who_may_see_it(client, somebody, page, sku):
    Sku.objects.update(cost="4.20")
    may(somebody, "change_sku", "change_stock", "add_price")
    address = reverse("catalog_variant_grid", args=[page.pk])
    assert "4.20" not in client.get(address).content.decode()

    may(somebody, "view_cost")
    somebody = type(somebody).objects.get(pk=somebody.pk)
    assert 'value="4.20"' in client.get(address).content.decode()


def test_new_variants_take_all_three(client, somebody, page, sku):
    may(somebody, "change_sku", "add_price")
    row = {"page": page.pk, "values": {"code": "X", "option1": "L", "price": "1"}}

    assert "may not add" in save_all(client, row)[0]["errors"][""][0]
    assert Sku.objects.count() == 1


def test_only_those_who_may_give_codes_may_ask(client, somebody, sku):
    assert client.get(reverse("catalog_check_code"), {"code": "TEE-S"}).status_code == 302
