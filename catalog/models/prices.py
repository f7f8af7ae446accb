"""The ledger of prices. A price at any moment, past or future, is a question to these rows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.money import DECIMAL_PLACES, MAX_DIGITS


@dataclass(frozen=True)
class PricePoint:
    """What one unit costs, and what it cost before the reduction, if there is one."""

    amount: Decimal
    compare_at: Decimal | None
    currency: str

    @classmethod
    def of(cls, regular: Decimal, sale: Decimal | None, currency: str) -> Self:
        """A sale counts only while it is below the regular price."""
        if sale is not None and sale < regular:
            return cls(sale, regular, currency)
        return cls(regular, None, currency)


class PriceQuerySet(models.QuerySet):
    def in_force(self, moment: datetime) -> Self:
        """Rows valid at a moment: ``valid_from <= moment < valid_until``."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=moment),
            valid_from__lte=moment,
            currency=settings.SHOP_CURRENCY,
        )


class Price(models.Model):
    """One entry; written once, never changed. Of those in force the latest ``valid_from`` counts.

    A sale entry without an amount ends the sales that began before it.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", _("regular")
        SALE = "sale", _("sale")

    sku = models.ForeignKey("catalog.Sku", on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.REGULAR)
    amount = models.DecimalField(
        _("amount"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    created = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    batch = models.ForeignKey(
        "catalog.PriceBatch",
        verbose_name=_("price batch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="prices",
    )

    objects = PriceQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        indexes = [models.Index(fields=["sku", "kind", "-valid_from", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="price_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="price_regular_has_amount",
                condition=Q(kind="sale") | Q(amount__isnull=False),
            ),
            models.CheckConstraint(
                name="price_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.kind})"
