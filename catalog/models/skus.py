"""The things that are sold. Facts: no revision holds them, no page owns them (DESIGN.md, 1)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.money import DECIMAL_PLACES, MAX_DIGITS

from .prices import PricePoint
from .sku_queries import ON_SHOW, SkuQuerySet
from .stock import Stock
from .tax import TaxClass

__all__ = ["ON_SHOW", "Product", "Sku", "SkuQuerySet"]


class Product(models.Model):
    """The thing itself: one row, however many locales, aliases and drafts its page has.

    Pages point here. The other columns are what listings sort and filter by: only
    ``catalog.listing.refresh`` writes prices and stock, ``orders.sales`` what was sold, and
    the people's side (``social``) views, likes and ratings.
    """

    handle = models.SlugField(
        _("handle"),
        max_length=255,
        allow_unicode=True,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The name by which imports find this product again."),
    )
    is_digital = models.BooleanField(
        _("digital"), default=False, help_text=_("Nothing is sent, so no shipping is charged.")
    )
    # Since when it is no longer sold, for good or until somebody brings it back.
    retired = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    lowest_price = models.DecimalField(
        max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True, editable=False
    )
    # When lowest_price may stop being true; null where nothing is scheduled.
    price_changes_at = models.DateTimeField(null=True, editable=False, db_index=True)
    in_stock = models.BooleanField(default=False, editable=False)
    on_sale = models.BooleanField(default=False, editable=False)
    sold_30_days = models.PositiveIntegerField(default=0, editable=False)
    views = models.PositiveBigIntegerField(default=0, editable=False)
    total_likes = models.PositiveIntegerField(default=0, editable=False)
    total_reviews = models.PositiveIntegerField(default=0, editable=False)
    # The average of their stars, from 1 to 5; null where there are none.
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [models.Index(fields=["lowest_price", "id"])]

    def __str__(self) -> str:
        return self.handle or f"Product {self.pk}"


class Sku(models.Model):
    """What is sold: one combination of a product's options. A shopper calls it a variant.

    Never deleted once an order knows it: ``is_active`` retires it.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="skus")
    code = models.CharField(
        _("SKU code"),
        max_length=64,
        validators=[
            RegexValidator(r"^\S(.*\S)?$", _("A code neither begins nor ends with a space.")),
            RegexValidator(r"^[^\x00-\x1f\x7f]*$", _("A code has no control characters.")),
        ],
    )
    option1 = models.CharField(_("first option"), max_length=255, blank=True)
    option2 = models.CharField(_("second option"), max_length=255, blank=True)
    option3 = models.CharField(_("third option"), max_length=255, blank=True)
    barcode = models.CharField(_("barcode"), max_length=64, blank=True)
    weight = models.PositiveIntegerField(_("weight in grams"), default=0)
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    tax_class = models.ForeignKey(
        TaxClass,
        verbose_name=_("tax class"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leave empty for the shop's standard one."),
    )
    # What the merchant pays for it. Never on a page: revisions and the API show pages.
    cost = models.DecimalField(
        _("cost"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    is_active = models.BooleanField(_("on sale"), default=True)

    objects = SkuQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        ordering = ["position", "pk"]
        # Whoever may change a SKU need not know what the merchant pays for it.
        permissions = [("view_cost", _("Can see what SKUs cost the merchant"))]
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                name="sku_code_unique_without_case",
                violation_error_message=_("Another SKU already has this code."),
            ),
            models.UniqueConstraint(
                F("product"),
                Lower("option1"),
                Lower("option2"),
                Lower("option3"),
                name="sku_options_unique_in_product",
                violation_error_message=_("This product already has a variant with these options."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def option_values(self) -> list[str]:
        return [value for value in (self.option1, self.option2, self.option3) if value]

    @property
    def label(self) -> str:
        """The variant as a shopper reads it: "Large / Blue"; empty where there are no options."""
        return " / ".join(self.option_values)

    @property
    def price(self) -> PricePoint | None:
        """The price in force, where the row was read ``with_prices()``; None if it has none."""
        if self.regular_price is None:
            return None
        lowest = getattr(self, "lowest_before", None)
        return PricePoint.of(self.regular_price, self.sale_price, settings.SHOP_CURRENCY, lowest)

    @property
    def price_then(self) -> PricePoint | None:
        """The price at the SKU's own moment, where the row was read ``with_prices_then()``."""
        if self.regular_then is None:
            return None
        return PricePoint.of(self.regular_then, self.sale_then, settings.SHOP_CURRENCY)

    def most_to_buy(self, limit: int) -> int:
        """How many of it one cart may hold, at most ``limit``."""
        if self.stock.when_sold_out == Stock.WhenSoldOut.SELL_ON:
            return limit
        return min(limit, self.stock.on_hand)
