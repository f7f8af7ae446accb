"""What happened to an order after it was placed, and the parcels it became."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .orders import Order, OrderItem


class OrderEvent(models.Model):
    """One thing that happened to an order: when, by whom, why. Written once, never changed."""

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        PAYMENT = "payment", _("payment")
        REFUND = "refund", _("refund")
        ADDRESS = "address", _("address")
        MAIL = "mail", _("mail")
        NOTE = "note", _("note")
        ALERT = "alert", _("alert")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    from_state = models.CharField(max_length=12, choices=Order.State, blank=True)
    to_state = models.CharField(max_length=12, choices=Order.State, blank=True)
    text = models.TextField(_("what and why"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Who it was where it was no member of the staff: "shopper", "PayPal", "clock".
    by = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(_("when"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("event of an order")
        verbose_name_plural = _("events of orders")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind} {self.to_state}".strip()


class Shipment(models.Model):
    """A parcel on its way."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    tracking_url = models.URLField(_("address to follow it"), max_length=500, blank=True)
    created = models.DateTimeField(_("sent"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip()


class ShipmentItem(models.Model):
    """How many pieces of a line lie in a parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="contents")
    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("content of a shipment")
        verbose_name_plural = _("contents of shipments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "item"], name="line_once_in_a_parcel"),
            models.CheckConstraint(name="parcel_holds_pieces", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"
