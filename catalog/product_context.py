"""What a product's page shows, read when its template asks: parts that are kept do not ask."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.http import HttpRequest

from catalog import cards, choices, gallery, gathering, kept, renditions
from catalog.later import Later
from catalog.models.products import SHOWN_AS, ProductPage
from catalog.models.skus import Sku

Value = TypeVar("Value")


def of(page: ProductPage, request: HttpRequest) -> dict[str, Any]:
    # A preview shows what the page will sell once it is published.
    is_preview = getattr(request, "is_preview", False)
    code = request.GET.get("sku", "")
    variants = Later(page.variants)
    for_sale = Later(lambda: _for_sale(variants(), is_preview))
    chosen = Later(lambda: choices.chosen(variants(), for_sale(), code))
    names = Later(partial(_option_names, page))
    pictures = Later(partial(_pictures, page))
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
        "answers": Later(partial(_answers, page)),
        "related": Later(partial(_related, page)),
    }


def _for_sale(variants: Sequence[Sku], is_preview: bool) -> list[Sku]:
    return [sku for sku in variants if (sku.most_to_buy(1) if is_preview else sku.is_purchasable)]


def _known(code: str, chosen: Sku | None) -> str:
    return chosen.code if chosen and chosen.code.lower() == code.lower() else ""


def _option_names(page: ProductPage) -> list[str]:
    return _kept(page, "option names", lambda: page.option_names)


def _kept(page: ProductPage, name: str, read: Callable[[], Value]) -> Value:
    """Something small of its story."""
    if not kept.has_begun():
        return read()

    def make() -> Value:
        kept.shows("frame", *page.story_tags)
        return read()

    return kept.get((name, page.pk), make)


def _pictures(page: ProductPage) -> list[Any]:
    kept.shows(*page.story_tags)
    rows = page.gallery.select_related("image")
    return list(rows.prefetch_related(renditions.prefetch("image", *SHOWN_AS)))


def _answers(page: ProductPage) -> list[Any]:
    return _kept(page, "answers", page.answers)


def _related(page: ProductPage) -> list[cards.Card]:
    kept.shows(*page.story_tags)
    return cards.cards(gathering.related(page))
