"""How the merchant sells: where to, how it is sent, what is taxed, how it is paid."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from catalog.models import TaxClass
from orders.country_fields import ChooseCountries

from .amounts import price_field, rate_field


class ShippingMethod(models.Model):
    """One way to send an order: for which countries, weights and values, and for how much."""

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        help_text=_("What shoppers read below it, such as “2 to 3 working days”."),
    )
    countries = CountryField(
        _("countries"),
        multiple=True,
        blank=True,
        help_text=_("Leave empty for all countries the shop sends to."),
    )
    weight_from = models.PositiveIntegerField(_("weight from (grams)"), default=0)
    weight_until = models.PositiveIntegerField(
        _("weight up to (grams)"), null=True, blank=True, help_text=_("Including this weight.")
    )
    value_from = price_field(_("order value from"), default=Decimal(0))
    value_below = price_field(
        _("order value below"), null=True, blank=True, help_text=_("Not including this value.")
    )
    price = price_field(_("price"), default=Decimal(0))
    tax_class = models.ForeignKey(
        TaxClass,
        verbose_name=_("tax class"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leave empty for the shop's standard one."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveIntegerField(
        _("position"), default=0, help_text=_("Lower ones stand first.")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")
        ordering = ["position", "price", "pk"]

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """What is taxed at how much in a country; without a class, all that has none of its own."""

    country = CountryField(_("country"))
    tax_class = models.ForeignKey(
        TaxClass,
        verbose_name=_("tax class"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rates",
        help_text=_("Leave empty for the shop's standard one."),
    )
    rate = rate_field(_("rate in percent"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["country", "tax_class__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "tax_class"],
                name="tax_rate_once",
                violation_error_message=_("There is a rate for this country and class."),
            ),
            models.UniqueConstraint(
                fields=["country"],
                condition=Q(tax_class__isnull=True),
                name="standard_tax_rate_once",
                violation_error_message=_("There is a standard rate for this country."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country.name}: {self.rate.normalize():f} %"


@register_setting(icon="form", order=220)
class OrderSettings(BaseGenericSetting):
    home_country = CountryField(
        _("country of the shop"), default="DE", help_text=_("The checkout begins with it.")
    )
    ships_to = CountryField(
        _("countries the shop sends to"),
        multiple=True,
        blank=True,
        help_text=_("Leave empty for the whole world."),
    )
    prices_include_tax = models.BooleanField(
        _("prices include tax"),
        default=True,
        help_text=_("Else it is added at the checkout."),
    )
    takes_bank_transfer = models.BooleanField(_("bank transfer or invoice"), default=True)
    sends_unpaid = models.BooleanField(
        _("send on invoice"),
        default=False,
        help_text=_("Orders may be packed before the money has arrived, and never expire."),
    )
    bank_details = models.TextField(
        _("bank details"),
        max_length=1_000,
        blank=True,
        help_text=_("Where shoppers send the money: holder, IBAN, BIC."),
    )
    unpaid_hours = models.PositiveIntegerField(
        _("bank transfers expire after (hours)"),
        default=168,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 365)],
    )
    online_unpaid_minutes = models.PositiveIntegerField(
        _("online payments expire after (minutes)"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(7 * 24 * 60)],
    )
    merchant_email = models.EmailField(
        _("mails to the merchant"),
        blank=True,
        help_text=_("New orders, low stock and what needs attention are reported here."),
    )
    tells_of_orders = models.BooleanField(_("report each new order"), default=True)
    tells_of_low_stock = models.BooleanField(_("report low stock"), default=True)
    seller = models.TextField(
        _("seller on invoices"), max_length=500, blank=True, help_text=_("Name and full address.")
    )
    seller_tax_id = models.CharField(_("tax number"), max_length=50, blank=True)
    invoice_prefix = models.CharField(_("invoice numbers begin with"), max_length=20, blank=True)
    invoice_footer = models.TextField(_("last words on invoices"), max_length=500, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("home_country"),
                FieldPanel("ships_to", widget=ChooseCountries),
                FieldPanel("prices_include_tax"),
            ],
            heading=_("Selling"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("takes_bank_transfer"),
                FieldPanel("sends_unpaid"),
                FieldPanel(
                    "bank_details",
                    help_text=_(
                        "Where shoppers send the money: holder, IBAN, BIC. While it is empty, "
                        "they are asked to write to you for it."
                    ),
                ),
                FieldRowPanel([FieldPanel("unpaid_hours"), FieldPanel("online_unpaid_minutes")]),
            ],
            heading=_("Payment"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("merchant_email"),
                FieldPanel("tells_of_orders"),
                FieldPanel("tells_of_low_stock"),
            ],
            heading=_("Reports by mail"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("seller"),
                FieldPanel("seller_tax_id"),
                FieldPanel("invoice_prefix"),
                FieldPanel("invoice_footer"),
            ],
            heading=_("Invoices"),
        ),
    ]

    class Meta:
        verbose_name = _("orders and payment")
