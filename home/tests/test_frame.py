"""Navigation, footer and announcements: what editors put around every page."""

import re
from datetime import time, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Locale, PageViewRestriction, Site
from wagtail.rich_text import RichText

from catalog.tests.factories import make_category, make_page
from home.frame import Frame
from home.frame_blocks import EntryBlock
from home.models import Announcement, ContentPage, Menu, ShopSettings
from home.templatetags.frame_tags import dialled
from tests.outline import Outline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_addresses_kept():
    cache.clear()


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page.specific


@pytest.fixture
def korean(home):
    locale = Locale.objects.create(language_code="ko")
    translate(home, locale, "인쇄")
    return locale


def translate(page, locale, title):
    translated = page.copy_for_translation(locale)
    translated.title = title
    translated.save_revision().publish()
    translated.refresh_from_db()
    return translated


def make_menu(*entries, place=Menu.Place.NAVIGATION, **fields):
    fields.setdefault("locale", Locale.get_default())
    entries = [("entry", {"links": [], **entry}) for entry in entries]
    return Menu.objects.create(title="Menu", place=place, entries=entries, **fields)


def announce(text="Free delivery", **fields):
    fields.setdefault("locale", Locale.get_default())
    return Announcement.objects.create(text=text, **fields)


def frame_of(rf, path="/"):
    return Frame(rf.get(path))


def read(links):
    return [(link.title, link.url, read(link.links)) for link in links]


def shown(path="/people/"):
    return Client().get(path).content.decode()


