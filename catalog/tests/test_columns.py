"""Listings are answered from memory as the database would answer, in a shop of any kind."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalog import answers, places, sorts
from catalog.asked import Asked, key_of
from catalog.browsing import Listing, SoldOut
from catalog.columns import keeping, rows
from catalog.gathering import Gathered, in_category
from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    Product,
    ProductAttribute,
    ProductCategory,
    ProductPage,
)
from catalog.narrowing import InColumns, InDatabase

from .columns_shown import shown
from .factories import make_category, make_page

pytestmark = pytest.mark.django_db

PRODUCTS = 40
KIND = Attribute.Kind


@pytest.fixture
def chance():
    return random.Random(7)


@pytest.fixture
def shop(chance):
    """Products with all kinds of facts, in categories below categories, some listed twice."""
    prints = make_category("Prints")
    oils, inks = (make_category(title, parent=prints) for title in ("Oils", "Inks"))
    gifts = make_category("Gifts")
    wood = Attribute.objects.create(name="Wood", kind=KIND.CHOICE, is_facet=True)
    wood.choices = [AttributeChoice(name=name) for name in ("Oak", "Ash", "Elm")]
    wood.save()
    by = Attribute.objects.create(name="By", kind=KIND.TEXT, is_facet=True)
    width = Attribute.objects.create(name="Width", kind=KIND.NUMBER, is_facet=True)
    brands = [Brand.objects.create(name=f"Brand {letter}") for letter in "ABC"]
    for number in range(PRODUCTS):
        given = [(wood, chance.choice(["Oak", "Ash", "Elm", ""]))]
        given += [(by, chance.choice(["Ada", "Bo", ""]))]
        given += [(width, str(chance.choice([10, 12.5, 30, ""])))]
        page = make_page(
            f"Print {number:02}",
            chance.choice([prints, oils, inks, gifts]),
            brand=chance.choice([None, *brands]),
            attributes=[
                ProductAttribute(attribute=attribute, value=value)
                for attribute, value in given
                if value
            ],
        )
        if number % 7 == 0:
            ProductCategory.objects.create(page=page, category=chance.choice([oils, gifts]))
        change(chance, page)
    # The same product once more in another place of the same category.
    for page in ProductPage.objects.all()[:3]:
        page.create_alias(parent=inks, update_slug=f"{page.slug}-again")
    return prints, oils, gifts


def change(chance, page):
    """Other facts, of the kinds by which listings narrow down and sort."""
    Product.objects.filter(pages=page).update(
        lowest_price=chance.choice([None, Decimal(chance.randint(100, 9000)) / 100, Decimal(20)]),
        in_stock=chance.random() < 0.7,
        on_sale=chance.random() < 0.3,
        sold_30_days=chance.randint(0, 5),
        views=chance.randint(0, 5),
        total_likes=chance.randint(0, 3),
        total_reviews=chance.randint(0, 3),
        rating=chance.choice([None, Decimal("3.99"), Decimal(4), Decimal("4.50"), Decimal(1)]),
        price_changes_at=chance.choice([None, timezone.now() + timedelta(hours=5)]),
    )


def questions(chance):
    """Of each facet alone, and some of several together."""
    keys = {one.name: key_of(one) for one in Attribute.objects.all()}
    alone = [
        "",
        *(f"brand={brand.pk}" for brand in Brand.objects.all()),
        *(f"category={slug}" for slug in ("oils", "inks", "prints", "gifts")),
        *(f"{keys['Wood']}={value}" for value in ("Oak", "Ash")),
        f"{keys['By']}=Ada&{keys['By']}=Bo",
        f"{keys['Width']}_from=12.5",
        f"{keys['Width']}_from=10.1&{keys['Width']}_to=29.9999999",
        *("rating=4", "rating=2", "stock=1", "sale=1"),
        *("price_from=20", "price_to=20", "price_from=19.995&price_to=55.123456"),
        "price_from=60&price_to=10",
    ]
    return alone + ["&".join(chance.sample(alone[1:], 3)) for _number in range(25)]


def listings(shop):
    prints, oils, _gifts = shop
    yield from (prints.listing(), oils.listing())
    gathered = in_category(prints)
    picked = list(gathered.pages.order_by("pk").values_list("product", flat=True)[3:6])
    first = Gathered(gathered.pages, picked, gathered.place)
    for sold_out in SoldOut.values:
        yield Listing(first, "price", sold_out, root=prints.path)
    # What no place says, and only some of it.
    yield Listing(Gathered(gathered.pages, picked), "name", most=9, root=prints.get_parent().path)


def said(narrowed, asked):
    counts = narrowed.counts
    offered = list(asked.attributes.values())
    numbers = [one for one in offered if one.kind == answers.Kind.NUMBER]
    others = [one for one in offered if one.kind != answers.Kind.NUMBER]
    limits = [(None, Decimal("19.99")), (Decimal(20), Decimal("39.99")), (Decimal(40), None)]
    return {
        "total": counts.total,
        "changes": counts.changes_at,
        "prices": counts.prices,
        "bands": counts.bands(limits),
        "among": [counts.among(key) for key in ("category", "rating", "stock", "sale")],
        "brands": counts.brands(),
        "ends": {pk: ends for pk, ends in counts.ends(numbers).items() if ends[0] is not None},
        "answers": counts.answers(others),
        "keys": {
            sort: [narrowed.keys(sort)[:], narrowed.keys(sort)[3:11]] for sort in ("", *sorts.SORTS)
        },
    }


def test_what_is_counted_and_listed_in_memory_is_what_the_database_says(shop, chance):
    columns, checked = keeping.read(), 0
    for listing in listings(shop):
        for question in questions(chance):
            asked = Asked.read(QueryDict(question), places.below(listing.root))
            in_memory = said(InColumns(listing, asked, columns), asked)
            assert in_memory == said(InDatabase(listing, asked, None), asked), question
            checked += in_memory["total"] > 0
    assert checked > 100


def test_columns_that_were_changed_are_those_that_are_read_anew(shop, chance):
    columns = keeping.read()
    pages = list(ProductPage.objects.all())
    for _round in range(6):
        some = chance.sample(pages, 8)
        for page in some:
            change(chance, page)
        some[0].move(chance.choice(shop), pos="last-child")
        some[1].refresh_from_db()
        some[1].title = f"Émile {chance.random()}"
        some[1].live = not some[1].live
        some[1].brand = None
        some[1].attributes.all().delete()
        some[1].save()
        found = rows.some(
            [page.pk for page in some],
            # Their facts are those of their aliases too.
            [page.product_id for page in some],
            columns.texts,
            columns.answered_by_number,
        )
        columns.remove({page.pk for page in some} - {row.pk for row in found})
        columns.put(found)

        assert shown(columns) == shown(keeping.read())
    gone = pages[:5]
    columns.remove([page.pk for page in gone])
    ProductPage.objects.filter(pk__in=[page.pk for page in gone]).update(live=False)
    assert shown(columns) == shown(keeping.read())


def test_names_are_sorted_without_regard_to_case_and_accents(shop):
    prints = shop[0]
    for title in ("zebra", "Äpfel", "Apfelbaum", "Éclair", "eclat", "Zoo"):
        make_page(title, prints)
    columns = keeping.read()
    order, _is_backwards = columns.orders["name"]
    titles = dict(ProductPage.objects.values_list("pk", "title"))
    names = [titles[columns.pages[slot]] for slot in order.slots]
    assert [name for name in names if not name.startswith("Print")] == [
        *("Äpfel", "Apfelbaum", "Éclair", "eclat", "zebra", "Zoo")
    ]
