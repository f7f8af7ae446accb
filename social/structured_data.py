"""What a product's page tells search engines, as schema.org has it: only what a reader sees too.

https://schema.org/Product; https://developers.google.com/search/docs/appearance/structured-data
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.images.shortcuts import get_rendition_or_not_found

from catalog.models import Product, ProductPage, ProductPicture, Sku
from catalog.money import quantize
from social.models import Review
from social.models.reviews import MOST_STARS
from social.review_lists import shown_reviews

MOST_REVIEWS = 5
SCHEMA = "https://schema.org"
# As the page shows them, so that no other picture is made: the first one large.
FIRST_PICTURE, OTHER_PICTURES = "format-jpeg|width-1200", "format-jpeg|width-800"
# As in ``django.utils.html.json_script``; JSON reads the signs back.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON that stays data within a page's markup: no sign of it can end the script."""
    return SafeString(json.dumps(data).translate(ESCAPES))


def product_data(
    page: ProductPage, pictures: Iterable[ProductPicture], variants: Sequence[Sku], url: str
) -> dict[str, Any]:
    product = page.product
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Product",
        "@id": f"{url}#product",
        "url": url,
        "name": page.title,
        "description": page.summary or page.search_description,
        "image": _images(pictures),
        "brand": {"@type": "Brand", "name": page.brand.name} if page.brand else None,
        "sku": variants[0].code if len(variants) == 1 else None,
        "offers": _offers(variants, url),
    }
    if product.total_reviews:
        data["aggregateRating"] = _rating(product)
        data["review"] = [_review(one) for one in shown_reviews(product).newest[:MOST_REVIEWS]]
    return {name: value for name, value in data.items() if value}


def absolute(url: str) -> str:
    return f"{settings.BASE_URL}{url}" if url.startswith("/") else url


def _images(pictures: Iterable[ProductPicture]) -> list[str]:
    found = []
    for number, shown in enumerate(pictures):
        size = OTHER_PICTURES if number else FIRST_PICTURE
        rendition = get_rendition_or_not_found(shown.image, size)
        # One without a row stands in for a file that is lost.
        if rendition.pk:
            found.append(absolute(rendition.url))
    return found


def _offers(variants: Sequence[Sku], url: str) -> dict[str, Any] | None:
    """One offer, or several and what they cost from and to: of what can be had, if anything can."""
    if not variants:
        return None
    offers = [_offer(sku, url) for sku in variants]
    if len(offers) == 1:
        return offers[0]
    to_be_had = [sku for sku in variants if sku.is_purchasable] or variants
    amounts = [sku.price.amount for sku in to_be_had]
    currency = settings.SHOP_CURRENCY
    return {
        "@type": "AggregateOffer",
        "lowPrice": str(quantize(min(amounts), currency)),
        "highPrice": str(quantize(max(amounts), currency)),
        "priceCurrency": currency,
        "offerCount": len(offers),
        "offers": offers,
    }


def _offer(sku: Sku, url: str) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "url": url,
        "sku": sku.code,
        "name": sku.label,
        "price": str(quantize(sku.price.amount, settings.SHOP_CURRENCY)),
        "priceCurrency": settings.SHOP_CURRENCY,
        "availability": f"{SCHEMA}/{_availability(sku)}",
    }
    return {name: value for name, value in offer.items() if value}


def _availability(sku: Sku) -> str:
    if not sku.is_purchasable:
        return "OutOfStock"
    return "InStock" if sku.stock.on_hand > 0 else "BackOrder"


def _rating(product: Product) -> dict[str, Any]:
    return {
        "@type": "AggregateRating",
        "ratingValue": str(product.rating),
        "reviewCount": product.total_reviews,
        "bestRating": MOST_STARS,
        "worstRating": 1,
    }


def _review(review: Review) -> dict[str, Any]:
    author = review.author
    data = {
        "@type": "Review",
        "author": {"@type": "Person", "name": author.shown_name if author else _("A member")},
        "datePublished": review.created.date().isoformat(),
        "inLanguage": review.language,
        "name": review.title,
        "reviewBody": review.text,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": review.stars,
            "bestRating": MOST_STARS,
            "worstRating": 1,
        },
    }
    return {name: value for name, value in data.items() if value}
