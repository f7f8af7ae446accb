"""Rows of products that go with what somebody looks at, or has in the cart."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from cart import recent, shelves
from cart.shelves import CANDIDATES, CARDS_SHOWN, Row, Shelf
from catalog.cards import Card
from catalog.models import ProductPage
from catalog.models.products import ProductTag, RelatedProduct
from social.recommendations import bought_with

CACHE_SECONDS = 600


def bought_together(product_id: int, related: Iterable[Card] = ()) -> Shelf | None:
    """What was bought with a product, but for what its editor relates to it anyway."""
    shown = {card.page.product_id for card in related}
    row = Row("bought-together", _("Bought together"), bought_with([product_id], CANDIDATES))
    return next(iter(shelves.filled([row], without=shown)), None)


def because_on_page(request: HttpRequest, product_id: int) -> Shelf | None:
    """What goes with the product viewed before this one; nothing that this one's page shows."""
    related = RelatedProduct.objects.filter(page__product=product_id)
    shown = {product_id, *bought_with([product_id], CANDIDATES)}
    shown.update(related.values_list("product_page__product", flat=True))
    row = _because([viewed for viewed in recent.viewed(request) if viewed != product_id])
    return next(iter(shelves.filled([row], without=shown)), None) if row else None


@shelves.register
def with_the_cart(request: HttpRequest, in_cart: frozenset[int]) -> Row | None:
    products = bought_with(in_cart, CANDIDATES)
    return Row("bought-together", _("Often bought with what is in your cart"), products)


@shelves.register
def because_of_the_last(request: HttpRequest, in_cart: frozenset[int]) -> Row | None:
    return _because(recent.viewed(request), without=in_cart)


def _because(viewed: list[int], *, without: Iterable[int] = ()) -> Row | None:
    """About the last one viewed; without the others, which the shopper knows already."""
    if not viewed:
        return None
    products = bought_with(viewed[:1], CANDIDATES)
    if len(products) < 2 * CARDS_SHOWN:
        products = list(dict.fromkeys([*products, *similar(viewed[0])]))
    left_out = {*viewed, *without}
    products = [product for product in products if product not in left_out]
    return Row("because", _("Because you viewed %(title)s"), products, about=viewed[0])


def similar(product_id: int) -> list[int]:
    """Of the same category or with one of its tags, the most viewed first."""
    key = f"rankings:similar:{product_id}"
    found = cache.get(key)
    if found is None:
        found = _similar(product_id)
        cache.set(key, found, CACHE_SECONDS)
    return found


def _similar(product_id: int) -> list[int]:
    own = ProductPage.objects.live().filter(product=product_id)
    tags = ProductTag.objects.filter(content_object__in=own.values("pk")).values("tag")
    tagged = ProductTag.objects.filter(tag__in=tags).values("content_object")
    near = Q(pk__in=tagged)
    for path, depth in own.values_list("path", "depth"):
        near |= Q(path__startswith=path[: -Page.steplen], depth=depth)
    pages = ProductPage.objects.live().filter(near, product__in_stock=True)
    pages = pages.exclude(product=product_id).order_by("-product__views", "-product")
    # A product's aliases and translations name it again.
    products = pages.values_list("product", flat=True)[: 3 * CANDIDATES]
    return list(dict.fromkeys(products))[:CANDIDATES]
