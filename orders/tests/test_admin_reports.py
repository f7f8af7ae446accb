"""The report of what sells: counted for a period, the best or the worst first."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from catalog.admin.shop_report import edit_url
from catalog.tests.factories import make_page, make_sku
from orders.models import Order
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    """Sold twice today, once two months ago, and never."""
    often, once, never = (make_page(title) for title in ("Often", "Once", "Never"))
    order_for({make_sku(often, "OFTEN", price="20.00", on_hand=9): 2})
    old = order_for({make_sku(once, "ONCE", price="5.00", on_hand=9): 1})
    Order.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=60))
    make_sku(never, "NEVER", on_hand=9)
    return often, once, never


def report(client, **asked):
    response = client.get(reverse("orders_sellers"), asked)
    assert response.status_code == 200
    return response


def sold(response) -> list[tuple[str, int, Decimal]]:
    return [(row.title, row.pieces, row.revenue) for row in response.context["object_list"]]


def test_the_best_of_thirty_days_come_first(client, editor, pages):
    assert sold(report(client)) == [("Often", 2, 40), ("Never", 0, 0), ("Once", 0, 0)]


@pytest.mark.parametrize(
    ("asked", "subtitle"),
    [({}, "30 days"), ({"days": "90"}, "90 days"), ({"days": "-1"}, "30 days")],
)
def test_the_heading_says_which_period_it_is(client, editor, pages, asked, subtitle):
    assert report(client, **asked).context["page_subtitle"] == subtitle


def test_a_longer_period_counts_what_was_sold_before(client, editor, pages):
    assert sold(report(client, days="90"))[:2] == [("Often", 2, 40), ("Once", 1, 5)]


def test_the_worst_come_first_where_that_is_asked(client, editor, pages):
    assert [title for title, *_rest in sold(report(client, ordering="pieces"))][-1] == "Often"


def test_it_exports_the_figures(client, editor, pages):
    exported = client.get(reverse("orders_sellers"), {"export": "csv", "days": "90"})

    lines = list(csv.reader(b"".join(exported.streaming_content).decode().splitlines()))
    assert [line[:2] for line in lines[1:]] == [["Often", "2"], ["Once", "1"], ["Never", "0"]]
    assert Decimal(lines[1][2]) == 40


@pytest.mark.parametrize(("group", "edits"), [("Finance", False), ("Merchandiser", True)])
def test_a_title_leads_to_the_editor_only_for_those_who_may_edit(
    client, django_user_model, pages, group, edits
):
    user = django_user_model.objects.create_user("member", "member@example.com", "secret")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    text = report(client).content.decode()

    assert (f'href="{edit_url(pages[0])}"' in text) is edits
    assert "Often" in text
