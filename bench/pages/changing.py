"""What people do to what a page shows, each once: an editor, a merchant, a buyer, a reader."""

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from django.db import transaction
from wagtail.models import Page, Site

from catalog import prices, stock
from catalog.models import Product, ProductPage, Sku, StockMovement
from search import selectors
from social.models import Review

Change = Callable[[str], None]


def page_at(path: str) -> Page:
    """The page at a path of the default site in its own language."""
    home = Site.objects.get(is_default_site=True).root_page
    return Page.objects.get(url_path=f"{home.url_path.rstrip('/')}{path}").specific


def published(path: str) -> None:
    """An editor publishes the page as it is; so all that shows it is made anew."""
    page_at(path).save_revision().publish()


def priced(path: str) -> None:
    """All that its product is sold as costs a cent more."""
    skus = list(Sku.objects.filter(product=_product(path)).with_prices())
    prices.set_prices(
        [prices.NewPrice(sku, sku.price.amount + Decimal("0.01"), sku.price.compare_at)
         for sku in skus if sku.price]
    )  # fmt: skip


def sold(path: str) -> None:
    """One piece of it goes."""
    sku = Sku.objects.filter(product=_product(path), stock__on_hand__gt=1).first()
    with transaction.atomic():
        stock.adjust({sku: -1}, reason=StockMovement.Reason.ADJUSTMENT)


def rated(path: str) -> None:
    """Somebody writes another sentence into a review of it."""
    review = Review.objects.shown().filter(product=_product(path)).first()
    review.text += " Still so."
    review.save()


def found_priced(path: str) -> None:
    """The first product that a search finds costs a cent more."""
    home = Site.objects.get(is_default_site=True).root_page
    (words,) = parse_qs(urlsplit(path).query)["q"]
    page = selectors.find(words, home).first()
    priced(page.url_path.removeprefix(home.url_path.rstrip("/")))


def _product(path: str) -> Product:
    page = page_at(path)
    if not isinstance(page, ProductPage):
        raise TypeError(f"no product is sold at {path}")
    return page.product


OF_PAGES: tuple[Change, ...] = (published,)
OF_PRODUCTS: tuple[Change, ...] = (published, priced, sold, rated)
OF_SEARCHES: tuple[Change, ...] = (found_priced,)
