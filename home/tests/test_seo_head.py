"""What pages say of themselves to those who list them and link to them."""

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from catalog import listing
from catalog.models import Attribute, Brand, CollectionPage, ProductAttribute
from catalog.tests.factories import make_category, make_page, make_sku
from home.models import ArticlePage, ContentPage, JournalPage, ShopSettings
from home.seo import head, trail, words
from home.tests.seo import HOSTILE, SHOP, add_picture, body_of, faults, made_picture
from home.tests.test_languages import home, korean, translate  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path, home):  # noqa: F811
    settings.BASE_URL = SHOP
    settings.MEDIA_ROOT = tmp_path
    ShopSettings.objects.create(
        site=home.sites_rooted_here.get(), name="Halftone", tagline="Prints for quiet walls"
    )


def soup(client, path):
    return BeautifulSoup(body_of(client.get(path)), "html.parser")


def meta(page, name):
    found = page.find("meta", attrs={"name": name}) or page.find("meta", property=name)
    return found and found["content"]


def canonical(page):
    [link] = page.select("link[rel=canonical]")
    return link["href"]


def data_of(page):
    return [
        json.loads(script.string) for script in page.find_all("script", type="application/ld+json")
    ]


def nodes(page):
    """By type, what the page tells as schema.org has it."""
    found = {}
    for data in data_of(page):
        assert faults(data) == []
        for node in data.get("@graph", [data]):
            found[node["@type"]] = node
    return found


class TestWords:
    def test_a_page_is_called_by_its_own_title_then_by_the_shop(self, client):
        page = make_page("Dune", make_category("Prints"))
        page.brand = Brand.objects.create(name="Studio Nord")
        page.save()

        shown = soup(client, page.url)

        assert shown.title.string == "Dune – Studio Nord · Halftone"
        assert meta(shown, "og:title") == "Dune"
        assert meta(shown, "og:site_name") == "Halftone"

    def test_an_editor_has_the_last_word(self, client):
        page = make_page("Dune", make_category("Prints"), summary="Calm", seo_title="Buy Dune")
        page.search_description = "A print of dunes"
        page.save()

        shown = soup(client, page.url)

        assert shown.title.string == "Buy Dune · Halftone"
        assert meta(shown, "description") == "A print of dunes" == meta(shown, "og:description")

    def test_the_home_page_is_the_shop(self, client):
        shown = soup(client, "/")
        assert shown.title.string == "Halftone · Prints for quiet walls"
        assert meta(shown, "og:title") == "Halftone"
        assert meta(shown, "description") == "Prints for quiet walls"

    def test_without_a_description_a_page_is_told_by_its_own_first_words(self, client, home):  # noqa: F811
        prints = make_category("Prints", intro="<p>For <b>quiet</b> walls &amp; halls.</p>")
        assert meta(soup(client, prints.url), "description") == "For quiet walls & halls."

        page = home.add_child(
            instance=ContentPage(title="About", body=[("text", "<p>We print in Bristol.</p>")])
        )
        assert meta(soup(client, page.url), "description") == "We print in Bristol."

    def test_a_page_without_words_has_no_description(self, client):
        assert meta(soup(client, make_category("Prints").url), "description") is None

    @pytest.mark.parametrize(
        ("text", "most", "shown"),
        [
            ("Short", 10, "Short"),
            ("Exactly 10", 10, "Exactly 10"),
            ("One word too many", 12, "One word…"),
            ("One word, too many", 12, "One word…"),
            ("조용한벽을위한그림들입니다", 8, "조용한벽을위한…"),
            ("a supercalifragilistic", 12, "a supercali…"),
        ],
    )
    def test_long_words_are_cut_where_a_reader_would(self, text, most, shown):
        assert words.shortened(text, most) == shown
        assert len(shown) <= most

    def test_an_old_brand_is_not_said_twice(self, client):
        page = make_page("Studio Nord calendar", make_category("Prints"))
        page.brand = Brand.objects.create(name="studio nord")
        page.save()
        assert soup(client, page.url).title.string == "Studio Nord calendar · Halftone"


