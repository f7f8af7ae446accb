"""Coupons: what they take off, for whom and when, and who used them."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cart.totals import Discount, DiscountKind
from catalog.models import CategoryPage

from .amounts import price_field, sum_field
from .orders import Order


class Coupon(models.Model):
    class Kind(models.TextChoices):
        PERCENT = DiscountKind.PERCENT, _("percent")
        AMOUNT = DiscountKind.AMOUNT, _("amount")
        FREE_SHIPPING = DiscountKind.FREE_SHIPPING, _("free shipping")

    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[RegexValidator(r"^[^\s\x00-\x1f\x7f]+$", _("A code has no spaces."))],
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.PERCENT)
    value = price_field(
        _("value"), default=Decimal(0), help_text=_("Percent, or an amount as prices are shown.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    minimum = price_field(
        _("minimum order value"), default=Decimal(0), help_text=_("Of the goods it counts for.")
    )
    most_uses = models.PositiveIntegerField(
        _("uses in all"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    most_uses_each = models.PositiveIntegerField(
        _("uses by one customer"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    first_order_only = models.BooleanField(_("first order only"), default=False)
    # Kept apart from the list below: a category that is deleted must not open it to everything.
    only_some = models.BooleanField(_("only for some categories"), default=False)
    categories = models.ManyToManyField(
        CategoryPage, verbose_name=_("categories"), blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    # Only ``orders.coupons`` writes it, with the row that proves the use.
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                name="coupon_code_unique_without_case",
                violation_error_message=_("Another coupon has this code."),
            ),
            models.CheckConstraint(
                name="coupon_used_within_limit",
                condition=Q(most_uses__isnull=True) | Q(used__lte=F("most_uses")),
            ),
            models.CheckConstraint(
                name="coupon_percent_within_hundred",
                condition=~Q(kind="percent") | Q(value__lte=100),
                violation_error_message=_("No more than 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def discount(self) -> Discount:
        return Discount(DiscountKind(self.kind), self.value)


class CouponUse(models.Model):
    """That an order used a coupon; released again if the order came to nothing."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="coupon_use")
    # Without regard to case: who the customer is, member or guest.
    email = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    amount = sum_field(_("discount"))
    created = models.DateTimeField(_("when"), default=timezone.now)
    released = models.DateTimeField(_("given back"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        indexes = [models.Index(fields=["coupon", "email"])]

    def __str__(self) -> str:
        return f"{self.coupon_id}: {self.order_id}"
