"""The checkout: one page, for guests and members, that works without JavaScript."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cart.answers import wants_part
from cart.cart import Cart
from orders import coupons, draft, payments
from orders.checkout import CartChangedError, UnseenTotalError, order_of, place_order
from orders.forms import CheckoutForm, InvoiceAddressForm
from orders.models import AddressFields, Order, OrderSettings, SavedAddress
from orders.payments import paying
from orders.quote import CannotShipError, Quote, Wishes, quote

DRAFT_FIELDS = ("email", *AddressFields.FIELDS, "message", "method", "payment", "coupon")
# Longer than any field may be.
LONGEST = 1_000
PLACE, UPDATE, USE_ADDRESS = "place", "update", "address"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        # A form that has become an order leads there, whatever the cart holds by now.
        if order := _order_of_form(request):
            return to_payment(order, request)
        _keep_draft(request)
    cart = Cart.of(request)
    if not cart.can_be_bought:
        return _back_to_cart(request)
    if request.method == "POST":
        return _sent(request, cart)
    return _show(request, cart, _values(request))


def _sent(request: HttpRequest, cart: Cart) -> HttpResponse:
    """The form came: to be worked out anew, to be filled with a saved address, or to be placed."""
    wish, _colon, number = request.POST.get("do", PLACE).partition(":")
    if wish == USE_ADDRESS:
        return _show(request, cart, _typed(request) | _saved_address(request, number))
    if wish == UPDATE:
        return _show(request, cart, _typed(request))
    return _place(request, cart)


def _place(request: HttpRequest, cart: Cart) -> HttpResponse:
    offered = _quoted(request, cart, request.POST)
    form = _bound(request, offered)
    invoice = InvoiceAddressForm(request.POST, prefix="invoice")
    wants_invoice = bool(request.POST.get("other_invoice"))
    is_valid = form.is_valid()
    if wants_invoice and not invoice.is_valid():
        is_valid = False
    if offered.shipping_error:
        form.add_error("country", offered.shipping_error)
    if offered.coupon_error:
        form.add_error("coupon", offered.coupon_error)
    if offered.grand_total and not form.cleaned_data.get("payment"):
        form.add_error("payment", _("Choose how you want to pay."))
    if not is_valid or form.errors:
        return _page(request, cart, form, invoice, offered)
    try:
        order = _order_from(request, cart, form, invoice if wants_invoice else None)
    except CartChangedError:
        return _back_to_cart(request)
    except (UnseenTotalError, CannotShipError, coupons.CouponError) as error:
        offered = _quoted(request, cart, request.POST)
        form = _bound(request, offered)
        form.data["shown"] = offered.fingerprint
        form.full_clean()
        form.add_error(
            None,
            str(error)
            or _("Your cart or a price has changed. Please check the total and buy again."),
        )
        return _page(request, cart, form, invoice, offered)
    if form.cleaned_data["keep_address"] and request.user.is_authenticated:
        _keep_address(request, order)
    draft.drop(request.session)
    return to_payment(order, request)


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
    codes = set(order.items.values_list("sku_code", flat=True))
    Cart.of(request).forget(codes, before=order.created)
    if order.state == Order.State.PENDING and not order.paid_at and order.payment_method:
        try:
            step = paying.begin(order, order.payment_method)
        except paying.CannotPayError as reason:
            messages.error(request, str(reason))
        else:
            if step.redirect_to:
                return redirect(step.redirect_to)
    return redirect(order)


def _order_of_form(request: HttpRequest) -> Order | None:
    try:
        return order_of(UUID(request.POST.get("token", "")))
    except ValueError:
        return None


def _show(request: HttpRequest, cart: Cart, values: Mapping[str, Any]) -> HttpResponse:
    """The page with what was typed so far, nothing of it judged yet but the coupon."""
    offered = _quoted(request, cart, values)
    gateways = payments.offered(cart.currency)
    initial = {
        **values,
        "token": values.get("token") or uuid4(),
        "shown": offered.fingerprint,
        "country": offered.country,
        "method": offered.method.pk if offered.method else None,
        "payment": values.get("payment") or (gateways[0].slug if gateways else ""),
        "coupon": values.get("coupon", ""),
    }
    form = CheckoutForm(initial=initial, methods=offered.methods, gateways=gateways)
    invoice = InvoiceAddressForm(prefix="invoice", initial=_invoice_values(request))
    return _page(request, cart, form, invoice, offered)


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
        "saved_addresses": _saved_addresses(request),
        "wants_invoice": bool(form["other_invoice"].value()),
    }
    is_part = wants_part(request)
    template = "orders/partials/checkout_choices.html" if is_part else "orders/checkout.html"
    return render(request, template, context | {"is_part": is_part})


def _priced(offered: Quote) -> list[dict[str, Any]]:
    """The ways to send it, each with whether it is chosen."""
    return [{"method": method, "is_chosen": method is offered.method} for method in offered.methods]


def _bound(request: HttpRequest, offered: Quote) -> CheckoutForm:
    data = request.POST.copy()
    # A way to send it that is not offered any more is none; the total would not be the one shown.
    if str(data.get("method", "")) not in {str(method.pk) for method in offered.methods}:
        data["method"] = str(offered.method.pk) if offered.method else ""
    gateways = payments.offered(settings.SHOP_CURRENCY)
    return CheckoutForm(data, methods=offered.methods, gateways=gateways)


def _quoted(request: HttpRequest, cart: Cart, values: Mapping[str, Any]) -> Quote:
    """What it costs as it was chosen; who was wrong about a coupon too often is not answered."""
    code = str(values.get("coupon") or "")[:LONGEST].strip()
    if code and coupons.too_many_tries(request):
        error = _("Too many wrong codes. Try again in an hour.")
        offered = quote(cart.entries(), _wishes(request, values, ""))
        return replace(offered, coupon_error=error)
    offered = quote(cart.entries(), _wishes(request, values, code))
    if code and offered.coupon is None and request.method == "POST":
        coupons.count_try(request, code)
    return offered


def _wishes(request: HttpRequest, values: Mapping[str, Any], code: str) -> Wishes:
    method = str(values.get("method") or "")
    return Wishes(
        country=str(values.get("country") or "")[:2] or str(OrderSettings.load().home_country),
        method=int(method) if method.isascii() and method.isdigit() and len(method) < 10 else None,
        coupon_code=code,
        email=str(values.get("email") or ""),
        user=request.user,
    )


def _values(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: what was typed before, else the address used last."""
    typed = draft.read(request.session)
    if typed or not request.user.is_authenticated:
        return typed
    values: dict[str, Any] = {"email": request.user.email}
    if address := SavedAddress.objects.filter(user=request.user).first():
        return values | _fields_of(address)
    return values | {"first_name": request.user.first_name, "last_name": request.user.last_name}


