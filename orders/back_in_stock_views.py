"""Ask to be told when something is back, and change one's mind: from public pages, no cookie."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cart.origin import same_origin_instead_of_token
from catalog.models import Sku
from orders import back_in_stock
from orders.limits import Limit
from orders.mails import about_stock
from orders.models import BackInStock
from orders.traps import TrapForm

WISHES = Limit("back-in-stock", most=20)
TOO_MANY = _(
    "So many wishes have come from where you are that we take no more for now. "
    "Please try again in an hour."
)


class WishForm(TrapForm):
    said_at = "email"

    code = forms.CharField(label=_("Variant"), max_length=64)
    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
@require_POST
@same_origin_instead_of_token
def ask(request: HttpRequest) -> HttpResponse:
    """Take the wish. The answer is the same whether or not the address had asked before."""
    form = WishForm(request.POST)
    is_valid = form.is_valid()
    # Only what the form has let through: a database may refuse what it is asked for else.
    sku = Sku.objects.on_show().filter(code=form.cleaned_data.get("code", "")).first()
    if sku is None:
        raise Http404
    page = about_stock.page_of(sku, get_language() or "en")
    if page is None:
        raise Http404
    if not is_valid:
        return _show(request, "ask", status=422, form=form, sku=sku, product_page=page)
    if sku.most_to_buy(1):
        return _show(request, "there", sku=sku, product_page=page)
    if WISHES.is_reached_from(request):
        form.add_error("email", TOO_MANY)
        return _show(request, "ask", status=429, form=form, sku=sku, product_page=page)
    user = request.user if request.user.is_authenticated else None
    email = form.cleaned_data["email"]
    back_in_stock.ask(sku, email, language=get_language() or "en", user=user)
    return redirect("orders:asked")


@never_cache
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    return _show(request, "asked")


# A mail program that unsubscribes sends nothing but the address (RFC 8058): its key is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_not_tell(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether one means it, for programs open links as well; then keep nothing."""
    wish = BackInStock.objects.filter(key=key).first()
    if wish is None:
        return _show(request, "forgotten")
    if request.method != "POST":
        return _show(request, "sure", wish=wish)
    back_in_stock.forget(wish)
    return _show(request, "forgotten")


def _show(request: HttpRequest, what: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(
        request, "orders/back_in_stock.html", {"what": what, **context}, status=status
    )
    # Its address is the key.
    response["Referrer-Policy"] = "no-referrer"
    return response
