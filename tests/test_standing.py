"""Publishing a page leaves all others kept, unless it is called, placed or shown otherwise now."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from catalog.tests.factories import make_category, make_page
from catalog.tests.test_cards import picture
from home.models import ArticlePage, ContentPage, JournalPage
from home.tests.pages import fill, row
from tests.test_page_cache import _on, commit, is_kept, text  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

OTHERS = ("/cups/", "/birds/heron/", "/search/?q=heron")


@pytest.fixture
def home(commit):  # noqa: F811
    with commit():
        home = Site.objects.get(is_default_site=True).root_page.specific
        make_page("Heron", make_category("Birds", intro="<p>Of all waters</p>"))
        make_category("Cups")
        about = ContentPage(title="About", slug="about", body=[("text", "<p>Us</p>")])
        home.add_child(instance=about)
        journal = home.add_child(instance=JournalPage(title="Journal", slug="journal"))
        article = ArticlePage(title="Waves", slug="waves", intro="By hand", author="Ada")
        journal.add_child(instance=article)
    return home


def at(slug):
    return Page.objects.get(slug=slug).specific


def publish(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def known(*paths):
    for path in (*paths, *OTHERS):
        text(path)
    assert all(is_kept(path) for path in (*paths, *OTHERS))


def stay():
    """Which of the other pages are still kept."""
    return [path for path in OTHERS if is_kept(path)]


def test_other_words_of_a_category_are_on_its_page_and_nothing_else_is_made_anew(home, commit):  # noqa: F811
    known("/birds/", "/about/")
    with commit():
        publish(at("birds"), intro="<p>Of the river</p>")

    assert is_kept("/about/")
    assert "/birds/heron/" in stay()
    assert "/cups/" in stay()
    assert "Of the river" in text("/birds/")


def test_other_blocks_of_the_home_page_leave_all_other_pages_alone(home, commit):  # noqa: F811
    known("/", "/about/")
    with commit():
        fill(home, row("newest", title="Just hung"))

    assert "/cups/" in stay()
    assert "/birds/heron/" in stay()
    assert is_kept("/about/")
    assert "Just hung" in text("/")


def test_a_new_name_is_on_all_pages_at_once(home, commit):  # noqa: F811
    known("/birds/", "/about/")
    with commit():
        publish(at("birds"), title="Feathers")

    for path in ("/birds/", "/about/", *OTHERS):
        assert "Feathers" in text(path)
        assert ">Birds<" not in "".join(text(path).split())


def test_what_is_taken_out_of_the_menu_is_in_no_menu(home, commit):  # noqa: F811
    known("/about/")
    assert "/cups/" in text("/about/")
    with commit():
        publish(at("cups"), show_in_menus=False)

    assert "/cups/" not in text("/about/")


def test_what_is_unpublished_is_in_no_menu_and_comes_back(home, commit):  # noqa: F811
    known("/about/")
    with commit():
        at("cups").unpublish()
    assert "/cups/" not in text("/about/")
    with commit():
        publish(at("cups"))
    assert "/cups/" in text("/about/")


def test_a_draft_changes_nothing(home, commit):  # noqa: F811
    known("/birds/")
    with commit():
        page = at("birds")
        page.title = "Feathers"
        page.save_revision()

    assert is_kept("/birds/")
    assert stay() == list(OTHERS)


def test_other_words_of_an_article_are_in_its_journal_at_once(home, commit):  # noqa: F811
    known("/journal/", "/journal/waves/")
    with commit():
        publish(at("waves"), intro="By thousand hands")

    assert "By thousand hands" in text("/journal/")
    assert "By thousand hands" in text("/journal/waves/")
    assert "/cups/" in stay()


def test_another_picture_of_a_category_is_on_a_home_page_that_shows_it(home, commit):  # noqa: F811
    known("/")
    with commit():
        publish(at("birds"), picture=picture("feather"))

    assert "feather" in text("/")


def test_what_was_saved_in_another_way_is_heard_of(home, commit):  # noqa: F811
    known("/about/")
    with commit():
        page = at("cups")
        publish(page)
        page.title = "Bowls"
        page.save(update_fields=["title"])
    assert "Bowls" in text("/about/")
    with commit():
        page = at("cups")
        page.save()
        page.delete()
    assert "Bowls" not in text("/about/")
    assert reverse("wagtail_serve", args=["birds/"]) in text("/about/")
