"""How many queries a page takes that is made anew: after it was changed, and never asked before.

In processes that know the rest of the shop (``test_kept_parts.py`` has those that know all of
the page). At most eight are asked for, and six of a search; the shop has everything that costs
queries: two languages, pictures, variants, reductions, reviews with pictures, answers, relatives.
"""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale, Site

from catalog import kept, stock
from catalog.models import (
    Attribute,
    Brand,
    Picture,
    ProductAttribute,
    ProductOption,
    ProductPage,
    ProductPicture,
    StockMovement,
)
from catalog.models.categories import CategoryProduct
from catalog.models.products import RelatedProduct
from catalog.tests.factories import make_category, make_page, make_sku, set_price
from home.models import HomePage, ShopSettings
from home.tests.pages import fill, hero, row
from orders.models import OrderSettings
from social.models import Profile, Review, ReviewPicture, User

pytestmark = pytest.mark.django_db

HOME, CATEGORY, PRODUCT, SEARCH = "/", "/prints/", "/prints/print-1/", "/search/?q=print"
MOST = {HOME: 8, CATEGORY: 8, PRODUCT: 8, SEARCH: 6}
# With nothing known at all, as in a process that has just begun.
FIRST = {HOME: 21, CATEGORY: 25, PRODUCT: 20, SEARCH: 25}
# What a search finds is another thing: its words are looked up, and the columns of a listing read.
NEW_FINDS = 8
PRODUCTS = 8


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def shop(a_redis, commit):
    """The shelf, with all that a shop has."""
    cache.clear()
    kept.forget()
    with commit():
        OrderSettings.load()
        site = Site.objects.get(is_default_site=True)
        ShopSettings.objects.create(site=site, name="Halftone")
        shelf = furnish(site.root_page.specific)
    yield shelf
    kept.forget()


def furnish(home):
    shelf = make_category("Prints", picture=picture("shelf"), intro="<p>Prints</p>")
    make_category("Below", parent=shelf)
    other = make_category("Others")
    pages = [product(number, shelf if number < 6 else other) for number in range(PRODUCTS)]
    for page in pages:
        relate(page, pages)
    shelf.first_products.add(CategoryProduct(product_page=pages[2]))
    shelf.save()
    chosen = [page.pk for page in pages[:4]]
    fill(
        home,
        hero(picture=picture("hero").pk),
        row("newest", number=8),
        row("hand", products=chosen),
        ("categories", {"title": "Walls", "categories": []}),
    )
    korean = Locale.objects.create(language_code="ko")
    for page in (home, shelf, pages[1]):
        page.copy_for_translation(korean).save_revision().publish()
    return shelf


def picture(title):
    file = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(file, "PNG")
    file.seek(0)
    return Picture.objects.create(title=title, file=ImageFile(file, name=f"{title}.png"))


def product(number, shelf):
    brand, _new = Brand.objects.get_or_create(name="Odd & Elm")
    page = make_page(f"Print {number}", shelf, brand=brand, summary="A calm horizon")
    for place in range(2):
        page.gallery.add(ProductPicture(image=picture(f"{number}-{place}"), sort_order=place))
    for name in ("Material", "Width"):
        attribute, _new = Attribute.objects.get_or_create(name=name, is_facet=True)
        page.attributes.add(ProductAttribute(attribute=attribute, value=f"{name} {number % 2}"))
    page.options.add(ProductOption(name="Size"))
    page.tags.add("calm")
    page.save()
    make_sku(page, f"PRINT-{number}", price="10.00", option1="A4", picture=picture(f"a4-{number}"))
    make_sku(page, price="20.00", compare_at="25.00", option1="A3")
    for member in range(2):
        user, _new = User.objects.get_or_create(username=f"ada-{member}", email=f"{member}@a.com")
        Profile.objects.filter(user=user).update(is_public=True)
        review = Review.objects.create(
            user=user, product=page.product, stars=4, text="Fine", state=Review.State.APPROVED
        )
        # With a size, so that no file is opened to find it.
        shown = ReviewPicture(review=review, file="dunes.webp", width=9, height=9)
        ReviewPicture.objects.bulk_create([shown])
    return page


def relate(page, pages):
    for place, other in enumerate(one for one in pages if one != page):
        page.related_products.add(RelatedProduct(product_page=other, sort_order=place))
    page.save()


def page_of(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(path):
    with CaptureQueriesContext(connection) as captured:
        page_of(path)
    return len(captured)


def dune():
    return ProductPage.objects.get(slug="print-1", locale__language_code="en")


def is_published(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def costs_less():
    set_price(dune().variants()[0], "7.77")


def sells_one():
    change = {dune().variants()[0]: -1}
    stock.adjust(change, reason=StockMovement.Reason.ADJUSTMENT)


def is_rated():
    review = dune().product.reviews.first()
    review.text = "Finer than fine"
    review.save()


def another_is_published():
    make_sku(make_page("Print of a kind", dune().get_parent()))


CHANGES = [
    (HOME, lambda: is_published(HomePage.objects.get(locale__language_code="en"))),
    (CATEGORY, lambda: is_published(dune().get_parent().specific, intro="<p>Other words</p>")),
    (CATEGORY, another_is_published),
    (PRODUCT, lambda: is_published(dune(), title="Moonrise", summary="Other words")),
    (PRODUCT, costs_less),
    (PRODUCT, sells_one),
    (PRODUCT, is_rated),
    (SEARCH, costs_less),
]


@pytest.mark.parametrize(("path", "change"), CHANGES)
def test_after_a_change_a_page_asks_for_little(path, change, shop, commit):
    for other in (*MOST, "/others/", path):
        page_of(other)
    with commit():
        change()

    assert 0 < queries(path) <= MOST[path]
    anew = page_of(path)
    kept.forget()
    assert page_of(path) == anew


def test_a_search_that_finds_something_new_asks_for_no_more_than_a_page(shop, commit):
    page_of(SEARCH)
    assert "Print of a kind" not in page_of(SEARCH)
    with commit():
        another_is_published()

    assert queries(SEARCH) <= NEW_FINDS
    assert "Print of a kind" in page_of(SEARCH)


@pytest.mark.parametrize("path", MOST)
def test_a_page_that_was_never_asked_asks_for_little(path, shop):
    for other in {"/others/", "/others/print-7/", "/search/?q=nothing", HOME} - {path}:
        page_of(other)

    assert 1 < queries(path) <= MOST[path]


@pytest.mark.parametrize("path", FIRST)
def test_a_process_that_knows_nothing_asks_as_often_as_it_has_to(path, shop):
    page_of(path)
    kept.forget()

    assert queries(path) <= FIRST[path]


def test_a_price_that_ended_by_itself_is_read_again_and_no_more(shop, commit):
    begins = timezone.now() + timedelta(days=1)
    with commit():
        set_price(dune().variants()[0], "8.75", at=begins)
    page_of(PRODUCT)

    assert queries(PRODUCT) == 1
