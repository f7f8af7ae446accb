"""The cart: SKU codes, quantities and moments. Never a price; that is the ledger's to say."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from cart import open_carts, pricing
from cart.entries import MAX_LINES, MAX_QUANTITY, MAX_REMOVED, Contents, Entries, Entry
from cart.keeping import Keeper, MovedError, keeper_of
from cart.lines import CartLine, lines_of, shown_pages, with_pages
from cart.pricing import Offer
from cart.totals import Line, Totals, totals
from catalog.models import Sku

__all__ = ["MAX_LINES", "MAX_QUANTITY", "Cart", "CartLine", "shown_pages"]


NEVER = (None, None)


class Cart:
    """A shopper's cart. Reading it creates nothing; changing it does."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        # What was read of codes, with the moments for which it was.
        self._read: dict[str, tuple[datetime, Offer | None]] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The cart of whoever makes this request: a member's own, else that of the session."""
        return cls(keeper_of(request))

    def entries(self) -> Entries:
        """SKU code: how many, and since when; in the order in which they were put in."""
        return self._keeper.read().entries

    def removed(self) -> Entries:
        """What was taken out last and can be put back."""
        return self._keeper.read().removed

    def quantities(self) -> dict[str, int]:
        """SKU code: how many. Costs no query beyond that for the cart itself."""
        return {code: entry.quantity for code, entry in self.entries().items()}

    def __len__(self) -> int:
        return sum(self.quantities().values())

    def __iter__(self) -> Iterator[CartLine]:
        """The lines without their pages: one query, whatever their number."""
        return iter(self._facts)

    def __bool__(self) -> bool:
        return bool(self.entries())

    @cached_property
    def lines(self) -> list[CartLine]:
        """The lines with pages and pictures: a few queries more, whatever their number."""
        return with_pages(self._facts)

    @cached_property
    def _facts(self) -> list[CartLine]:
        entries = self.entries()
        return lines_of(entries, self.offers())

    def offers(self) -> dict[str, Offer]:
        """What its lines cost, of what is still sold, as it was read first in this request."""
        return self._offers(self.entries())

    def to_put(self, code: str) -> Sku | None:
        """The SKU with this code if it may be sold now; the lines are read along, in one query."""
        entries = self.entries()
        offer = self._offers({code: Entry(1, timezone.now()), **entries}).get(code)
        return offer.sku if offer and offer.sku.is_purchasable else None

    def _offers(self, entries: Entries) -> dict[str, Offer]:
        if any(self._read.get(code, NEVER)[0] != entry.added for code, entry in entries.items()):
            # Perhaps another tab has put something in meanwhile.
            found = pricing.offers(entries)
            self._read = {code: (entry.added, found.get(code)) for code, entry in entries.items()}
        read = {code: self._read[code][1] for code in entries}
        return {
            code: replace(offer, quantity=entries[code].quantity)
            for code, offer in read.items()
            if offer is not None
        }

    @property
    def can_be_bought(self) -> bool:
        """Whether there is something in it and nothing stands in the way of any line."""
        return bool(self._facts) and all(line.can_be_bought for line in self._facts)

    @cached_property
    def totals(self) -> Totals:
        """Of the lines that can be bought; without tax, shipping and coupon, which orders know."""
        bought = [line for line in self._facts if line.can_be_bought]
        return totals(
            [Line(line.code, line.unit_price, line.quantity) for line in bought], self.currency
        )

    @property
    def total(self) -> Decimal:
        """What the lines that can be bought cost together."""
        return self.totals.goods

    @property
    def currency(self) -> str:
        return settings.SHOP_CURRENCY

    def put(self, sku: Sku, quantity: int, *, more: bool) -> tuple[int, int]:
        """Have this many, or so many ``more``, of a purchasable SKU.

        Return how many there are now and how many were wanted: fewer where not all
        can be bought; none, and nothing changed, where there is no room for another line.
        A line that is there keeps its moment, and with it its price.
        """
        with self._changing() as contents:
            entries = contents.entries
            entry = entries.get(sku.code)
            wanted = quantity + (entry.quantity if entry and more else 0)
            if entry is None and len(entries) >= MAX_LINES:
                return 0, wanted
            now = min(wanted, sku.most_to_buy(MAX_QUANTITY))
            # At the moment for which its price was read, if it was.
            added, _offer = self._read.get(sku.code, NEVER)
            entries[sku.code] = Entry(now, entry.added if entry else added or timezone.now())
            contents.removed.pop(sku.code, None)
        open_carts.hold(contents.name, [sku.code])
        return now, wanted

    def remove(self, code: str) -> bool:
        """Take a line out, to be put back if wanted; False if it was not there."""
        if code not in self.entries():
            return False
        with self._changing() as contents:
            entry = contents.entries.pop(code, None)
            if entry:
                contents.removed.pop(code, None)
                kept = list(contents.removed.items())[-(MAX_REMOVED - 1) :]
                contents.removed = {**dict(kept), code: entry}
        open_carts.let_go(contents.name, [code])
        return entry is not None

    def put_back(self, code: str) -> bool:
        """Undo ``remove``: the line as it was, its moment too. False if that cannot be done."""
        if code not in self.removed():
            return False
        with self._changing() as contents:
            entry = contents.removed.pop(code, None)
            fits = entry is not None and len(contents.entries) < MAX_LINES
            if fits:
                contents.entries.setdefault(code, entry)
        if fits:
            open_carts.hold(contents.name, [code])
        return fits

    def forget(self, bought: Mapping[str, int], before: datetime) -> None:
        """Take out what was bought, so many of each SKU code, if it was put in before the order.

        What the line was raised by since then stays, as put in now: forgetting again leaves it.
        """
        if not bought.keys() & self.entries().keys():
            return
        # The order stands, even if a login in another tab has taken the cart away meanwhile.
        with suppress(MovedError):
            with self._changing() as contents:
                gone = []
                for code in bought.keys() & contents.entries.keys():
                    quantity, added = contents.entries[code]
                    if added > before:
                        continue
                    if quantity > bought[code]:
                        contents.entries[code] = Entry(quantity - bought[code], timezone.now())
                    else:
                        del contents.entries[code]
                        gone.append(code)
            open_carts.let_go(contents.name, gone)

    @contextmanager
    def _changing(self) -> Iterator[Contents]:
        try:
            with self._keeper.changing() as contents:
                yield contents
        finally:
            for read_before in ("lines", "_facts", "totals"):
                self.__dict__.pop(read_before, None)