class TestNavigation:
    def test_without_a_menu_it_leads_to_the_categories_that_are_in_menus(self, rf, home):
        prints = make_category("Prints")
        make_category("Hidden", show_in_menus=False)
        home.add_child(instance=ContentPage(title="About", show_in_menus=True))

        assert read(frame_of(rf).navigation) == [("Prints", "/prints/", [])]
        PageViewRestriction.objects.create(page=prints, restriction_type="login")
        assert frame_of(rf).navigation == []

    def test_a_link_follows_its_page(self, rf):
        prints = make_category("Prints")
        make_menu({"page": prints}, {"page": prints, "title": "All our prints"})

        assert read(frame_of(rf).navigation) == [
            ("Prints", "/prints/", []),
            ("All our prints", "/prints/", []),
        ]
        prints.title, prints.slug = "Posters", "posters"
        prints.save_revision().publish()
        assert [link[:2] for link in read(frame_of(rf).navigation)] == [
            ("Posters", "/posters/"),
            ("All our prints", "/posters/"),
        ]

    def test_a_page_that_is_not_public_is_not_linked(self, rf):
        prints, cards = make_category("Prints"), make_category("Cards", slug="cards")
        below = [{"page": prints}, {"page": cards}]
        make_menu({"page": prints}, {"title": "Shop", "links": below}, {"page": cards})
        prints.unpublish()
        assert read(frame_of(rf).navigation) == [
            ("Shop", "", [("Cards", "/cards/", [])]),
            ("Cards", "/cards/", []),
        ]

        restriction = PageViewRestriction.objects.create(page=cards, restriction_type="login")
        # With nothing below it a heading says nothing.
        assert frame_of(rf).navigation == []
        restriction.delete()
        cards.delete()
        assert frame_of(rf).navigation == []

    def test_an_entry_can_list_what_is_below_its_page(self, rf):
        prints = make_category("Prints")
        make_category("Sea", prints, show_in_menus=False)
        hills = make_category("Hills", prints)
        make_category("Deep", hills)
        make_page("Dune", prints)
        extra = {"address": "https://example.com/", "title": "Elsewhere"}
        make_menu({"page": prints, "links": [extra], "with_children": True})

        assert read(frame_of(rf).navigation) == [
            (
                "Prints",
                "/prints/",
                [
                    ("Elsewhere", "https://example.com/", []),
                    ("Sea", "/prints/sea/", []),
                    ("Hills", "/prints/hills/", []),
                ],
            )
        ]

    def test_the_menu_that_was_published_last_is_shown_until_it_is_over(self, rf):
        link = {"address": "/people/"}
        make_menu({**link, "title": "Always"}, first_published_at=timezone.now())
        christmas = make_menu({**link, "title": "Christmas"}, live=False)
        assert [entry.title for entry in frame_of(rf).navigation] == ["Always"]

        christmas.go_live_at = timezone.now() + timedelta(hours=1)
        christmas.save_revision().publish()
        assert [entry.title for entry in frame_of(rf).navigation] == ["Always"]
        christmas.go_live_at = timezone.now() - timedelta(seconds=1)
        christmas.save_revision(approved_go_live_at=christmas.go_live_at)
        call_command("publish_scheduled")
        assert [entry.title for entry in frame_of(rf).navigation] == ["Christmas"]

        Menu.objects.get(pk=christmas.pk).unpublish()
        assert [entry.title for entry in frame_of(rf).navigation] == ["Always"]

    def test_each_language_has_its_own_which_leads_to_its_own_pages(self, rf, korean):
        prints, cards = make_category("Prints"), make_category("Cards", slug="cards")
        korean_prints = translate(prints, korean, "판화")
        menu = make_menu({"page": prints}, {"page": cards})
        with translation.override("ko"):
            assert read(frame_of(rf).navigation) == [("판화", korean_prints.get_url(), [])]

        copy = menu.copy_for_translation(korean)
        copy.live = True
        copy.save()

        assert [link.url for link in frame_of(rf).navigation] == ["/prints/", "/cards/"]
        with translation.override("ko"):
            assert read(frame_of(rf).navigation) == [
                ("판화", korean_prints.get_url(), []),
                ("Cards", "/cards/", []),
            ]

    def test_it_marks_the_page_and_what_is_above_it(self, home):
        prints = make_category("Prints")
        make_page("Dune", prints)
        make_menu({"page": home, "title": "Front"}, {"page": prints})

        def current(path):
            links = Outline(shown(path)).all("a")
            own = [link for link in links if link.get("class") == "menu__link"]
            return [link.get("aria-current") for link in own]

        assert current("/") == ["page", None]
        assert current("/prints/") == [None, "page"]
        assert current("/prints/dune/") == [None, "true"]
        assert current("/people/") == [None, None]

    def test_panels_open_one_at_a_time_and_begin_with_the_page_itself(self):
        prints = make_category("Prints")
        make_category("Sea", prints)
        make_menu(
            {"page": prints, "with_children": True},
            {"title": "<b>Us</b>", "links": [{"address": "/people/", "title": "<i>"}]},
        )

        text = shown("/prints/sea/")
        page = Outline(text)

        assert [panel.get("name") for panel in page.all("details")[:2]] == ["menu", "menu"]
        assert re.search(r'href="/prints/"\s*>\s*Everything in Prints', text)
        assert "menu__link--here" in text
        assert "&lt;b&gt;Us&lt;/b&gt;" in text
        assert "<i>" not in text


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({}, "page"),
        ({"address": "/people/"}, "title"),
        ({"address": "people", "title": "People"}, "address"),
        ({"address": "//evil.example", "title": "x"}, "address"),
        ({"address": "/\\evil.example", "title": "x"}, "address"),
        ({"address": "javascript:alert(1)", "title": "x"}, "address"),
        ({"address": " javascript:alert(1)", "title": "x"}, "address"),
        ({"address": "data:text/html,x", "title": "x"}, "address"),
        ({"address": "https://", "title": "x"}, "address"),
        ({"links": [{"address": "/people/", "title": "People"}]}, "title"),
        ({"title": "Shop", "links": [{}]}, "links"),
    ],
)
def test_a_link_that_leads_nowhere_is_refused_next_to_its_field(entry, wrong):
    block = EntryBlock()

    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize({"links": [], **entry}))

    assert list(refused.value.block_errors) == [wrong]


@pytest.mark.parametrize(
    "address", ["/people/", "#top", "https://example.com", "mailto:a@example.com", "tel:+4411"]
)
def test_a_link_may_lead_anywhere_else(address):
    block = EntryBlock()

    assert block.clean(block.normalize({"address": address, "title": "x", "links": []}))


def test_a_page_and_an_address_are_one_too_many():
    value = {"page": make_category("Prints"), "address": "/people/", "title": "x", "links": []}
    block = EntryBlock()

    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(value))
    assert list(refused.value.block_errors) == ["address"]


