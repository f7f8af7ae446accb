"""Where search engines find all pages, and what they are asked to leave alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from catalog.models import ProductPage
from catalog.tests.factories import make_category, make_page
from home.seo import sitemaps
from home.tests.seo import SHOP, body_of, xml_of
from home.tests.test_languages import home, korean, translate  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(autouse=True)
def _shop(settings):
    settings.BASE_URL = SHOP


def addresses(client, path="/sitemap-0.xml"):
    return [one.text.removeprefix(SHOP) for one in xml_of(client.get(path)).iter(f"{S}loc")]


def queries(client, path):
    with CaptureQueriesContext(connection) as context:
        body_of(client.get(path))
    return len(context)


class TestSitemap:
    def test_the_index_names_files_that_are_there(self, client):
        page = make_page(category=make_category())
        page.save_revision().publish()

        root = xml_of(client.get("/sitemap.xml"))

        files = [one.text for one in root.iter(f"{S}loc")]
        assert files == [f"{SHOP}/sitemap-shop.xml", f"{SHOP}/sitemap-0.xml"]
        page.refresh_from_db()
        [changed] = [one.text for one in root.iter(f"{S}lastmod")]
        assert changed == page.last_published_at.isoformat(timespec="seconds")
        for file in files:
            assert xml_of(client.get(file.removeprefix(SHOP))).tag == f"{S}urlset"

    def test_it_lists_what_everybody_may_see_and_nothing_else(self, client, home):  # noqa: F811
        prints = make_category("Prints")
        shown = make_page("Shown", prints)
        make_page("Draft", prints, live=False)
        shown.create_alias(parent=make_category("Others"), update_slug="again")
        secret = make_category("Secret")
        make_page("Hidden", secret)
        PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
        # Where no site leads to.
        Page.get_first_root_node().add_child(instance=Page(title="Elsewhere", slug="elsewhere"))

        assert addresses(client) == ["/", "/prints/", "/prints/shown/", "/others/"]

    def test_addresses_are_those_by_which_pages_are_served(self, client):
        page = make_page("바다", make_category("Prints"), slug="바다-café")

        [*_others, last] = addresses(client)

        assert last == page.get_url()
        assert client.get(last).status_code == 200

    def test_a_page_stays_in_its_file_and_no_file_is_too_long(self, client, monkeypatch):
        monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 4)
        prints = make_category("Prints")
        pages = [make_page(f"Print {number}", prints) for number in range(9)]

        files = addresses(client, "/sitemap.xml")[1:]
        listed = [addresses(client, file) for file in files]

        assert max(map(len, listed)) <= 4
        together = [url for file in listed for url in file]
        assert sorted(together) == sorted({*together})
        assert {page.url for page in pages} < {*together}
        # Where pages are gone, the others stay where they were.
        pages[0].delete()
        assert addresses(client, files[-1]) == listed[-1]

    @pytest.mark.parametrize("path", ["/sitemap-1.xml", "/sitemap-99999999999999999999.xml"])
    def test_a_file_without_pages_is_not_there(self, client, path):
        assert client.get(path).status_code == 404

    def test_pages_name_their_translations(self, client, home, korean):  # noqa: F811
        prints = make_category("Prints")
        cards = make_category("Cards", slug="cards")
        translate(home, korean, "가게")
        translate(prints, korean, "인쇄")

        entries = xml_of(client.get("/sitemap-0.xml")).iter(f"{S}url")
        told = {
            entry.find(f"{S}loc").text: {
                link.get("hreflang"): link.get("href") for link in entry.iter(LINK)
            }
            for entry in entries
        }

        both = {"en": f"{SHOP}/prints/", "ko": f"{SHOP}/ko/prints/"}
        assert told[f"{SHOP}/prints/"] == told[f"{SHOP}/ko/prints/"] == both
        assert told[f"{SHOP}/cards/"] == {}, cards
        assert len(told) == 5

    def test_more_pages_cost_a_query_for_each_batch_of_them(self, client, monkeypatch):
        prints = make_category("Prints")
        make_page(category=prints)
        queries(client, "/sitemap-0.xml")
        few = queries(client, "/sitemap-0.xml")
        for _number in range(8):
            make_page(category=prints)

        assert queries(client, "/sitemap-0.xml") == few
        assert queries(client, "/sitemap.xml") <= few
        monkeypatch.setattr(sitemaps, "AT_ONCE", 5)
        assert queries(client, "/sitemap-0.xml") == few + 2

    def test_rankings_are_in_it_in_every_language(self, client, home, korean):  # noqa: F811
        translate(home, korean, "가게")

        found = addresses(client, "/sitemap-shop.xml")

        assert {"/rankings/", "/rankings/selling/", "/ko/rankings/selling/"} < {*found}
        assert all(client.get(url).status_code == 200 for url in found)

    def test_what_still_holds_is_not_sent_again(self, client):
        make_page(category=make_category())
        first = client.get("/sitemap-0.xml")
        assert first.headers["Cache-Control"] == "public, max-age=3600"
        assert "Set-Cookie" not in first.headers
        tag = first.headers["ETag"]

        assert client.get("/sitemap-0.xml", headers={"If-None-Match": tag}).status_code == 304
        ProductPage.objects.get().save_revision().publish()
        assert client.get("/sitemap-0.xml", headers={"If-None-Match": tag}).status_code == 200

    def test_a_shop_without_a_site_has_none(self, client):
        Site.objects.all().delete()
        assert client.get("/sitemap-0.xml").status_code == 404
        assert addresses(client, "/sitemap.xml") == ["/sitemap-shop.xml"]


class TestRobots:
    def test_what_is_somebodys_own_is_left_alone_and_the_rest_is_not(self, client):
        answer = client.get("/robots.txt")
        lines = body_of(answer).decode().splitlines()

        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert lines[0] == "User-agent: *"
        assert lines[-1] == f"Sitemap: {SHOP}/sitemap.xml"
        forbidden = [line.removeprefix("Disallow: ") for line in lines if "Disallow" in line]
        for path in ("/cart/add/", "/orders/checkout/", "/account/login/", "/ko/cart/", "/admin/"):
            assert path.startswith(tuple(forbidden)), path
        for path in ("/", "/prints/", "/search/?q=a", "/feeds/google.xml", "/media/images/a.jpg"):
            assert not path.startswith(tuple(forbidden)), path
        # The empty cart may be read, nothing below it.
        assert {"Allow: /cart/$", "Allow: /ko/cart/$"} <= set(lines)
        assert 'name="robots"' not in client.get("/cart/").content.decode()

    def test_a_shop_that_is_only_tried_out_is_not_to_be_found(self, client, settings):
        settings.NOINDEX = True
        # The middleware is asked for once, when a server starts.
        client = type(client)()

        robots = client.get("/robots.txt")
        assert robots.content.decode().splitlines() == ["User-agent: *", "Disallow: /"]
        for answer in (robots, client.get("/"), client.get("/feeds/google.xml")):
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert b'<meta name="robots" content="noindex, nofollow">' in client.get("/").content

    def test_a_shop_for_everybody_says_nothing_of_the_kind(self, client):
        assert "X-Robots-Tag" not in client.get("/").headers
        assert b'name="robots"' not in client.get("/").content
