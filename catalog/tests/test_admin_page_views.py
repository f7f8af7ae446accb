"""Beside the editor: the product's figures as they are now, and the content checker's findings."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.rich_text import RichText

from catalog import checks
from catalog.admin import page_views
from catalog.models import CategoryProduct, ProductPicture
from catalog.signals import REVIEWS, ProductFigures
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.page_forms import product_form
from catalog.tests.test_admin_reports import picture  # noqa: F401

pytestmark = pytest.mark.django_db


def edit(client, page):
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_panel_shows_live_stock_price_and_who_promotes_even_with_a_draft(client, editor):
    category = make_category("Best of")
    page = make_page("Lighthouse", category)
    make_sku(page, "LH-S", price="12.00", compare_at="15.00", on_hand=7, option1="S")
    make_sku(page, "LH-L", price="20.00", on_hand=4, option1="L")
    category.first_products = [CategoryProduct(product_page=page)]
    category.save_revision().publish()
    page.title = "Another title"
    page.save_revision(user=editor)

    html = edit(client, page)

    panel = html[html.index('class="shop-facts"') :]
    assert "<dd>11</dd>" in "".join(panel.split())
    assert "€12.00" in panel
    assert "<s>€15.00</s>" in panel
    assert "Best of" in panel


def test_the_panel_can_be_read_again_by_those_who_may_edit_the_page(
    client, editor, django_user_model
):
    page = make_page("Lighthouse")
    make_sku(page, "LH", price="12.00", on_hand=7)
    address = reverse("catalog_facts_panel", args=[page.pk])

    assert "€12.00" in client.get(address).content.decode()

    stranger = django_user_model.objects.create_user("stranger", "stranger@example.com")
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(stranger)
    response = client.get(address)
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_reviews_are_shown_as_soon_as_somebody_counts_them(monkeypatch):
    page = make_page("Lighthouse")
    monkeypatch.setattr(page_views, "product_figures", ProductFigures())
    assert page_views.live_figures(page)["figures"] == []

    page_views.product_figures.register(REVIEWS)(lambda products: dict.fromkeys(products, 3))

    assert page_views.live_figures(page)["figures"] == [("Reviews", 3)]


def test_other_pages_have_no_such_panel(client, editor):
    assert "shop-facts" not in edit(client, make_category())


def test_an_editor_that_an_autosave_made_is_not_sent_what_it_has_no_place_for(client, editor):
    address = reverse("wagtailadmin_pages:edit", args=[make_page().pk])

    made = client.get(address, {"_w_hydrate_create_view": "1"}).content.decode()
    data = product_form("Jug", "jug")
    saved = client.post(address, data, headers={"accept": "application/json"}).json()["html"]

    for partials in (made, saved):
        assert "data-side-panel='status'" in partials
        assert "shop-facts" not in partials


def test_a_page_without_sku_says_what_it_needs(client, editor):
    assert "Needs a SKU with a price" in edit(client, make_page())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Only € 29.90 today", ["29.90"]),
        ("29,90 € instead of 1.299,00 €", ["29.90", "1299.00"]),
        ("EUR 1,299.00 or 1 299 EUR", ["1299.00", "1299"]),
        ("€1,299", ["1299"]),
        ("30 EUROPEAN cities, 40 x 60 cm, $12", []),
        ("€", []),
    ],
)
def test_amounts_are_read_as_people_write_them(text, found):
    assert checks.amounts(text, "EUR") == [Decimal(amount) for amount in found]


def test_a_complete_page_has_no_findings(picture):  # noqa: F811
    page = make_page("Full", summary="A print for €10.00, was 12 €.")
    page.gallery = [ProductPicture(image=picture, alt_text="A dune")]
    page.save()
    make_sku(page, price="10.00", compare_at="12.00")

    assert checks.findings(page, page.variants()) == []


def test_findings_name_all_that_is_wrong(picture):  # noqa: F811
    gone = make_page("Gone")
    sold_out = make_page("Sold out")
    make_sku(sold_out, on_hand=0)
    links = "".join(
        f'<a linktype="page" id="{pk}">there</a>' for pk in (gone.pk, sold_out.pk, 987654)
    )
    page = make_page("Poor", description=[("text", RichText(f"<p>Now €9.99! {links}</p>"))])
    bare = checks.findings(page, page.variants())
    make_sku(page, price="10.00")
    page.gallery = [ProductPicture(image=picture)]
    page.save()

    found = checks.findings(page, page.variants())

    assert bare == ["no-price", "no-picture", "gone-link", "sold-out-link"]
    assert found == ["no-alt-text", "other-price", "gone-link", "sold-out-link"]


def test_the_checker_has_a_rule_and_a_message_for_every_finding(client, editor):
    html = edit(client, make_page())

    for name in ("no-price", "no-picture", "no-alt-text", "other-price", "gone-link"):
        assert f"shop-{name}" in html


def test_only_a_preview_carries_findings(client, editor):
    page = make_page("Bare")
    shown = client.get(page.url).content.decode()

    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert "data-shop-findings" not in shown
    assert 'data-shop-findings="no-price no-picture"' in preview.content.decode()
