"""What the heart and the wish lists beside a product say to one member."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cart.answers import Outcome
from catalog.models import Product
from social import likes, wish_lists
from social.models import WishList


@dataclass(frozen=True)
class Heart:
    is_liked: bool
    lists: list[WishList]

    @property
    def only_list(self) -> WishList | None:
        """Where a wish goes without asking; None where it is made, or there are several."""
        return self.lists[0] if len(self.lists) == 1 else None

    @property
    def is_wished(self) -> bool:
        return any(wish_list.has_it for wish_list in self.lists)


def of(user: Any, product_id: int) -> Heart:
    """Two queries, whatever there is to say."""
    return Heart(
        is_liked=likes.is_liked(user, product_id),
        lists=list(wish_lists.with_wish(user, product_id)),
    )


def answer(request: HttpRequest, product_id: int, outcome: Outcome | None = None) -> HttpResponse:
    """To a form beside the product that htmx has sent: how it all stands now."""
    context = {
        "product": get_object_or_404(Product, pk=product_id),
        "heart": of(request.user, product_id),
        "outcome": outcome,
    }
    return render(request, "social/partials/heart.html", context)
