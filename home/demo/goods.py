"""The facts of the demo shop: SKUs, their prices and their stock."""

import itertools
from decimal import Decimal
from random import Random

from django.utils import timezone

from catalog import prices, stock
from catalog.models import Product, Sku, Stock, StockMovement
from home.demo import desk
from home.demo.clock import Clock
from home.demo.kinds import FRAMES, OPENED, SIZES, Article
from social.models import User

# What a frame adds to a print, and what everything weighs, by size.
FRAME_PRICES = dict(zip(SIZES, map(Decimal, ("39", "69", "109")), strict=True))
PRINT_WEIGHTS = dict(zip(SIZES, (320, 480, 650), strict=True))
FRAME_WEIGHTS = dict(zip(SIZES, (1_500, 2_900, 4_800), strict=True))
CODES = {"A3": "A3", "50 × 70 cm": "50X70", "70 × 100 cm": "70X100", "Oak": "OAK", "Black": "BLACK"}


def fill(products: dict[Product, Article], user: User, clock: Clock) -> None:
    """Give each product its variants, and these a price, a price history and stock."""
    wanted = [
        (product, article, variant)
        for product, article in products.items()
        for variant in itertools.product(article.sizes or ("",), article.frames or ("",))
    ]
    Sku.objects.bulk_create(
        _sku(product, article, variant, position)
        for position, (product, article, variant) in enumerate(wanted)
    )
    Stock.objects.bulk_create(
        Stock(sku=sku, when_sold_out=_when_sold_out(products[sku.product]))
        for sku in Sku.objects.filter(product__in=products).select_related("product")
    )
    found = {code(article, variant): (article, variant) for _product, article, variant in wanted}
    _price(found, user, clock)
    clock.moment = timezone.now() - OPENED
    _stock(found)
    clock.moment = None


def code(article: Article, variant: tuple[str, str]) -> str:
    """``DUNE-A3-OAK``; a print without a frame ends with its size."""
    return "-".join([article.code, *(CODES[value] for value in variant if value in CODES)])


def _sku(product: Product, article: Article, variant: tuple[str, str], position: int) -> Sku:
    size, frame = variant
    weight = article.weight
    if size:
        weight = PRINT_WEIGHTS[size] + (FRAME_WEIGHTS[size] if frame in FRAMES[1:] else 0)
    options = [value for value in variant if value]
    return Sku(
        product=product,
        code=code(article, variant),
        weight=weight,
        position=position,
        **{f"option{number}": value for number, value in enumerate(options, 1)},
    )


def _when_sold_out(article: Article) -> str:
    return Stock.WhenSoldOut.SELL_ON if article.sells_on else Stock.WhenSoldOut.STOP


def _price(found: dict[str, tuple[Article, tuple[str, str]]], user: User, clock: Clock) -> None:
    """What everything cost when the shop opened, and the sale that runs now."""
    opened = timezone.now() - OPENED
    opening = [
        prices.NewPrice(sku, _amount(*found[sku.code], before=True))
        for sku in Sku.objects.filter(code__in=found).with_prices(opened)
    ]
    prices.set_prices(opening, at=opened, reason="Opening prices")
    reduced = {code: _amount(*one) for code, one in found.items() if one[0].before}
    desk.hold_sale(reduced, user, clock)


def _amount(article: Article, variant: tuple[str, str], *, before: bool = False) -> Decimal:
    size, frame = variant
    amounts = (article.before if before else ()) or article.prices
    amount = Decimal(amounts[article.sizes.index(size) if size else 0])
    return amount + (FRAME_PRICES[size] if frame in FRAMES[1:] else 0)


def _stock(found: dict[str, tuple[Article, tuple[str, str]]]) -> None:
    changes = {}
    for sku in Sku.objects.filter(code__in=found):
        article, _variant = found[sku.code]
        usual = Random(sku.code).randint(6, 40)  # noqa: S311 - only to look like a shop
        changes[sku] = article.stock.get(sku.code, usual)
    stock.adjust(changes, reason=StockMovement.Reason.IMPORT, reference="Opening stock")
