"""An order's own page, for whoever has its address; and a member's list of their own."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from orders import payments, states
from orders.access import for_its_shopper
from orders.documents import invoice
from orders.models import Order, OrderEvent, OrderSettings
from orders.payments import ledger, paying
from orders.payments.base import GatewayUnavailableError

ORDERS_PER_PAGE = 20
SHOWN = ("items", "events", "shipments", "refunds", "payments", "invoice_address")


@never_cache
@require_safe
@for_its_shopper
def detail(request: HttpRequest, order: Order) -> HttpResponse:
    """An order: how it stands, what is in it, and how to pay it if it is not paid."""
    prefetch_related_objects([order], *SHOWN)
    is_on_its_way = any(one.state == one.State.PENDING for one in order.payments.all())
    is_payable = paying.is_payable(order) and not is_on_its_way
    context = {
        "order": order,
        "totals": order.totals,
        "steps": [event for event in order.events.all() if event.kind == OrderEvent.Kind.STATE],
        "is_payable": is_payable,
        "is_on_its_way": is_on_its_way,
        "gateways": payments.offered(order.currency) if is_payable else [],
        "rules": OrderSettings.load(),
        "can_be_cancelled": can_be_cancelled(order),
        "has_invoice": invoice.is_due(order),
    }
    return render(request, "orders/order.html", context)


def can_be_cancelled(order: Order) -> bool:
    """Whether the shopper may still change their mind: nothing is paid, nothing packed."""
    return order.state == Order.State.PENDING and not any(
        payment.state == payment.State.PENDING for payment in order.payments.all()
    )


@never_cache
@require_POST
@for_its_shopper
def pay(request: HttpRequest, order: Order) -> HttpResponse:
    """Pay an order that waits, this way or another."""
    try:
        step = paying.begin(order, request.POST.get("gateway", ""))
    except paying.CannotPayError as reason:
        messages.error(request, str(reason))
        return redirect(order)
    return redirect(step.redirect_to or order)


@never_cache
@require_safe
def paid(request: HttpRequest, secret: str, key: UUID) -> HttpResponse:
    """Where a gateway sends the shopper back: ask it how the payment stands, whatever it says.

    It shows nothing of the order, so it is open also to whoever comes back logged out.
    """
    order = get_object_or_404(Order, secret=secret)
    payment = order.payments.filter(key=key).first()
    if payment is None:
        raise Http404
    if payment.state in ledger.OPEN:
        try:
            payment = paying.settle(payment)
        except GatewayUnavailableError:
            messages.warning(
                request, _("We cannot see your payment yet. We look again and send you a mail.")
            )
            return redirect(order)
    if payment.state == payment.State.FAILED:
        messages.error(request, _("The payment was refused. You can choose another way to pay."))
    order.refresh_from_db()
    if payment.state in {payment.State.NEW, payment.State.CANCELLED} and paying.is_payable(order):
        messages.warning(request, _("You have not paid yet. Your order is kept for now."))
    return redirect(order)


@never_cache
@require_POST
@for_its_shopper
def cancel(request: HttpRequest, order: Order) -> HttpResponse:
    """The shopper changes their mind before anything is paid."""
    with transaction.atomic():
        # Money or a packer may come at this very moment: who holds the order first counts.
        order = states.locked(order)
        is_in_time = can_be_cancelled(order)
        if is_in_time:
            states.advance(order, Order.State.CANCELLED, by="shopper")
    if is_in_time:
        messages.success(request, _("Your order is cancelled."))
    else:
        messages.error(request, _("This order cannot be cancelled any more. Please write to us."))
    return redirect(order)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The orders of the member who asks, and nobody else's."""
    orders = Order.objects.filter(user=request.user).prefetch_related("items")
    page = Paginator(orders, ORDERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/mine.html", {"page_obj": page})
