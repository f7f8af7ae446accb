"""More shoppers than units, all at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from bench.checkout.buyers import Answer, Buyer, at_once, crowd
from bench.checkout.shop import BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes, seconds
from catalog.models import Stock
from catalog.tests.factories import make_sku
from orders.models import Order, Outbox
from tests.shop import wait_for

TOLD = ("sold out", "Only 1 left")
SECONDS_TO_MAIL = 600.0


@dataclass(frozen=True)
class Round:
    sold: int
    answered_sold: int
    told: int
    failures: int
    ledger: int
    on_hand: int
    # Orders with one row for the mail, and rows.
    owed: tuple[int, int]
    times: Sequence[float]


def measure(sizes: Sizes) -> Found:
    with open_shop() as shop:
        rounds = [_round(shop, sizes) for _ in range(sizes.rounds)]
        mailed = _mails_of_each_order(shop)
    with open_shop(without="stock") as shop:
        careless = _round(shop, sizes)
    told = sizes.buyers - sizes.units
    return Found(
        f"{sizes.rounds} rounds of {sizes.buyers} buyers at once for {sizes.units} units",
        [
            Row("sold in a round", sizes.units, _all(r.sold for r in rounds), careless.sold),
            Row(
                "led to their order",
                sizes.units,
                _all(r.answered_sold for r in rounds),
                careless.answered_sold,
            ),
            Row("told that none is left", told, _all(r.told for r in rounds), careless.told),
            Row(
                "answers of 500 and more, or none",
                0,
                _all(r.failures for r in rounds),
                careless.failures,
            ),
            Row("sum of the stock ledger", 0, _all(r.ledger for r in rounds), careless.ledger),
            Row("on hand", 0, _all(r.on_hand for r in rounds), careless.on_hand),
            Row(
                "orders that owe a mail, mails owed",
                (sizes.units, sizes.units),
                _all(r.owed for r in rounds),
                careless.owed,
            ),
            Row("mails that came for each order", 1, mailed),
            Row(
                "median, slowest answer of all",
                "",
                seconds([time for r in rounds for time in r.times]),
                seconds(careless.times),
                is_free=True,
            ),
        ],
        control_fails=careless.sold > sizes.units,
    )


def _round(shop: BenchShop, sizes: Sizes) -> Round:
    sku = make_sku(on_hand=sizes.units)
    results = at_once(crowd(shop.url, [sku.code] * sizes.buyers), _buy)
    answers = [answer for answer, _is_told in results]
    orders = Order.objects.filter(items__sku=sku)
    owed = Outbox.objects.filter(order__in=orders, kind="order_placed")
    return Round(
        sold=orders.aggregate(sold=Sum("items__quantity"))["sold"] or 0,
        answered_sold=len({answer.location for answer in answers if answer.is_order}),
        told=sum(is_told for _answer, is_told in results),
        failures=sum(answer.is_failure for answer in answers),
        ledger=sku.movements.aggregate(Sum("quantity"))["quantity__sum"],
        on_hand=Stock.objects.get(sku=sku).on_hand,
        owed=(owed.aggregate(Count("order", distinct=True))["order__count"], owed.count()),
        times=[answer.seconds for answer in answers],
    )


def _buy(buyer: Buyer) -> tuple[Answer, bool]:
    """Click, and whoever is led back to the cart reads what it says."""
    answer = buyer.buy()
    if answer.is_order or answer.is_failure:
        return answer, False
    page = buyer.look(answer.location) if answer.status == 302 else answer.page
    return answer, any(words in page for words in TOLD)


def _mails_of_each_order(shop: BenchShop) -> object:
    """How many mails came for each order of this shop, once nothing is owed any more."""
    shop.start_workers()
    open_rows = Outbox.objects.filter(state__in=[Outbox.State.QUEUED, Outbox.State.LEASED])
    wait_for(lambda: not open_rows.exists(), "end of the mails", SECONDS_TO_MAIL)
    placed = Outbox.objects.filter(kind="order_placed").values_list("order__email", flat=True)
    mails = [mail["To"] for mail in shop.inbox.mails]
    return _all(mails.count(email) for email in placed)


def _all(values) -> object:
    """The one value of all; else every one that there was."""
    found = sorted(set(values))
    return found[0] if len(found) == 1 else found
