"""The blocks that pages are made of, as shoppers see them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from catalog.models import CategoryPage, CollectionPage, Product
from catalog.models.collections import CollectionProduct
from catalog.tests.factories import make_category, set_price
from home.blocks import BodyBlock
from home.models import ContentPage, FormField, FormPage
from home.tests.pages import (
    button,
    countdown,
    fill,
    hero,
    home_page,
    make_picture,
    make_product,
    picture_value,
    row,
)
from tests.outline import Outline

pytestmark = pytest.mark.django_db
# A home page of every kind of block, of which ten show products or pictures.
MOST_QUERIES = 22


def shown(path: str = "/", status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    assert not response.cookies
    return response.content.decode()


def titles(html: str) -> list[str]:
    """The products in the rows of a page."""
    return [part.split(">")[1].split("<")[0] for part in html.split('class="card__link"')[1:]]


def make_form(home: Page, title: str = "Write to us") -> FormPage:
    page = FormPage(title=title, slug=title.lower().replace(" ", "-"))
    page.form_fields = [FormField(label="Your name", field_type="singleline", sort_order=1)]
    return home.add_child(instance=page)


def collect(home: Page, title: str, *pages: Page) -> CollectionPage:
    collection = CollectionPage(title=title, gathered=CollectionPage.Gathered.BY_HAND)
    home.add_child(instance=collection)
    collection.picked = [
        CollectionProduct(product_page=page, sort_order=place) for place, page in enumerate(pages)
    ]
    collection.save_revision().publish()
    collection.refresh_from_db()
    return collection


@pytest.fixture
def home():
    return home_page()


@pytest.fixture
def products():
    return [make_product(f"Print {number}") for number in range(6)]


def everything(home, products) -> list[tuple]:
    """One block of each kind."""
    picture = picture_value(make_picture())
    spots = [{"product": page.pk, "x": 20 + 9 * at, "y": 50} for at, page in enumerate(products)]
    gallery = [{"picture": picture, "caption": "One"}, {"picture": picture, "caption": ""}]
    by_hand = [page.pk for page in products]
    collection = collect(home, "Favourites", *products)
    return [
        hero(picture=picture, buttons=[button("See it", collection)]),
        ("text", "<p>Some words</p>"),
        ("picture", picture),
        (
            "split",
            {"title": "Made here", "words": "<p>By hand</p>", "picture": picture, "side": "end",
             "buttons": [button("More", address="/search/")]},
        ),
        row("hand", products=by_hand, number=12),
        row("newest", number=12),
        row("collection", collection=collection.pk, number=12),
        row("liked"),
        row("selling"),
        (
            "shoppable_picture",
            {"title": "", "words": "", "picture": picture, "spots": spots},
        ),
        ("quote", {"text": "Lovely", "author": "Ada", "source": ""}),
        ("gallery", {"title": "Workshop", "pictures": gallery}),
        (
            "video",
            {"title": "Press", "picture": picture, "file": None, "captions": None,
             "address": "https://example.com/press"},
        ),
        ("faq", {"title": "", "questions": [{"question": "How long?", "answer": "<p>A day</p>"}]}),
        ("categories", {"title": "", "categories": []}),
        ("contact", None),
        ("form", {"title": "", "form": make_form(home).pk}),
        ("newsletter", {"title": "Letters", "words": ""}),
        countdown((timezone.now() + timedelta(days=3)).isoformat()),
    ]  # fmt: skip


def test_a_page_of_every_block_is_one_page_with_one_heading(home, products):
    fill(home, *everything(home, products))

    text = shown()

    page = Outline(text)
    assert len(page.all("h1")) == 1
    assert len(page.ids) == len(set(page.ids))
    assert "/static/js/countdown" in text
    assert "/static/js/spots" in text
    for words in ("Worth a nail", "Some words", "Made here", "Favourites", "Lovely", "Workshop",
                  "Questions and answers", "Browse", "Write to us", "Letters",
                  "The winter edition opens in", "New in the shop"):  # fmt: skip
        assert words in text
    for picture in page.all("img"):
        assert {"alt", "width", "height", "loading"} <= picture.keys()
    assert {label["for"] for label in page.all("label") if "for" in label} <= set(page.ids)


def test_every_kind_of_block_is_tried_here(home, products):
    tried = {kind for kind, _value in everything(home, products)}

    assert tried == set(BodyBlock().child_blocks)


def test_more_blocks_and_more_products_cost_no_more_queries(home, products):
    def queries() -> int:
        shown()
        with CaptureQueriesContext(connection) as captured:
            shown()
        return len(captured)

    few = [(kind, value) for kind, value in everything(home, products[:2])]
    fill(home, *few)
    with_few = queries()
    products += [make_product(f"Sheet {number}") for number in range(6)]
    many = [block for block in few if block[0] != "newsletter"] * 3
    many += [row("hand", products=[page.pk for page in products], number=12)]
    many += [hero(picture=picture_value(make_picture("Another")))]
    fill(home, *many)

    assert queries() <= with_few
    assert with_few <= MOST_QUERIES


def test_products_that_are_gone_or_hidden_are_left_out_everywhere(home, products):
    category = make_category("Members only")
    secret = make_product("Secret", category=category)
    PageViewRestriction.objects.create(page=category, restriction_type="login")
    products[0].unpublish()
    keys = [page.pk for page in (*products[:3], secret)] + [999]
    picture = picture_value(make_picture())
    spots = [{"product": key, "x": 5, "y": 5} for key in keys]
    collection = collect(home, "Favourites", products[0], products[2], secret)
    fill(
        home,
        row("hand", products=keys),
        row("newest", number=12),
        row("collection", collection=collection.pk),
        ("shoppable_picture", {"title": "", "words": "", "picture": picture, "spots": spots}),
    )

    text = shown()

    assert titles(text)[:2] == ["Print 1", "Print 2"]
    assert titles(text)[-1] == "Print 2"
    assert "Print 0" not in text
    assert "Secret" not in text
    assert text.count("<details") - Outline(shown("/search/")).all("details").__len__() == 2


def test_a_row_without_products_a_form_and_pages_that_are_gone_show_nothing(home):
    gone = make_form(home)
    fill(
        home,
        hero(buttons=[button("To nowhere", gone), button("Search", address="/search/")]),
        row("liked", title="Nobody likes these"),
        row("collection", title="Of nothing", collection=None),
        ("form", {"title": "Gone", "form": gone.pk}),
        ("categories", {"title": "Nowhere", "categories": [999]}),
    )
    gone.unpublish()

    text = shown().split("<main")[1]

    assert "Search" in text
    for title in ("Nobody likes", "Of nothing", "Gone", "Nowhere", "To nowhere"):
        assert title not in text


def test_rankings_and_collections_give_their_names_and_lead_to_more(home, products):
    Product.objects.filter(pages__in=products[3:5]).update(total_likes=7)
    collection = collect(home, "Favourites", products[5])
    fill(home, row("liked"), row("collection", collection=collection.pk))

    text = shown()

    assert titles(text) == ["Print 4", "Print 3", "Print 5"]
    assert "Most liked" in text
    assert "/rankings/liked/" in text
    assert "/favourites/" in text


def test_a_page_is_spoken_of_by_its_first_words(home, products, django_assert_num_queries):
    picture = picture_value(make_picture())
    fill(home, ("picture", picture), hero(words="<p>Dunes &amp; moons</p>"), ("text", "<p>No</p>"))
    home = home_page()

    with django_assert_num_queries(0):
        assert home.lead == "<p>Dunes &amp; moons</p>"
    assert 'name="description" content="Dunes &amp; moons"' in shown()


def test_a_page_is_shared_with_the_picture_that_leads_it(home):
    fill(home, ("picture", picture_value(make_picture("No"))), hero("First"), hero("Second",
         picture=picture_value(make_picture("Dune"), "A dune")))  # fmt: skip

    text = shown()

    assert re.search(r'property="og:image"\s+content="[^"]+Dune', text)
    assert re.search(r'property="og:image:alt"\s+content="A dune"', text)


def test_a_row_shows_no_more_than_its_number(home):
    for number in range(7):
        make_product(f"Print {number}")
    fill(home, row("newest", number=4))

    assert titles(shown()) == ["Print 6", "Print 5", "Print 4", "Print 3"]


def test_a_collection_that_is_published_again_shows_at_once(home, products):
    collection = collect(home, "Favourites", products[0])
    fill(home, row("collection", collection=collection.pk))
    assert titles(shown()) == ["Print 0"]

    collection.picked = [CollectionProduct(product_page=products[1])]
    collection.save_revision().publish()

    assert titles(shown()) == ["Print 1"]


def test_prices_are_those_of_now(home):
    page = make_product("Print")
    fill(home, row("hand", products=[page.pk]))
    assert "€20.00" in shown()

    set_price(page.product.skus.get(), "15.00")

    assert "€15.00" in shown()


def test_the_first_hero_is_the_heading_and_others_are_not(home):
    fill(home, hero("First"), hero("Second"))
    text = shown()
    assert '<h1 class="hero__title">First</h1>' in text
    assert '<h2 class="hero__title">Second</h2>' in text

    fill(home, ("text", "<p>Words</p>"), hero("Third"))
    text = shown()
    assert '<h2 class="hero__title">Third</h2>' in text
    assert len(Outline(text).all("h1")) == 1


def test_the_first_picture_is_wanted_at_once_and_all_others_later(home):
    picture = picture_value(make_picture())
    fill(home, hero(picture=picture), hero("Second", picture=picture))

    loading = [each["loading"] for each in Outline(shown()).all("img")]

    assert loading == ["eager", "lazy"]


def test_one_picture_has_its_own_words_in_each_block(home):
    picture = make_picture()
    fill(
        home,
        ("picture", picture_value(picture, "By day")),
        ("picture", picture_value(picture, "By night")),
    )

    assert [each["alt"] for each in Outline(shown()).all("img")] == ["By day", "By night"]


def test_a_form_in_place_is_sent_to_its_own_page(home):
    form = make_form(home)
    fill(home, ("form", {"title": "Ask us", "form": form.pk}), ("form", {"form": form.pk}))

    text = shown()

    page = Outline(text)
    assert len(page.ids) == len(set(page.ids))
    assert text.count('action="/write-to-us/"') == 2
    assert [field.get("name") for field in page.all("input")].count("your_name") == 2
    assert "csrfmiddlewaretoken" not in text
    own = {"Sec-Fetch-Site": "same-origin"}
    sent = Client().post("/write-to-us/", {"your_name": "Ada"}, headers=own)
    assert sent.headers["Location"] == "/write-to-us/sent/"
    wrong = Client().post("/write-to-us/", {"your_name": ""}, headers=own)
    assert wrong.status_code == 422


def test_words_of_editors_are_never_markup(home, products):
    bad = "<script>alert(1)</script>"
    picture = picture_value(make_picture(), '"><script>alert(1)</script>')
    fill(
        home,
        hero(bad, picture=picture, buttons=[button(bad, address="/x")]),
        row("hand", title=bad, products=[products[0].pk]),
        ("quote", {"text": bad, "author": bad, "source": bad}),
        ("faq", {"title": bad, "questions": [{"question": bad, "answer": "<p>ok</p>"}]}),
        countdown((timezone.now() + timedelta(days=3)).isoformat(), title=bad, title_after=bad),
        ("gallery", {"title": bad, "pictures": [{"picture": picture, "caption": bad}]}),
    )

    assert "<script>alert" not in shown()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example.com", "data:text/html,x", "http://", "mail"],
)
def test_a_button_leads_nowhere_that_a_browser_would_run(address):
    block = BodyBlock().child_blocks["hero"].child_blocks["buttons"].child_block
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"text": "Go", "page": None, "address": address}))


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=c", "/search/", "#newest", "mailto:a@b.co", "tel:+4930"]
)
def test_a_button_leads_to_addresses(address):
    block = BodyBlock().child_blocks["hero"].child_blocks["buttons"].child_block
    value = block.clean(block.to_python({"text": "Go", "page": None, "address": address}))
    assert value["address"] == address


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        (*row("hand"), "source"),
        (*row("collection"), "collection"),
    ],
)
def test_a_row_asks_for_what_its_source_needs(kind, value, field):
    block = BodyBlock().child_blocks[kind]
    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python(value))
    assert list(error.value.block_errors) == [field]


def test_a_countdown_says_how_long_it_is_and_what_comes_after(home):
    at = timezone.now() + timedelta(days=2, hours=3, minutes=4, seconds=30)
    fill(home, countdown(at.isoformat()))

    text = shown()

    assert '<span class="countdown__number" data-unit="days">2</span>' in text
    assert '<span class="countdown__number" data-unit="hours">03</span>' in text
    assert '<span class="countdown__number" data-unit="minutes">04</span>' in text
    assert at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") in text
    assert "data-countdown-before" in text.split("hidden data-countdown-before")[0]
    assert "hidden data-countdown-after" in text


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00"])
def test_once_the_moment_has_come_the_other_words_are_shown(home, at):
    fill(home, countdown(at))

    text = shown()

    assert "hidden data-countdown-before" in text
    assert "hidden data-countdown-after" not in text


def test_the_end_of_a_countdown_can_be_previewed(home):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    fill(home, countdown(at.isoformat()), countdown("2020-01-01T00:00:00+00:00"))

    modes = [mode for mode, _name in home.preview_modes]

    assert modes == ["", f"at-{at.timestamp():.6f}"]
    preview = home.make_preview_request(preview_mode=modes[1]).content.decode()
    assert "hidden data-countdown-after" not in preview


def test_tiles_are_all_categories_of_the_first_level_or_those_chosen():
    prints = make_category("Prints")
    make_category("Small", prints)
    make_category("Cards", picture=make_picture())
    fill(home_page(), ("categories", {"title": "", "categories": []}))
    assert shown().count('class="tile__link"') == 2

    collection = home_page().add_child(instance=CollectionPage(title="Winter"))
    small = CategoryPage.objects.get(title="Small")
    chosen = [collection.pk, small.pk, collection.pk]
    fill(home_page(), ("categories", {"title": "Now", "categories": chosen}))
    text = shown()
    assert text.count('class="tile__link"') == 2
    assert "/prints/small/" in text


def test_a_spot_outside_the_picture_stays_on_it(home, products):
    spots = [{"product": products[0].pk, "x": 400, "y": -3}, {"product": products[1].pk, "x": 7}]
    picture = picture_value(make_picture())
    value = {"title": "", "words": "", "picture": picture, "spots": spots}
    fill(home, ("shoppable_picture", value))

    text = shown()

    assert 'data-x="99"' in text
    assert 'data-y="01"' in text
    assert 'data-x="07"' in text


def test_a_content_page_shows_blocks_under_its_title(home, products):
    page = home.add_child(instance=ContentPage(title="About us"))
    fill(page, ("text", "<h2>Since 1998</h2>"), row("hand", products=[products[2].pk]))
    text = shown("/about-us/")
    assert "<h1>About us</h1>" in text
    assert titles(text) == ["Print 2"]

    fill(page, hero("We print"))
    text = shown("/about-us/")
    assert [len(Outline(text).all("h1")), "<h1>About us</h1>" in text] == [1, False]


def test_showing_a_page_leaves_its_blocks_as_they_are(home, products, rf):
    fill(home, row("hand", products=[products[0].pk]), hero(buttons=[button("Go", products[1])]))
    products[0].unpublish()
    products[1].unpublish()
    before = home.body.get_prep_value()

    home.get_context(rf.get("/"))

    assert home.body.get_prep_value() == before
    assert home.body[0].value["products"][0].pk == products[0].pk


def test_a_translated_page_shows_what_is_translated_in_its_language(home, products, settings):
    korean = Locale.objects.create(language_code="ko")
    Page.objects.get(pk=home.pk).specific.copy_for_translation(korean)
    category = products[0].get_parent().specific
    category.copy_for_translation(korean, copy_parents=True).save_revision().publish()
    translated = products[0].copy_for_translation(korean)
    translated.title = "판화"
    translated.save_revision().publish()
    other = home.get_translation(korean)
    fill(other, row("hand", products=[products[0].pk, products[1].pk]), row("newest"))

    text = shown("/ko/")

    assert titles(text) == ["판화", "Print 1", "판화"]
    assert "/ko/" in text


def test_a_preview_leaves_no_list_behind_for_shoppers(home, products):
    collection = collect(home, "Favourites", products[0])
    fill(home, row("collection", collection=collection.pk))
    cache.clear()

    assert home.make_preview_request().status_code == 200

    assert not cache.get_many([f"shelf:{collection.pk}:{collection.last_published_at.timestamp()}"])
