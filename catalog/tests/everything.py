"""A catalogue made by hand that uses all there is, with texts that mean harm."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.rich_text import RichText

from catalog import answers
from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CategoryProduct,
    Picture,
    Price,
    ProductAttribute,
    ProductCategory,
    ProductOption,
    ProductPicture,
    RelatedProduct,
    Stock,
    TaxClass,
)
from catalog.tests.factories import make_category, make_page, make_sku

FORMULA = '=HYPERLINK("https://evil.example","click")'
HOSTILE = [
    FORMULA,
    "+1+1",
    "@SUM(A1:A9)",
    "-2+3+cmd|' /C calc'!A0",
    "'quoted",
    "''=twice",
    'a, "b"; c | d > e',
    "<script>alert(1)</script>",
    "日本語 🛒 ʰᵉ ‮abc",
    "_x000D_ _x0041_",
    "line one\r\nline two",
    "true",
    "007",
    "1e5",
    "2026-11-27",
    "N/A",
]


def make_picture(name: str, colour: str) -> Picture:
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    picture = Picture(title=name, file=ContentFile(file.getvalue(), f"{name}.png"))
    picture.save()
    picture.get_file_hash()
    return picture


def price(sku, amount: str | None, kind: str = "sale", start=None, end=None) -> None:
    Price.objects.create(
        sku=sku,
        kind=kind,
        amount=amount and Decimal(amount),
        currency="EUR",
        valid_from=start or timezone.now(),
        valid_until=end,
    )


def make_everything() -> None:
    red, blue = make_picture("red", "red"), make_picture("blue", "blue")
    material, width, vegan, fit = _attributes()
    standard = TaxClass.objects.create(name="Reduced, food")
    clothing, tops, twin = _categories(red)

    shirt = make_page(
        "Shirt " + HOSTILE[6],
        tops,
        slug="the-shirt",
        summary=HOSTILE[10],
        seo_title=FORMULA,
        search_description="+ " + HOSTILE[8],
        brand=Brand.objects.create(name="@" + HOSTILE[7]),
        first_published_at=datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=UTC),
    )
    shirt.product.handle = "shirt"
    shirt.product.save()
    plain = make_page("Plain", clothing, live=False, has_unpublished_changes=True)
    nothing = make_page("Nothing to sell", twin, first_published_at=timezone.now())

    shirt.tags.add("wool", "red, blue", 'with "quotes"', "=tag")
    shirt.options = [ProductOption(name="Size"), ProductOption(name="=Colour")]
    shirt.gallery = [
        ProductPicture(image=blue, alt_text="-blue", sort_order=0),
        ProductPicture(image=red, alt_text="", sort_order=1),
    ]
    shirt.attributes = [
        _answer(vegan, "yes", 0),
        _answer(material, HOSTILE[6], 1),
        _answer(width, "-12.5", 2),
        _answer(fit, "Wide, very", 3),
    ]
    shirt.further_categories = [ProductCategory(category=twin), ProductCategory(category=clothing)]
    shirt.related_products = [
        RelatedProduct(product_page=nothing, sort_order=0),
        RelatedProduct(product_page=plain, sort_order=1),
    ]
    link = f'<a id="{plain.pk}" linktype="page">plain</a>'
    shirt.description = [
        ("picture", _decorative(blue)),
        ("text", RichText(f"<p>See {link} &amp; <b>=1+1</b></p>")),
        ("text", RichText("<p>" + "A long text. " * 4_000 + "</p>")),
        ("picture", _decorative(red, "What it shows")),
    ]
    shirt.save()
    plain.description = [("text", RichText("<h2>-Plain</h2><p>+49 1234</p>"))]
    plain.save()
    tops.first_products = [CategoryProduct(product_page=shirt)]
    tops.save()
    _skus(shirt.product, plain.product, standard, blue)


def _attributes() -> list[Attribute]:
    fit = Attribute(name="Fit", kind="choice", is_facet=True, position=9)
    fit.choices = [AttributeChoice(name="Slim"), AttributeChoice(name="Wide, very")]
    fit.save()
    return [
        Attribute.objects.create(name="=Material", position=1),
        Attribute.objects.create(name="Width", kind="number", unit="cm", position=2),
        Attribute.objects.create(name="Vegan", kind="yes_no", is_facet=True, position=3),
        fit,
    ]


def _answer(attribute: Attribute, value: str, place: int) -> ProductAttribute:
    number = answers.number(value)
    return ProductAttribute(attribute=attribute, value=value, number=number, sort_order=place)


def _categories(picture: Picture) -> tuple:
    clothing = make_category(
        "Clothing",
        intro="<p>What to <i>wear</i></p>",
        picture=picture,
        default_sort="name",
        sold_out="end",
        show_in_menus=False,
        seo_title="=SEO",
    )
    clothing.above = [("text", RichText("<p>Above</p>")), ("picture", _decorative(picture))]
    clothing.below = [("text", RichText("<p>=Below</p>"))]
    clothing.save()
    tops = make_category("Tops > shirts", clothing, slug="shirts")
    make_category("Twins", clothing, slug="twins")
    twin = make_category("twins", clothing, slug="twins-2", live=False)
    return clothing, tops, twin


def _decorative(picture: Picture, alt: str = "") -> Picture:
    picture = Picture.objects.get(pk=picture.pk)
    picture.contextual_alt_text, picture.decorative = alt, not alt
    return picture


def _skus(shirt, plain, tax_class: TaxClass, picture: Picture) -> None:
    soon = timezone.now().replace(microsecond=0) + timedelta(days=30)
    later = soon + timedelta(days=3, microseconds=7)
    for place, (size, text) in enumerate([("S", "=S"), ("M", "-1"), ("L", "007")]):
        sku = make_sku(
            shirt,
            f"+SHIRT-{size}" if place else FORMULA[:64],
            position=place,
            option1=size,
            option2=text,
            barcode="0850",
            weight=place * 100,
            picture=picture if place else None,
            tax_class=tax_class,
            cost=Decimal("3.125"),
            is_active=place != 2,
            price="20.00",
            on_hand=place * 7,
            when_sold_out=Stock.WhenSoldOut.SELL_ON if place else Stock.WhenSoldOut.STOP,
        )
        Stock.objects.filter(sku=sku).update(low_at=place or None, back_order_text="=in two weeks")
        if place == 0:
            price(sku, "15.00", start=soon, end=later)
        elif place == 1:
            price(sku, "15.00", end=later)
            price(sku, "14.00", end=soon)
            price(sku, None, start=later + timedelta(days=1))
            price(sku, "18.00", "regular", end=soon)
            price(sku, "25.00", "regular", start=later)
    make_sku(plain, "plain", price="9.90", compare_at="12.00", on_hand=3)
    plain.is_digital = True
    plain.save(update_fields=["is_digital"])
