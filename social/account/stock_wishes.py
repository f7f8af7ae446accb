"""What a member waits for: theirs to see, and to stop waiting for."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cart.lines import shown_pages
from orders.models import BackInStock

PER_PAGE = 20


def waiting(user: Any) -> QuerySet[BackInStock]:
    """What they asked for while logged in, or with an address that they have proved theirs."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values(lowered=Lower("email"))
    wishes = BackInStock.objects.alias(address=Lower("email")).filter(told__isnull=True)
    return wishes.filter(Q(user=user) | Q(address__in=proved))


@never_cache
@require_safe
@login_required
def stock_wishes(request: HttpRequest) -> HttpResponse:
    rows = waiting(request.user).select_related("sku").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    pages = shown_pages({wish.sku.product_id for wish in page})
    shown = [{"wish": wish, "page": pages.get(wish.sku.product_id)} for wish in page]
    context = {"page_obj": page, "wishes": shown}
    return render(request, "social/account/stock_wishes.html", context)


@never_cache
@require_POST
@login_required
def stop_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """A second click finds the wish gone."""
    waiting(request.user).filter(pk=pk).delete()
    messages.success(request, _("You no longer wait for it."))
    return redirect("account:stock_wishes")
