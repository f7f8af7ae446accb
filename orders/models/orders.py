"""Orders: what was bought, as it was then, where it goes, and how it stands."""

import secrets
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cart.cart import MAX_QUANTITY
from cart.totals import LineTotals, Totals, by_rate
from catalog.models import Sku
from catalog.money import DECIMAL_PLACES, MAX_DIGITS, line_total

from .addresses import AddressFields
from .amounts import rate_field, sum_field

__all__ = [
    "CAME_TO_NOTHING",
    "NUMBER_ALPHABET",
    "Order",
    "OrderItem",
    "new_number",
    "new_secret",
]

# Crockford's base 32: no I, L, O or U, so a number can be read out on the telephone.
NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """An order number that tells nothing of how many there are: 40 random bits, like K7QF-2M9D."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_secret() -> str:
    """The unguessable part of an order's address: 192 random bits."""
    return secrets.token_urlsafe(24)


class Order(AddressFields):
    """One order. ``state`` says where the goods are; the two sums below, how the money stands.

    Only ``orders.states`` writes the state and only ``orders.payments.ledger`` the sums.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("state of an order", "waiting for payment")
        PAID = "paid", pgettext_lazy("state of an order", "paid")
        PACKED = "packed", pgettext_lazy("state of an order", "packed")
        SHIPPED = "shipped", pgettext_lazy("state of an order", "shipped")
        DELIVERED = "delivered", pgettext_lazy("state of an order", "delivered")
        RETURNED = "returned", pgettext_lazy("state of an order", "returned")
        CANCELLED = "cancelled", pgettext_lazy("state of an order", "cancelled")
        EXPIRED = "expired", pgettext_lazy("state of an order", "expired")

    class Money(models.TextChoices):
        UNPAID = "unpaid", pgettext_lazy("how an order's money stands", "unpaid")
        PAID = "paid", pgettext_lazy("how an order's money stands", "paid")
        PARTLY_REFUNDED = (
            "partly_refunded",
            pgettext_lazy("how an order's money stands", "partly refunded"),
        )
        REFUNDED = "refunded", pgettext_lazy("how an order's money stands", "refunded")

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
    email = models.EmailField(_("email"))
    message = models.TextField(_("message to the shop"), max_length=1_000, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    # The gateway that was chosen last: its slug.
    payment_method = models.CharField(_("payment method"), max_length=30, blank=True)
    # Sent on invoice: it may be packed before it is paid, and does not expire.
    is_sent_unpaid = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    amount_paid = sum_field(_("amount paid"))
    amount_refunded = sum_field(_("amount refunded"))
    # Why somebody has to look at it, such as money that came after the goods were gone.
    alert = models.CharField(_("needs attention"), max_length=255, blank=True)

    # When its member asked to be forgotten, and when nothing of the person was left in it.
    erasure_asked = models.DateTimeField(null=True, blank=True, editable=False)
    erased = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    currency = models.CharField(_("currency"), max_length=3)
    includes_tax = models.BooleanField(default=True)
    coupon_code = models.CharField(_("coupon"), max_length=40, blank=True)
    shipping_name = models.CharField(_("shipping"), max_length=100, blank=True)
    shipping_amount = sum_field()
    shipping_discount = sum_field()
    shipping_net = sum_field()
    shipping_tax = sum_field()
    shipping_tax_rate = rate_field(_("tax rate"), default=Decimal(0))
    total = sum_field(_("total"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created", "-pk"]
        permissions = [("refund_order", _("Can refund orders"))]
        indexes = [
            models.Index(fields=["state", "-created"]),
            models.Index(fields=["user", "-created"]),
            # Whether a customer has ordered before is asked while a coupon is held.
            models.Index(Upper("email"), name="order_email_without_case"),
        ]
        constraints = [
            models.CheckConstraint(name="order_total_not_negative", condition=Q(total__gte=0)),
            models.CheckConstraint(
                name="order_refunds_within_payments",
                condition=Q(amount_refunded__gte=0, amount_refunded__lte=F("amount_paid")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """An address that only the shopper has: the number alone opens nothing."""
        return reverse("orders:order", args=[self.secret])

    @property
    def name(self) -> str:
        """The whole name; of who was erased, that they were."""
        return gettext("erased") if self.erased else super().name

    @property
    def money(self) -> Money:
        """How the money stands, from the two sums alone."""
        if not self.paid_at:
            return self.Money.UNPAID
        if not self.amount_refunded:
            return self.Money.PAID
        if self.amount_refunded < self.amount_paid:
            return self.Money.PARTLY_REFUNDED
        return self.Money.REFUNDED

    @property
    def refundable(self) -> Decimal:
        """What was paid and has not gone back."""
        return self.amount_paid - self.amount_refunded

    @property
    def shipping(self) -> LineTotals:
        return LineTotals(
            "",
            self.shipping_amount,
            self.shipping_discount,
            self.shipping_net,
            self.shipping_tax,
            self.shipping_tax_rate,
        )

    @cached_property
    def totals(self) -> Totals:
        """What ``cart.totals`` returned when the order was placed, read back from its columns."""
        lines = tuple(item.totals for item in self.items.all())
        return Totals(
            lines=lines,
            goods=sum((line.amount for line in lines), Decimal(0)),
            discount=sum((line.discount for line in lines), Decimal(0)),
            shipping=self.shipping,
            taxes=by_rate([*lines, self.shipping]),
            includes_tax=self.includes_tax,
        )


# In these nothing was sold after all.
CAME_TO_NOTHING = (Order.State.CANCELLED, Order.State.EXPIRED)


class OrderItem(models.Model):
    """What was bought, as it was then. The link to the SKU is for statistics and may be lost."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=255)
    sku_code = models.CharField(_("SKU code"), max_length=64)
    options = models.CharField(_("options"), max_length=800, blank=True)
    # Where its picture was; shown as long as it is still there.
    picture = models.CharField(max_length=255, blank=True, editable=False)
    is_digital = models.BooleanField(default=False)
    weight = models.PositiveIntegerField(_("weight in grams"), default=0)
    unit_price = models.DecimalField(
        _("unit price"), max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)]
    )
    discount = sum_field(_("discount"))
    net = sum_field(_("net"))
    tax = sum_field(_("tax"))
    tax_rate = rate_field(_("tax rate"), default=Decimal(0))
    # How many of the quantity were not on hand and are owed.
    back_ordered = models.PositiveIntegerField(_("on back order"), default=0)
    # How many went back on the shelf.
    restocked = models.PositiveIntegerField(_("restocked"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="item_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="item_price_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(
                name="item_restocked_within_taken",
                condition=Q(restocked__lte=F("quantity") - F("back_ordered")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_code}"

    @property
    def total(self) -> Decimal:
        """What stands in the line: before any discount, in prices as they were shown."""
        return line_total(self.unit_price, self.quantity, self.order.currency)

    @property
    def totals(self) -> LineTotals:
        return LineTotals(
            self.sku_code, self.total, self.discount, self.net, self.tax, self.tax_rate
        )

    @property
    def to_restock(self) -> int:
        """How many were taken off the shelf and are not back on it."""
        return self.quantity - self.back_ordered - self.restocked
