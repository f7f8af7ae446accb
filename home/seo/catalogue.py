"""The whole catalogue for whoever wants it: JSON lines, one product on each (docs/feeds.md)."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from catalog.models import Sku
from catalog.money import quantize
from home.seo import freshness, words
from home.seo.goods import Good, availability, goods
from home.seo.merchant import SECONDS_KEPT
from home.seo.pages import Tree, tree_of
from social.structured_data import variant_url

LONGEST_DESCRIPTION = 5000


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_goods)
def feed(request: HttpRequest) -> StreamingHttpResponse:
    tree = tree_of(request, translation.get_language())
    if tree is None:
        raise Http404
    response = StreamingHttpResponse(
        _written(tree), content_type="application/x-ndjson; charset=utf-8"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _written(tree: Tree) -> Iterator[str]:
    for good in goods(tree):
        with translation.override(tree.language):
            line = json.dumps(record(good, tree.language), ensure_ascii=False)
        yield f"{line}\n"


def record(good: Good, language: str) -> dict[str, Any]:
    """What everybody may know of a product; the names of the keys never change."""
    page, product = good.page, good.page.product
    return {
        "id": str(page.translation_key),
        "url": good.url,
        "language": language,
        "title": page.title,
        "summary": page.summary,
        "description": words.shortened(words.plain(page.description), LONGEST_DESCRIPTION),
        "brand": page.brand.name if page.brand else None,
        "categories": good.categories,
        "tags": good.tags,
        "pictures": good.pictures,
        "attributes": good.answers,
        "is_digital": product.is_digital,
        "rating": str(product.rating) if product.rating is not None else None,
        "reviews": product.total_reviews,
        "published": _iso(page.first_published_at),
        "updated": _iso(page.last_published_at),
        "variants": [_variant(good, sku) for sku in good.skus],
    }


def _variant(good: Good, sku: Sku) -> dict[str, Any]:
    price = sku.price
    return {
        "sku": sku.code,
        "url": variant_url(good.url, sku, good.skus),
        "options": good.options_of(sku),
        "barcode": sku.barcode or None,
        "weight_in_grams": sku.weight or None,
        "price": str(quantize(price.amount, price.currency)),
        "compare_at": str(quantize(price.compare_at, price.currency)) if price.compare_at else None,
        "currency": price.currency,
        "availability": availability(sku),
        "picture": good.sku_pictures.get(sku.pk),
    }


def _iso(moment) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
