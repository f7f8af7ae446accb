"""What a shopper reads on a product's page beside its story."""

from io import BytesIO

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


def test_a_variant_is_shown_with_its_picture(client, picture):
    page = make_page("Tee")
    make_sku(page, "TEE-RED", option1="Red")
    make_sku(page, "TEE-BLUE", option1="Blue", picture=picture)

    html = BeautifulSoup(client.get(page.url).content, "html.parser")
    red, blue = html.select("[data-variant]")

    assert red.img is None
    assert blue.select_one(".variant__picture img")["alt"] == ""
    # Selectors do not look into a template.
    assert blue.template.img["alt"] == "Blue"


def test_a_category_picture_is_cut_around_its_focal_point(client, picture):
    Picture.objects.filter(pk=picture.pk).update(
        focal_point_x=20, focal_point_y=20, focal_point_width=10, focal_point_height=10
    )
    category = make_category(picture=picture)
    client.get(category.url)
    client.get("/")
    cut = picture.renditions.filter(filter_spec__contains="fill-")
    for size in ("480x300", "800x500", "1200x750"):
        assert cut.filter(filter_spec__contains=size).exists()
    assert not cut.filter(focal_point_key="").exists()


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
    assert few <= 29


def test_more_variants_with_pictures_take_no_more_queries(client, picture):
    page = make_page("Tee")
    make_sku(page, "TEE-0", option1="0", picture=picture)
    one = queries(client, page.url)

    for number in range(1, 5):
        make_sku(page, f"TEE-{number}", option1=str(number), picture=picture)

    assert queries(client, page.url) == one
