from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cart import answers, recent
from cart.answers import Outcome
from cart.cart import Cart
from cart.forms import QuantityForm
from cart.keeping import MovedError
from cart.origin import same_origin_instead_of_token
from cart.shelves import shelves
from catalog.models import Sku


@never_cache
@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    cart = Cart.of(request)
    removed = answers.removed_line(cart, request.GET.get("removed", ""))
    context = {"cart": cart, "removed": removed, "shelves": shelves(request, cart)}
    return render(request, "cart/detail.html", context)


@never_cache
@require_POST
@same_origin_instead_of_token
def add(request: HttpRequest) -> HttpResponse:
    cart = Cart.of(request)
    sku, outcome = _change(request, cart, _("Added to your cart."), more=True)
    response = answers.panel(request, cart, outcome)
    if sku is not None:
        recent.note(request, response, sku.product_id)
    return response


@never_cache
@require_POST
def update(request: HttpRequest) -> HttpResponse:
    cart = Cart.of(request)
    _sku, outcome = _change(request, cart, _("Your cart is changed."), more=False)
    return answers.contents(request, cart, outcome)


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    cart, code = Cart.of(request), request.POST.get("code", "")
    if _try(lambda: cart.remove(code)):
        return answers.contents(request, cart, None, removed=code)
    outcome = Outcome(messages.WARNING, _("That was not in your cart any more."))
    return answers.contents(request, cart, outcome)


@never_cache
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was removed, as it was."""
    cart, code = Cart.of(request), request.POST.get("code", "")
    if _try(lambda: cart.put_back(code)):
        outcome = Outcome(messages.SUCCESS, _("It is back in your cart."), code, is_back=True)
    else:
        outcome = Outcome(messages.WARNING, _("That can no longer be put back."))
    return answers.contents(request, cart, outcome)


def _change(
    request: HttpRequest, cart: Cart, done: str, *, more: bool
) -> tuple[Sku | None, Outcome]:
    """Carry out a change of one line; whatever is wrong with it changes nothing and is said."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        errors = form.errors.get("quantity") or [_("Choose a variant first.")]
        return None, Outcome(messages.ERROR, errors[0])
    code, quantity = form.cleaned_data["code"], form.cleaned_data["quantity"]
    sku = cart.to_put(code)
    if sku is None:
        return None, Outcome(messages.ERROR, _("This cannot be bought at the moment."))
    if not more and code not in cart.entries():
        # A form that was shown before the line was removed, perhaps in another tab.
        return None, Outcome(messages.WARNING, _("That was not in your cart any more."))
    try:
        now, wanted = cart.put(sku, quantity, more=more)
    except MovedError:
        return None, Outcome(messages.WARNING, _("Please try that again."))
    return sku, _outcome(sku, now, wanted, done)


def _outcome(sku: Sku, now: int, wanted: int, done: str) -> Outcome:
    if now == wanted:
        return Outcome(messages.SUCCESS, done, sku.code)
    if not now:
        return Outcome(messages.ERROR, _("Your cart is full."))
    text = ngettext(
        "Only %(count)d of it can be bought.", "Only %(count)d of it can be bought.", now
    )
    return Outcome(messages.WARNING, text % {"count": now}, sku.code)


def _try(change: Callable[[], bool]) -> bool:
    try:
        return change()
    except MovedError:
        return False
