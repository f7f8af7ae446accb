"""What the tests of feeds, sitemaps and heads have in common."""

import xml.etree.ElementTree as ET
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from catalog.models import Picture, ProductPicture

SHOP = "https://shop.example.com"
# What may not break a feed, a sitemap or a script: markup, the end of CDATA and of scripts, and
# characters that no XML may hold.
HOSTILE = "]]> </script><!-- &amp; \"'\x01\x0b\x1f\ufffe {{ 7|add:7 }} \U0001f5bc"

_AVAILABILITIES = {"InStock", "OutOfStock", "BackOrder"}
# By type: what schema.org and Google's guidelines want to be there.
_REQUIRED = {
    "Product": {"name"},
    "ProductGroup": {"name", "productGroupID", "hasVariant"},
    "Offer": {"price", "priceCurrency", "availability", "url"},
    "UnitPriceSpecification": {"price", "priceCurrency", "priceType"},
    "AggregateRating": {"ratingValue", "reviewCount"},
    "Review": {"author", "reviewRating"},
    "Rating": {"ratingValue"},
    "Person": {"name"},
    "Brand": {"name"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement"},
    "ListItem": {"position"},
    "OnlineStore": {"name", "url", "logo"},
    "Organization": {"name"},
    "ImageObject": {"url"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "CollectionPage": {"name", "url"},
    "Article": {"headline", "datePublished", "author"},
}
_ADDRESSES = {"url", "@id", "item", "logo", "mainEntityOfPage", "image"}
_MOMENTS = {"priceValidUntil", "datePublished", "dateModified"}


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def xml_of(answer: Any) -> ET.Element:
    return ET.fromstring(body_of(answer))  # noqa: S314 - our own


def add_picture(page: Any, name: str = "dune.png") -> Picture:
    """A picture of the page's gallery; no rendition of it is made."""
    picture = made_picture(name)
    page.gallery.add(ProductPicture(image=picture))
    page.save()
    return picture


def made_picture(name: str = "dune.png", size: tuple[int, int] = (900, 600)) -> Picture:
    file = ContentFile(get_test_image_file(size=size).file.getvalue(), name)
    return Picture.objects.create(title=name, description="A dune", file=file)


def faults(data: Any) -> list[str]:
    """What is wrong with JSON-LD, by the rules above; empty where nothing is."""
    if isinstance(data, list):
        return [fault for one in data for fault in faults(one)]
    if not isinstance(data, dict):
        return []
    if set(data) == {"@id"} or "@graph" in data:
        return faults(data.get("@graph"))
    kind = data.get("@type", "")
    if kind not in _REQUIRED:
        return [f"{kind!r} is no type that the shop uses"]
    found = [f"{kind} without {name}" for name in _REQUIRED[kind] if not data.get(name)]
    for name, value in data.items():
        found += [f"{kind}.{name}: {fault}" for fault in _fault(name, value)]
        found += faults(value)
    if kind in ("BreadcrumbList", "ItemList"):
        places = [one["position"] for one in data["itemListElement"]]
        if places != list(range(1, len(places) + 1)):
            found.append(f"{kind} is counted as {places}")
    return found


def _fault(name: str, value: Any) -> list[str]:
    if value in (None, "", [], {}):
        return ["is empty"]
    if name in _ADDRESSES:
        values = value if isinstance(value, list) else [value]
        texts = [one for one in values if isinstance(one, str)]
        return [f"{one} is no whole address" for one in texts if not urlsplit(one).hostname]
    if name in _MOMENTS:
        datetime.fromisoformat(value)
    if name == "price" and not Decimal(value) >= 0:
        return [f"{value} is no price"]
    if name == "availability" and value.rpartition("/")[2] not in _AVAILABILITIES:
        return [f"{value} is no availability"]
    return []
