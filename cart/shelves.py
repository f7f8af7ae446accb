"""The rows of products below the cart: what this shopper looked at last, and what most do.

The apps above add rows of their own: a function that is registered here is told who asks and
what is in the cart, and says which products it would show.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cart import recent
from cart.cart import Cart
from cart.lines import shown_pages
from catalog.cards import Card, cards
from catalog.models import Product, ProductPage, Sku

CARDS_SHOWN = 4
# More are kept than shown, because some may be sold out by the time they are asked for.
CANDIDATES = 24
CACHE_KEY = "cart:most-viewed"
# Views are copied to the database each minute.
CACHE_SECONDS = 60


@dataclass(frozen=True)
class Row:
    """Products that a row may show, the best first; some may be sold out by now.

    The heading may say ``%(title)s``, of the product that the row is ``about``.
    """

    key: str
    heading: str
    products: Sequence[int]
    about: int | None = None


@dataclass(frozen=True)
class Shelf:
    key: str
    heading: str
    cards: list[Card]


Source = Callable[[HttpRequest, frozenset[int]], Row | None]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let the decorated function add a row, above those of the cart itself."""
    if source not in _sources:
        _sources.append(source)
    return source


def shelves(request: HttpRequest, cart: Cart) -> list[Shelf]:
    """The rows below a cart: those of the apps above, then the cart's own."""
    in_cart = frozenset(line.sku.product_id for line in cart if line.sku)
    added = [row for source in _sources if (row := source(request, in_cart))]
    recently = Row("recently-viewed", _("Recently viewed"), recent.viewed(request))
    most = Row("most-viewed", _("Most viewed"), most_viewed())
    return filled([*added, recently, most])


def filled(rows: Iterable[Row], *, without: Iterable[int] = ()) -> list[Shelf]:
    """The rows with something on them: only what can be bought now, no product twice.

    Few queries, whatever there is to show.
    """
    rows = [row for row in rows if row.products]
    on_sale = to_be_had({product for row in rows for product in row.products})
    taken = set(without)
    chosen: list[tuple[Row, list[int]]] = []
    for row in rows:
        good = (pk for pk in row.products if pk in on_sale and pk not in taken)
        products = list(dict.fromkeys(good))[:CARDS_SHOWN]
        taken.update(products)
        if products:
            chosen.append((row, products))
    return _with_cards(chosen) if chosen else []


def _with_cards(chosen: list[tuple[Row, list[int]]]) -> list[Shelf]:
    about = {row.about for row, _products in chosen if row.about}
    pages = shown_pages({*about, *(pk for _row, products in chosen for pk in products)})
    # What is on sale has a page, unless that was taken down a moment ago.
    found = [pk for _row, products in chosen for pk in products if pk in pages]
    of_product = dict(zip(found, cards([pages[pk] for pk in found]), strict=True)) if found else {}
    return [
        Shelf(
            row.key, _heading(row, pages), [of_product[pk] for pk in products if pk in of_product]
        )
        for row, products in chosen
        if row.about is None or row.about in pages
    ]


def _heading(row: Row, pages: Mapping[int, ProductPage]) -> str:
    return row.heading % {"title": pages[row.about].title} if row.about else row.heading


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
