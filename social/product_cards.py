"""Products on a member's own pages, as listings show them; those that are gone are not shown."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from cart import recent
from cart.lines import shown_pages
from catalog.cards import Card, cards
from catalog.models import ProductPage
from catalog.visibility import public_of_many


def is_shown(product: str = "product") -> Exists:
    """Of rows that point to a product: whether it has a live page that everybody may see."""
    return Exists(public_of_many(ProductPage.objects).filter(product=OuterRef(product)))


def cards_of(products: Iterable[int]) -> dict[int, Card]:
    """For each product that is shown its card, in their order: few queries, however many."""
    products = list(products)
    pages = shown_pages(set(products)) if products else {}
    shown = [pages[product] for product in products if product in pages]
    return {card.page.product_id: card for card in cards(shown)} if shown else {}


def asked_page(request: HttpRequest) -> ProductPage:
    """The page of the product that a form or an address names, else 404."""
    asked = request.POST if request.method == "POST" else request.GET
    key = recent.product_key(asked.get("product", ""))
    page = shown_pages({key}).get(key) if key else None
    if page is None:
        raise Http404
    return page
