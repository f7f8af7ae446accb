"""An issue as a page and as a mail."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Site

from catalog.models import Picture
from catalog.tests.factories import make_page, make_sku, set_price
from social.models import NewsletterPage
from social.newsletter import issue as issues
from social.newsletter.words import as_html, as_text, whole
from social.tests.newsletters import make_index, make_issue, make_subscriber

pytestmark = pytest.mark.django_db

BASE = "http://localhost:8000"
VOID = {"meta", "img", "br", "hr"}


class Balanced(HTMLParser):
    """Fails where a tag is closed that is not open, or a paragraph holds what it cannot."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        if tag in {"table", "p", "div", "ul", "ol", "h1", "h2", "h3", "hr"}:
            assert "p" not in self.open, tag
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def picture(db):
    file = get_test_image_file(filename="dunes.png", size=(1600, 900))
    return Picture.objects.create(title="Dunes", description="Dunes at dawn", file=file)


@pytest.fixture
def full_issue(picture):
    sold = make_page("Dune at dawn")
    make_sku(sold, price="20.00", compare_at="25.00")
    hidden = make_page("Hidden", live=False)
    gone = make_page("Gone")
    make_sku(gone)
    page = make_issue(
        "Spring <prints> & more",
        [
            (
                "text",
                f'<h2>New</h2><p>See <a linktype="page" id="{sold.pk}">the dunes</a> and '
                '<a href="https://example.com/?a=1&amp;b=2">more</a>.</p>'
                "<ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul><hr/>"
                '<p><a linktype="page" id="99999">lost</a><br/>last</p>',
            ),
            ("picture", {"image": picture.pk, "alt_text": "The dunes", "decorative": False}),
            (
                "products",
                {
                    "title": "Reduced",
                    "products": [one.pk for one in (sold, hidden, gone)],
                },
            ),
            ("button", {"text": "All prints", "url": "https://example.com/prints/"}),
        ],
        preview_text="Half of them reduced",
    )
    gone.delete()
    return page


def test_the_mail_is_html_that_mail_programs_take(full_issue):
    rendered = issues.render(full_issue)
    found = Balanced(rendered.html).seen

    assert rendered.html.startswith("<!DOCTYPE html>")
    names = {tag for tag, _attributes in found}
    assert names.isdisjoint({"script", "link", "form", "picture", "source", "svg", "section"})
    for tag, attributes in found:
        assert "onclick" not in attributes
        if tag == "img":
            assert attributes["src"].startswith(f"{BASE}/media/")
            assert {"alt", "width", "height"} <= set(attributes)
        if tag == "a":
            assert re.match(r"https?://|mailto:", attributes["href"]), attributes
        if tag == "table":
            assert attributes["role"] == "presentation"
    assert "max-width: 600px" in rendered.html
    assert "prefers-color-scheme: dark" in rendered.html
    assert '<h1 style="' in rendered.html
    assert "Spring &lt;prints&gt; &amp; more" in rendered.html
    assert "Half of them reduced" in rendered.html
    assert 'alt="The dunes"' in rendered.html
    assert f'href="{BASE}/letters/spring-prints-more/"' in rendered.html
    assert len(rendered.html.encode()) < 100_000


def test_the_plain_text_says_the_same(full_issue):
    site = Site.objects.get(is_default_site=True)
    apps.get_model("home", "ShopSettings").objects.create(
        site=site, name="Paper & Ink", contact_email="hi@example.com"
    )
    reader = make_subscriber()
    text = issues.render(full_issue).for_key(reader.key).text

    assert text.startswith("Paper & Ink\n\nSpring <prints> & more\n")
    for line in (
        f"Read it in your browser: {BASE}/letters/spring-prints-more/",
        f"See the dunes ({BASE}/prints/dune-at-dawn/) and more (https://example.com/?a=1&b=2).",
        "- one\n- two\n   1. inner",
        "lost\nlast",
        "[The dunes]",
        "Reduced",
        "Dune at dawn\n€20.00 (before: €25.00",
        "All prints:\nhttps://example.com/prints/",
        f"Unsubscribe: {BASE}/subscriptions/{reader.key}/leave/",
        "hi@example.com",
    ):
        assert line in text, text
    assert "Hidden" not in text
    assert "Gone" not in text
    assert "&amp;" not in text


def test_prices_are_those_of_the_moment_of_sending(full_issue):
    page = full_issue.get_latest_revision_as_object()
    from catalog.models import Sku

    set_price(Sku.objects.get(product__pages__title="Dune at dawn"), "17.50")

    rendered = issues.render(page)
    assert "€17.50" in rendered.text
    assert "€17.50" in rendered.html
    assert "€20.00" not in rendered.html


