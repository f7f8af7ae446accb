"""What a listing shows of a product."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import timezone
from PIL import Image

from catalog.cards import cards
from catalog.models import Picture, PictureRendition, Product, ProductPage, ProductPicture

from .factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


def picture(title: str) -> Picture:
    file = BytesIO()
    Image.new("RGB", (60, 80), "teal").save(file, "PNG")
    return Picture.objects.create(title=title, file=ContentFile(file.getvalue(), f"{title}.png"))


def card_of(page: ProductPage):
    [card] = cards([page])
    return card


def shown(card) -> BeautifulSoup:
    html = render_to_string("catalog/partials/card.html", {"card": card, "loading": "lazy"})
    return BeautifulSoup(html, "html.parser")


def text(html) -> str:
    return " ".join(html.get_text(" ").split())


def test_the_second_picture_waits_behind_the_first_and_says_nothing():
    first, second, third = (picture(title) for title in ("one", "two", "three"))
    order = {third: 2, first: 0, second: 1}
    rows = [ProductPicture(image=one, sort_order=place) for one, place in order.items()]
    page = make_page("Fern", gallery=rows)
    make_sku(page)
    small = PictureRendition.objects.create(
        image=second,
        filter_spec="format-webp|width-320",
        focal_point_key="",
        file="images/two.webp",
        width=60,
        height=80,
    )

    card = card_of(page)

    assert (card.picture, card.second_picture) == (first, small)
    html = shown(card)
    assert [image["alt"] for image in html.select("img")] == ["Fern", ""]
    assert html.select_one("img.card__second")["src"] == small.url
    assert html.select_one("img.card__second")["loading"] == "lazy"


def test_a_second_picture_that_no_worker_has_made_small_is_not_shown():
    rows = [ProductPicture(image=picture(title)) for title in ("one", "two")]

    assert card_of(make_page(gallery=rows)).second_picture is None


def test_a_product_with_one_picture_or_none_has_nothing_behind_it():
    one = make_page(gallery=[ProductPicture(image=picture("one"))])

    assert shown(card_of(one)).select(".card__second") == []
    assert card_of(make_page()).second_picture is None


def test_stars_are_shown_where_somebody_gave_some():
    page = make_page()
    make_sku(page)
    assert shown(card_of(page)).select(".card__rating") == []

    Product.objects.update(rating=Decimal("4.75"), total_reviews=12)

    assert text(shown(card_of(page)).select_one(".card__rating")) == ("4.8 of 5 stars 12 reviews")


def test_how_many_variants_there_are_is_said_where_there_is_a_choice():
    page = make_page()
    make_sku(page, option1="A3")
    assert "variant" not in text(shown(card_of(page)))

    make_sku(page, option1="A2", on_hand=0)
    make_sku(page, option1="A1", is_active=False)

    assert "2 variants" in text(shown(card_of(page)))


def aged(days: int) -> ProductPage:
    page = make_page()
    make_sku(page)
    page.first_published_at = timezone.now() - timedelta(days=days)
    return page


def test_what_was_published_lately_is_told_from_what_was_not():
    found = cards([aged(29), aged(31)])

    assert [card.is_new for card in found] == [True, False]
    assert ["New" in text(shown(card)) for card in found] == [True, False]


def test_where_everything_is_new_nothing_is_called_so():
    assert [card.is_new for card in cards([aged(1), aged(2)])] == [False, False]


def test_sold_out_goes_before_sale_and_sale_before_new():
    new, old = aged(1), aged(99)
    make_sku(new, price="5.00", compare_at="9.00", option1="A3")

    assert flags(cards([new, old])[0]) == ["Sale"]
    for sku in new.product.skus.select_related("stock"):
        sku.stock.on_hand = 0
        sku.stock.save()
    assert flags(cards([new, old])[0]) == ["Sold out"]


def flags(card) -> list[str]:
    return [flag.get_text(strip=True) for flag in shown(card).select(".card__flag")]


def test_the_whole_card_is_one_link():
    page = make_page("Fern", gallery=[ProductPicture(image=picture("one"))])
    make_sku(page)

    [link] = shown(card_of(page)).select("a")

    assert link.get_text() == "Fern"


def test_many_cards_with_two_pictures_and_stars_take_the_queries_of_one(django_assert_num_queries):
    category = make_category()
    for number in range(7):
        rows = [ProductPicture(image=picture(f"{number}-{one}")) for one in range(3)]
        page = make_page(category=category, gallery=rows)
        make_sku(page, option1="A3")
        make_sku(page, option1="A2", price="8.00", compare_at="9.00")
    Product.objects.update(rating=4, total_reviews=3)
    pages = list(ProductPage.objects.all())

    with django_assert_num_queries(4):
        cards(pages[:1])
    with django_assert_num_queries(4):
        found = cards(pages)
    with django_assert_num_queries(0):
        for card in found:
            render_to_string("catalog/partials/price.html", {"price": card.price})
            assert card.rating == 4
