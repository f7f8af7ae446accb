"""Carry out the trade of three months by the shop's own functions, each at its moment.

So the books add up as they do in any shop: stock and its ledger, payments, parcels, refunds,
invoices, coupons and the mails about all of it.
"""

import heapq
import itertools
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import F
from django.utils import timezone

from catalog import listing, stock
from catalog.models import Product, Sku, Stock, StockMovement
from home.demo import trade
from home.demo.clock import Clock
from home.demo.people import LANGUAGE
from home.demo.trade import DAY, HOUR, Fate, Wanted
from orders import sales, states
from orders.checkout import place_order
from orders.desk import giving_back, shipping
from orders.documents.invoice import invoice_of
from orders.models import Order, Outbox, Payment, Refund
from orders.payments import gateways, ledger, paying, refunds
from orders.quote import Wishes, quote
from social.models import User

Step = Callable[[], None]
CARD, BANK = "demo_card", "bank_transfer"
CARRIERS = (("Parcel post", "https://example.com/parcels/{}"), ("Bicycle courier", ""))
# A delivery from the press, where an order would leave the shelf empty.
DELIVERY = 12
MAIL_TAKES = timedelta(seconds=14)


def keep(clock: Clock, users: dict[str, User]) -> int:
    """Let every order of the plan happen; return how many there are then."""
    _Books(clock, users).run()
    clock.moment = None
    _send_mails()
    # Listings were told prices as they were at the moments of the trade.
    listing.refresh(Product.objects.values_list("pk", flat=True))
    sales.refresh()
    return Order.objects.count()


def _send_mails() -> None:
    """Everything that was owed has gone out, seconds after its cause."""
    Outbox.objects.filter(state=Outbox.State.QUEUED).update(
        state=Outbox.State.SENT, attempts=1, next_at=F("created"), sent_at=F("created") + MAIL_TAKES
    )


