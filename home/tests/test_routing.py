"""An address leads where Wagtail's own walk would lead it, with few queries."""

from functools import partial

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Locale, Page, Site

from catalog import kept
from catalog.models import CategoryPage, ProductPage
from catalog.tests.factories import make_category, make_page
from home import routing
from home.models import ContentPage, FormPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page.specific


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def shop(home, a_redis, commit):
    kept.forget()
    with commit():
        return branches(home)


def branches(home):
    prints = make_category("Prints")
    below = make_category("Below", parent=prints)
    make_page("Dune", below)
    make_page("Draft", below, live=False)
    hidden = make_category("Hidden", parent=prints, live=False)
    make_page("Of a draft", hidden)
    about = home.add_child(instance=ContentPage(title="About", slug="about"))
    about.add_child(instance=FormPage(title="Write to us", slug="write"))
    for model in (CategoryPage, ProductPage, ContentPage, FormPage):
        ContentType.objects.get_for_model(model)
    return below


PATHS = [
    "",
    "prints",
    "prints/",
    "/prints//below/",
    "prints/below/dune/",
    "prints/below/DUNE/",
    "prints/below/draft/",
    "prints/hidden/",
    "prints/hidden/of-a-draft/",
    "prints/dune/",
    "dune/",
    "below/dune/",
    "home/prints/",
    "about/write/",
    "about/write/more/",
    "nowhere/",
    "prints/nowhere/dune/",
    "prints/below/dune/more/",
    "prints/%/_/",
    "/".join(["prints"] * 50),
]


def request():
    return RequestFactory().get("/", HTTP_HOST="localhost")


def walked(path):
    """The page that Wagtail itself finds."""
    found = Page.route_for_request(request(), path)
    return found and found.page


def led(path):
    asked = request()
    routing.find(asked, path)
    found = Page.route_for_request(asked, path)
    return found and found.page


@pytest.mark.parametrize("path", PATHS)
def test_it_leads_where_wagtail_would(path, shop):
    expected = walked(path)

    for _time in range(3):
        with kept.from_here():
            found = led(path)
        assert found == expected
        assert type(found) is type(expected)


def test_some_of_these_are_there_and_some_are_not(shop):
    """The control of the test above."""
    there = [path for path in PATHS if led(path)]

    assert len(there) == 7
    assert led("prints/below/dune/").title == "Dune"


def test_a_page_is_found_with_two_queries_and_then_with_one(
    shop, commit, django_assert_num_queries
):
    with commit():
        make_page("Fern", shop)
    with kept.from_here():
        led("")
        with django_assert_num_queries(2):
            page = led("prints/below/dune/")
        with django_assert_num_queries(0):
            # What shows it names its brand, too.
            assert (page.locale, page.product, page.brand) == (shop.locale, page.product, None)
        with django_assert_num_queries(1):
            led("prints/below/dune/")
        with django_assert_num_queries(1):
            # The pages above it are known.
            led("prints/below/fern/")
        with django_assert_num_queries(0):
            assert [one.title for one in routing.above(page)][1:] == ["Prints", "Below"]


def test_a_page_that_was_published_again_is_found_with_one_query(
    shop, commit, django_assert_num_queries
):
    with kept.from_here():
        led("prints/below/dune/")
    with commit():
        page = ProductPage.objects.get(slug="dune")
        page.title = "Dunes"
        page.save_revision().publish()

    with kept.from_here(), django_assert_num_queries(1):
        assert led("prints/below/dune/").title == "Dunes"


def test_another_slug_another_place_and_what_takes_its_place_are_heard_of(shop, commit):
    def known():
        for path in ("prints/below/dune/", "prints/below/sand/", "prints/dune/"):
            with kept.from_here():
                found = led(path)
                assert found == walked(path)
                yield path if found else ""

    assert list(known()) == ["prints/below/dune/", "", ""]
    page = ProductPage.objects.get(slug="dune")
    with commit():
        page.slug = "sand"
        page.save_revision().publish()
    assert list(known()) == ["", "prints/below/sand/", ""]
    with commit():
        make_page("Dune", shop)
    assert list(known()) == ["prints/below/dune/", "prints/below/sand/", ""]
    with commit():
        ProductPage.objects.get(slug="dune").move(shop.get_parent(), pos="last-child")
    assert list(known()) == ["", "prints/below/sand/", "prints/dune/"]
    with commit():
        shop.slug = "under"
        shop.save_revision().publish()
    assert list(known()) == ["", "", "prints/dune/"]
    with commit():
        ProductPage.objects.get(slug="dune").unpublish()
    assert list(known()) == ["", "", ""]


def test_an_address_in_another_language_leads_to_the_pages_below_its_home(home, shop):
    korean = Locale.objects.create(language_code="ko")
    other = home.copy_for_translation(korean)
    other.save_revision().publish()
    prints = CategoryPage.objects.get(slug="prints")
    there = prints.copy_for_translation(korean)
    there.save_revision().publish()

    with translation.override("ko"):
        assert led("").pk == other.pk
        assert led("prints/").pk == there.pk
        assert led("prints/below/") is None
        type(home).objects.get(pk=other.pk).unpublish()
        # Without a home page of its own, a language shows the site's.
        assert led("prints/").pk == prints.pk
