"""What a product's page tells search engines, as schema.org has it: only what a reader sees too.

https://schema.org/Product; https://developers.google.com/search/docs/appearance/structured-data
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog import renditions, vocabulary
from catalog.models import Picture, Product, ProductAttribute, ProductPage, ProductPicture, Sku
from catalog.money import quantize
from social.models import Review
from social.models.reviews import MOST_STARS
from social.review_lists import shown_reviews

MOST_REVIEWS = 5
SCHEMA = "https://schema.org"
# Those of the names in ``catalog.vocabulary`` by which variants may differ, as Google has it.
VARIED = ("size", "color", "material", "pattern")
READ_BY_ALL = {".gif", ".jpeg", ".jpg", ".png", ".webp"}
# As in ``django.utils.html.json_script``; JSON reads the signs back.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON that stays data within a page's markup: no sign of it can end the script."""
    return SafeString(json.dumps(data).translate(ESCAPES))


def product_data(
    page: ProductPage,
    pictures: Iterable[ProductPicture],
    variants: Sequence[Sku],
    url: str,
    answers: Iterable[ProductAttribute] = (),
    names: Sequence[str] = (),
) -> dict[str, Any]:
    """A product, or where there are several variants a group of them, each with its offer."""
    product = page.product
    images = list(filter(None, (image_url(shown.image) for shown in pictures)))
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "ProductGroup" if len(variants) > 1 else "Product",
        "@id": f"{url}#product",
        "url": url,
        "name": page.title,
        "description": page.summary or page.search_description,
        "image": images,
        "brand": {"@type": "Brand", "name": page.brand.name} if page.brand else None,
        **_known({answer.attribute.name: answer.shown for answer in answers}),
    }
    if len(variants) > 1:
        varied = {vocabulary.meaning(name) for name in names}
        data["productGroupID"] = group_id(page)
        data["variesBy"] = [f"{SCHEMA}/{name}" for name in VARIED if name in varied]
        data["hasVariant"] = [_variant(page, sku, variants, url, images, names) for sku in variants]
    elif variants:
        data |= _identified(variants[0])
        data["offers"] = _offer(page, variants[0], url)
    if product.total_reviews:
        data["aggregateRating"] = _rating(product)
        data["review"] = [_review(one) for one in shown_reviews(product).newest[:MOST_REVIEWS]]
    return _without_nothing(data)


def absolute(url: str) -> str:
    return f"{settings.BASE_URL}{url}" if url.startswith("/") else url


def image_url(picture: Picture | None) -> str:
    """The whole address of a file of it that all can read, and none is made; empty without one."""
    if picture is None:
        return ""
    if rendition := renditions.jpeg(picture, "product"):
        return absolute(rendition.url)
    return original_url(picture)


def original_url(picture: Picture) -> str:
    """The file that was uploaded, where search engines and marketplaces can all read its kind."""
    suffix = PurePosixPath(picture.file.name or "").suffix.lower()
    return absolute(picture.file.url) if suffix in READ_BY_ALL else ""


def group_id(page: ProductPage) -> str:
    """What the variants of a product have in common, here and in feeds."""
    return f"product-{page.product_id}"


def variant_url(url: str, sku: Sku, variants: Sequence[Sku]) -> str:
    """Where the page shows this variant as the chosen one."""
    return f"{url}?{urlencode({'sku': sku.code})}" if len(variants) > 1 else url


def _variant(
    page: ProductPage,
    sku: Sku,
    variants: Sequence[Sku],
    url: str,
    images: list[str],
    names: Sequence[str],
) -> dict[str, Any]:
    values = (sku.option1, sku.option2, sku.option3)
    data = {
        "@type": "Product",
        "name": f"{page.title} – {sku.label}" if sku.label else page.title,
        **_identified(sku),
        "image": image_url(sku.picture) or next(iter(images), None),
        **_known(dict(zip(names, values, strict=False))),
        "offers": _offer(page, sku, variant_url(url, sku, variants)),
    }
    return _without_nothing(data)


def _identified(sku: Sku) -> dict[str, str]:
    return {"sku": sku.code, "gtin": vocabulary.gtin(sku.barcode)}


def _known(said: dict[str, str]) -> dict[str, str]:
    known = vocabulary.meant(said)
    return {name: known[name] for name in (*VARIED, "mpn") if name in known}


def _offer(page: ProductPage, sku: Sku, url: str) -> dict[str, Any]:
    price, changes = sku.price, page.product.price_changes_at
    data = {
        "@type": "Offer",
        "url": url,
        "sku": sku.code,
        "name": sku.label,
        "price": str(quantize(price.amount, price.currency)),
        "priceCurrency": price.currency,
        "priceValidUntil": changes.isoformat(timespec="seconds") if changes else None,
        "availability": f"{SCHEMA}/{_availability(sku)}",
        "itemCondition": f"{SCHEMA}/NewCondition",
    }
    if price.compare_at:
        # What is struck through beside it.
        data["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": f"{SCHEMA}/StrikethroughPrice",
            "price": str(quantize(price.compare_at, price.currency)),
            "priceCurrency": price.currency,
        }
    return _without_nothing(data)


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


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
