"""One order: how it stands, what to do next, and all that happened to it."""

import json
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.generic import InspectView

from catalog.admin.shop_report import edit_url, pages_of
from catalog.models import ProductPicture
from catalog.permissions import PRODUCTS
from orders import back_orders, states
from orders.documents.invoice import is_due
from orders.models import InvoiceAddress, Order, OrderItem, Payment, PaymentEvent, Refund
from orders.payments.refunds import waiting_for_a_hand

from .filters import gateway_labels, of_same_customer
from .giving_back import what_is_left
from .mails import mails_of
from .next_steps import advice, primary_and_others
from .parcels import TrackingView
from .refund_views import stuck_refunds
from .rights import CHANGE, REFUND, VIEW_LOG, NeedsMixin, policy
from .seen import seen
from .timeline import timeline

# Of a payment that was talked about for ever, the end tells how it came to stand so.
MOST_LOGGED = 100
NOTHING_TO_PACK = frozenset({Order.State.CANCELLED, Order.State.EXPIRED})


class OrderInspectView(NeedsMixin, InspectView):
    model = Order
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_orders:index"
    template_name = "orders/admin/order.html"
    page_title = _("Order")
    header_icon = "form"
    fields = ["number"]

    def get_object(self, queryset: QuerySet | None = None) -> Order:
        # Read once, for the lines and for the totals below them.
        items = OrderItem.objects.select_related("sku")
        orders = Order.objects.select_related("user", "invoice")
        return get_object_or_404(orders.prefetch_related(Prefetch("items", items)), pk=self.pk)

    @cached_property
    def items(self) -> list[OrderItem]:
        return list(self.object.items.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order, user = self.object, self.request.user
        primary, others = primary_and_others(order, user)
        count = sum(item.quantity for item in self.items)
        return super().get_context_data(
            order=order,
            lines=self._lines(),
            pieces=ngettext("%(count)d piece", "%(count)d pieces", count) % {"count": count},
            totals=order.totals,
            owes=back_orders.owes(order),
            advice=advice(order),
            primary=primary,
            others=others,
            may_change=user.has_perm(CHANGE),
            may_refund=user.has_perm(REFUND),
            invoice_address=InvoiceAddress.objects.filter(order=order).first(),
            has_invoice=is_due(order),
            has_slip=order.state not in NOTHING_TO_PACK and not states.is_digital(order),
            others_of_customer=of_same_customer(order).count(),
            payments=self._payments(),
            refunds=self._refunds(),
            shipments=order.shipments.select_related("user").prefetch_related("contents__item"),
            may_correct_tracking=user.has_perm(CHANGE) and TrackingView.is_possible(order),
            mails=mails_of(order),
            entries=timeline(order),
            seen=seen(order),
            **kwargs,
        )

    def _lines(self) -> list[dict[str, Any]]:
        """Each line with its picture, the way to its product, and what went back of it."""
        products = {item.sku.product_id for item in self.items if item.sku}
        pages = pages_of(products) if products else {}
        pictures = self._pictures(pages)
        left = {line.item.pk: line for line in what_is_left(self.object).lines}
        # Who sends parcels edits no page.
        may_edit = self.request.user.has_perm(PRODUCTS)
        lines = []
        for item in self.items:
            page = pages.get(item.sku.product_id) if item.sku else None
            lines.append(
                {
                    "item": item,
                    "url": edit_url(page) if page and may_edit else "",
                    "picture": self._picture(item, pictures.get(page.pk) if page else None),
                    "refunded": item.quantity - left[item.pk].pieces,
                }
            )
        return lines

    @staticmethod
    def _picture(item: OrderItem, of_page: int | None) -> str:
        """Where its picture is: the SKU's, else the product's, else as it was when bought."""
        key = (item.sku and item.sku.picture_id) or of_page
        return reverse("catalog_thumbnail", args=[key]) if key else item.picture

    @staticmethod
    def _pictures(pages: dict[int, Any]) -> dict[int, int]:
        """The first picture of each page, by keys."""
        found = ProductPicture.objects.filter(page__in=[page.pk for page in pages.values()])
        return dict(found.order_by("-sort_order", "-pk").values_list("page", "image"))

    def _payments(self) -> list[Payment]:
        found = self.object.payments.order_by("-pk")
        if self.may_read_log:
            log = PaymentEvent.objects.order_by("-created", "-pk")
            found = found.prefetch_related(Prefetch("events", log))
        payments = list(found)
        labels = gateway_labels()
        for payment in payments:
            payment.label = labels.get(payment.gateway, payment.gateway)
            payment.log = []
            if self.may_read_log:
                payment.log = [_readable(one) for one in payment.events.all()[:MOST_LOGGED]]
        return payments

    @cached_property
    def may_read_log(self) -> bool:
        return self.request.user.has_perm(VIEW_LOG)

    def _refunds(self) -> list[Refund]:
        refunds = list(
            self.object.refunds.select_related("user", "payment").prefetch_related("items__item")
        )
        if any(refund.state == Refund.State.WAITING for refund in refunds):
            stuck = {row.payload.get("refund") for row in stuck_refunds(self.object)}
            by_hand = set(waiting_for_a_hand(self.object).values_list("pk", flat=True))
        else:
            stuck = by_hand = set()
        labels = gateway_labels()
        for refund in refunds:
            refund.is_stuck = refund.pk in stuck
            refund.is_by_hand = refund.pk in by_hand
            slug = refund.payment.gateway if refund.payment else ""
            refund.label = labels.get(slug, slug)
        return refunds


def _readable(event: PaymentEvent) -> PaymentEvent:
    """The event with what was said, as JSON that a person can read."""
    for name in ("body", "answer"):
        value = getattr(event, name)
        text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) if value else ""
        setattr(event, f"{name}_text", text)
    return event