class TestAnnouncements:
    def test_one_is_shown_between_its_moments(self, rf):
        now = timezone.now()
        bar = announce(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))

        [on] = frame_of(rf).bars
        assert on.is_on
        assert on.ends == int(bar.ends.timestamp() * 1000)
        assert "hidden" not in self.tag(shown())

        Announcement.objects.update(ends=now)
        assert frame_of(rf).bars == []
        assert "announcement" not in shown()

    def test_one_that_begins_within_a_day_waits_in_the_page(self, rf):
        begins = timezone.now() + timedelta(hours=23)
        announce(starts=begins)

        tag = self.tag(shown())

        assert tag["hidden"] is None
        assert tag["data-starts"] == str(int(begins.timestamp() * 1000))
        Announcement.objects.update(starts=begins + timedelta(hours=2))
        assert frame_of(rf).bars == []

    def test_the_latest_to_begin_comes_first(self, rf):
        announce("Always")
        announce("Since yesterday", starts=timezone.now() - timedelta(days=1))
        announce("Since just now", starts=timezone.now() - timedelta(seconds=5))
        announce("A draft", live=False)

        texts = [bar.text for bar in frame_of(rf).bars]

        assert texts == ["Since just now", "Since yesterday", "Always"]

    def test_its_words_are_words_and_its_link_is_followed(self):
        prints = make_category("Prints")
        announce("<b>Sale</b>", link=[("link", {"page": prints})])

        text = shown()

        assert "&lt;b&gt;Sale&lt;/b&gt;" in text
        assert 'class="announcement__link" href="/prints/">Prints' in text
        prints.unpublish()
        assert "announcement__link" not in shown()

    def test_who_has_closed_one_sees_it_again_when_its_words_change(self, rf):
        bar = announce()
        [before] = frame_of(rf).bars
        Announcement.objects.update(tone=Announcement.Tone.LOUD)
        assert frame_of(rf).bars[0].key == before.key

        bar.text = "Free delivery until Sunday"
        bar.save()

        assert frame_of(rf).bars[0].key != before.key

    def test_one_that_is_over_before_it_begins_is_refused(self):
        now = timezone.now()
        bar = Announcement(text="x", starts=now, ends=now, locale=Locale.get_default())

        with pytest.raises(ValidationError) as refused:
            bar.full_clean()
        assert list(refused.value.message_dict) == ["ends"]

    def test_one_that_must_be_read_has_no_button(self):
        announce(can_be_closed=False)

        assert "announcement__close" not in shown()

    @staticmethod
    def tag(text):
        [tag] = Outline(text).all("announcement-bar")
        return tag


class TestFooter:
    def test_columns_are_those_of_its_menu_or_else_the_navigation(self, home):
        make_category("Prints")
        about = home.add_child(instance=ContentPage(title="About"))
        assert self.links(shown()) == ["/prints/"]

        make_menu({"title": "Good to know", "links": [{"page": about}]}, place=Menu.Place.FOOTER)

        assert self.links(shown()) == ["/about/"]
        assert "Good to know" in shown()

    def test_it_says_where_the_shop_is_and_when_it_is_open(self):
        ShopSettings.objects.create(
            site=Site.objects.get(),
            phone="+44 (0)117 496-0123",
            postal_address="12 Quay <Street>\nBristol",
            opening_hours=[("hours", {"days": ["Monday"], "opens": time(9), "closes": time(17)})],
            other_hours=[
                (
                    "other",
                    {
                        "first": timezone.localdate(),
                        "last": None,
                        "opens": None,
                        "closes": None,
                        "why": "Stocktaking",
                    },
                )
            ],
            social_links=[("link", {"network": "mastodon", "url": "https://example.social/@us"})],
        )

        text = shown()

        for expected in (
            'href="tel:+441174960123"',
            "12 Quay &lt;Street&gt;<br>Bristol",
            "<dd>9 a.m.–5 p.m.</dd>",
            "Tuesday – Sunday",
            "Stocktaking",
            'href="https://example.social/@us"',
            '<span class="visually-hidden">Mastodon</span>',
        ):
            assert expected in text

    def test_a_shop_that_says_nothing_shows_no_headings_of_it(self):
        text = shown()

        for heading in ("Contact", "Opening hours", "elsewhere"):
            assert heading not in text[text.index("<footer") :]

    @staticmethod
    def links(text):
        """Of the columns that editors make."""
        column = re.search(r'<ul class="footer__list">(.*?)</ul>', text, re.DOTALL)[1]
        return re.findall(r'href="([^"]+)"', column)


