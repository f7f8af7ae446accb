"""What a shopper reads on a product's page beside its story."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.models import (
    Attribute,
    Picture,
    ProductAttribute,
    ProductOption,
    ProductPicture,
    RelatedProduct,
    Stock,
)

from .factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    file = BytesIO()
    Image.new("RGB", (1600, 1200), "navy").save(file, "PNG")
    return Picture.objects.create(title="Dune", file=ContentFile(file.getvalue(), "dune.png"))


def test_what_it_is_like_is_a_table(client):
    width = Attribute.objects.create(name="Width", kind="number", unit="cm")
    framed = Attribute.objects.create(name="Framed", kind="yes_no")
    page = make_page(
        attributes=[
            ProductAttribute(attribute=framed, value="no", sort_order=1),
            ProductAttribute(attribute=width, value="29.7", sort_order=0),
        ]
    )
    html = " ".join(client.get(page.url).content.decode().split())
    assert '<th class="answers__name" scope="row">Width</th> <td>29.7 cm</td>' in html
    assert html.index("Width") < html.index("Framed")
    assert "<td>No</td>" in html


def test_a_variant_on_back_order_is_told_in_the_merchants_words(client):
    page = make_page()
    sku = make_sku(page, on_hand=0, when_sold_out=Stock.WhenSoldOut.SELL_ON)
    assert "Available on back order" in client.get(page.url).content.decode()
    Stock.objects.filter(sku=sku).update(back_order_text="Printed in two weeks")
    html = client.get(page.url).content.decode()
    assert "Printed in two weeks" in html
    assert "Available on back order" not in html
    Stock.objects.filter(sku=sku).update(on_hand=5)
    assert "Printed in two weeks" not in client.get(page.url).content.decode()


def test_a_product_without_variants_says_that_it_cannot_be_bought_yet(client):
    page = make_page()
    html = client.get(page.url).content.decode()
    assert "This cannot be bought yet." in html
    assert "Add to cart" not in html
    make_sku(page, on_hand=0)
    html = client.get(page.url).content.decode()
    assert "This is not available at the moment." in html
    assert "cannot be bought yet" not in html


def page_of(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_a_variant_is_shown_with_its_picture_and_among_the_products(client, picture):
    page = make_page("Tee")
    make_sku(page, "TEE-RED", option1="Red")
    make_sku(page, "TEE-BLUE", option1="Blue", picture=picture)

    html = page_of(client, page.url)
    red, blue = html.select("[data-variant]")

    assert red.img is None
    assert blue.select_one(".variant__picture img")["alt"] == ""
    assert (red["data-picture"], blue["data-picture"]) == ("", str(picture.pk))
    [slide] = html.select(".gallery__slide")
    assert slide["data-picture"] == str(picture.pk)
    assert slide.img["alt"] == "Tee, Blue"


def test_an_address_may_name_the_variant_that_is_chosen_whatever_its_case(client, picture):
    page = make_page("Tee", gallery=[ProductPicture(image=another("Front"))])
    make_sku(page, "TEE-RED", option1="Red", price="10.00")
    make_sku(page, "TEE-BLUE", option1="Blue", price="12.00", picture=picture)

    plain, named = page_of(client, page.url), page_of(client, f"{page.url}?sku=tee-blue")

    assert chosen_of(plain) == ("TEE-RED", "€10.00")
    assert chosen_of(named) == ("TEE-BLUE", "€12.00")
    # Its picture stands first, so that nobody without scripts misses it.
    assert [slide.img["alt"] for slide in plain.select(".gallery__slide")] == ["Tee", "Tee, Blue"]
    assert [slide.img["alt"] for slide in named.select(".gallery__slide")] == ["Tee, Blue", "Tee"]
    assert named.select_one("link[rel=canonical]")["href"].endswith(page.url)


@pytest.mark.parametrize(
    "code", ["", "NOTHING", "'--", "x" * 5_000, "\x00", "TEE-RED&sku=\U0001f600"]
)
def test_an_address_that_names_no_variant_shows_the_first_one_for_sale(client, code):
    page = make_page("Tee")
    make_sku(page, "TEE-GONE", option1="Green", on_hand=0)
    make_sku(page, "TEE-RED", option1="Red")

    html = page_of(client, f"{page.url}?{urlencode({'sku': code})}")

    assert chosen_of(html)[0] == "TEE-RED"


def test_a_sold_out_variant_that_an_address_names_can_only_be_waited_for(client):
    page = make_page("Tee")
    make_sku(page, "TEE-RED", option1="Red")
    make_sku(page, "TEE-BLUE", option1="Blue", on_hand=0)
    make_sku(page, "TEE-GREEN", option1="Green", on_hand=0)

    html = page_of(client, f"{page.url}?sku=TEE-GREEN")

    assert html.select("[name=code][type=radio][checked]") == []
    [tell] = html.select("[data-tell]")
    assert tell.has_attr("open")
    assert tell.select_one("option[selected]")["value"] == "TEE-GREEN"
    assert "without-scripts" not in tell["class"]
    # Where another one is chosen it waits, for scripts, until it is wanted.
    assert "without-scripts" in page_of(client, page.url).select_one("[data-tell]")["class"]


def test_several_options_are_chosen_one_after_the_other_or_from_a_list(client):
    page = make_page("Fern", options=[ProductOption(name="Size"), ProductOption(name="Frame")])
    for size in ("A3", "A2"):
        for frame in ("None", "Oak"):
            make_sku(page, f"FERN-{size}-{frame}", option1=size, option2=frame)

    html = page_of(client, f"{page.url}?sku=FERN-A2-None")
    groups = html.select("[data-option]")

    assert [group.legend.get_text(strip=True) for group in groups] == ["Size", "Frame"]
    assert [[radio["value"] for radio in group.select("input")] for group in groups] == [
        ["A3", "A2"],
        ["None", "Oak"],
    ]
    assert [group.select_one("[checked]")["value"] for group in groups] == ["A2", "None"]
    # Until a script takes them over they are neither seen nor sent; the list is.
    assert all(group.has_attr("disabled") for group in groups)
    assert html.select_one("[name=code]")["value"] == "FERN-A3-None"
    assert "without-scripts" in html.select_one("fieldset.variants")["class"]


def test_sixty_variants_take_no_more_queries_than_four(client):
    page = make_page("Fern")
    for number in range(4):
        make_sku(page, option1=f"S{number}", option2="x", option3="y")
    few = queries(client, page.url)
    for number in range(56):
        make_sku(page, option1=f"S{number % 8}", option2=f"F{number // 8}", option3="z" * 200)

    assert queries(client, page.url) == few


def another(title: str) -> Picture:
    file = BytesIO()
    Image.new("RGB", (60, 80), "teal").save(file, "PNG")
    return Picture.objects.create(title=title, file=ContentFile(file.getvalue(), f"{title}.png"))


def chosen_of(html) -> tuple[str, str]:
    return (
        html.select_one("[name=code][checked]")["value"],
        html.select_one(".product__price [data-chosen-price]").get_text(strip=True),
    )


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_more_answers_and_related_products_take_no_more_queries(client, picture):
    category = make_category()
    page = make_page("Main", category)
    make_sku(page)

    def describe(number):
        page.attributes = [
            ProductAttribute(
                attribute=Attribute.objects.get_or_create(name=f"Attribute {one}")[0], value="x"
            )
            for one in range(number)
        ]
        page.related_products = []
        for _one in range(number):
            other = make_page(None, category, gallery=[ProductPicture(image=picture)])
            make_sku(other)
            page.related_products.add(RelatedProduct(product_page=other))
        page.save()

    describe(3)
    few = queries(client, page.url)
    describe(12)
    assert queries(client, page.url) == few
    assert few <= 31


def test_more_variants_with_pictures_take_no_more_queries(client, picture):
    page = make_page("Tee")
    for number in range(2):
        make_sku(page, f"TEE-{number}", option1=str(number), picture=picture)
    two = queries(client, page.url)

    for number in range(2, 6):
        make_sku(page, f"TEE-{number}", option1=str(number), picture=picture)

    assert queries(client, page.url) == two
