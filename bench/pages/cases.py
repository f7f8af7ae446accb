"""What is measured, and what is asked of it: the bars of the table."""

from collections.abc import Callable
from dataclasses import dataclass

PRODUCT, CATEGORY = "W product", "W category"
CACHED, ANEW = "from the cache", "made anew"


@dataclass(frozen=True)
class Bar:
    """At most so many times the baseline; None where nothing is asked."""

    times: float
    # "bare", or a page of bare Wagtail.
    of: str = "bare"

    def __str__(self) -> str:
        return f"≤ {self.times:g} × {self.of}"


@dataclass(frozen=True)
class Case:
    """A kind of request. ``requests`` makes some of it: the same each time if ``repeats``."""

    name: str
    requests: Callable[[], list[str]]
    anew: Bar | None = None
    queries: int | None = None
    cached: Bar | None = None
    repeats: bool = True
    # The baseline that its page is a kind of, for the table.
    kind: str = ""
    # What is done to what its addresses show, each to the path of one.
    changes: tuple[Callable[[str], None], ...] = ()


def cases() -> list[Case]:
    """Of the shop that the settings name; several addresses each, so that none is remembered."""
    from bench.big_shop_rows import WORDS
    from bench.pages import changing, people, shopping, wire

    reader = people.session_of_reader()
    codes = shopping.rich_skus(shopping.LINES)
    (cart,) = shopping.sessions([shopping.cart_of(codes)])
    products = [page.url for page in shopping.rich_pages(40)]
    aisles = [f"/department-1/aisle-1{number}/" for number in (1, 2, 3)]
    searches = [f"/search/?q={word}" for word in WORDS[:8]]
    get = shopping.get
    private = {"HX-Request": "true", "HX-Current-URL": f"http://{wire.HOST}/"}
    return [
        Case("home, ten blocks", lambda: [get("/")], Bar(1.2, PRODUCT), 8, Bar(1.3),
             kind=PRODUCT, changes=changing.OF_PAGES),
        Case("category of 24, facets", lambda: [get(path) for path in aisles],
             Bar(0.6, CATEGORY), 8, Bar(1.3), kind=CATEGORY, changes=changing.OF_PAGES),
        Case("product", lambda: [get(path) for path in products],
             Bar(1.0, PRODUCT), 8, Bar(1.3), kind=PRODUCT, changes=changing.OF_PRODUCTS),
        Case("search, facets", lambda: [get(path) for path in searches],
             Bar(0.7, CATEGORY), 6, Bar(1.5), kind=CATEGORY, changes=changing.OF_SEARCHES),
        Case("cart fragment, 3 lines", lambda: [get("/me/", cart, **private)], Bar(8), 2),
        Case("add to cart (POST)", lambda: shopping.additions(300), Bar(12), 5),
        Case("checkout (POST), 3 lines", lambda: shopping.checkouts(200), Bar(80), 30,
             repeats=False),
        Case("stream, 20 actions", lambda: [get("/stream/", reader)], Bar(25), 8),
    ]  # fmt: skip
