"""How heavy a page of a category is that has as much to say as the demo shop's."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog.browsing import PRODUCTS_PER_PAGE
from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    Picture,
    PictureRendition,
    Product,
    ProductAttribute,
    ProductPage,
    ProductPicture,
)
from catalog.picture_sizes import FIRST

from .factories import make_category, make_page, make_sku

KIB = 1024
MOST = 60 * KIB


@pytest.fixture
def posters(db, tmp_path):
    """Two pages of products with pictures in all sizes, stars, sale prices, facets and brands."""
    category = make_category("Posters", intro="<p>Everything we print, from A3 upwards.</p>")
    for title in ("Landscapes", "Abstract", "Night & Sky", "City & Sound"):
        make_category(title, category)
    colours = Attribute.objects.create(name="Colours", kind="choice", is_facet=True)
    for name in ("Warm", "Cool", "Colourful", "Quiet"):
        AttributeChoice.objects.create(attribute=colours, name=name)
    brands = [Brand.objects.create(name=name) for name in ("Ines Varga", "Odd & Elm", "Halbkreis")]
    path = tmp_path / "print.png"
    Image.new("RGB", (160, 200), "teal").save(path)
    for number in range(PRODUCTS_PER_PAGE + 2):
        page = make_page(
            f"A poster with a rather long name {number}",
            category,
            brand=brands[number % 3],
            gallery=[ProductPicture(image=drawn(path, f"{number}-{one}")) for one in range(2)],
            attributes=[
                ProductAttribute(attribute=colours, value=["Warm", "Cool", "Quiet"][number % 3])
            ],
        )
        make_sku(page, f"P{number}-A3", price="29.00", option1="A3")
        make_sku(page, f"P{number}-A2", price="39.00", compare_at="49.00", option1="A2")
    Product.objects.update(rating=Decimal("4.67"), total_reviews=12)
    return category


def drawn(path, title: str) -> Picture:
    """A picture whose sizes are there already, under names as long as real ones."""
    picture = Picture.objects.create(
        title=title, file=ContentFile(path.read_bytes(), f"demo-a-poster-framed-{title}.png")
    )
    PictureRendition.objects.bulk_create(
        PictureRendition(
            image=picture,
            filter_spec=spec,
            focal_point_key="",
            file=f"images/demo-a-poster-framed-{title}.{spec.replace('|', '.')}.avif",
            width=int(spec.rsplit("-", 1)[1].split("x")[0]),
            height=600,
        )
        for spec in FIRST
    )
    return picture


def test_a_page_of_24_products_is_lighter_than_60_kib(client, posters):
    assert ProductPage.objects.count() > PRODUCTS_PER_PAGE
    answer = client.get(posters.url)
    html = answer.content

    # The control: all of it is there.
    assert html.count(b"card__link") == PRODUCTS_PER_PAGE
    assert html.count(b"card__second") == PRODUCTS_PER_PAGE
    assert html.count(b"card__rating") == PRODUCTS_PER_PAGE
    assert html.count(b"image/avif") >= PRODUCTS_PER_PAGE
    assert len(html) < MOST, f"{len(html) / KIB:.1f} KiB"