class TestAddress:
    def test_facets_and_sorts_are_the_plain_page_again(self, client):
        prints = make_category("Prints")
        size = Attribute.objects.create(name="Paper", is_facet=True)
        for paper in ("Matt", "Gloss"):
            page = make_page(paper, prints)
            make_sku(page)
            page.attributes.add(ProductAttribute(attribute=size, value=paper))
            page.save()
        key = f"a{size.pk}"

        plain = soup(client, prints.url)
        one = soup(client, f"{prints.url}?{key}=Matt")
        two = soup(client, f"{prints.url}?{key}=Matt&{key}=Gloss")
        sort = soup(client, f"{prints.url}?sort=name")

        assert {canonical(page) for page in (plain, one, two, sort)} == {SHOP + prints.url}
        assert meta(plain, "robots") is None
        assert meta(one, "robots") is None
        assert meta(two, "robots") == meta(sort, "robots") == "noindex, follow"

    def test_the_second_page_of_a_part_is_the_plain_page_again_too(self, client, monkeypatch):
        monkeypatch.setattr("catalog.browsing.PRODUCTS_PER_PAGE", 1)
        prints = make_category("Prints")
        for _number in range(2):
            make_sku(make_page(category=prints))
        assert canonical(soup(client, f"{prints.url}?sort=name&page=2")) == SHOP + prints.url

    def test_each_page_of_a_listing_is_its_own(self, client, monkeypatch):
        monkeypatch.setattr("catalog.browsing.PRODUCTS_PER_PAGE", 1)
        prints = make_category("Prints")
        for _number in range(2):
            make_sku(make_page(category=prints))

        second = soup(client, f"{prints.url}?page=2")

        assert canonical(second) == f"{SHOP}{prints.url}?page=2"
        assert second.title.string == "Prints, page 2 · Halftone"
        assert meta(second, "robots") is None

    def test_a_variant_is_its_product(self, client):
        page = make_page(category=make_category("Prints"))
        make_sku(page, "A", option1="A")
        make_sku(page, "B", option1="B")
        assert canonical(soup(client, f"{page.url}?sku=B")) == SHOP + page.url

    def test_an_alias_is_its_source(self, client):
        page = make_page(category=make_category("Prints"))
        alias = page.create_alias(parent=make_category("Others"))
        shown = soup(client, alias.url)
        assert canonical(shown) == meta(shown, "og:url") == SHOP + page.url

    def test_pages_name_their_translations(self, client, home, korean):  # noqa: F811
        prints, cards = make_category("Prints"), make_category("Cards", slug="cards")
        translate(home, korean, "가게")
        translated = translate(prints, korean, "인쇄")

        told = {
            link["hreflang"]: link["href"]
            for link in soup(client, translated.url).select("link[rel=alternate][hreflang]")
        }

        assert told == {
            "en": f"{SHOP}/prints/",
            "ko": f"{SHOP}/ko/prints/",
            "x-default": f"{SHOP}/prints/",
        }
        assert not soup(client, cards.url).select("link[hreflang]")

    @pytest.mark.parametrize("path", ["/search/?q=dune", "/account/login/", "/nothing/"])
    def test_what_is_not_to_be_listed_says_so_and_is_nowhere_else(self, client, path):
        shown = BeautifulSoup(client.get(path).content, "html.parser")
        assert meta(shown, "robots").startswith("noindex")
        assert not shown.select("link[rel=canonical]")

    def test_feeds_are_told_where_they_are_about_something(self, client):
        feeds = "link[type='application/rss+xml']"
        assert [link["href"] for link in soup(client, "/").select(feeds)] == [
            "/feeds/products.rss",
            "/feeds/journal.rss",
        ]
        prints = make_category("Prints")
        assert len(soup(client, prints.url).select(feeds)) == 1


class TestPicture:
    def test_it_is_a_whole_address_with_its_size_and_no_file_is_made(self, client):
        page = make_page("Dune", make_category("Prints"))
        picture = add_picture(page)

        shown = soup(client, page.url)

        assert meta(shown, "og:image") == SHOP + picture.file.url
        assert (meta(shown, "og:image:width"), meta(shown, "og:image:height")) == ("900", "600")
        assert meta(shown, "og:image:alt") == "A dune"
        assert meta(shown, "twitter:card") == "summary_large_image"
        assert picture.renditions.count() == 0

    def test_a_category_without_one_shows_what_it_lists(self, client):
        prints = make_category("Prints")
        page = make_page("Dune", prints)
        picture = add_picture(page)
        make_sku(page)
        assert meta(soup(client, prints.url), "og:image") == SHOP + picture.file.url

    def test_without_any_there_is_none(self, client):
        shown = soup(client, make_category("Prints").url)
        assert meta(shown, "og:image") is None
        assert meta(shown, "twitter:card") == "summary"


