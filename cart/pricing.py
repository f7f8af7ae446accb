"""What a line of a cart costs: the price when it was put in, while it is held, or today's.

The moments come from the cart, the prices from the ledger: nobody can tamper with them.
Cart and checkout ask here, so that what is shown is what is charged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from cart.entries import MAX_QUANTITY, Entry
from cart.models import CartSettings
from catalog import kept, sku_facts
from catalog.models import Sku
from catalog.models.prices import PricePoint


@dataclass(frozen=True)
class Offer:
    """So many of a SKU, and what one of them costs in this cart.

    ``then`` is what it cost when it was put in; None if it had no price then. ``held_until``
    may have passed.
    """

    sku: Sku
    quantity: int
    now: PricePoint
    then: PricePoint | None
    held_until: datetime
    is_held: bool

    @property
    def price(self) -> PricePoint:
        if self.then and self.is_held and self.then.amount < self.now.amount:
            return self.then
        return self.now

    @property
    def unit_price(self) -> Decimal:
        return self.price.amount

    @property
    def saves(self) -> bool:
        """Whether today's price is higher, and does not count yet."""
        return self.price.amount < self.now.amount

    @property
    def has_risen(self) -> bool:
        """Whether it costs more than when it was put in, and that is no longer held."""
        return self.then is not None and self.then.amount < self.price.amount

    @property
    def available(self) -> int:
        """How many of it may be bought now; 0 when it is sold out or not sold any more."""
        return self.sku.most_to_buy(MAX_QUANTITY) if self.sku.is_purchasable else 0


def offers(entries: Mapping[str, tuple[int, datetime]]) -> dict[str, Offer]:
    """What is still on sale of these codes, sold out or not: one query, whatever their number.

    ``entries`` says for each SKU code how many and since when.
    """
    if not entries:
        return {}
    now = timezone.now()
    # The price of a moment to come would be known before its time.
    moments = {code: min(added, now) for code, (_quantity, added) in entries.items()}
    skus = sku_facts.of_codes(entries, moments)
    found = {sku.code: sku for sku in skus if sku.is_active and sku.has_page and sku.price}
    held_for = timedelta(hours=hold_hours())
    return {
        code: _offer(found[code], Entry(*entry), now, held_for)
        for code, entry in entries.items()
        if code in found
    }


def hold_hours() -> int:
    """For how many hours a price is held; kept, because every badge asks."""
    return kept.get("hours a cart holds its prices", _hold_hours)


def _hold_hours() -> int:
    kept.shows("frame")
    chosen = CartSettings.objects.order_by("pk").values_list("hold_hours", flat=True)
    # Never saved, it is not made here: a shopper's page writes nothing.
    return next(iter(chosen[:1]), CartSettings._meta.get_field("hold_hours").default)


def _offer(sku: Sku, entry: Entry, now: datetime, held_for: timedelta) -> Offer:
    held_until = min(entry.added, now) + held_for
    return Offer(
        sku=sku,
        quantity=entry.quantity,
        now=sku.price,
        then=sku.price_then,
        held_until=held_until,
        is_held=now < held_until,
    )
