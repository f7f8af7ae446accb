"""What an order would cost, worked out from the books as they are now.

The checkout page shows a quote, and ``place_order`` works out another one inside its
transaction: the order is placed only if both say the same (``Quote.fingerprint``).
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cart import pricing
from cart.pricing import Offer
from cart.totals import NOTHING_TO_SEND, Discount, Line, Shipping, Totals, totals
from orders import coupons, set_up, shipping
from orders.coupons import CouponError, CustomerError
from orders.models import Coupon, OrderSettings, ShippingMethod
from orders.taxes import Rates


class CannotShipError(Exception):
    """The shop does not send these goods to this country; the text says so."""


@dataclass(frozen=True)
class Wishes:
    """What a shopper has chosen so far: where it goes, how it is sent, which coupon."""

    country: str
    method: int | None = None
    coupon_code: str = ""
    email: str = ""
    user: Any = None


@dataclass(frozen=True)
class Quote:
    offers: Mapping[str, Offer]
    totals: Totals
    country: str
    # What can be chosen, and what is; None where nothing is sent or it costs nothing.
    methods: list[ShippingMethod]
    method: ShippingMethod | None
    needs_shipping: bool
    rules: OrderSettings
    coupon: Coupon | None = None
    # Why the coupon that was typed does not count, and why it cannot be sent.
    coupon_error: str = ""
    shipping_error: str = ""
    # Whether the reason tells something about the customer with this email address.
    refuses_customer: bool = False

    @property
    def grand_total(self) -> Decimal:
        return self.totals.grand_total

    @property
    def fingerprint(self) -> str:
        """A short name for exactly what is shown: lines, prices, shipping, coupon, tax and total.

        Not for the country: where it changes none of these, nothing has to be confirmed anew.
        """
        facts = [
            sorted(
                (code, offer.quantity, _plain(offer.unit_price))
                for code, offer in self.offers.items()
            ),
            self.method.pk if self.method else None,
            self.coupon.pk if self.coupon else None,
            [_plain(amount) for amount in (self.grand_total, self.totals.tax)],
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def quote(
    entries: Mapping[str, tuple[int, datetime]],
    wishes: Wishes,
    read: Mapping[str, Offer] | None = None,
) -> Quote:
    """What these entries of a cart cost (those that can be bought), sent as wished.

    ``read`` are the offers for the entries, where somebody has read them already.
    """
    offers = {
        code: offer
        for code, offer in (pricing.offers(entries) if read is None else read).items()
        if 0 < offer.quantity <= offer.available
    }
    rules = set_up.rules()
    rates = set_up.rates(wishes.country)
    coupon, error, products = _coupon(offers, wishes)
    lines = _lines(offers, rates, products)
    discount = coupon.discount if coupon else None
    sent = [offer for offer in offers.values() if not offer.sku.product.is_digital]
    methods, shipping_error = _methods(sent, wishes.country, _totals(lines, discount, rules), rules)
    method = next((one for one in methods if one.pk == wishes.method), next(iter(methods), None))
    price = Shipping(method.price, rates.of(method.tax_class_id)) if method else NOTHING_TO_SEND
    worked_out = _totals(lines, discount, rules, price)
    if coupon and not (worked_out.discount or worked_out.shipping.discount):
        # It is not used up for nothing.
        coupon, error = None, CouponError(_("This coupon saves nothing on this order."))
    return Quote(
        offers=offers,
        totals=worked_out,
        country=wishes.country,
        methods=methods,
        method=method,
        needs_shipping=bool(sent),
        rules=rules,
        coupon=coupon,
        coupon_error=str(error or ""),
        shipping_error=shipping_error,
        refuses_customer=isinstance(error, CustomerError),
    )


def _totals(
    lines: list[Line],
    discount: Discount | None,
    rules: OrderSettings,
    price: Shipping = NOTHING_TO_SEND,
) -> Totals:
    return totals(
        lines,
        settings.SHOP_CURRENCY,
        discount=discount,
        shipping=price,
        includes_tax=rules.prices_include_tax,
    )


def _lines(offers: Mapping[str, Offer], rates: Rates, products: set[int]) -> list[Line]:
    """The lines to add up; a coupon counts for those of ``products``."""
    return [
        Line(
            code,
            offer.unit_price,
            offer.quantity,
            rates.of(offer.sku.tax_class_id),
            offer.sku.product_id in products,
        )
        for code, offer in offers.items()
    ]


def _methods(
    sent: Collection[Offer], country: str, goods: Totals, rules: OrderSettings
) -> tuple[list[ShippingMethod], str]:
    """The ways to send it, or why there is none; none, and no reason, where nothing is sent."""
    if not sent:
        return [], ""
    if not shipping.ships_to(country, rules):
        return [], _("We do not send to this country.")
    methods = shipping.offered(
        country=country,
        weight=sum(offer.sku.weight * offer.quantity for offer in sent),
        goods=goods.goods - goods.discount,
        rules=rules,
        methods=set_up.methods(),
    )
    if methods:
        return methods, ""
    return [], _("We have no way to send this order to this country. Please write to us.")


def _coupon(
    offers: Mapping[str, Offer], wishes: Wishes
) -> tuple[Coupon | None, CouponError | None, set[int]]:
    """The coupon that counts, or why none does, and the products it counts for."""
    everything = {offer.sku.product_id for offer in offers.values()}
    if not wishes.coupon_code:
        return None, None, everything
    coupon = coupons.find(wishes.coupon_code)
    if coupon is None:
        return None, CouponError(_("This coupon is not valid.")), everything
    products = coupons.products_it_counts_for(coupon, everything)
    counted = sum(
        (offer.unit_price * offer.quantity for offer in offers.values()
         if offer.sku.product_id in products),
        Decimal(0),
    )  # fmt: skip
    try:
        coupons.check(
            coupon,
            counted=counted,
            currency=settings.SHOP_CURRENCY,
            email=wishes.email,
            user=wishes.user,
        )
    except CouponError as reason:
        return None, reason, everything
    return coupon, None, products


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
