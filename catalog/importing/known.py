"""What the shop already has of the products in a file, read for many products at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wagtail.models import Locale

from catalog.models import Product, ProductOption, ProductPage, ProductPicture, ProductTag, Sku

from .codes import candidates
from .drafts import Draft
from .more import KnownMore
from .more import load as load_more


@dataclass
class Known:
    """One product as it is; empty for one that is new."""

    product: Product | None = None
    page: ProductPage | None = None
    skus: list[Sku] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    gallery: list[ProductPicture] = field(default_factory=list)
    # What other formats speak of, of all products that were read together.
    more: KnownMore = field(default_factory=KnownMore)


def load(drafts: Sequence[Draft], locale: Locale) -> dict[str, Known]:
    """By handle, with six queries whatever the number; the page wherever an editor moved it."""
    known = {draft.handle: Known() for draft in drafts}
    products = Product.objects.filter(handle__in=known)
    by_product: dict[int, Known] = {}
    for product in products:
        by_product[product.pk] = known[product.handle]
        known[product.handle].product = product
    if not by_product:
        return known
    skus = Sku.objects.filter(product__in=by_product).with_facts()
    for sku in skus:
        by_product[sku.product_id].skus.append(sku)
    pages = ProductPage.objects.filter(
        product__in=by_product, locale=locale, alias_of__isnull=True
    ).select_related("latest_revision")
    by_page: dict[int, Known] = {}
    # The oldest page of a product comes last and so is the one that is kept.
    for page in pages.order_by("-pk"):
        entry = by_product[page.product_id]
        entry.page = page
        by_page[page.pk] = entry
    _load_children(by_page)
    found = load_more(drafts, by_page, [sku.pk for sku in skus])
    for entry in known.values():
        entry.more = found
    return known


def _load_children(by_page: dict[int, Known]) -> None:
    tagged = ProductTag.objects.filter(content_object__in=by_page)
    for page, tag in tagged.values_list("content_object", "tag__name"):
        by_page[page].tags.append(tag)
    options = ProductOption.objects.filter(page__in=by_page).order_by("sort_order", "pk")
    for option in options:
        by_page[option.page_id].options.append(option.name)
    for picture in ProductPicture.objects.filter(page__in=by_page).order_by("sort_order", "pk"):
        by_page[picture.page_id].gallery.append(picture)


def code_owners(drafts: Iterable[Draft]) -> dict[str, tuple[int, str]]:
    """Which product has each of the codes that these drafts have or might be given."""
    codes = {
        code
        for draft in drafts
        for variant in draft.variants
        for code in ([variant.code] if variant.code else candidates(draft.handle, variant.options))
    }
    rows = Sku.objects.with_codes(codes).values_list("code", "product_id", "product__handle")
    return {
        code.lower(): (product, handle or f"product {product}") for code, product, handle in rows
    }
