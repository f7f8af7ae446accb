"""What an editor sees of a draft before it is published, and that looking changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from catalog import moment
from catalog.models import CategoryPage, CollectionPage, ProductPage
from catalog.previews import MOST_MOMENTS, mode_at, moment_of
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from catalog.tests.launching import every_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor):
    page = make_page("Lighthouse", make_category("Prints"))
    sku = make_sku(page, "LH", price="20.00", on_hand=9)
    set_price(sku, "15.00", "20.00", at=timezone.now() + timedelta(days=3))
    return ProductPage.objects.get()


def shown(page, mode="", **attributes) -> str:
    response = page.make_preview_request(preview_mode=mode, extra_request_attrs=attributes)
    assert response.status_code == 200
    return response.content.decode()


def test_a_product_can_be_looked_at_in_every_way_there_is(page):
    names = [str(name) for _mode, name in page.preview_modes]

    assert names[0] == "As a shopper"
    assert names[1].startswith("From ")
    assert names[2:] == ["As sold out", "As a member", "As a product card"]
    assert [size["device_width"] for size in page.preview_sizes] == [390, 820, 1440]


def test_a_price_to_come_is_shown_at_its_moment_only(page):
    mode, _name = page.preview_modes[1]

    assert "€15.00" in shown(page, mode)
    assert "€15.00" not in shown(page)


def test_the_moments_offered_are_the_next_changes_and_no_more_than_five(page):
    sku = page.product.skus.get()
    for days in (9, 8, 7, 6, 5, 4):
        set_price(sku, f"1{days}.00", at=timezone.now() + timedelta(days=days))

    moments = page.moments_to_preview()

    assert len(moments) == MOST_MOMENTS
    assert moments == sorted(moments)
    assert moments[0] < timezone.now() + timedelta(days=4)


def test_a_moment_survives_its_way_through_the_address_and_nonsense_does_not():
    at = timezone.now()

    assert moment_of(mode_at(at)[0]) == at
    assert [moment_of(mode) for mode in ("", None, "at-", "at-x", "at-nan", "at-1e99")] == [
        None
    ] * 6


def test_as_sold_out_shows_what_a_shopper_sees_when_nothing_is_left(page):
    assert "Add to cart" in shown(page)

    sold_out = shown(page, "sold-out")

    assert "Add to cart" not in sold_out
    assert "not available at the moment" in sold_out


def test_a_card_shows_the_drafts_title_among_its_neighbours(page):
    make_sku(make_page("Harbour", page.get_parent().specific))
    page.title = "Lighthouse in winter"

    card = shown(page, "card")

    assert card.index("Lighthouse in winter") < card.index("Harbour")
    assert "€20.00" in card


@pytest.mark.parametrize("mode", ["", "sold-out", "member", "card", "at-4102444800", "nonsense"])
@pytest.mark.parametrize(
    "made",
    [
        lambda page: ProductPage(title="", slug=""),
        lambda page: page,
        lambda page: make_page("Without a SKU"),
    ],
)
def test_a_half_filled_draft_is_shown_as_far_as_it_goes(page, made, mode):
    draft = made(page)
    draft.title = ""

    assert "<main" in shown(draft, mode)


def listings():
    home = Site.objects.get(is_default_site=True).root_page
    collection = home.add_child(instance=CollectionPage(title="Everything", sort="price"))
    category = CategoryPage.objects.get()
    category.default_sort = "price"
    return {"home": home.specific, "category": category, "collection": collection}


@pytest.mark.parametrize("which", ["home", "category", "collection"])
def test_a_listing_can_be_looked_at_when_its_prices_change(page, which):
    """Cheaper one day than the other print, and so before it in the order of prices."""
    make_sku(make_page("Harbour"), price="17.00")
    listing = listings()[which]
    (mode, name), *others = listing.preview_modes[1:]
    assert name.startswith("From ")
    assert others == []
    # The shop's settings write themselves when they are read for the first time.
    shown(listing)
    before = every_row()

    then, now = shown(listing, mode), shown(listing)

    assert "€15.00" in then
    assert "€15.00" not in now
    if which != "home":
        assert then.index("Lighthouse") < then.index("Harbour")
        assert now.index("Harbour") < now.index("Lighthouse")
    assert every_row() == before


def test_the_moment_ends_with_the_preview(page):
    shown(page, page.preview_modes[1][0])

    assert not moment.is_preview()
    assert not moment.is_sold_out()
