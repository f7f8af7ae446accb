"""The ledger of money: every attempt to pay, every word with a gateway, every refund."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .amounts import sum_field
from .orders import Order, OrderItem


class Payment(models.Model):
    """One attempt to pay an order by one gateway."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("state of a payment", "begun")
        PENDING = "pending", pgettext_lazy("state of a payment", "waiting")
        CAPTURED = "captured", pgettext_lazy("state of a payment", "paid")
        FAILED = "failed", pgettext_lazy("state of a payment", "failed")
        CANCELLED = "cancelled", pgettext_lazy("state of a payment", "cancelled")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    gateway = models.CharField(_("gateway"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    amount = sum_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # Sent with each call that creates something, so that a repeated call creates nothing twice.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # The gateway's names: of what the shopper approves, and of the money that was taken.
    reference = models.CharField(_("reference"), max_length=255, blank=True)
    capture_reference = models.CharField(max_length=255, blank=True)
    failure = models.CharField(_("why it failed"), max_length=255, blank=True)
    created = models.DateTimeField(_("begun"), default=timezone.now)
    captured_at = models.DateTimeField(_("paid"), null=True, blank=True)
    # When to ask the gateway how it stands, if nobody said so before; and how often one has.
    next_check = models.DateTimeField(null=True, blank=True, db_index=True)
    checks = models.PositiveSmallIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "reference"],
                condition=~Q(reference=""),
                name="payment_reference_once",
            ),
            models.CheckConstraint(name="payment_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.reference}".strip()


class PaymentEvent(models.Model):
    """One call to a gateway, or one message from it, as it was. No secrets, no card numbers."""

    class Direction(models.TextChoices):
        CALL = "call", pgettext_lazy("payment log", "call")
        MESSAGE = "message", pgettext_lazy("payment log", "message")

    gateway = models.CharField(_("gateway"), max_length=30)
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    direction = models.CharField(_("direction"), max_length=7, choices=Direction)
    action = models.CharField(_("action"), max_length=100)
    # Of a message: the gateway's own id, by which a repeated one is known.
    event_id = models.CharField(max_length=255, null=True, blank=True)
    body = models.JSONField(default=dict, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    created = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("word with a gateway")
        verbose_name_plural = _("words with gateways")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="gateway_message_once")
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.action}"


class Refund(models.Model):
    """Money that goes back.

    It counts in ``Order.amount_refunded`` from the moment it is asked for, so that two at
    once never give back more than was paid; one that fails is taken off again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a refund", "waiting")
        DONE = "done", pgettext_lazy("state of a refund", "done")
        FAILED = "failed", pgettext_lazy("state of a refund", "failed")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    amount = sum_field(_("amount"))
    # How much of it is for shipping.
    shipping = sum_field(_("shipping"))
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=255, blank=True)
    failure = models.CharField(_("why it failed"), max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created = models.DateTimeField(_("asked for"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "reference"],
                condition=~Q(reference=""),
                name="refund_reference_once",
            ),
            models.CheckConstraint(name="refund_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.amount}"


class RefundItem(models.Model):
    """Which pieces a refund is for."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="refunded")
    quantity = models.PositiveIntegerField(_("quantity"))
    # How much of the refund is for them: less than they cost, if the merchant chose so.
    amount = sum_field(_("amount"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("refunded line")
        verbose_name_plural = _("refunded lines")
        constraints = [
            models.CheckConstraint(name="refund_item_positive", condition=Q(quantity__gte=1))
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"
