"""The shop that ``bench.pages`` measures: 200 categories, a home page of ten blocks, its frame."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site
from wagtail.rich_text import RichText
from wagtail.signal_handlers import disable_reference_index_auto_update

from bench.pages import people
from bench.pages.copies import multiply, tidy
from bench.pages.rows import ShownRows
from catalog.models import CategoryPage, CollectionPage, Picture, ProductPage
from home.demo import frame
from home.demo.front import button, product_row
from home.models import ContentPage
from orders.models import OrderSettings, ShippingMethod, TaxRate
from search import indexing

COUNTRIES = ("AT", "BE", "DE", "ES", "FR", "GB", "IT", "NL", "PL", "SE")


@dataclass(frozen=True)
class Tree:
    """How many departments, aisles in each, and shelves in each of those: 200 categories."""

    departments: int = 8
    aisles: int = 3
    shelves: int = 7


# So many are made by the shop's own code, and then copied: shops of all sizes are alike.
MADE = 1_000


def fill(products: int, tree: Tree | None = None, made: int = MADE) -> None:
    """Fill an empty shop with so many products, and with all that its pages show.

    The first department holds half of them, so that a large shop has a page 1,000. More than
    ``made`` must be a multiple of it.
    """
    tree, made = tree or Tree(), min(made, products)
    if products % made:
        raise SystemExit(f"{products} products: more than {made} must be a multiple of that.")
    home = Site.objects.get(is_default_site=True).root_page
    with transaction.atomic(), disable_reference_index_auto_update():
        shelves = _shelves(home, tree)
        sizes = dict(zip(shelves, _sizes(made, tree), strict=True))
        members = people.members()
        ShownRows(sizes, random.Random(1), members).fill(made)  # noqa: S311 - no secret
        people.act(members)
    indexing.rebuild()
    multiply(made, products // made)
    with transaction.atomic(), disable_reference_index_auto_update():
        _furnish(home)
        _sell()
    indexing.tidy()
    tidy()


def _shelves(home: Page, tree: Tree) -> list[CategoryPage]:
    """Make all categories; return those that hold products, the first department's first."""
    shelves = []
    for number in range(tree.departments):
        department = _category(home, f"Department {number + 1}", show_in_menus=True)
        for aisle_number in range(tree.aisles):
            aisle = _category(department, f"Aisle {number + 1}.{aisle_number + 1}")
            shelves += [
                _category(aisle, f"Shelf {number + 1}.{aisle_number + 1}.{place + 1}")
                for place in range(tree.shelves)
            ]
    return shelves


def _category(parent: Page, title: str, *, show_in_menus: bool = False) -> CategoryPage:
    page = CategoryPage(title=title, intro=f"<p>All of {title}.</p>", show_in_menus=show_in_menus)
    return parent.add_child(instance=page)


def _sizes(products: int, tree: Tree) -> list[int]:
    """How many products each shelf holds."""
    each = tree.aisles * tree.shelves
    if tree.departments == 1:
        return list(_even(products, each))
    in_first = products - products // 2
    return [*_even(in_first, each), *_even(products // 2, (tree.departments - 1) * each)]


def _even(number: int, parts: int) -> Iterator[int]:
    least, more = divmod(number, parts)
    return (least + (place < more) for place in range(parts))


def _furnish(home: Page) -> None:
    """The home page, the pages of words and what stands around every page."""
    home = home.specific
    departments = list(CategoryPage.objects.child_of(home).order_by("path"))
    pictures = list(Picture.objects.order_by("pk")[:9])
    for department, picture in zip(departments, pictures, strict=False):
        department.picture = picture
        department.save()
    about, delivery = (_words(home, title) for title in ("About us", "Delivery"))
    offers = CollectionPage(title="Offers", only_on_sale=True, show_in_menus=True)
    home.add_child(instance=offers)
    products = list(ProductPage.objects.live().filter(path__startswith=departments[0].path)[:6])
    home.body = _body(departments, pictures, products, offers, about)
    home.save_revision().publish()
    columns = {"The shop": [*departments[:4], offers], "Service": [delivery], "About us": [about]}
    frame.stand_up([*departments, offers], columns, delivery)


def _words(home: Page, title: str) -> Page:
    body = [("text", RichText(f"<p>{'All there is to say. ' * 30}</p>"))]
    return home.add_child(instance=ContentPage(title=title, body=body))


def _body(
    departments: list[CategoryPage],
    pictures: list[Picture],
    products: list[ProductPage],
    offers: Page,
    about: Page,
) -> list[tuple[str, Any]]:
    """Ten blocks, as editors build a home page."""
    words = "<p>Made by few hands, and meant to stay for a long time.</p>"
    spots = [{"product": one, "x": 20 + 20 * at, "y": 40} for at, one in enumerate(products[:3])]
    scene, wall, quiet = (_shown(picture) for picture in pictures[:3])
    countdown = {
        "at": timezone.now() + timedelta(days=30),
        "title": "The winter edition opens in",
        "words": words,
        "buttons": [],
        "title_after": "The winter edition is here",
        "words_after": words,
        "buttons_after": [button("See what is new", departments[0])],
    }
    return [
        ("hero", {"headline": "Things for the room you live in", "words": words, "picture": scene,
                  "buttons": [button("See all", departments[0])], "layout": "end"}),
        product_row("Just in", "newest", number=8),
        ("categories", {"title": "", "categories": departments[:6]}),
        ("shoppable_picture", {"title": "A wall", "words": words, "picture": wall, "spots": spots}),
        product_row("Best sellers", "selling"),
        ("split", {"title": "Made slowly", "words": words, "picture": quiet,
                   "buttons": [button("How we work", about)], "side": "start"}),
        ("countdown", countdown),
        product_row("Offers", "collection", collection=offers),
        ("quote", {"text": "It stopped complaining.", "author": "Mara", "source": "on a room"}),
        ("newsletter", {"title": "Four letters a year", "words": words}),
    ]  # fmt: skip


def _shown(picture: Picture) -> Picture:
    picture.contextual_alt_text, picture.decorative = picture.description, False
    return picture


def _sell() -> None:
    own = OrderSettings.load()
    own.home_country, own.ships_to = "DE", list(COUNTRIES)
    own.bank_details, own.merchant_email = "IBAN DE00 0000", "shop@example.com"
    own.save()
    for name, price in (("Parcel", "4.90"), ("Express", "14.90")):
        ShippingMethod.objects.create(name=name, countries=list(COUNTRIES), price=Decimal(price))
    for country in COUNTRIES:
        TaxRate.objects.create(country=country, rate=Decimal(20))
