"""What can still be given back of an order, line by line, and how a refund is put together."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from catalog.money import quantize
from orders.models import Order, OrderItem, Payment, Refund, RefundItem
from orders.payments import gateways, refunds

from .refund_amounts import least_of, part_of, shared


@dataclass(frozen=True)
class LeftOfLine:
    """What is left of a line: pieces that were not given back, and what was paid for them.

    What was kept of other pieces is no part of it: it can go back as an amount of one's own.
    """

    item: OrderItem
    pieces: int
    amount: Decimal


@dataclass(frozen=True)
class Left:
    lines: tuple[LeftOfLine, ...]
    shipping: Decimal
    # No more than this whatever the lines say: some may have gone back without a line.
    money: Decimal


@dataclass(frozen=True)
class Reckoned:
    """What a refund comes to: for each line by its key, for shipping, and in all."""

    lines: Mapping[int, Decimal]
    shipping: Decimal
    amount: Decimal


def what_is_left(order: Order) -> Left:
    """Read from the books; refunds that have failed count as not asked for."""
    counted = RefundItem.objects.filter(refund__order=order)
    counted = counted.exclude(refund__state=Refund.State.FAILED)
    gone: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for key, pieces, money in counted.values_list("item", "quantity", "amount"):
        gone[key].append((pieces, money))
    lines = []
    for item in order.items.all():
        item.order = order
        lines.append(_left_of_line(item, gone[item.pk]))
    shipped = order.refunds.exclude(state=Refund.State.FAILED).aggregate(sum=Sum("shipping"))["sum"]
    shipping = max(quantize(order.shipping.gross - (shipped or 0), order.currency), Decimal(0))
    return Left(tuple(lines), shipping, quantize(order.refundable, order.currency))


def _left_of_line(item: OrderItem, gone: list[tuple[int, Decimal]]) -> LeftOfLine:
    """What is left of a line of which so many pieces went back for so much, time after time."""
    currency = item.order.currency
    paid = quantize(item.net + item.tax, currency)
    left = item.quantity - sum(pieces for pieces, _money in gone)
    if not left:
        return LeftOfLine(item, 0, Decimal(0))
    # Pieces that went back for less than they cost make none of the others dearer.
    taken = sum(
        max(money, least_of(paid, item.quantity, pieces, currency)) for pieces, money in gone
    )
    return LeftOfLine(item, left, max(paid - taken, Decimal(0)))


def reckon(
    order: Order,
    left: Left,
    pieces: Mapping[int, int],
    shipping: Decimal = Decimal(0),
    chosen: Decimal | None = None,
) -> Reckoned:
    """What goes back for so many pieces of each line and for shipping, or an amount of one's own.

    An amount of one's own is shared out among them, so that what is left of each line stays
    right.
    """
    parts = {
        line.item.pk: part_of(line.amount, line.pieces, pieces[line.item.pk], order.currency)
        for line in left.lines
        if pieces.get(line.item.pk)
    }
    whole = sum(parts.values(), shipping)
    if chosen is None:
        return Reckoned(parts, shipping, whole)
    *of_lines, of_shipping = shared(chosen, [*parts.values(), shipping], order.currency)
    return Reckoned(dict(zip(parts, of_lines, strict=True)), of_shipping, chosen)


def ask(
    order: Order,
    reckoned: Reckoned,
    pieces: Mapping[int, int],
    *,
    user: Any,
    reason: str,
    restock: Mapping[int, int] | None = None,
) -> list[Refund]:
    """Ask for the refunds that give this back; RefundError, and none, where it cannot be.

    One, as a rule; more where no single payment has so much left. Part of a transaction that
    holds the order.
    """
    made: list[Refund] = []
    for payment, amount in _split(order, reckoned.amount):
        first = not made
        made.append(
            refunds.ask(
                order,
                amount,
                reason=reason,
                payment=payment,
                items=pieces if first else None,
                restock=restock if first else None,
                user=user,
            )
        )
    for item, amount in reckoned.lines.items():
        RefundItem.objects.filter(refund=made[0], item=item).update(amount=amount)
    Refund.objects.filter(pk=made[0].pk).update(shipping=reckoned.shipping)
    return made


def _split(order: Order, amount: Decimal) -> list[tuple[Payment, Decimal]]:
    """From which payments an amount goes back: one that has enough, else the latest first."""
    left = _left_of_payments(order)
    enough = [(one, amount) for one, rest in left if rest >= amount]
    if enough:
        return enough[:1]
    parts = []
    for payment, rest in left:
        if (part := min(rest, amount)) > 0:
            parts.append((payment, part))
            amount -= part
    if amount > 0 or not parts:
        raise refunds.RefundError(_("There is not so much to give back."))
    return parts


def _left_of_payments(order: Order) -> list[tuple[Payment, Decimal]]:
    """The payments that brought money, the latest first, and how much of each is still here."""
    gone = Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.FAILED), default=Decimal(0))
    captured = order.payments.filter(state=Payment.State.CAPTURED).annotate(gone=gone)
    return [(one, one.amount - one.gone) for one in captured.order_by("-captured_at", "-pk")]


def is_by_hand(order: Order) -> bool:
    """Whether money of the order can only be given back by a person, outside the shop."""
    slugs = {payment.gateway for payment, rest in _left_of_payments(order) if rest > 0}
    return any(one.refunds_by_hand for slug, one in gateways().items() if slug in slugs)


def give_all_back(order: Order, *, user: Any, reason: str) -> list[Refund]:
    """Everything that was paid and has not gone back, with all pieces that are left."""
    left = what_is_left(order)
    if left.money <= 0:
        return []
    pieces = {line.item.pk: line.pieces for line in left.lines if line.pieces}
    return ask(
        order,
        reckon(order, left, pieces, left.shipping, left.money),
        pieces,
        user=user,
        reason=reason,
    )
