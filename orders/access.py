"""Who may open an order: a guest's by its address alone, a member's only that member."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from orders.models import Order

OrderView = Callable[..., HttpResponse]


def for_its_shopper(view: OrderView) -> OrderView:
    """Let a view of one order be called with the order, for whoever may open it.

    Another member is told that there is no such order; who is not logged in is asked to.
    """

    @wraps(view)
    def checked(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponse:
        order = get_object_or_404(Order, secret=secret)
        if order.user_id in {None, request.user.pk}:
            return view(request, order, *args, **kwargs)
        if request.user.is_authenticated:
            raise Http404
        is_a_page = request.method in {"GET", "HEAD"}
        return redirect_to_login(request.get_full_path() if is_a_page else order.get_absolute_url())

    return checked
