"""A coupon that may be used once, and many who use it at the same moment."""

from dataclasses import dataclass
from decimal import Decimal

from bench.checkout.buyers import at_once, crowd
from bench.checkout.shop import BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes, seconds
from catalog.tests.factories import make_sku
from orders.models import Coupon, CouponUse, Order

USED_UP = "This coupon has been used up."


@dataclass(frozen=True)
class Used:
    orders: int
    with_coupon: int
    uses: int
    counted: int
    told: int
    failures: int
    times: list[float]


def measure(sizes: Sizes) -> Found:
    with open_shop() as shop:
        guarded = _buy(shop, sizes, "ONCE")
    with open_shop(without="coupon") as shop:
        careless = _buy(shop, sizes, "AGAIN")
    return Found(
        f"{sizes.coupon_buyers} buyers at once with a coupon for one use",
        [
            Row("orders with the coupon", 1, guarded.with_coupon, careless.with_coupon),
            Row("rows that prove a use", 1, guarded.uses, careless.uses),
            Row("uses counted", 1, guarded.counted, careless.counted),
            Row("orders in all", 1, guarded.orders, careless.orders),
            Row(
                "told that it has been used up",
                sizes.coupon_buyers - 1,
                guarded.told,
                careless.told,
            ),
            Row("answers of 500 and more, or none", 0, guarded.failures, careless.failures),
            Row(
                "median, slowest answer",
                "",
                seconds(guarded.times),
                seconds(careless.times),
                is_free=True,
            ),
        ],
        control_fails=careless.with_coupon > 1,
    )


def _buy(shop: BenchShop, sizes: Sizes, code: str) -> Used:
    sku = make_sku(on_hand=sizes.coupon_buyers)
    coupon = Coupon.objects.create(code=code, value=Decimal(10), most_uses=1)
    buyers = crowd(shop.url, [sku.code] * sizes.coupon_buyers, code)
    answers = at_once(buyers, lambda buyer: buyer.buy())
    # With the guard off nothing is rolled back on SQLite: an order without lines is none.
    orders = Order.objects.filter(items__sku=sku)
    coupon.refresh_from_db()
    return Used(
        orders=orders.count(),
        with_coupon=orders.filter(coupon_code=code).count(),
        uses=CouponUse.objects.filter(coupon=coupon).count(),
        counted=coupon.used,
        told=sum(USED_UP in answer.page for answer in answers),
        failures=sum(answer.is_failure for answer in answers),
        times=[answer.seconds for answer in answers],
    )
