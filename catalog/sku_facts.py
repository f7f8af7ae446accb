"""SKUs with prices, stock and whether they may be sold: one query, cheap to ask.

For whoever knows which products or codes are asked for, in place of
``Sku.objects.with_availability()``, for which Django spends up to 15 ms on writing the SQL::

    for sku in sku_facts.of_products(page.product_id for page in pages):
        if sku.is_on_show: ...
    on_sale = [sku for sku in sku_facts.of_codes(["DUNE"]) if sku.is_purchasable]

What is returned are SKUs as that queryset reads them, with ``stock`` and ``product`` read along,
``regular_price`` and ``sale_price`` (so that ``sku.price`` answers) of the moment shown,
``has_page`` and ``is_purchasable``. All are returned, in their order, also those that no shopper
may see: ``is_on_show`` says which. ``price_history.with_lowest`` takes them as they are.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from catalog.joined import Joined, adapted, join
from catalog.models.prices import Price
from catalog.models.sku_queries import judge
from catalog.models.skus import Product, Sku
from catalog.models.stock import Stock
from catalog.moment import shown

# As PriceQuerySet.in_force says it; of several the one that began last counts.
IN_FORCE = """(
    SELECT price.amount FROM catalog_price price
    LEFT JOIN catalog_pricewithdrawal withdrawal ON withdrawal.price_id = price.id
    WHERE price.sku_id = sku.id AND price.kind = '{kind}' AND price.currency = asked.currency
    AND price.valid_from <= {moment}
    AND (price.valid_until IS NULL OR price.valid_until > {moment})
    AND (withdrawal.moment IS NULL OR withdrawal.moment > {moment})
    ORDER BY price.valid_from DESC, price.id DESC LIMIT 1
)"""
# On a page that is live and open to everybody.
HAS_PAGE = """EXISTS (
    SELECT 1 FROM catalog_productpage shown
    JOIN wagtailcore_page page ON page.id = shown.page_ptr_id
    WHERE shown.product_id = sku.product_id AND page.live AND NOT EXISTS (
        SELECT 1 FROM wagtailcore_pageviewrestriction restriction
        JOIN wagtailcore_page closed ON closed.id = restriction.page_id
        WHERE substr(page.path, 1, length(closed.path)) = closed.path
    )
)"""
FACTS = """
    SELECT {columns}, {amounts}, {has_page}
    FROM {skus} sku
    CROSS JOIN (SELECT %(now)s AS now, %(currency)s AS currency) asked
    JOIN catalog_product product ON product.id = sku.product_id
    LEFT JOIN catalog_stock stock ON stock.sku_id = sku.id
    WHERE {where}
    ORDER BY sku.position, sku.id
"""
KINDS = (Price.Kind.REGULAR, Price.Kind.SALE)
AMOUNT = Price._meta.get_field("amount")
READ_ALONG = {"sku": Sku, "product": Product, "stock": Stock}
NOW = Joined(READ_ALONG, AMOUNT, AMOUNT)
NOW_AND_THEN = Joined(READ_ALONG, AMOUNT, AMOUNT, AMOUNT, AMOUNT)


def of_products(products: Iterable[int]) -> list[Sku]:
    """All SKUs of the products with these keys, in their order; one query, or none for none."""
    keys = list({*products})
    if not keys:
        return []
    # Each of them is a number, whatever it is called.
    return _read(f"sku.product_id IN ({', '.join(str(int(key)) for key in keys)})", {})


def of_codes(codes: Iterable[str], then: Mapping[str, datetime] | None = None) -> list[Sku]:
    """The SKUs with exactly these codes; one query, or none for none.

    ``then`` gives each code a moment of its own, at which ``price_then`` is asked for as well;
    of codes that are not in it there is none.
    """
    names = {f"code{number}": code for number, code in enumerate({*codes})}
    if not names:
        return []
    # Found by the index, which holds them in lower case, as the database lowers them.
    lowered = ", ".join(f"LOWER(%({name})s)" for name in names)
    wanted = set(names.values())
    found = _read(f"LOWER(sku.code) IN ({lowered})", names, then)
    return [sku for sku in found if sku.code in wanted]


def _read(
    where: str, parameters: Mapping[str, Any], then: Mapping[str, datetime] | None = None
) -> list[Sku]:
    given = {**parameters, "currency": settings.SHOP_CURRENCY, "now": adapted(shown())}
    skus, moments = "catalog_sku", ["asked.now"]
    if then:
        cases = ""
        for number, (code, moment) in enumerate(then.items()):
            given |= {f"of{number}": code, f"then{number}": adapted(moment)}
            cases += f" WHEN %(of{number})s THEN %(then{number})s"
        skus = f"(SELECT *, CASE code{cases} END AS moment FROM catalog_sku)"  # noqa: S608
        moments.append("sku.moment")
    joined = NOW_AND_THEN if then else NOW
    sql = FACTS.format(
        columns=joined.columns,
        amounts=", ".join(
            IN_FORCE.format(kind=kind, moment=moment) for moment in moments for kind in KINDS
        ),
        has_page=HAS_PAGE,
        skus=skus,
        where=where,
    )
    return [_sku(*row) for row in joined.read(sql, given)]


def _sku(sku: Sku, product: Product, stock: Stock | None, *facts: Any) -> Sku:
    *amounts, has_page = facts
    sku.regular_price, sku.sale_price = amounts[:2]
    sku.regular_then, sku.sale_then = amounts[2:] or (None, None)
    sku.has_page = bool(has_page)
    # Where there is no stock, whoever asks for it is told so without a query.
    join(sku, product=product, stock=stock)
    if stock is not None:
        join(stock, sku=sku)
    judge(sku, stock)
    return sku