class TestTheWordsOfTheShop:
    @pytest.fixture
    def shop(self, home):
        return ShopSettings.objects.create(
            site=Site.objects.get(),
            name="Halftone",
            tagline="Art prints",
            footer="<p>Invented</p>",
            translations=[("words", {"language": "ko", "tagline": "아트 프린트", "footer": ""})],
        )

    def test_are_shown_in_each_language_as_far_as_they_are_written_in_it(self, shop, korean):
        english, translated = (Client().get(path).content.decode() for path in ("/", "/ko/"))

        assert "Art prints" in english
        assert "아트 프린트" not in english
        assert "<title>Halftone · 아트 프린트</title>" in translated
        assert "Art prints" not in translated
        # What is left empty stands as it does in the first language.
        assert "<p>Invented</p>" in english
        assert "<p>Invented</p>" in translated

    def test_stand_in_a_language_once(self, shop):
        twice = {"language": "ko", "tagline": "또", "footer": RichText("")}
        block = ShopSettings.translations.field.stream_block
        value = block.to_python([])
        value.extend([("words", twice), ("words", twice)])

        with pytest.raises(StreamBlockValidationError) as error:
            block.clean(value)

        assert list(error.value.block_errors) == [1]
        value.pop()
        assert len(block.clean(value)) == 1


def test_a_page_can_say_how_the_shop_is_reached_and_when_it_is_open(home):
    ShopSettings.objects.create(
        site=Site.objects.get(),
        phone="+49 30 123",
        opening_hours=[
            ("hours", {"days": ["Monday"], "opens": time(10), "closes": time(18)}),
        ],
    )
    page = ContentPage(title="About", body=[("contact", None)])
    home.add_child(instance=page)

    main = Client().get("/about/").content.decode().split("<footer")[0].split("<main")[1]

    assert 'href="tel:+4930123"' in main
    assert "Opening hours" in main


def test_a_phone_number_is_dialled_without_its_ornaments():
    assert dialled("+44 (0)117 496-0123") == "+441174960123"
    assert dialled('"><b>') == ""


def test_a_longer_frame_costs_no_more_queries(rf, home):
    prints = make_category("Prints")
    pages = [make_category(f"Shelf {number}", prints) for number in range(12)]
    about = home.add_child(instance=ContentPage(title="About"))

    def queries():
        frame = frame_of(rf)
        Site.find_for_request(frame.request)
        with CaptureQueriesContext(connection) as captured:
            ShopSettings.for_request(frame.request)
            read(frame.navigation)
            read(frame.footer)
            assert frame.bars
        return len(captured)

    make_menu({"page": prints})
    make_menu({"title": "More", "links": [{"page": about}]}, place=Menu.Place.FOOTER)
    announce(link=[("link", {"page": prints})])
    queries()
    few = queries()
    make_menu(
        *({"page": page, "links": [{"page": other} for other in pages]} for page in pages),
        first_published_at=timezone.now(),
    )
    announce("Another", link=[("link", {"page": about})])

    assert queries() == few == 4


class TestLost:
    def test_who_is_lost_finds_a_search_for_what_they_meant_and_ways_on(self):
        make_category("Prints")

        text = shown("/art/blue-dune.html")

        assert 'value="blue dune"' in text
        assert "Or look around here" in text
        assert text.count('href="/prints/"') == 3

    @pytest.mark.parametrize(
        "path", ["/%22%3E%3Cscript%3E/", "/%00/x/", "/%ff%fe/", "/" + "a-" * 900 + "/"]
    )
    def test_an_address_that_means_harm_is_only_words(self, path):
        response = Client().get(path)

        assert response.status_code == 404
        assert "<script>" not in response.content.decode().split('id="lost"')[1].split(">")[0]

    def test_a_lost_shopper_costs_few_queries(self, django_assert_max_num_queries):
        make_category("Prints")
        shown("/nowhere/")

        with django_assert_max_num_queries(16):
            shown("/nowhere/")
