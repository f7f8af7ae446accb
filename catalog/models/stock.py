"""What is on hand, and the ledger that always adds up to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StockState(models.TextChoices):
    """How a SKU's stock stands: see ``SkuQuerySet.with_stock_state``."""

    IN_STOCK = "in_stock", _("in stock")
    LOW = "low", _("low")
    SOLD_OUT = "sold_out", _("sold out")
    BACK_ORDER = "back_order", _("on back order")


class Stock(models.Model):
    """One row for each SKU. Only ``catalog.stock`` changes ``on_hand``."""

    class WhenSoldOut(models.TextChoices):
        STOP = "stop", _("stop selling")
        SELL_ON = "sell_on", _("sell on back order")

    sku = models.OneToOneField(
        "catalog.Sku", on_delete=models.CASCADE, primary_key=True, related_name="stock"
    )
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    when_sold_out = models.CharField(
        _("when sold out"), max_length=8, choices=WhenSoldOut, default=WhenSoldOut.STOP
    )
    back_order_text = models.CharField(
        _("text on back order"),
        max_length=200,
        blank=True,
        help_text=_("What shoppers read when none is on hand, such as “Ships in two weeks”."),
    )
    low_at = models.PositiveIntegerField(
        _("low at"), null=True, blank=True, help_text=_("Leave empty for the shop's own number.")
    )

    # What the last import counted: a file that says the same again says nothing new,
    # whatever was sold since.
    imported = models.PositiveIntegerField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(name="stock_not_below_zero", condition=Q(on_hand__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.on_hand}"


class StockMovement(models.Model):
    """One change of stock: how much, when, why, by whom. Written once, never changed."""

    class Reason(models.TextChoices):
        ORDER = "order", _("order")
        IMPORT = "import", _("import")
        ADJUSTMENT = "adjustment", _("adjustment")
        RECEIVED = "received", _("goods received")
        COUNTED = "counted", _("counted")
        RETURNED = "returned", _("returned")
        DAMAGED = "damaged", _("damaged or lost")

    sku = models.ForeignKey("catalog.Sku", on_delete=models.CASCADE, related_name="movements")
    quantity = models.IntegerField(_("quantity"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    # What caused it, such as an order's number; catalog does not know orders.
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    created = models.DateTimeField(_("when"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [models.Index(fields=["sku", "-created"])]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.quantity:+d}"
