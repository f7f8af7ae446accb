"""What a cart or an order costs. Pure: lines, discount and shipping in, amounts out.

The only place that adds up money: the cart, the checkout, the order, its mails, its
invoice and the API all show what ``totals`` returned. Tax is worked out for each line and
then added up, so that what stands in the lines is what stands below them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from catalog.money import line_total, quantize, share_out

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Line:
    """So many of one thing. ``tax_rate`` in percent; ``discountable`` if a coupon counts for it."""

    code: str
    unit_price: Decimal
    quantity: int
    tax_rate: Decimal = Decimal(0)
    discountable: bool = True


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off: percent (0 to 100) or an amount in prices as they are shown."""

    kind: DiscountKind
    value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Shipping:
    """What sending it costs, in prices as they are shown; ``tax_rate`` in percent."""

    price: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)


@dataclass(frozen=True)
class LineTotals:
    """One line: ``amount`` before and ``discount`` off it as shown, then net, tax and gross."""

    code: str
    amount: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    tax_rate: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class TaxShare:
    """All that is taxed at one rate: its net sum and the tax on it."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """``goods``, ``discount`` and ``shipping`` are in prices as shown: with or without tax.

    Where prices include tax, goods - discount + shipping is the grand total; where they do
    not, the tax comes on top.
    """

    lines: tuple[LineTotals, ...]
    goods: Decimal
    discount: Decimal
    shipping: LineTotals
    taxes: tuple[TaxShare, ...]
    includes_tax: bool

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.taxes), Decimal(0))

    @property
    def net(self) -> Decimal:
        return sum((share.net for share in self.taxes), Decimal(0))

    @property
    def grand_total(self) -> Decimal:
        return self.net + self.tax


NOTHING_TO_SEND = Shipping()


def totals(
    lines: Iterable[Line],
    currency: str,
    *,
    discount: Discount | None = None,
    shipping: Shipping = NOTHING_TO_SEND,
    includes_tax: bool = True,
) -> Totals:
    """Each line rounded as the currency rounds, the discount shared out among them, and the sums.

    Nothing depends on the order of the lines, whose codes differ. A discount never takes
    more than there is, so no amount is below nought.
    """
    lines = list(lines)
    amounts = [line_total(line.unit_price, line.quantity, currency) for line in lines]
    off = _discounts(lines, amounts, discount, currency)
    worked_out = tuple(
        _taxed(line.code, amount, less, line.tax_rate, currency, includes_tax)
        for line, amount, less in zip(lines, amounts, off, strict=True)
    )
    sent = _shipping(shipping, discount, currency, includes_tax)
    return Totals(
        lines=worked_out,
        goods=sum(amounts, Decimal(0)),
        discount=sum(off, Decimal(0)),
        shipping=sent,
        taxes=by_rate([*worked_out, sent]),
        includes_tax=includes_tax,
    )


def _discounts(
    lines: list[Line], amounts: list[Decimal], discount: Discount | None, currency: str
) -> list[Decimal]:
    """What comes off each line; the smallest units that are left over go where most was cut off."""
    if discount is None or discount.kind == DiscountKind.FREE_SHIPPING:
        return [Decimal(0)] * len(lines)
    counted = [
        amount if line.discountable else Decimal(0)
        for line, amount in zip(lines, amounts, strict=True)
    ]
    most = sum(counted, Decimal(0))
    if discount.kind == DiscountKind.PERCENT:
        wanted = quantize(most * discount.value / HUNDRED, currency)
    else:
        wanted = quantize(discount.value, currency)
    keys = [line.code for line in lines]
    return share_out(min(max(wanted, Decimal(0)), most), counted, currency, keys)


def _shipping(
    shipping: Shipping, discount: Discount | None, currency: str, includes_tax: bool
) -> LineTotals:
    price = quantize(shipping.price, currency)
    is_free = discount is not None and discount.kind == DiscountKind.FREE_SHIPPING
    off = price if is_free else Decimal(0)
    return _taxed("", price, off, shipping.tax_rate, currency, includes_tax)


def _taxed(
    code: str, amount: Decimal, off: Decimal, rate: Decimal, currency: str, includes_tax: bool
) -> LineTotals:
    left = amount - off
    if includes_tax:
        tax = quantize(left * rate / (HUNDRED + rate), currency)
        net = left - tax
    else:
        tax = quantize(left * rate / HUNDRED, currency)
        net = left
    return LineTotals(code, amount, off, net, tax, rate)


def by_rate(lines: list[LineTotals]) -> tuple[TaxShare, ...]:
    shares: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for line in lines:
        if line.amount:
            net, tax = shares.get(line.tax_rate, (Decimal(0), Decimal(0)))
            shares[line.tax_rate] = net + line.net, tax + line.tax
    return tuple(TaxShare(rate, *shares[rate]) for rate in sorted(shares))
