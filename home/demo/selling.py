"""By what rules the demo shop sells: where to, how it is sent, taxes, coupons, its own address.

All of it is invented, and what money could be sent to says so.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalog.models import CategoryPage, Product, Sku, TaxClass
from catalog.money import quantize
from home.demo.kinds import Article
from orders.models import Coupon, OrderSettings, ShippingMethod, TaxRate


def _codes(text: str) -> list[str]:
    return text.split()


AT_HOME = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
NEAR = _codes("CH GB IS LI NO")
FAR = _codes("AU CA CN HK JP KR NZ SG TW US")
KILO = 1_000
FREE_FROM = Decimal(80)

# Name, description, countries, price, and what else limits it.
METHODS: tuple[tuple[str, str, list[str], str, dict[str, Any]], ...] = (
    ("Parcel", "3 to 5 working days", AT_HOME, "4.90", {"value_below": FREE_FROM}),
    ("Parcel", "3 to 5 working days, free from here on", AT_HOME, "0", {"value_from": FREE_FROM}),
    ("Express", "The next working day", AT_HOME, "14.90", {"weight_until": 10 * KILO}),
    ("Parcel abroad", "5 to 8 working days", NEAR, "11.90", {"weight_until": 30 * KILO}),
    ("Air parcel", "6 to 12 working days", FAR, "24.90", {"weight_until": 5 * KILO}),
    ("Heavy air parcel", "6 to 12 working days", FAR, "59.00", {"weight_from": 5 * KILO + 1}),
)
REDUCED = "Reduced rate"
# The standard rate in percent, and the reduced one where there is one.
RATES = {
    "AT": ("20", "10"),
    "BE": ("21", "6"),
    "DE": ("19", "7"),
    "ES": ("21", "10"),
    "FR": ("20", "5.5"),
    "IT": ("22", "10"),
    "NL": ("21", "9"),
    "PL": ("23", "8"),
    "CH": ("8.1", "2.6"),
    "GB": ("20", None),
}
SELLER = "Paper & Ink\nBakehouse Lane 1\n12345 Exampletown\nGermany"
BANK_DETAILS = (
    "Paper & Ink (an invented shop: please send no money)\n"
    "IBAN DE00 0000 0000 0000 0000 00\n"
    "BIC EXAMPLEXXXX"
)


def set_up(shelves: Mapping[str, CategoryPage], products: Mapping[Product, Article]) -> None:
    """Write the rules; ``shelves`` are found by their titles."""
    _write_settings()
    _tax(products)
    for position, (name, description, countries, price, limits) in enumerate(METHODS):
        ShippingMethod.objects.create(
            name=name,
            description=description,
            countries=countries,
            price=_amount(price),
            position=position,
            **limits,
        )
    _coupons(shelves)


def _amount(text: str) -> Decimal:
    return quantize(Decimal(text), settings.SHOP_CURRENCY)


def _write_settings() -> None:
    own = OrderSettings.load()
    own.home_country = "DE"
    own.ships_to = [*AT_HOME, *NEAR, *FAR]
    own.bank_details = BANK_DETAILS
    own.merchant_email = "shop@example.com"
    own.seller = SELLER
    own.seller_tax_id = "DE000000000"
    own.invoice_prefix = "PI-"
    own.invoice_footer = "Paper & Ink is an invented shop, and this is no real invoice."
    own.save()


def _tax(products: Mapping[Product, Article]) -> None:
    reduced, _created = TaxClass.objects.get_or_create(name=REDUCED)
    cards = [product for product, article in products.items() if article.shown == "cards"]
    Sku.objects.filter(product__in=cards).update(tax_class=reduced)
    for country, (standard, less) in RATES.items():
        TaxRate.objects.create(country=country, rate=Decimal(standard))
        if less is not None:
            TaxRate.objects.create(country=country, tax_class=reduced, rate=Decimal(less))


def _coupons(shelves: Mapping[str, CategoryPage]) -> None:
    Coupon.objects.create(
        code="WELCOME10",
        kind=Coupon.Kind.PERCENT,
        value=Decimal(10),
        first_order_only=True,
        most_uses_each=1,
        note="For newcomers",
    )
    Coupon.objects.create(
        code="FREESHIP",
        kind=Coupon.Kind.FREE_SHIPPING,
        minimum=_amount("30"),
        note="On the flyer in each parcel",
    )
    stargazers = Coupon.objects.create(
        code="STARGAZER",
        kind=Coupon.Kind.AMOUNT,
        value=_amount("5"),
        minimum=_amount("20"),
        most_uses=100,
        only_some=True,
        note="For the observatory's newsletter",
    )
    stargazers.categories.add(shelves["Night & Sky"])
    now = timezone.now()
    Coupon.objects.create(
        code="OPENING25",
        kind=Coupon.Kind.PERCENT,
        value=Decimal(25),
        valid_from=now - timedelta(days=90),
        valid_until=now - timedelta(days=60),
        note="The opening week, which is over",
    )