def _typed(request: HttpRequest) -> dict[str, Any]:
    names = (*DRAFT_FIELDS, "token", "other_invoice", "keep_address")
    return {name: request.POST.get(name, "") for name in names}


def _invoice_values(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(f"invoice-{name}", "") for name in AddressFields.FIELDS}


def _keep_draft(request: HttpRequest) -> None:
    """So that nothing typed is lost on the way to the cart and back."""
    draft.keep(
        request.session, {name: request.POST.get(name, "")[:LONGEST] for name in DRAFT_FIELDS}
    )


def _saved_addresses(request: HttpRequest) -> list[SavedAddress]:
    if not request.user.is_authenticated:
        return []
    return list(SavedAddress.objects.filter(user=request.user)[:12])


def _saved_address(request: HttpRequest, number: str) -> dict[str, Any]:
    """The fields of one of the member's own addresses; nothing for anybody else's."""
    if not request.user.is_authenticated or not (number.isascii() and number.isdigit()):
        return {}
    address = SavedAddress.objects.filter(user=request.user, pk=number[:18]).first()
    return _fields_of(address) if address else {}


def _fields_of(address: AddressFields) -> dict[str, Any]:
    return {name: str(getattr(address, name)) for name in AddressFields.FIELDS}


def _keep_address(request: HttpRequest, order: Order) -> None:
    """Save where the order goes, once; the address used last stands first."""
    fields = {name: getattr(order, name) for name in AddressFields.FIELDS}
    SavedAddress.objects.update_or_create(
        user=request.user, **fields, defaults={"used": timezone.now()}
    )


def _back_to_cart(request: HttpRequest) -> HttpResponse:
    if order := _order_of_form(request):
        return to_payment(order, request)
    if Cart.of(request):
        messages.warning(request, _("Something in your cart has changed. Please look at it first."))
    return redirect("cart:detail")
