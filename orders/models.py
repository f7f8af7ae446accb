"""The books: what was ordered, and what must still be done about it."""

import secrets
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from cart.cart import MAX_QUANTITY
from catalog.models import Sku
from catalog.money import DECIMAL_PLACES, MAX_DIGITS, line_total

# Crockford's base 32: no I, L, O or U, so a number can be read out on the telephone.
NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

FAMILY_NAME_FIRST = {"ko", "zh-hans"}
# Two hundred lines of 999 pieces at the highest price still fit.
TOTAL_DIGITS = MAX_DIGITS + 6


def new_number() -> str:
    """An order number that tells nothing of how many there are: 40 random bits, like K7QF-2M9D."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_secret() -> str:
    """The unguessable part of an order's address: 192 random bits."""
    return secrets.token_urlsafe(24)


class Order(models.Model):
    number = models.CharField(_("number"), max_length=9, unique=True, default=new_number)
    secret = models.CharField(max_length=32, unique=True, default=new_secret, editable=False)
    # One for each checkout form shown: a second submit of it finds this order.
    checkout_token = models.UUIDField(unique=True, editable=False)
    created = models.DateTimeField(_("placed"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="orders",
    )
    language = models.CharField(_("language"), max_length=12)

    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("email"))
    address = models.CharField(_("address"), max_length=250)
    postal_code = models.CharField(_("postal code"), max_length=20)
    city = models.CharField(_("city"), max_length=100)
    country = CountryField(_("country"), blank_label=_("Choose a country"))

    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(
        _("total"), max_digits=TOTAL_DIGITS, decimal_places=DECIMAL_PLACES, default=0
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(name="order_total_not_negative", condition=Q(total__gte=0))
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """An address that only the shopper has: the number alone opens nothing."""
        return reverse("orders:thanks", args=[self.secret])

    @property
    def name(self) -> str:
        """The whole name, as one writes it on a parcel in the language of the order."""
        if self.language in FAMILY_NAME_FIRST:
            return f"{self.last_name}{self.first_name}"
        return f"{self.first_name} {self.last_name}"


class OrderItem(models.Model):
    """What was bought, as it was then. The link to the SKU is for statistics and may be lost."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=255)
    sku_code = models.CharField(_("SKU code"), max_length=64)
    options = models.CharField(_("options"), max_length=800, blank=True)
    unit_price = models.DecimalField(
        _("unit price"), max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)]
    )
    # How many of the quantity were not on hand and are owed.
    back_ordered = models.PositiveIntegerField(_("on back order"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="item_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="item_price_not_negative", condition=Q(unit_price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_code}"

    @property
    def total(self) -> Decimal:
        return line_total(self.unit_price, self.quantity, self.order.currency)


class OutboxQuerySet(models.QuerySet):
    def due(self, moment=None) -> Self:
        """Rows to work on now: queued, or leased by a worker that did not come back."""
        moment = moment or timezone.now()
        return self.filter(
            Q(state=Outbox.State.QUEUED, next_at__lte=moment)
            | Q(state=Outbox.State.LEASED, leased_until__lte=moment)
        )


class Outbox(models.Model):
    """What must be done after a commit, written in the same transaction as its cause.

    Celery only rings (docs/decisions/0004); this row is the fact that a mail is owed.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("state of a mail", "waiting")
        LEASED = "leased", pgettext_lazy("state of a mail", "being sent")
        SENT = "sent", pgettext_lazy("state of a mail", "sent")
        FAILED = "failed", pgettext_lazy("state of a mail", "given up")

    # What it is for, once and for ever: "order:17:placed".
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=50)
    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="outbox", verbose_name=_("order")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = OutboxQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return self.key
