"""The checkout: one page, for guests and members, that works without JavaScript."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_countries import countries

from cart import sessions
from cart.answers import leading, wants_part
from cart.cart import Cart
from orders import addresses, coupons, draft, payments, saved_addresses, set_up
from orders.checkout import CartChangedError, UnseenTotalError, order_of, place_order
from orders.forms import CheckoutForm, InvoiceAddressForm
from orders.models import AddressFields, Order
from orders.payments import paying
from orders.quote import CannotShipError, Quote, Wishes, quote

PLACE, UPDATE, USE_ADDRESS = "place", "update", "address"
# What a shopper has typed or begins with, by the names of the form's fields.
Values = dict[str, str]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    return leading(request, _sent(request) if request.method == "POST" else _visited(request))


def _visited(request: HttpRequest) -> HttpResponse:
    """The page is opened, perhaps again after a crash: then the order may stand already."""
    token = draft.token_in(draft.read(request.session))
    if token and (order := order_of(token)):
        _clear_away(order, request)
        return redirect(order)
    cart = Cart.of(request)
    if not cart.can_be_bought:
        return _back_to_cart(request)
    return _show(request, cart, _values(request))


def _sent(request: HttpRequest) -> HttpResponse:
    """The form came: to be worked out anew, to be filled with a saved address, or to be placed."""
    # A form that has become an order leads there, whatever the cart holds by now.
    if order := _order_of_form(request):
        return to_payment(order, request)
    typed = draft.keep(request.session, request.POST)
    cart = Cart.of(request)
    if not cart.can_be_bought:
        return _back_to_cart(request)
    wish, _colon, number = request.POST.get("do", PLACE).partition(":")
    if wish == USE_ADDRESS:
        return _show(request, cart, typed | saved_addresses.fields(request.user, number))
    if wish == UPDATE:
        return _show(request, cart, typed)
    return _place(request, cart, typed)


def _place(request: HttpRequest, cart: Cart, typed: Values) -> HttpResponse:
    offered = _quoted(request, cart, typed)
    form = _bound(request, offered, typed)
    invoice = _invoice_form(request.POST, typed) if typed["other_invoice"] else None
    is_valid = form.is_valid()
    if invoice and not invoice.is_valid():
        is_valid = False
    if offered.shipping_error:
        form.add_error("country", offered.shipping_error)
    if offered.coupon_error:
        form.add_error("coupon", offered.coupon_error)
    if offered.grand_total and not form.cleaned_data.get("payment"):
        form.add_error("payment", _("Choose how you want to pay."))
    # A form without its token cannot be told again: it is shown once more, with one.
    if not is_valid or form.errors or not draft.token_in(request.POST):
        return _page(request, cart, form, invoice or _invoice_form(None, typed), offered)
    try:
        order = _order_from(request, cart, form, invoice)
    except CartChangedError:
        return _back_to_cart(request)
    except (UnseenTotalError, CannotShipError, coupons.CouponError) as error:
        # Nothing of it may be what was read before.
        cart = Cart.of(request)
        with set_up.as_it_is():
            offered = _quoted(request, cart, typed)
        form = _bound(request, offered, typed)
        form.full_clean()
        form.add_error(
            None,
            str(error)
            or _("Your cart or a price has changed. Please check the total and buy again."),
        )
        return _page(request, cart, form, invoice or _invoice_form(None, typed), offered)
    answer = to_payment(order, request)
    if form.cleaned_data["keep_address"] and request.user.is_authenticated:
        saved_addresses.keep(request.user, order)
    return answer


def _order_from(
    request: HttpRequest, cart: Cart, form: CheckoutForm, invoice: InvoiceAddressForm | None
) -> Order:
    order = form.save(commit=False)
    order.checkout_token = form.cleaned_data["token"]
    order.payment_method = form.cleaned_data["payment"]
    order.language = get_language()
    order.user = request.user if request.user.is_authenticated else None
    return place_order(
        order,
        cart.entries(),
        shown=form.cleaned_data["shown"],
        method=form.cleaned_data["method"],
        coupon_code=form.cleaned_data["coupon"],
        invoice_address=invoice.save(commit=False) if invoice else None,
    )


def to_payment(order: Order, request: HttpRequest) -> HttpResponse:
    """To the gateway, or to the order's own page; what it holds leaves the cart.

    Also after a crash in between, and for the second of two clicks: both lead to the same
    payment.
    """
    _clear_away(order, request)
    if order.state == Order.State.PENDING and not order.paid_at and order.payment_method:
        try:
            step = paying.begin(order, order.payment_method)
        except paying.CannotPayError as reason:
            messages.error(request, str(reason))
        else:
            if step.redirect_to:
                return redirect(step.redirect_to)
    return redirect(order)


def _clear_away(order: Order, request: HttpRequest) -> None:
    """Empty the cart of what was bought, then drop the draft: the next form is another one."""
    bought = dict(order.items.values_list("sku_code", "quantity"))
    try:
        with sessions.locked(request.session):
            Cart.of(request).forget(bought, before=order.created)
            draft.drop(request.session, order.checkout_token)
    except sessions.MovedError:
        # Somebody has logged in or out beside it: there is no draft in the session they have now.
        Cart.of(request).forget(bought, before=order.created)


def _order_of_form(request: HttpRequest) -> Order | None:
    token = draft.token_in(request.POST)
    return order_of(token) if token else None


def _show(request: HttpRequest, cart: Cart, values: Values) -> HttpResponse:
    """The page with what was typed so far, nothing of it judged yet but the coupon."""
    offered = _quoted(request, cart, values)
    gateways = payments.offered(cart.currency)
    initial = {
        **values,
        "shown": offered.fingerprint,
        "country": offered.country,
        "method": offered.method.pk if offered.method else None,
        "payment": values.get("payment") or (gateways[0].slug if gateways else ""),
        "coupon": values.get("coupon", ""),
    }
    form = CheckoutForm(
        initial=initial, methods=offered.methods, gateways=gateways, rules=offered.rules
    )
    return _page(request, cart, form, _invoice_form(None, values), offered)


def _page(
    request: HttpRequest,
    cart: Cart,
    form: CheckoutForm,
    invoice: InvoiceAddressForm,
    offered: Quote,
) -> HttpResponse:
    # The first of two clicks may have become an order, and emptied the cart, while the second
    # was looked at.
    if order := _order_of_form(request):
        return to_payment(order, request)
    context = {
        "form": form,
        "invoice": invoice,
        "cart": cart,
        "quote": offered,
        "totals": offered.totals,
        "currency": cart.currency,
        "gateways": payments.offered(cart.currency),
        "methods": _priced(offered),
        "chosen_payment": form["payment"].value(),
        "saved_addresses": saved_addresses.of(request.user),
        "regions": addresses.region_choices(offered.country),
        "wants_invoice": bool(form["other_invoice"].value()),
    }
    is_part = wants_part(request)
    template = "orders/partials/checkout_choices.html" if is_part else "orders/checkout.html"
    return render(request, template, context | {"is_part": is_part})


def _priced(offered: Quote) -> list[dict[str, Any]]:
    """The ways to send it, each with whether it is chosen."""
    return [{"method": method, "is_chosen": method is offered.method} for method in offered.methods]


def _bound(request: HttpRequest, offered: Quote, typed: Values) -> CheckoutForm:
    data = request.POST.copy()
    data["token"] = typed[draft.TOKEN]
    # A way to send it that is not offered any more is none; the total would not be the one shown.
    if str(data.get("method", "")) not in {str(method.pk) for method in offered.methods}:
        data["method"] = str(offered.method.pk) if offered.method else ""
    gateways = payments.offered(settings.SHOP_CURRENCY)
    return CheckoutForm(data, methods=offered.methods, gateways=gateways, rules=offered.rules)


def _invoice_form(data: Any, values: Values) -> InvoiceAddressForm:
    """The form for the invoice address: to be judged if there are data, else as it was typed."""
    prefix = draft.INVOICE
    initial = {name: values.get(f"{prefix}-{name}", "") for name in AddressFields.FIELDS}
    return InvoiceAddressForm(data, prefix=prefix, initial=initial)


def _quoted(request: HttpRequest, cart: Cart, values: Values) -> Quote:
    """What it costs as it was chosen; who was wrong about a coupon too often is not answered."""
    code = values.get("coupon", "").strip()
    if code and coupons.too_many_tries(request):
        error = _("Too many wrong codes. Try again in an hour.")
        offered = quote(cart.entries(), _wishes(request, values, ""), cart.offers())
        return replace(offered, coupon_error=error)
    wishes = _wishes(request, values, code)
    offered = quote(cart.entries(), wishes, cart.offers())
    if code and offered.coupon is None:
        # Else one code that is right would say of any address whether it has ordered here.
        coupons.count_try(request, code, wishes.email if offered.refuses_customer else "")
    return offered


def _wishes(request: HttpRequest, values: Values, code: str) -> Wishes:
    country, method = values.get("country", ""), values.get("method", "")
    return Wishes(
        country=country if country in countries else str(set_up.rules().home_country),
        method=int(method) if method.isascii() and method.isdigit() and len(method) < 10 else None,
        coupon_code=code,
        email=values.get("email", ""),
        user=request.user,
    )


def _values(request: HttpRequest) -> Values:
    """What the form begins with: what was typed before, else the address used last."""
    values, user = draft.begin(request.session), request.user
    if values.keys() != {draft.TOKEN} or not user.is_authenticated:
        return values
    address = saved_addresses.fields(user)
    names = {"first_name": user.first_name, "last_name": user.last_name}
    return values | {"email": user.email} | (address or names)


def _back_to_cart(request: HttpRequest) -> HttpResponse:
    if order := _order_of_form(request):
        return to_payment(order, request)
    if Cart.of(request):
        messages.warning(request, _("Something in your cart has changed. Please look at it first."))
    return redirect("cart:detail")
