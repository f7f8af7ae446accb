"""What may be asked of SKUs, and the one rule that says whether one may be sold.

The rule stands here twice, side by side: for the database (``SkuQuerySet.purchasable``), and for
SKUs whose facts were read already (``judge``). They are one rule: a test holds them against each
other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from wagtail.models import PageViewRestriction

from catalog.moment import shown

from .prices import Price
from .settings import CatalogSettings
from .stock import Stock, StockState

if TYPE_CHECKING:
    from .skus import Sku

# Of SKUs read with prices and stock: those a shopper may see.
ON_SHOW = Q(is_active=True, regular_price__isnull=False, stock__isnull=False)
TO_BE_HAD = Q(stock__on_hand__gt=0) | Q(stock__when_sold_out=Stock.WhenSoldOut.SELL_ON)


def judge(sku: "Sku", stock: Stock | None) -> None:
    """Say of a SKU read with prices and ``has_page`` whether it is on show and may be sold.

    The same as ``ON_SHOW`` and ``with_availability`` below.
    """
    sku.is_on_show = sku.is_active and sku.regular_price is not None and stock is not None
    to_be_had = stock is not None and (
        stock.on_hand > 0 or stock.when_sold_out == Stock.WhenSoldOut.SELL_ON
    )
    sku.is_purchasable = sku.is_on_show and to_be_had and sku.has_page


class SkuQuerySet(models.QuerySet):
    def with_codes(self, codes: Iterable[str]) -> Self:
        """Those that have one of the codes, without regard to case."""
        wanted: list[str | Lower] = []
        for code in codes:
            if code.isascii():
                # A plain text costs a fraction of an expression.
                wanted.append(code.lower())
            else:
                # Lowered by the database as its constraint does it. SQLite knows only A to Z,
                # and would take GRÜN and grün for two codes.
                wanted += [Lower(Value(text)) for text in {code, code.lower(), code.upper()}]
        return self.alias(lowered=Lower("code")).filter(lowered__in=wanted)

    def with_prices(self, at=None) -> Self:
        """Annotate the regular and the sale price in force at a moment (default: the one shown)."""
        moment = at or shown()
        return self.annotate(
            regular_price=_in_force(Price.Kind.REGULAR, moment),
            sale_price=_in_force(Price.Kind.SALE, moment),
        )

    def with_prices_then(self, moments: Mapping[str, datetime]) -> Self:
        """Annotate the prices in force at a moment of each SKU's own, given by its code.

        ``regular_then`` is null where no moment is given, or it had no price then.
        """
        own = [When(code=code, then=Value(moment)) for code, moment in moments.items()]
        then = Case(*own, default=None, output_field=models.DateTimeField())
        return self.alias(then=then).annotate(
            regular_then=_in_force(Price.Kind.REGULAR, OuterRef("then")),
            sale_then=_in_force(Price.Kind.SALE, OuterRef("then")),
        )

    def with_facts(self) -> Self:
        """Read today's prices and the stock together with the SKUs."""
        return self.with_prices().select_related("stock")

    def on_show(self) -> Self:
        """What a shopper may see, sold out or not: on sale and priced; with prices and stock."""
        return self.with_facts().filter(ON_SHOW)

    def with_availability(self) -> Self:
        """Read prices and stock, and annotate ``is_purchasable``: may this be sold now?

        On show, on a page that is live and open to everybody, and either on hand or
        sold beyond what is on hand. ``catalog.sku_facts`` reads the same at a fraction of the
        cost, where products or codes are known.
        """
        from .products import ProductPage

        pages = ProductPage.objects.live().filter(product=OuterRef("product_id"))
        # As ``public()`` says it, which would first read the restrictions with a query of its own.
        place = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        restricted = PageViewRestriction.objects.alias(place=place).filter(
            place__startswith=F("page__path")
        )
        pages = pages.filter(~Exists(restricted))
        return self.with_facts().annotate(
            has_page=Exists(pages),
            is_purchasable=ExpressionWrapper(
                ON_SHOW & TO_BE_HAD & Q(has_page=True), output_field=models.BooleanField()
            ),
        )

    def with_low_from(self) -> Self:
        """Annotate the number at and below which it is low: the SKU's own, or the shop's."""
        shops = Subquery(CatalogSettings.objects.order_by("pk").values("low_stock_at")[:1])
        default = CatalogSettings._meta.get_field("low_stock_at").default
        return self.annotate(low_from=Coalesce("stock__low_at", shops, Value(default)))

    def with_stock_state(self) -> Self:
        """Read the stock, and annotate ``stock_state`` (StockState) and ``low_from``.

        Whether it is on sale at all is not asked: filter by ``is_active``.
        """
        return (
            self.with_low_from()
            .select_related("stock")
            .annotate(
                stock_state=Case(
                    When(stock__on_hand__gt=F("low_from"), then=Value(StockState.IN_STOCK)),
                    When(stock__on_hand__gt=0, then=Value(StockState.LOW)),
                    When(
                        stock__when_sold_out=Stock.WhenSoldOut.SELL_ON,
                        then=Value(StockState.BACK_ORDER),
                    ),
                    default=Value(StockState.SOLD_OUT),
                    output_field=models.CharField(),
                ),
            )
        )

    def purchasable(self) -> Self:
        """The only answer to "may this be sold now?": product page, cart and checkout ask it."""
        return self.with_availability().filter(is_purchasable=True)


def _in_force(kind: str, moment) -> Subquery:
    rows = Price.objects.in_force(moment).filter(sku=OuterRef("pk"), kind=kind)
    return Subquery(rows.order_by("-valid_from", "-pk").values("amount")[:1])
