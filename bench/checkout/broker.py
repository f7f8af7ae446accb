"""A broker that goes away in three ways, while shoppers order."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.checkout.buyers import Answer, Buyer, crowd
from bench.checkout.relay import BLACK_HOLE, REFUSED, SILENT, Relay
from bench.checkout.shop import open_shop
from bench.checkout.sizes import Found, Row, Sizes, seconds
from catalog.tests.factories import make_sku
from storefront.embedded_redis import socket_path

# Asked for: no more than this beyond what it usually takes.
MOST = 1.0
# Both web processes have placed an order before anything is measured.
WARMING = 6
# Of the control, which would wait for minutes.
CONTROL_POSTS, CONTROL_PATIENCE = 3, 10.0


def measure(sizes: Sizes) -> Found:
    rows: list[Row] = []
    longest: list[float] = []
    for how in (REFUSED, BLACK_HOLE, SILENT):
        usual, cut = _orders(how, sizes.posts, sizes.posts)
        _usual, careless = _orders(how, 2, CONTROL_POSTS, without="publishing")
        most = max(times(cut)) - median(times(usual))
        longest.append(max(times(careless)) - median(times(usual)))
        placed = sum(answer.is_order for answer in cut)
        gave_up = sum(answer.status == 0 for answer in careless)
        rows += [
            Row(f"{how}: orders placed", sizes.posts, placed, f"{gave_up} still waiting"),
            Row("  usual: median, slowest", "", seconds(times(usual)), is_free=True),
            Row("  cut: median, slowest", "", seconds(times(cut)), is_free=True),
            Row("  slowest takes longer by", "", f"{most:.2f} s", _told(careless), is_free=True),
            Row(f"  no more than {MOST:g} s longer", True, most <= MOST, longest[-1] <= MOST),
        ]
    return Found(
        f"{sizes.posts} orders, one after another, before and after the broker goes away",
        rows,
        control_fails=max(longest) > MOST,
    )


def times(answers: Sequence[Answer]) -> list[float]:
    return [answer.seconds for answer in answers]


def _told(answers: Sequence[Answer]) -> str:
    longest = max(times(answers))
    return f"{'over ' if longest >= CONTROL_PATIENCE else ''}{longest:.2f} s"


def _orders(
    how: str, before: int, after: int, without: str = ""
) -> tuple[list[Answer], list[Answer]]:
    """What the last click answered, as long as the broker was there and after it had gone."""
    code = make_sku(on_hand=before + after + WARMING).code
    patience = CONTROL_PATIENCE if without else 60.0
    with TemporaryDirectory(prefix="bench-") as name:
        relay = Relay(socket_path(Path(name)))
        try:
            with open_shop(without, relay.url, Path(name)) as shop:
                buyers = crowd(shop.url, [code] * (WARMING + before + after))
                _buy(buyers[:WARMING], patience)
                usual = _buy(buyers[WARMING : WARMING + before], patience)
                relay.cut(how)
                return usual, _buy(buyers[WARMING + before :], patience)
        finally:
            relay.close()


def _buy(buyers: Sequence[Buyer], patience: float) -> list[Answer]:
    return [buyer.buy(patience) for buyer in buyers]