class TestStructuredData:
    def test_the_home_page_tells_of_the_shop_and_its_search(self, client, home):  # noqa: F811
        ShopSettings.objects.update(contact_email="hello@example.com", phone="+49 30 123")

        told = nodes(soup(client, "/"))

        assert set(told) == {"OnlineStore", "WebSite"}
        store = told["OnlineStore"]
        assert store["name"] == "Halftone"
        assert (store["email"], store["telephone"]) == ("hello@example.com", "+49 30 123")
        search = told["WebSite"]["potentialAction"]["target"]["urlTemplate"]
        assert search == f"{SHOP}/search/?q={{search_term_string}}"
        found = client.get(search.removeprefix(SHOP).replace("{search_term_string}", "dune"))
        assert found.context["query"] == "dune"

    def test_the_way_to_a_page_is_told_as_it_is_shown(self, client):
        prints = make_category("Prints")
        page = make_page("Dune", make_category("Sea", prints))

        shown = soup(client, page.url)

        crumbs = [
            (one["name"], one["item"]) for one in nodes(shown)["BreadcrumbList"]["itemListElement"]
        ]
        assert crumbs == [
            ("Home", f"{SHOP}/"),
            ("Prints", f"{SHOP}/prints/"),
            ("Sea", f"{SHOP}/prints/sea/"),
            ("Dune", f"{SHOP}/prints/sea/dune/"),
        ]
        read = shown.select(".breadcrumbs__list li")
        assert [one.get_text(strip=True) for one in read] == [name for name, _url in crumbs]

    def test_a_category_tells_what_it_lists_in_its_order(self, client, home):  # noqa: F811
        prints = make_category("Prints")
        pages = [make_page(name, prints) for name in ("B", "A")]
        for page in pages:
            make_sku(page)
        listing.refresh([page.product_id for page in pages])

        told = nodes(soup(client, f"{prints.url}?sort=name"))["CollectionPage"]

        urls = [one["url"] for one in told["mainEntity"]["itemListElement"]]
        assert urls == [SHOP + page.url for page in reversed(pages)]
        empty = home.add_child(instance=CollectionPage(title="None yet", price_from=999))
        assert "mainEntity" not in nodes(soup(client, empty.url))["CollectionPage"]

    def test_hostile_words_stay_words(self, client):
        prints = make_category("Prints")
        page = make_page("Dune", prints, summary=HOSTILE)
        page.title = HOSTILE.replace("\x01", "").replace("\x0b", "").replace("\x1f", "")
        page.save()
        make_sku(page)

        for path in (page.url, prints.url):
            shown = soup(client, path)
            for script in shown.find_all("script", type="application/ld+json"):
                assert not set(script.string) & set("<>&")
            assert nodes(shown)
        assert nodes(soup(client, page.url))["Product"]["name"] == page.title

    def test_a_preview_tells_nothing(self, home):  # noqa: F811
        prints = make_category("Prints")
        for page in (home, prints, make_page("Dune", prints)):
            shown = BeautifulSoup(page.make_preview_request().content, "html.parser")
            assert not data_of(shown)
            assert not shown.select("link[rel=canonical]")
            assert meta(shown, "description") is not None

    def test_the_way_costs_one_query_however_often_it_is_shown(
        self,
        rf,
        home,  # noqa: F811
        django_assert_num_queries,
    ):
        page = make_page("Dune", make_category("Sea", make_category("Prints")))
        request = rf.get("/")
        home.get_url(request)

        with django_assert_num_queries(1):
            assert len(trail.trail(request, page)) == 4
            assert trail.trail(request, page) is trail.trail(request, page)

    @pytest.mark.parametrize("has_picture", [False, True])
    def test_the_head_of_a_page_asks_for_nothing_but_the_way(
        self, client, monkeypatch, has_picture
    ):
        page = make_page("Dune", make_category("Prints"), summary="Calm")
        make_sku(page)
        if has_picture:
            add_picture(page)

        def queries():
            with CaptureQueriesContext(connection) as context:
                client.get(page.url)
            return len(context)

        queries()
        with_it = queries()
        monkeypatch.setattr(head, "head", lambda *_arguments: None)
        # Without a head nothing is told, but the way is shown.
        assert queries() == with_it


class TestSharing:
    def test_without_scripts_there_is_the_mail(self, client):
        page = make_page("Dune & sea", make_category("Prints"), slug="dune")

        [row] = soup(client, page.url).select("[data-share]")

        assert row["data-url"] == f"{SHOP}/prints/dune/"
        [mail] = row.select("a")
        assert mail["href"] == (
            "mailto:?subject=Dune%20%26%20sea&body=https%3A%2F%2Fshop.example.com%2Fprints%2Fdune%2F"
        )
        assert all(button.has_attr("hidden") for button in row.select("button"))

    def test_nobody_shares_a_draft(self):
        page = make_page("Dune", make_category("Prints"))
        assert b"data-share" not in page.make_preview_request().content


def test_an_article_tells_who_wrote_it_and_when(client, home):  # noqa: F811
    journal = home.add_child(instance=JournalPage(title="Journal", slug="journal"))
    fields = {"published_on": date(2026, 3, 7), "intro": "How we print"}
    signed = journal.add_child(instance=ArticlePage(title="Ink", author="Ada", **fields))
    unsigned = journal.add_child(instance=ArticlePage(title="Paper", **fields))
    picture = made_picture()
    signed.picture = picture
    signed.save()

    shown = soup(client, signed.url)
    told = nodes(shown)["Article"]

    assert meta(shown, "og:type") == "article"
    assert told["headline"] == "Ink"
    assert told["description"] == "How we print"
    assert told["datePublished"] == "2026-03-07"
    assert told["author"] == {"@type": "Person", "name": "Ada"}
    assert told["image"] == [SHOP + picture.file.url]
    author = nodes(soup(client, unsigned.url))["Article"]["author"]
    assert (author["@type"], author["name"]) == ("Organization", "Halftone")


def test_a_page_behind_a_password_tells_nothing_to_others(client):
    page = make_page("Dune", make_category("Secret"), summary="Hush")
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="open"
    )
    for path in ("/sitemap-0.xml", "/feeds/google.xml", "/feeds/products.rss"):
        assert b"dune" not in body_of(client.get(path))
