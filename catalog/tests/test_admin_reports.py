"""The reports of the catalogue: who may read them, what they list, how they export."""

import csv
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from catalog.admin import shop_report as export
from catalog.admin.reports import REPORTS
from catalog.models import CategoryProduct, CollectionPage, Picture, ProductPicture
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.test_pictures import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    return Picture.objects.create(title="Dune", file=ContentFile(photo(), "dune.jpg"))


def listed(response, name="title"):
    return [getattr(row, name) for row in response.context["object_list"]]


def report(client, name, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response


def test_low_stock_lists_what_is_low_or_sold_out_but_not_what_is_offline(client, editor):
    page = make_page("Lighthouse")
    make_sku(page, "PLENTY", on_hand=10)
    make_sku(page, "LOW", on_hand=2, option1="a")
    make_sku(page, "OUT", on_hand=0, option1="b")
    make_sku(page, "RETIRED", on_hand=0, option1="c", is_active=False)
    make_sku(make_page("Offline", live=False), "DRAFT", on_hand=0)

    response = report(client, "catalog_low_stock")

    assert listed(response, "code") == ["OUT", "LOW"]
    assert listed(report(client, "catalog_low_stock", q="lighthouse"), "code") == ["OUT", "LOW"]
    assert listed(report(client, "catalog_low_stock", state="low"), "code") == ["LOW"]


@pytest.mark.parametrize("count", [2, 12])
def test_low_stock_takes_the_same_number_of_queries_for_many(
    client, editor, count, django_assert_max_num_queries
):
    for number in range(count):
        make_sku(make_page(f"Print {number}"), on_hand=0)

    with django_assert_max_num_queries(20):
        report(client, "catalog_low_stock")


def test_sold_out_but_promoted_names_the_pages_that_promote(client, editor):
    category = make_category("Prints")
    wanted = make_page("Gone", category)
    make_sku(wanted, on_hand=0)
    other = make_page("There", category)
    make_sku(other, on_hand=5)
    make_sku(make_page("Gone and unsung", category), on_hand=0)
    category.first_products = [
        CategoryProduct(product_page=wanted),
        CategoryProduct(product_page=other),
    ]
    category.save_revision().publish()

    rows = report(client, "catalog_promoted_sold_out").context["object_list"]

    assert [(row.title, row.promoted_by) for row in rows] == [("Gone", "Prints")]


def test_incomplete_products_say_what_they_lack(client, editor, picture):
    bare = make_page("Bare")
    full = make_page("Full", summary="Words", search_description="Words")
    full.gallery = [ProductPicture(image=picture, alt_text="A lighthouse")]
    full.save()
    make_sku(full)

    response = report(client, "catalog_incomplete")

    assert listed(response) == ["Bare"]
    lacks = response.context["object_list"][0].lacks
    assert lacks == "Picture, Price, Description, Meta description"
    assert listed(report(client, "catalog_incomplete", missing="alt_text")) == []
    ProductPicture.objects.update(alt_text="")
    assert listed(report(client, "catalog_incomplete", missing="alt_text")) == ["Full"]
    assert bare.title in client.get(reverse("catalog_incomplete")).content.decode()


def test_stale_drafts_are_those_nobody_touched_for_a_month(client, editor):
    old = make_page("Old")
    old.save_revision(user=editor)
    make_page("Fresh").save_revision(user=editor)
    Page.objects.filter(pk=old.pk).update(
        latest_revision_created_at=timezone.now() - timedelta(days=31)
    )

    rows = report(client, "catalog_stale_drafts").context["object_list"]

    assert [(row.title, row.author) for row in rows] == [("Old", "editor")]


@pytest.mark.parametrize("export", ["csv", "xlsx"])
@pytest.mark.parametrize("shop_report", REPORTS, ids=lambda one: one.index_name)
def test_every_report_exports(client, editor, shop_report, export):
    make_sku(make_page("=1+1"), on_hand=0)

    response = client.get(reverse(shop_report.index_name), {"export": export})

    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert len(content) > 20
    if export == "csv":
        assert b"\n=1+1" not in content


@pytest.mark.parametrize("shop_report", REPORTS, ids=lambda one: one.index_name)
def test_a_report_is_refused_to_those_whose_work_it_is_not(client, django_user_model, shop_report):
    user = django_user_model.objects.create_user("finance", "f@example.com", "secret")
    user.groups.add(Group.objects.get(name="Finance"))
    client.force_login(user)

    response = client.get(reverse(shop_report.index_name))

    assert response.status_code in {302, 403}
    assert shop_report.index_name.replace("_", "-") not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("name", ["catalog_incomplete", "catalog_stale_drafts"])
def test_a_status_takes_no_query_of_its_own(client, editor, name):
    def queries():
        # Once before, so that what is remembered between requests is there both times.
        report(client, name)
        with CaptureQueriesContext(connection) as counted:
            report(client, name)
        return len(counted)

    drafts = [make_page("Print 0")]
    _forget(drafts, editor)
    of_one = queries()
    drafts += [make_page(f"Print {number}") for number in range(1, 9)]
    _forget(drafts, editor)

    assert queries() == of_one


@pytest.mark.parametrize("shop_report", REPORTS, ids=lambda one: one.index_name)
def test_an_export_read_in_pieces_has_every_row_in_the_order_of_the_report(
    client, editor, picture, shop_report, monkeypatch
):
    pages = [make_page(f"Print {number}") for number in range(5)]
    for number, page in enumerate(pages):
        make_sku(page, f"SKU-{number}", on_hand=0)
        CategoryProduct.objects.create(page=make_category(f"Shelf {number}"), product_page=page)
    _forget(pages, editor)
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 2)
    rows = report(client, shop_report.index_name).context["object_list"]
    field = shop_report.list_export[0]

    exported = client.get(reverse(shop_report.index_name), {"export": "csv"})

    lines = b"".join(exported.streaming_content).decode().splitlines()[1:]
    assert [next(csv.reader([line]))[0] for line in lines] == [str(getattr(r, field)) for r in rows]
    assert len(lines) >= 5


def test_an_xlsx_of_too_many_rows_is_refused_with_a_way_on(client, editor, monkeypatch):
    monkeypatch.setattr(export, "MOST_IN_XLSX", 2)
    for number in range(3):
        make_sku(make_page(f"Print {number}"), on_hand=0)
    address = reverse("catalog_low_stock")

    refused = client.get(address, {"export": "xlsx", "q": "Print"}, follow=True)

    assert refused.redirect_chain == [(f"{address}?q=Print", 302)]
    assert "take the CSV" in refused.content.decode()
    assert client.get(address, {"export": "csv"}).status_code == 200


def _forget(pages, editor):
    """Leave changes in these pages that nobody has touched for more than a month."""
    for page in pages:
        page.save_revision(user=editor)
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        latest_revision_created_at=timezone.now() - timedelta(days=40)
    )


def test_stale_drafts_are_only_those_of_ones_own_kind(client, django_user_model, editor):
    home = Site.objects.get(is_default_site=True).root_page
    collection = home.add_child(instance=CollectionPage(title="New"))
    _forget([make_page("Print"), collection], editor)

    for group, theirs in [("Marketer", ["New"]), ("Merchandiser", ["New", "Print"])]:
        user = django_user_model.objects.create_user(group, f"{group}@example.com", "secret")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        assert sorted(listed(report(client, "catalog_stale_drafts"))) == theirs
