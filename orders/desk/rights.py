"""Who may do what at the desk: see orders, carry them on, give money back."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.permission_policies import ModelPermissionPolicy

from orders.models import Order

VIEW = "orders.view_order"
CHANGE = "orders.change_order"
REFUND = "orders.refund_order"
VIEW_LOG = "orders.view_paymentevent"

policy = ModelPermissionPolicy(Order)


class NeedsMixin:
    """Before a view: closed to everybody who has not all the permissions it needs."""

    needed: Sequence[str] = (VIEW,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perms(self.needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
