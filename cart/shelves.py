"""The rows of products below the cart: what this shopper looked at last, and what most do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from cart import recent
from cart.lines import shown_pages
from catalog.cards import Card, cards
from catalog.models import Product, Sku

CARDS_SHOWN = 4
# More are kept than shown, because some may be sold out by the time they are asked for.
CANDIDATES = 24
CACHE_KEY = "cart:most-viewed"
# Views are copied to the database each minute.
CACHE_SECONDS = 60


@dataclass(frozen=True)
class Shelves:
    recently_viewed: list[Card]
    most_viewed: list[Card]


def shelves(request: HttpRequest) -> Shelves:
    """Only what can be bought now; no product twice. Few queries, whatever there is to show."""
    recently, most = recent.viewed(request), most_viewed()
    on_sale = to_be_had({*recently, *most})
    recently = [product for product in recently if product in on_sale][:CARDS_SHOWN]
    others = (product for product in most if product in on_sale and product not in recently)
    most = list(others)[:CARDS_SHOWN]
    pages = shown_pages({*recently, *most})
    found = [product for product in [*recently, *most] if product in pages]
    by_product = dict(
        zip(found, cards([pages[product] for product in found]), strict=True) if found else ()
    )
    return Shelves(
        [by_product[product] for product in recently if product in by_product],
        [by_product[product] for product in most if product in by_product],
    )


def to_be_had(products: Iterable[int]) -> set[int]:
    """Those of which anything may be sold now."""
    skus = Sku.objects.purchasable().filter(product__in=products, product__retired__isnull=True)
    return set(skus.values_list("product", flat=True)) if products else set()


def most_viewed() -> list[int]:
    """The products looked at most, as of the last minute; some may be sold out by now."""
    keys = cache.get(CACHE_KEY)
    if keys is None:
        products = Product.objects.filter(in_stock=True, retired__isnull=True, views__gt=0)
        ordered = products.order_by("-views", "-pk")
        keys = list(ordered.values_list("pk", flat=True)[:CANDIDATES])
        cache.set(CACHE_KEY, keys, CACHE_SECONDS)
    return keys
