"""The same checkout, sent many times at the same moment, each for the last one of its kind."""

from dataclasses import dataclass

from django.db.models import Sum

from bench.checkout.buyers import at_once, crowd
from bench.checkout.shop import BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes, seconds
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_sku
from orders.models import Order, Outbox


@dataclass(frozen=True)
class Clicked:
    orders: int
    moves: int
    taken: int
    mails: int
    # Checkouts whose answers all led to the same order, which exists.
    same: int
    failures: int
    astray: int
    times: list[float]


def measure(sizes: Sizes) -> Found:
    with open_shop() as shop:
        guarded = _click(shop, sizes, units=1)
    with open_shop(without="token") as shop:
        # Enough of each: else nobody could buy twice.
        careless = _click(shop, sizes, units=sizes.clicks)
    every = sizes.checkouts
    return Found(
        f"{every} checkouts of the last one of its kind, each sent {sizes.clicks} times at once",
        [
            Row("orders", every, guarded.orders, careless.orders),
            Row("lines in the stock ledger", every, guarded.moves, careless.moves),
            Row("units taken off the stock", every, guarded.taken, careless.taken),
            Row("mails owed", every, guarded.mails, careless.mails),
            Row(
                "checkouts of which all answers led to one order",
                every,
                guarded.same,
                careless.same,
            ),
            Row("answers that led elsewhere", 0, guarded.astray, careless.astray),
            Row("answers of 500 and more, or none", 0, guarded.failures, careless.failures),
            Row(
                "median, slowest answer",
                "",
                seconds(guarded.times),
                seconds(careless.times),
                is_free=True,
            ),
        ],
        control_fails=careless.orders > every,
    )


def _click(shop: BenchShop, sizes: Sizes, units: int) -> Clicked:
    skus = [make_sku(on_hand=units) for _ in range(sizes.checkouts)]
    same, answers = 0, []
    for buyer in crowd(shop.url, [sku.code for sku in skus]):
        clicks = at_once([buyer] * sizes.clicks, lambda one: one.buy())
        goals = {answer.location if answer.is_order else "" for answer in clicks}
        order = Order.objects.filter(email=buyer.email).first()
        if len(goals) == 1 and order and order.number in buyer.look(goals.pop() or "/"):
            same += 1
        answers += clicks
    orders = Order.objects.filter(items__sku__in=skus)
    moves = StockMovement.objects.filter(sku__in=skus, reason=StockMovement.Reason.ORDER)
    left = Stock.objects.filter(sku__in=skus).aggregate(left=Sum("on_hand"))["left"]
    return Clicked(
        orders=orders.count(),
        moves=moves.count(),
        taken=sizes.checkouts * units - left,
        mails=Outbox.objects.filter(order__in=orders, kind="order_placed").count(),
        same=same,
        failures=sum(answer.is_failure for answer in answers),
        astray=sum(not answer.is_order and not answer.is_failure for answer in answers),
        times=[answer.seconds for answer in answers],
    )
