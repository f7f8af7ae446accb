"""From a stock movement to the order that caused it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.tests.factories import make_sku
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


def test_a_movement_leads_to_its_order_for_those_who_may_see_orders(client, editor):
    sku = make_sku()
    order = order_for({sku: 1})
    movements = reverse("catalog_movements", args=[sku.product.pages.get().pk])
    link = f'<a href="{reverse("shop_orders:inspect", args=[order.pk])}">{order.number}</a>'

    assert link in client.get(movements).content.decode()

    keeper = type(editor).objects.create_user("keeper", "keeper@example.com", "secret")
    wanted = ["access_admin", "change_stock"]
    keeper.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    client.force_login(keeper)
    html = client.get(movements).content.decode()
    assert order.number in html
    assert link not in html
