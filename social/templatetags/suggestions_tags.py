"""What a product's page shows of what others bought."""

from collections.abc import Iterable

from django import template

from cart.shelves import Shelf
from catalog.cards import Card
from catalog.models import ProductPage
from social import suggestions

register = template.Library()


@register.simple_tag
def bought_together(page: ProductPage, related: Iterable[Card]) -> Shelf | None:
    return suggestions.bought_together(page.product_id, related or ())
