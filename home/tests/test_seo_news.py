"""What is new, for feed readers."""

import xml.etree.ElementTree as ET
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.tests.factories import make_category, make_page, make_sku
from home.models import ArticlePage, JournalPage
from home.seo import news
from home.tests.seo import HOSTILE, SHOP, add_picture, body_of, made_picture, xml_of
from home.tests.test_languages import home, korean, translate  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}content"


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.BASE_URL = SHOP
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def prints():
    return make_category("Prints")


@pytest.fixture
def journal(home):  # noqa: F811
    return home.add_child(instance=JournalPage(title="Journal", slug="journal"))


def on_sale(title, category, **fields):
    page = make_page(title, category, **fields)
    make_sku(page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def write(journal, title, **fields):
    return journal.add_child(instance=ArticlePage(title=title, **fields))


def items(client, path="/feeds/products.rss"):
    return list(xml_of(client.get(path)).iter("item"))


class TestProducts:
    def test_the_newest_come_first_and_lead_to_the_shop(self, client, prints):
        first = on_sale("First", prints, summary="Calm & <b>quiet</b>")
        second = on_sale("Second", prints)
        picture = add_picture(first)

        later, sooner = items(client)

        assert [later.findtext("link"), sooner.findtext("link")] == [
            SHOP + second.url,
            SHOP + first.url,
        ]
        assert sooner.findtext("title") == "First"
        url = SHOP + picture.file.url
        assert sooner.findtext("description") == (
            f'<p><img src="{url}" alt="A dune"></p><p>Calm &amp; quiet</p>'
        )
        assert sooner.find(MEDIA).get("url") == url
        assert later.find(MEDIA) is None
        moment = parsedate_to_datetime(sooner.findtext("pubDate"))
        assert moment == first.first_published_at.replace(microsecond=0)

    def test_atom_says_the_same(self, client, prints):
        page = on_sale("Dune", prints, summary="Calm")

        root = xml_of(client.get("/feeds/products.atom"))

        [entry] = root.iter(f"{ATOM}entry")
        assert root.findtext(f"{ATOM}id") == f"{SHOP}/feeds/products.atom"
        assert entry.find(f"{ATOM}link").get("href") == SHOP + page.url
        assert entry.findtext(f"{ATOM}summary") == "<p>Calm</p>"
        changed = datetime.fromisoformat(entry.findtext(f"{ATOM}updated"))
        assert changed == page.last_published_at

    def test_what_nobody_can_buy_or_see_is_not_news(self, client, prints):
        make_page("Unpriced", prints)
        make_sku(make_page("Draft", prints, live=False))
        page = on_sale("Shown", prints)
        page.create_alias(parent=make_category("Others"), update_slug="again")

        assert [one.findtext("title") for one in items(client)] == ["Shown"]

    def test_a_page_that_moves_is_no_news(self, client, prints):
        page = on_sale("Dune", prints)
        [before] = items(client)
        page.move(make_category("Sea"), pos="last-child")

        [after] = items(client)

        assert after.findtext("link") != before.findtext("link")
        assert after.findtext("guid") == before.findtext("guid")
        assert after.find("guid").get("isPermaLink") == "false"

    def test_many_cost_as_many_queries_as_few(self, client, prints, monkeypatch):
        def queries():
            with CaptureQueriesContext(connection) as context:
                body_of(client.get("/feeds/products.rss"))
            return len(context)

        add_picture(on_sale("Dune", prints))
        queries()
        few = queries()
        for number in range(4):
            add_picture(on_sale(f"Dune {number}", prints))

        assert queries() == few
        monkeypatch.setattr(news, "SHOWN", 2)
        assert len(items(client)) == 2

    def test_each_language_has_its_own(self, client, home, korean, prints):  # noqa: F811
        on_sale("Dune", prints)
        translate(home, korean, "가게")
        translate(prints, korean, "인쇄")
        translated = translate(prints.get_children().get().specific, korean, "모래 언덕")

        root = xml_of(client.get("/ko/feeds/products.rss"))

        assert root.findtext("channel/language") == "ko"
        assert root.findtext("channel/link") == f"{SHOP}/ko/"
        assert [one.findtext("link") for one in root.iter("item")] == [SHOP + translated.url]
        # A language that editors do not write in reads the shop's own.
        assert len(items(client, "/zh-hans/feeds/products.rss")) == 1


class TestJournal:
    def test_articles_by_their_own_date_with_their_author(self, client, journal):
        today = timezone.localdate()
        old = write(journal, "Old", published_on=today.replace(year=today.year - 1))
        new = write(journal, "New", intro="How we print", author="Ada", published_on=today)
        new.picture = made_picture()
        new.save()

        found = items(client, "/feeds/journal.rss")

        assert [one.findtext("link") for one in found] == [SHOP + new.url, SHOP + old.url]
        assert found[0].findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ada"
        assert found[0].find(MEDIA).get("url") == SHOP + new.picture.file.url
        assert parsedate_to_datetime(found[0].findtext("pubDate")).date() == today
        [_old, author] = sorted(
            one.findtext(f"{ATOM}author/{ATOM}name") or ""
            for one in xml_of(client.get("/feeds/journal.atom")).iter(f"{ATOM}entry")
        )
        assert author == "Ada"

    def test_a_draft_is_no_news(self, client, journal):
        write(journal, "Draft", live=False)
        assert items(client, "/feeds/journal.rss") == []


@pytest.mark.parametrize("path", ["products.rss", "products.atom", "journal.rss", "journal.atom"])
def test_hostile_words_are_read_as_they_were_written(client, prints, journal, path):
    # A title is refused with most of these; what came in by another way is still there.
    page = on_sale("Dune", prints, summary=HOSTILE)
    article = write(journal, "Article", intro=HOSTILE)
    for one in (page, article):
        type(one).objects.filter(pk=one.pk).update(title=f"a {HOSTILE} z")

    root = xml_of(client.get(f"/feeds/{path}"))

    titles = [one.text for tag in ("item", f"{ATOM}entry") for one in root.iterfind(f".//{tag}/*")]
    readable = HOSTILE.translate({1: None, 11: None, 31: None, 0xFFFE: None})
    assert f"a {readable} z" in titles


@pytest.mark.parametrize("path", ["products.rss", "journal.atom"])
def test_what_still_holds_is_not_sent_again(client, prints, journal, path):
    on_sale("Dune", prints)
    answer = client.get(f"/feeds/{path}")
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    tag = answer.headers["ETag"]

    again = client.get(f"/feeds/{path}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    on_sale("Newer", prints)
    assert client.get(f"/feeds/{path}", headers={"If-None-Match": tag}).status_code == 200


def test_an_empty_shop_has_feeds_too(client):
    for path in ("products.rss", "products.atom", "journal.rss", "journal.atom"):
        assert isinstance(xml_of(client.get(f"/feeds/{path}")), ET.Element)
    assert client.post("/feeds/products.rss").status_code == 405