class _Books:
    """What happens, in the order of its moments: each step may add later ones."""

    def __init__(self, clock: Clock, users: dict[str, User]) -> None:
        self.clock = clock
        self.now = timezone.now()
        self.users = users
        self.rng = Random("books")  # noqa: S311 - the same books every time
        self.skus = {sku.code: sku for sku in Sku.objects.all()}
        self.card = CARD if CARD in gateways() else BANK
        self.parcels = itertools.count(480_113, 7)
        self.turns = itertools.count()
        self.steps: list[tuple[datetime, int, Step]] = []

    def run(self) -> None:
        for wanted in trade.plan(self.now):
            self._at(wanted.at, lambda wanted=wanted: self._place(wanted))
        while self.steps:
            moment, _turn, step = heapq.heappop(self.steps)
            self.clock.moment = moment
            step()

    def _at(self, moment: datetime, step: Step) -> None:
        """What would happen after today does not happen yet."""
        if moment < self.now:
            heapq.heappush(self.steps, (moment, next(self.turns), step))

    def _after(self, least: float, most: float, step: Step) -> None:
        """So many hours from the moment that the clock shows."""
        self._at(timezone.now() + self.rng.uniform(least, most) * HOUR, step)

    # An order and its money

    def _place(self, wanted: Wanted) -> None:
        self._restock(wanted)
        order = self._unsaved(wanted)
        entries = {code: (count, wanted.at) for code, count in wanted.lines.items()}
        wishes = Wishes(str(order.country), None, wanted.coupon, order.email, order.user)
        offered = quote(entries, wishes)
        if offered.coupon_error:
            wishes = replace(wishes, coupon_code="")
            offered = quote(entries, wishes)
        if offered.shipping_error:
            return
        wishes = replace(wishes, method=offered.method.pk)
        if self.rng.random() < 0.3:
            # Somebody who is in a hurry, or has time.
            wishes = replace(wishes, method=self.rng.choice(offered.methods).pk)
            offered = quote(entries, wishes)
        if offered.coupon_error:
            return
        order = place_order(
            order,
            entries,
            shown=offered.fingerprint,
            method=wishes.method,
            coupon_code=wishes.coupon_code,
        )
        self._go_on(order, wanted)

    def _restock(self, wanted: Wanted) -> None:
        """What is ordered is there: the press delivers before a shelf is empty."""
        changes = {}
        for code, count in wanted.lines.items():
            row = Stock.objects.get(sku=self.skus[code])
            if row.when_sold_out == Stock.WhenSoldOut.STOP and row.on_hand - count < 3:
                changes[self.skus[code]] = DELIVERY
        if changes:
            self.clock.moment = wanted.at - self.rng.uniform(2, 6) * HOUR
            stock.adjust(changes, reason=StockMovement.Reason.RECEIVED, reference="From the press")
            self.clock.moment = wanted.at

    def _unsaved(self, wanted: Wanted) -> Order:
        one = wanted.customer
        return Order(
            checkout_token=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            created=wanted.at,
            user=self.users.get(one.username),
            language=LANGUAGE,
            email=one.email,
            message=wanted.message,
            payment_method=BANK if wanted.by_bank else self.card,
            **{
                name: getattr(one, name)
                for name in ("first_name", "last_name", "address", "postal_code", "city", "region")
            },
            country=one.country,
        )

    def _go_on(self, order: Order, wanted: Wanted) -> None:
        payment = order.payments.get()
        if wanted.fate is Fate.NEVER_PAID:
            wait = order.expires_at - order.created if order.expires_at else 10 * DAY
            self._at(order.created + wait, lambda: self._expire(order))
        elif wanted.by_bank or self.card == BANK:
            self._after(20, 90, lambda: self._pay(order, payment, wanted))
        elif wanted.fate is Fate.DECLINED_FIRST:
            self._after(0.02, 0.05, lambda: self._decline(order, payment, wanted))
        else:
            self._after(0.01, 0.06, lambda: self._pay(order, payment, wanted))

    def _expire(self, order: Order) -> None:
        states.advance(order, Order.State.EXPIRED, by="clock")

    def _decline(self, order: Order, payment: Payment, wanted: Wanted) -> None:
        ledger.record_failure(payment, "Your card was declined.")
        again = paying.new_payment(order, payment.gateway)
        self._after(0.03, 0.1, lambda: self._pay(order, again, wanted))

    def _pay(self, order: Order, payment: Payment, wanted: Wanted) -> None:
        reference = f"demo-{payment.key}" if payment.gateway == CARD else ""
        ledger.record_capture(payment, payment.amount, payment.currency, reference=reference)
        order.refresh_from_db()
        invoice_of(order)
        if wanted.fate is Fate.OWED and len(wanted.lines) == 1:
            # Nothing of it is there: it waits.
            return
        if wanted.fate is Fate.CANCELLED:
            self._after(1, 9, lambda: self._cancel(order))
        else:
            self._after(4, 30, lambda: self._pack(order, wanted))

    def _cancel(self, order: Order) -> None:
        reason = "The shopper has changed their mind."
        states.advance(order, Order.State.CANCELLED, by="desk", reason=reason)
        order.refresh_from_db()
        self._carry_out(giving_back.give_all_back(order, user=None, reason=reason))

    # Its way to the shopper, and back

    def _pack(self, order: Order, wanted: Wanted) -> None:
        states.advance(order, Order.State.PACKED, by="desk")
        self._after(1, 22, lambda: self._ship(order, wanted))

    def _ship(self, order: Order, wanted: Wanted) -> None:
        carrier, address = self.rng.choices(CARRIERS, (9, 1))[0]
        number = f"PI{next(self.parcels)}"
        shipping.ship(order, user=None, carrier=carrier, number=number, url=address.format(number))
        if wanted.fate is not Fate.OWED:
            self._after(26, 110, lambda: self._deliver(order, wanted))

    def _deliver(self, order: Order, wanted: Wanted) -> None:
        states.advance(order, Order.State.DELIVERED, by="desk")
        if wanted.fate is Fate.RETURNED:
            self._after(60, 300, lambda: self._return(order))
        elif wanted.fate is Fate.DAMAGED:
            self._after(4, 60, lambda: self._give_back_one(order))

    def _return(self, order: Order) -> None:
        reason = "Sent back within thirty days."
        states.advance(order, Order.State.RETURNED, by="desk", reason=reason, restock=True)
        order.refresh_from_db()
        self._carry_out(giving_back.give_all_back(order, user=None, reason=reason))

    def _give_back_one(self, order: Order) -> None:
        """A corner was bent: one piece is paid back, and the shopper keeps it."""
        order.refresh_from_db()
        left = giving_back.what_is_left(order)
        pieces = {left.lines[0].item.pk: 1}
        reckoned = giving_back.reckon(order, left, pieces)
        if 0 < reckoned.amount <= left.money:
            found = giving_back.ask(
                order, reckoned, pieces, user=None, reason="A corner was bent on the way."
            )
            self._carry_out(found)

    def _carry_out(self, asked: list[Refund]) -> None:
        for refund in asked:
            refunds.carry_out(_row_of(refund))
            if refund.payment.gateway == BANK:
                self._after(3, 40, lambda refund=refund: _send_money(refund))


def _row_of(refund: Refund) -> Any:
    return Outbox.objects.get(kind="refund", payload__refund=refund.pk)


def _send_money(refund: Refund) -> None:
    refunds.sent_by_hand(refund, user=None)
