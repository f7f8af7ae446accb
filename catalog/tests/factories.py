"""Small things to test with: a category, a product page, SKUs with price and stock."""

from decimal import Decimal
from itertools import count

from wagtail.models import Site

from catalog import prices, stock
from catalog.models import CategoryPage, Product, ProductPage, Sku, Stock, StockMovement

_numbers = count(1)


def make_category(title: str = "Prints", parent=None, **fields) -> CategoryPage:
    parent = parent or Site.objects.get(is_default_site=True).root_page
    fields.setdefault("show_in_menus", True)
    return parent.add_child(instance=CategoryPage(title=title, **fields))


def make_page(title: str | None = None, category: CategoryPage | None = None, **fields):
    title = title or f"Print {next(_numbers)}"
    category = category or CategoryPage.objects.first() or make_category()
    return category.add_child(instance=ProductPage(title=title, **fields))


def make_sku(
    product: Product | ProductPage | None = None,
    code: str | None = None,
    *,
    price: str | None = "10.00",
    compare_at: str | None = None,
    on_hand: int = 10,
    when_sold_out: str = Stock.WhenSoldOut.STOP,
    **fields,
) -> Sku:
    """A SKU on a live page, as the shop itself would write it: through the ledgers."""
    if product is None:
        product = make_page()
    if isinstance(product, ProductPage):
        product = product.product
    sku = Sku.objects.create(product=product, code=code or f"SKU-{next(_numbers)}", **fields)
    Stock.objects.create(sku=sku, when_sold_out=when_sold_out)
    if on_hand:
        stock.adjust({sku: on_hand}, reason=StockMovement.Reason.ADJUSTMENT)
    if price is not None:
        set_price(sku, price, compare_at)
    return Sku.objects.with_availability().get(pk=sku.pk)


def set_price(sku: Sku, price: str, compare_at: str | None = None, **options) -> None:
    sku = Sku.objects.with_prices(options.get("at")).get(pk=sku.pk)
    new = prices.NewPrice(sku, Decimal(price), Decimal(compare_at) if compare_at else None)
    prices.set_prices([new], **options)
