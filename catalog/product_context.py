"""What a product's page shows, read when its template asks: parts that are kept do not ask."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from catalog import cards, choices, gallery, gathering, renditions
from catalog.later import Later
from catalog.models.attributes import ProductAttribute
from catalog.models.products import SHOWN_AS, ProductPage, ProductPicture
from catalog.models.skus import Sku
from catalog.product_reading import Reading


def of(page: ProductPage, request: HttpRequest) -> dict[str, Any]:
    # A preview shows what the page will sell once it is published, and a draft is read as it is.
    is_preview = getattr(request, "is_preview", False)
    read: Reading | Draft = Draft(page) if is_preview or page.pk is None else Reading(page)
    code = request.GET.get("sku", "")
    variants = Later(read.variants)
    for_sale = Later(lambda: _for_sale(variants(), is_preview))
    chosen = Later(lambda: choices.chosen(variants(), for_sale(), code))
    names = Later(read.option_names)
    pictures = Later(read.pictures)
    found = Later(
        lambda: gallery.gallery(page.title, pictures(), variants(), chosen() if code else None)
    )
    return {
        "pictures": pictures,
        "gallery": found,
        "variants": variants,
        "for_sale": for_sale,
        "chosen": chosen,
        # Parts of the page are kept for each variant, and not for whatever an address says.
        "code": _known(code, chosen()) if code else "",
        "option_names": names,
        "choices": Later(lambda: choices.choices(variants(), names(), chosen())),
        "answers": Later(read.answers),
        "tags": Later(read.tags),
        "related": Later(read.related),
    }


class Draft:
    """What a page that is not read from the database has in hand, and what that refers to."""

    def __init__(self, page: ProductPage) -> None:
        self.page = page

    def variants(self) -> list[Sku]:
        return self.page.variants()

    def option_names(self) -> list[str]:
        return self.page.option_names

    def pictures(self) -> list[ProductPicture]:
        rows = self.page.gallery.select_related("image")
        return list(rows.prefetch_related(renditions.prefetch("image", *SHOWN_AS)))

    def answers(self) -> list[ProductAttribute]:
        return self.page.answers()

    def tags(self) -> list[str]:
        return [tag.name for tag in self.page.tags.all()]

    def related(self) -> list[cards.Card]:
        return cards.cards(gathering.related(self.page))


def _for_sale(variants: Sequence[Sku], is_preview: bool) -> list[Sku]:
    return [sku for sku in variants if (sku.most_to_buy(1) if is_preview else sku.is_purchasable)]


def _known(code: str, chosen: Sku | None) -> str:
    return chosen.code if chosen and chosen.code.lower() == code.lower() else ""
