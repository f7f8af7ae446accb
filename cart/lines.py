"""A line of the cart as a shopper sees it: what it costs, and whether it can be bought."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.entries import Entry
from cart.pricing import Offer
from catalog import kept, renditions
from catalog.models import Picture, ProductPage, Sku
from catalog.models.prices import PricePoint
from catalog.money import line_total
from catalog.small_products import SmallProduct, shown_pages, small_products

__all__ = ["CartLine", "lines_of", "own_pictures", "shown_pages", "with_pages"]

Name = tuple[str, int, int, int]


@dataclass(frozen=True)
class CartLine:
    """One SKU in the cart, as it stands now."""

    code: str
    quantity: int
    added: datetime
    # None when it is no longer sold; of what is sold out there still is one.
    offer: Offer | None
    page: ProductPage | None = None
    # The variant's own, else the product's.
    picture: Picture | None = None

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
    """The lines with their pages and pictures: few queries, whatever their number, or none."""
    lines = list(lines)
    skus = [line.sku for line in lines if line.sku]
    small = small_products(sku.product_id for sku in skus)
    own = own_pictures(skus)
    return [_with_page(line, small, own) for line in lines]


def _with_page(
    line: CartLine, small: Mapping[int, SmallProduct], own: Mapping[int, Picture]
) -> CartLine:
    if line.sku is None:
        return line
    product = small.get(line.sku.product_id)
    of_page = product.picture if product else None
    picture = own.get(line.sku.pk, of_page)
    return replace(line, page=product.page if product else None, picture=picture)


def own_pictures(skus: Iterable[Sku]) -> dict[int, Picture]:
    """By the keys of SKUs the pictures of those that have one of their own, kept."""
    names = [("variant's picture", sku.picture_id, sku.pk, sku.product_id) for sku in skus]
    names = [name for name in names if name[1] is not None]
    found = kept.get_many(names, _pictures) if names else {}
    return {name[2]: picture for name, picture in found.items() if picture is not None}


def _pictures(names: list[Name]) -> Iterator[tuple[Name, Picture | None, kept.Notes]]:
    found = Picture.objects.in_bulk({name[1] for name in names})
    renditions.prefetch_for(found.values(), "thumb")
    for name in names:
        yield name, found.get(name[1]), kept.Notes({f"card:{name[3]}"})
