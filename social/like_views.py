"""The heart beside a product, and the page of all that a member likes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cart import recent
from cart.answers import leading, wants_part
from cart.origin import same_origin_instead_of_token
from catalog.models import Product
from social import after_login, heart, likes
from social.models import Like
from social.product_cards import asked_page, cards_of, is_shown

PER_PAGE = 24


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What the member likes, the last first; only what the shop still shows."""
    liked = Like.objects.filter(is_shown(), user=request.user).order_by("-created", "-pk")
    page_obj = Paginator(liked.values_list("product", flat=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    removed = recent.product_key(request.GET.get("removed", ""))
    context = {
        "page_obj": page_obj,
        "cards": cards_of(page_obj).values(),
        "removed": cards_of([removed]).get(removed) if removed else None,
    }
    return render(request, "social/likes/list.html", context)


@never_cache
@require_POST
@same_origin_instead_of_token
def like(request: HttpRequest) -> HttpResponse:
    page = asked_page(request)
    if not request.user.is_authenticated:
        after_login.remember(request, page)
        return leading(request, to_login(page.get_url(request)))
    is_new = likes.like(request.user, page.product)
    if wants_part(request):
        return heart.answer(request, page.product_id)
    text = _("You like “%(title)s” now.") if is_new else _("You like “%(title)s” already.")
    messages.success(request, text % {"title": page.title})
    return redirect("likes:list")


@never_cache
@require_POST
@same_origin_instead_of_token
def unlike(request: HttpRequest) -> HttpResponse:
    """Also what is gone from the shop may be liked no longer."""
    if not request.user.is_authenticated:
        return leading(request, to_login(reverse("likes:list")))
    key = recent.product_key(request.POST.get("product", ""))
    product = Product.objects.filter(pk=key).first() if key else None
    if product is not None:
        likes.unlike(request.user, product)
        if wants_part(request):
            return heart.answer(request, product.pk)
    return redirect(f"{reverse('likes:list')}?{urlencode({'removed': key or ''})}")


def to_login(there: str) -> HttpResponse:
    """To the log-in page, and then back."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': there})}")
