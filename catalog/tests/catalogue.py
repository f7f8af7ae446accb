"""The whole catalogue as plain data, to compare two shops, and a shop without any."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, Site

from catalog.importing import ledger, links, words
from catalog.models import (
    Attribute,
    Brand,
    CategoryPage,
    Picture,
    Price,
    Product,
    ProductPage,
    Sku,
    TaxClass,
)


def catalogue() -> dict[str, Any]:
    """Everything that an export holds; without keys, and prices as they are from now on.

    Each fact is named by the way to it, so that a comparison shows the ones that differ.
    """
    return dict(_named("", _nested()))


def _named(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _named(f"{name}.{key}", inner)
    elif isinstance(value, list):
        yield f"{name} (how many)", len(value)
        for place, inner in enumerate(value):
            yield from _named(f"{name}.{place}", inner)
    else:
        yield name, value


def _nested() -> dict[str, Any]:
    root = Site.objects.get(is_default_site=True).root_page
    return {
        "attributes": [
            (a.name, a.kind, a.unit, a.is_facet, a.position, [c.name for c in a.choices.all()])
            for a in Attribute.objects.all()
        ],
        "brands": sorted(Brand.objects.values_list("name", flat=True)),
        "tax classes": sorted(TaxClass.objects.values_list("name", flat=True)),
        "categories": [
            _category(page, root)
            for page in CategoryPage.objects.descendant_of(root).order_by("path")
        ],
        "products": [
            _product(page, root)
            for page in ProductPage.objects.descendant_of(root).order_by("path")
        ],
    }


def wipe() -> None:
    """Leave a shop with its home page and nothing to sell; pictures stay, for they are files."""
    root = Site.objects.get(is_default_site=True).root_page
    Page.objects.filter(pk__in=CategoryPage.objects.child_of(root)).delete()
    for model in (Sku, Product, Attribute, Brand, Tag, TaxClass):
        model.objects.all().delete()
    assert not any(ProductPage.objects.all())


def _category(page: CategoryPage, root: Page) -> dict[str, Any]:
    return {
        "address": _address(page, root),
        "title": page.title,
        "live": page.live,
        "menu": page.show_in_menus,
        "intro": _html(page.intro, root),
        "picture": _picture(page.picture),
        "above": _story(page.above, root),
        "below": _story(page.below, root),
        "sort": (page.default_sort, page.sold_out),
        "search": (page.seo_title, page.search_description),
        "first": [first.product_page.product.handle for first in page.first_products.all()],
    }


def _product(page: ProductPage, root: Page) -> dict[str, Any]:
    return {
        "address": _address(page, root),
        "handle": page.product.handle,
        "title": page.title,
        "live": (page.live, page.first_published_at),
        "summary": page.summary,
        "description": _story(page.description, root),
        "gallery": [(_picture(shown.image), shown.alt_text) for shown in page.gallery.all()],
        "brand": page.brand.name if page.brand else None,
        "tags": sorted(tag.name for tag in page.tags.all()),
        "attributes": [
            (answer.attribute.name, answer.value, answer.number) for answer in page.attributes.all()
        ],
        "options": page.option_names,
        "further": [_address(more.category, root) for more in page.further_categories.all()],
        "related": [related.product_page.product.handle for related in page.related_products.all()],
        "search": (page.seo_title, page.search_description),
        "digital": page.product.is_digital,
        "listed": (page.product.lowest_price, page.product.in_stock, page.product.on_sale),
        "skus": [_sku(sku) for sku in page.product.skus.order_by("position", "pk")],
    }


def _sku(sku: Sku) -> dict[str, Any]:
    rows = Price.objects.standing().filter(sku=sku).order_by("valid_from", "pk")
    stock = sku.stock
    return {
        "code": sku.code,
        "options": (sku.option1, sku.option2, sku.option3),
        "barcode": sku.barcode,
        "weight": sku.weight,
        "picture": _picture(sku.picture),
        "tax class": sku.tax_class and sku.tax_class.name,
        "cost": sku.cost,
        "on sale": sku.is_active,
        "prices": ledger.from_now_on(ledger.of_rows(rows), timezone.now()),
        "stock": (stock.on_hand, stock.low_at, stock.when_sold_out, stock.back_order_text),
        "counted": sum(sku.movements.values_list("quantity", flat=True)) == stock.on_hand,
    }


def _story(value: Any, root: Page) -> list[tuple]:
    found = []
    for block in value:
        if block.block_type == "text":
            if html := _html(block.value.source, root):
                found.append(("text", html))
        elif block.value:
            picture = block.value
            alt = picture.contextual_alt_text or ""
            found.append(("picture", _picture(picture), alt, bool(picture.decorative)))
    return found


def _html(html: str, root: Page) -> str:
    """Without the keys of paragraphs, and with addresses in place of the keys of pages."""
    return words.clean(links.outward(html, links.addresses_of(links.pages_in(html), root)))


def _picture(picture: Picture | None) -> str | None:
    return picture.file_hash if picture else None


def _address(page: Page, root: Page) -> str:
    return page.url_path.removeprefix(root.url_path)
