"""A line of the cart as a shopper sees it: what it costs, and whether it can be bought."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cart.entries import Entry
from cart.pricing import Offer
from catalog import renditions
from catalog.models import ProductPage, Sku
from catalog.models.prices import PricePoint
from catalog.money import line_total
from catalog.visibility import public_of_many


@dataclass(frozen=True)
class CartLine:
    """One SKU in the cart, as it stands now."""

    code: str
    quantity: int
    added: datetime
    # None when it is no longer sold; of what is sold out there still is one.
    offer: Offer | None
    page: ProductPage | None = None

    @property
    def sku(self) -> Sku | None:
        return self.offer.sku if self.offer else None

    @property
    def price(self) -> PricePoint | None:
        return self.offer.price if self.offer else None

    @property
    def unit_price(self) -> Decimal:
        return self.offer.unit_price if self.offer else Decimal(0)

    @property
    def total(self) -> Decimal:
        return line_total(self.unit_price, self.quantity, settings.SHOP_CURRENCY)

    @property
    def available(self) -> int:
        """How many of it may be bought; 0 when it is gone or sold out."""
        return self.offer.available if self.offer else 0

    @property
    def can_be_bought(self) -> bool:
        return 0 < self.quantity <= self.available

    @property
    def title(self) -> str:
        return self.page.title if self.page else self.code

    @property
    def problem(self) -> str:
        """What keeps the line from being bought, and what to do about it; empty if nothing."""
        if self.can_be_bought:
            return ""
        if self.offer is None:
            return _("This is no longer sold. Please remove it.")
        if not self.available:
            return _("This is sold out. Please remove it.")
        return ngettext(
            "Only %(count)d left. Please change the quantity.",
            "Only %(count)d left. Please change the quantity.",
            self.available,
        ) % {"count": self.available}


def lines_of(entries: Mapping[str, Entry], offers: Mapping[str, Offer]) -> list[CartLine]:
    """The lines without their pages: all that totals and the badge on every page need."""
    return [
        CartLine(code, entry.quantity, entry.added, offers.get(code))
        for code, entry in entries.items()
    ]


def with_pages(lines: Iterable[CartLine]) -> list[CartLine]:
    """The lines with their pages and pictures: a few queries, whatever their number."""
    lines = list(lines)
    skus = [line.sku for line in lines if line.sku]
    renditions.prefetch_for((sku.picture for sku in skus), "thumb")
    pages = shown_pages({sku.product_id for sku in skus})
    shown = renditions.prefetch("gallery__image", "thumb")
    prefetch_related_objects(list(pages.values()), shown)
    return [
        replace(line, page=pages.get(line.sku.product_id)) if line.sku else line for line in lines
    ]


def shown_pages(products: set[int]) -> dict[int, ProductPage]:
    """For each product the live page to show: the active language's, else the oldest.

    An alias only where there is nothing else.
    """
    pages = public_of_many(ProductPage.objects).filter(product__in=products)
    shown: dict[int, ProductPage] = {}
    language = get_language()

    def rank(page: ProductPage) -> tuple[bool, bool, int]:
        return page.locale.language_code != language, page.alias_of_id is not None, page.pk

    for page in sorted(pages.select_related("locale"), key=rank):
        shown.setdefault(page.product_id, page)
    return shown
