"""Documents to download: the shopper's own invoice, and the desk's invoices and slips."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.permission_policies import ModelPermissionPolicy

from catalog.keys import read_keys
from orders.access import for_its_shopper
from orders.documents import invoice as invoices
from orders.documents.slips import packing_slip
from orders.models import Order, Shipment

policy = ModelPermissionPolicy(Order)
# A hundred slips take up to a second; whoever needs more prints twice.
MOST_SLIPS = 100


@never_cache
@require_safe
@for_its_shopper
def invoice(request: HttpRequest, order: Order) -> HttpResponse:
    """The invoice of an order, for whoever may open the order itself."""
    return _invoice(order)


@never_cache
@require_safe
def admin_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoice of any order, for those who may see orders."""
    _only_for_the_desk(request)
    return _invoice(get_object_or_404(Order, pk=pk))


@never_cache
@require_safe
def admin_slips(request: HttpRequest) -> HttpResponse:
    """The packing slips of the orders named by ``?ids=…``, in that order, as one PDF to print."""
    _only_for_the_desk(request)
    wanted = _ids(request)
    found = Order.objects.prefetch_related("items").in_bulk(wanted)
    orders = [found[pk] for pk in wanted if pk in found]
    if not orders:
        raise Http404
    name = orders[0].number if len(orders) == 1 else str(len(orders))
    return _download(packing_slip(orders), f"packing-slip-{name}.pdf")


@never_cache
@require_safe
def admin_parcel_slip(request: HttpRequest, pk: int, shipment: int) -> HttpResponse:
    """The packing slip of one parcel of an order: what lies in this one alone."""
    _only_for_the_desk(request)
    parcels = Shipment.objects.select_related("order").filter(contents__isnull=False).distinct()
    parcel = get_object_or_404(parcels, pk=shipment, order=pk)
    return _download(packing_slip([parcel]), f"packing-slip-{parcel.order.number}.pdf")


def _only_for_the_desk(request: HttpRequest) -> None:
    if not policy.user_has_permission(request.user, "view"):
        raise PermissionDenied


def _ids(request: HttpRequest) -> list[int]:
    """Each once, however they come: ``?ids=3&ids=5`` or ``?ids=3,5``."""
    words = ",".join(request.GET.getlist("ids")).split(",")
    return list(dict.fromkeys(read_keys(words)))[:MOST_SLIPS]


def _invoice(order: Order) -> HttpResponse:
    try:
        name, content = invoices.document(order)
    except invoices.NotInvoicedError:
        raise Http404 from None
    return _download(content, name)


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )
