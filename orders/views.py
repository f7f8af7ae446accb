from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cart.cart import Cart
from orders.checkout import (
    CartChangedError,
    UnseenTotalError,
    fingerprint,
    order_of,
    place_order,
)
from orders.forms import CheckoutForm
from orders.models import Order
from orders.totals import totals


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _place(request)
    cart = Cart.of(request)
    if not cart.can_be_bought:
        return _back_to_cart(request)
    return _show(request, cart, CheckoutForm(initial=_initial(cart)))


def _place(request: HttpRequest) -> HttpResponse:
    # A form that has become an order leads there, whatever the cart holds by now.
    if order := _order_of_form(request):
        return _to(order, request)
    cart = Cart.of(request)
    form = CheckoutForm(request.POST)
    if not cart.can_be_bought:
        return _back_to_cart(request)
    if not form.is_valid():
        return _show(request, cart, form)
    order = form.save(commit=False)
    order.checkout_token = form.cleaned_data["token"]
    order.language = get_language()
    order.user = request.user if request.user.is_authenticated else None
    try:
        order = place_order(order, cart.quantities(), shown=form.cleaned_data["shown"])
    except CartChangedError:
        return _back_to_cart(request)
    except UnseenTotalError:
        cart = Cart.of(request)
        form.data = form.data.copy()
        form.data["shown"] = _fingerprint(cart)
        form.add_error(
            None,
            _("Your cart or a price has changed. Please check the total and send the form again."),
        )
        return _show(request, cart, form)
    return _to(order, request)


def _to(order: Order, request: HttpRequest) -> HttpResponse:
    """To the order's own page; what it holds leaves the cart, also after a crash in between."""
    codes = set(order.items.values_list("sku_code", flat=True))
    Cart.of(request).forget(codes, before=order.created)
    return redirect(order)


def _order_of_form(request: HttpRequest) -> Order | None:
    try:
        return order_of(UUID(request.POST.get("token", "")))
    except ValueError:
        return None


def _initial(cart: Cart) -> dict[str, object]:
    return {"token": uuid4(), "shown": _fingerprint(cart)}


def _fingerprint(cart: Cart) -> str:
    return fingerprint((line.code, line.quantity, line.unit_price) for line in cart.lines)


def _show(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    context = {"form": form, "cart": cart, "totals": totals(cart.lines, cart.currency)}
    return render(request, "orders/checkout.html", context)


def _back_to_cart(request: HttpRequest) -> HttpResponse:
    if Cart.of(request):
        messages.warning(request, _("Something in your cart has changed. Please look at it first."))
    return redirect("cart:detail")


@never_cache
@require_safe
def thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """An order, for whoever has its address: the shopper and the mail."""
    order = get_object_or_404(Order.objects.prefetch_related("items"), secret=secret)
    return render(request, "orders/thanks.html", {"order": order})