def test_a_row_of_products_that_are_all_gone_is_left_out(db):
    page = make_page("Gone")
    issue = make_issue("Rows", [("products", {"title": "Our row", "products": [page.pk]})])
    page.unpublish()

    assert "Our row" not in issues.render(issue).html
    assert "Our row" not in issues.render(issue).text


def test_a_picture_whose_file_is_gone_is_left_out(picture):
    issue = make_issue(
        "Lost", [("picture", {"image": picture.pk, "alt_text": "x", "decorative": False})]
    )
    picture.file.storage.delete(picture.file.name)

    assert "<img" not in issues.render(issue).html


def test_each_mail_has_its_own_way_out_and_the_headers_of_a_list(full_issue, settings):
    ada, bob = make_subscriber("ada@example.com"), make_subscriber("bob@example.com")
    rendered = issues.render(full_issue)
    first, second = (issues.message(rendered, full_issue.pk, one) for one in (ada, bob))

    headers = first.message()
    assert headers["To"] == "ada@example.com"
    assert headers["List-Unsubscribe"] == f"<{BASE}/subscriptions/{ada.key}/leave/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == "<newsletter.localhost>"
    assert headers["Precedence"] == "bulk"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == "en"
    assert "Storefront" in headers["From"]
    for body in (first.body, first.alternatives[0].content):
        assert ada.key in body
        assert bob.key not in body
        assert issues.ANYBODY not in body
    assert bob.key in second.body


def test_a_hostile_title_makes_no_header(db):
    issue = make_issue("Hello\r\nBcc: all@example.com\u202e")
    message = issues.message(issues.render(issue), issue.pk, make_subscriber()).message()

    assert "Bcc" not in message
    assert str(message["Subject"]) == "Hello Bcc: all@example.com"


def test_a_mail_costs_queries_for_its_blocks_and_not_for_its_products(
    django_assert_max_num_queries,
):
    pages = [make_page() for _number in range(12)]
    for page in pages:
        make_sku(page)
    row = {"title": "", "products": [page.pk for page in pages]}
    issue = NewsletterPage.objects.get(pk=make_issue("Many", [("products", row)]).pk)
    issues.render(issue)
    with django_assert_max_num_queries(25):
        issues.render(NewsletterPage.objects.get(pk=issue.pk))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/prints/", f"{BASE}/prints/"),
        ("//elsewhere.example", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("#place", ""),
        ("http://[bad", ""),
        ("", ""),
    ],
)
def test_addresses_are_whole_or_left_out(url, expected):
    assert whole(url) == expected


def test_words_keep_nothing_but_their_tags():
    html = as_html('<p class="x" onclick="y">A <a href="javascript:z">b</a> <b>c</b></p>')
    assert html == '<p style="margin: 0 0 14px">A b <b>c</b></p>'
    assert as_text('<p><a href="mailto:a@example.com">a@example.com</a></p>') == "a@example.com"


def test_the_editor_previews_web_page_mail_and_text(full_issue):
    draft = full_issue.get_latest_revision_as_object()
    web = draft.make_preview_request(preview_mode="")
    html = draft.make_preview_request(preview_mode="mail")
    text = draft.make_preview_request(preview_mode="mail-text")

    assert [mode for mode, _name in draft.preview_modes] == ["", "mail", "mail-text"]
    assert 'class="issue"' in web.content.decode()
    assert "max-width: 600px" in html.content.decode()
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "All prints:" in text.content.decode()


def test_an_issue_that_is_just_being_written_can_be_previewed(db):
    draft = NewsletterPage(title="New", slug="new", locale=Page.objects.first().locale)
    for mode in ("", "mail", "mail-text"):
        assert draft.make_preview_request(preview_mode=mode).status_code == 200


def test_issues_stand_in_a_public_archive_the_newest_first(client, full_issue):
    older = make_issue("Winter")
    older.first_published_at = timezone.now() - timedelta(days=90)
    older.save()
    hidden = make_issue("Not yet")
    hidden.unpublish()

    page = client.get("/letters/").content.decode()
    assert page.index("Spring &lt;prints&gt;") < page.index("Winter")
    assert "Not yet" not in page
    assert "Half of them reduced" in page

    answer = client.get(full_issue.url)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Dune at dawn" in text
    assert "Hidden" not in text
    assert 'href="https://example.com/prints/"' in text
    assert 'id="signup-page"' in text
    assert client.get(hidden.url).status_code == 404


def test_an_archive_without_issues_offers_to_sign_up_and_no_more(client):
    make_index()
    page = client.get("/letters/").content.decode()
    assert 'id="signup-page"' in page
    assert "Issues so far" not in page
