from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cart.cart import Cart
from cart.forms import QuantityForm
from cart.origin import same_origin_instead_of_token
from catalog.models import Sku


@never_cache
@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    return render(request, "cart/detail.html")


@never_cache
@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """The private fragment of every public page: how many things, and what they cost."""
    return render(request, "cart/partials/badge.html")


@require_POST
@same_origin_instead_of_token
def add(request: HttpRequest) -> HttpResponse:
    return _change(request, _("Added to your cart."), more=True)


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    return _change(request, _("Your cart is changed."), more=False)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    if Cart.of(request).remove(request.POST.get("code", "")):
        messages.success(request, _("Removed from your cart."))
    return redirect("cart:detail")


def _change(request: HttpRequest, done: str, *, more: bool) -> HttpResponse:
    """Carry out a change of one line; whatever is wrong with it changes nothing and is said."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        errors = form.errors.get("quantity") or [_("Choose a variant first.")]
        messages.error(request, errors[0])
        return redirect("cart:detail")
    sku = Sku.objects.purchasable().filter(code=form.cleaned_data["code"]).first()
    if sku is None:
        messages.error(request, _("This cannot be bought at the moment."))
        return redirect("cart:detail")
    now, wanted = Cart.of(request).put(sku, form.cleaned_data["quantity"], more=more)
    if now == wanted:
        messages.success(request, done)
    elif now:
        warning = ngettext(
            "Only %(count)d of it can be bought.", "Only %(count)d of it can be bought.", now
        )
        messages.warning(request, warning % {"count": now})
    else:
        messages.error(request, _("Your cart is full."))
    return redirect("cart:detail")
