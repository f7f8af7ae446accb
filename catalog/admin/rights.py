"""Who may change which facts.

Whoever may publish a product's page may change all its facts: what is saved counts in
the shop at once, as publishing does. Beside that, a model permission gives a part of
the facts of the whole shop, whatever pages one may edit:

* ``catalog.change_stock``: what is on hand, when it is low, what happens when sold out;
* ``catalog.add_price``: prices, since the ledger knows only new entries;
* ``catalog.change_sku``: the rest, such as codes, options, weight and "on sale".

What a SKU costs the merchant is shown to those with ``catalog.view_cost`` only, and they
change it where they may change the rest.
"""

from dataclasses import dataclass
from typing import Any

from wagtail.permissions import page_permission_policy

from catalog.models import ProductPage

STOCK = frozenset({"on_hand", "low_at", "when_sold_out", "back_order_text"})
PRICES = frozenset({"price", "compare_at"})


@dataclass(frozen=True)
class Rights:
    """Which facts of a product somebody may change; ``cost``: and see what it costs."""

    sku: bool
    prices: bool
    stock: bool
    cost: bool

    @classmethod
    def of(cls, user: Any, *, may_publish: bool) -> "Rights":
        def may(permission: str) -> bool:
            return may_publish or user.has_perm(f"catalog.{permission}")

        return cls(
            sku=may("change_sku"),
            prices=may("add_price"),
            stock=may("change_stock"),
            cost=user.has_perm("catalog.view_cost"),
        )

    @property
    def some(self) -> bool:
        return self.sku or self.prices or self.stock

    @property
    def every(self) -> bool:
        """A new variant has a code, a price and stock, so it takes all three."""
        return self.sku and self.prices and self.stock

    def allow(self, field: str) -> bool:
        """May the field of the variants form with this name be changed?"""
        if field in STOCK:
            return self.stock
        if field in PRICES:
            return self.prices
        return self.sku and (field != "cost" or self.cost)


def rights(user: Any, page: ProductPage | None) -> Rights:
    """What the user may change of the product that the page tells of; None: it has no page."""
    may_publish = page is not None and page.permissions_for_user(user).can_publish()
    return Rights.of(user, may_publish=may_publish)


def rights_below(user: Any, parent: Any) -> Rights:
    """What the user may change of a product whose page is only just being made below ``parent``."""
    return Rights.of(user, may_publish=parent.permissions_for_user(user).can_publish_subpage())


def may_see_codes(user: Any) -> bool:
    """Whoever may give a SKU its code anywhere may ask whose code it is."""
    return user.has_perm("catalog.change_sku") or page_permission_policy.user_has_permission(
        user, "publish"
    )


def may_change_stock_anywhere(user: Any) -> bool:
    return user.has_perm("catalog.change_stock")
