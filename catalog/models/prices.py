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
    """What one unit costs, and what it cost before the reduction, if there is one.

    ``lowest_before`` is the lowest price of the 30 days before the reduction began; None
    where nobody asked for it (``catalog.price_history``), nothing is reduced, or it had no
    price then.
    """

    amount: Decimal
    compare_at: Decimal | None
    currency: str
    lowest_before: Decimal | None = None

    @classmethod
    def of(
        cls,
        regular: Decimal,
        sale: Decimal | None,
        currency: str,
        lowest_before: Decimal | None = None,
    ) -> Self:
        """A sale counts only while it is below the regular price."""
        if sale is not None and sale < regular:
            return cls(sale, regular, currency, lowest_before)
        return cls(regular, None, currency)


class PriceQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Rows that nobody withdrew: all that can count from now on."""
        return self.filter(withdrawal__isnull=True)

    def in_force(self, moment: datetime) -> Self:
        """Rows valid at a moment: ``valid_from <= moment < valid_until``, not withdrawn by then."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=moment),
            Q(withdrawal__isnull=True) | Q(withdrawal__moment__gt=moment),
            valid_from__lte=moment,
            currency=settings.SHOP_CURRENCY,
        )


class Price(models.Model):
    """One entry; written once, never changed. Of those in force the latest ``valid_from`` counts.

    A sale entry without an amount ends the sales that began before it. An entry that shall
    count no longer is not taken out: a ``PriceWithdrawal`` beside it says from when on the
    ledger is to be read as if the entry were not there.
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
        indexes = [
            models.Index(fields=["sku", "kind", "-valid_from", "-id"]),
            # The report begins with what was written last.
            models.Index(fields=["-created", "-id"]),
        ]
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


class PriceWithdrawal(models.Model):
    """That an entry counts no longer: cancelled before it began, or ended before its time.

    Until ``moment`` the entry was in force as ever; from then on whatever would have been in
    force without it is in force again, and what is written later meets no trace of it.
    """

    price = models.OneToOneField(Price, on_delete=models.CASCADE, related_name="withdrawal")
    moment = models.DateTimeField(_("withdrawn"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("withdrawn price")
        verbose_name_plural = _("withdrawn prices")

    def __str__(self) -> str:
        return f"{self.price} until {self.moment}"
