"""The journal: its list, its articles, and who may write them."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from home import reading
from home.models import ArticlePage, ContentPage, HomePage, JournalPage
from home.models.journal import ARTICLES_PER_PAGE
from home.tests.pages import (
    fill,
    home_page,
    make_article,
    make_journal,
    make_picture,
    make_product,
    row,
)
from tests.outline import Outline

pytestmark = pytest.mark.django_db
MOST_QUERIES = {"/journal/": 20, "/journal/first/": 24}


def shown(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    assert not response.cookies
    return response.content.decode()


def listed(path: str = "/journal/") -> list[str]:
    parts = shown(path).split('class="teaser__link"')[1:]
    return [part.split(">")[1].split("<")[0] for part in parts]


@pytest.fixture
def journal():
    return make_journal(intro="<p>While the press runs</p>")


def test_the_latest_article_stands_first(journal):
    make_article(journal, "First", published_on=date(2026, 3, 1))
    make_article(journal, "Third", published_on=date(2026, 5, 1))
    make_article(journal, "Second", published_on=date(2026, 4, 1))
    journal.add_child(instance=ArticlePage(title="Draft", live=False))

    assert listed() == ["Third", "Second", "First"]
    assert "While the press runs" in shown("/journal/")


def test_articles_can_be_narrowed_down_by_year_and_tag(journal):
    make_article(journal, "Old", "paper", published_on=date(2025, 3, 1))
    make_article(journal, "New", "paper", "walls", published_on=date(2026, 3, 1))
    make_article(journal, "Other", published_on=date(2026, 2, 1))

    assert listed("/journal/?year=2026") == ["New", "Other"]
    assert listed("/journal/?tag=paper") == ["New", "Old"]
    assert listed("/journal/?tag=paper&year=2025") == ["Old"]
    assert 'content="noindex, follow"' in shown("/journal/?tag=paper")
    assert 'content="noindex, follow"' not in shown("/journal/")


@pytest.mark.parametrize(
    "asked", ["year=1", "year=x", "year=９９９９", "tag=%00", "tag=nothing", "page=x", "page=-1",
              "page=999999", "year=2026'--", "tag=" + "x" * 5000],
)  # fmt: skip
def test_what_is_not_understood_is_ignored(journal, asked):
    make_article(journal, "First", published_on=date(2026, 3, 1))

    assert listed(f"/journal/?{asked}") == ["First"]


def test_many_articles_come_page_by_page(journal):
    for number in range(ARTICLES_PER_PAGE + 1):
        make_article(journal, f"Article {number}", "paper", published_on=date(2026, 3, 1))

    assert len(listed()) == ARTICLES_PER_PAGE
    assert listed("/journal/?page=2") == ["Article 0"]
    assert "?tag=paper&amp;page=2" in shown("/journal/?tag=paper")


def test_an_empty_journal_is_friendly(journal):
    assert "The first article is still being written" in shown("/journal/")


def test_an_article_says_who_wrote_it_when_and_how_long_it_takes(journal):
    article = make_article(
        journal, "First", "paper", published_on=date(2026, 3, 1), author="Rosa Klein",
        intro="What it is about", picture=make_picture(),
    )  # fmt: skip
    fill(article, ("text", f"<p>{'word ' * 660}</p>"))

    text = shown("/journal/first/")

    for words in ("Rosa Klein", "March 1, 2026", "3 minutes to read", "What it is about"):
        assert words in text
    assert "/journal/?tag=paper" in text
    assert len(Outline(text).all("h1")) == 1
    assert Outline(text).all("img")[0]["loading"] == "eager"


def test_an_article_shows_products(journal):
    product = make_product("Lighthouse")
    article = fill(make_article(journal, "First"), row("hand", products=[product.pk]))

    assert "Lighthouse" in shown("/journal/first/")
    assert article.body[0].value["products"][0] == product


def test_related_articles_share_tags_and_then_are_the_latest(journal):
    make_article(journal, "First", "paper", "walls", published_on=date(2026, 1, 1))
    make_article(journal, "Both", "paper", "walls", published_on=date(2020, 1, 1))
    make_article(journal, "One", "walls", published_on=date(2021, 1, 1))
    make_article(journal, "Latest", published_on=date(2026, 5, 1))
    make_article(journal, "Earlier", published_on=date(2026, 4, 1))

    assert listed("/journal/first/") == ["Both", "One", "Latest"]
    assert listed("/journal/latest/") == ["Earlier", "First", "One"]


@pytest.mark.parametrize("path", MOST_QUERIES)
def test_more_articles_cost_no_more_queries(journal, path):
    def add(number: int) -> None:
        article = make_article(journal, f"More {number}", f"tag {number}", picture=make_picture())
        fill(article, ("text", "<p>Words</p>"))

    def queries() -> int:
        shown(path)
        with CaptureQueriesContext(connection) as captured:
            shown(path)
        return len(captured)

    first = make_article(journal, "First", "paper", picture=make_picture())
    fill(first, ("text", "<p>Words</p>"))
    add(0)
    with_few = queries()
    for number in range(1, 6):
        add(number)

    assert queries() == with_few
    assert with_few <= MOST_QUERIES[path]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * 220, 1),
        ("word " * 2200, 10),
        ("字" * 800, 2),
        ("한국어 " * 440, 2),
    ],
    ids=["nothing", "a minute", "ten", "Chinese", "Korean"],
)
def test_how_long_a_text_takes_to_be_read(text, minutes):
    assert reading.minutes(text) == minutes


def test_where_journals_and_articles_may_stand():
    assert JournalPage in HomePage.allowed_subpage_models()
    assert JournalPage.allowed_subpage_models() == [ArticlePage]
    assert ArticlePage.allowed_subpage_models() == []
    assert JournalPage not in ContentPage.allowed_subpage_models()


def article_form(title: str, slug: str, **values) -> dict:
    body = streamfield(
        [
            ("text", rich_text("<p>Words</p>")),
            ("quote", {"text": "Lovely", "author": "", "source": ""}),
        ]
    )
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "intro": "About it",
            "picture": "",
            "published_on": "2026-03-01",
            "author": "Ada",
            "tags": "paper, walls",
            "body": body,
            "comments": inline_formset([]),
            **values,
        }
    )  # fmt: skip


def writer(django_user_model, *permissions: str):
    """Somebody with the right on the whole tree, and on kinds of pages only those named."""
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        group.permissions.add(Permission.objects.get(codename=codename))
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(
            codename=codename, content_type__app_label="wagtailcore"
        )
        GroupPagePermission.objects.create(group=group, page=home_page(), permission=permission)
    user = django_user_model.objects.create_user("writer", "writer@example.com", "secret")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def test_who_writes_words_can_add_and_publish_an_article(journal, django_user_model):
    client = writer(django_user_model, "change_contentpage")
    address = reverse("wagtailadmin_pages:add", args=["home", "articlepage", journal.pk])
    assert client.get(address).status_code == 200

    client.post(address, article_form("Hanging", "hanging", **{"action-publish": "1"}))

    article = ArticlePage.objects.get()
    assert article.live
    assert sorted(tag.name for tag in article.tags.all()) == ["paper", "walls"]
    assert "Lovely" in shown("/journal/hanging/")


def test_who_does_not_write_words_cannot(journal, django_user_model):
    client = writer(django_user_model, "change_productpage")
    address = reverse("wagtailadmin_pages:add", args=["home", "articlepage", journal.pk])

    assert client.get(address).status_code == 302
    client.post(address, article_form("Hanging", "hanging"))

    assert not ArticlePage.objects.exists()


def test_an_article_can_be_previewed_before_it_is_saved(journal, editor, client):
    address = reverse("wagtailadmin_pages:preview_on_add", args=["home", "articlepage", journal.pk])

    assert client.post(address, article_form("Hanging", "hanging")).json()["is_valid"]

    text = client.get(address, {"mode": ""}).content.decode()
    assert "<h1>Hanging</h1>" in text
    assert "Lovely" in text


def test_a_journal_and_its_articles_can_be_translated(journal):
    article = fill(make_article(journal, "First", "paper"), ("text", "<p>Words</p>"))
    korean = Locale.objects.create(language_code="ko")
    home_page().copy_for_translation(korean).save_revision().publish()
    journal.copy_for_translation(korean).save_revision().publish()

    translated = article.copy_for_translation(korean)
    translated.title = "판화"
    translated.save_revision().publish()

    assert listed("/ko/journal/") == ["판화"]
    assert listed("/journal/") == ["First"]
    assert [tag.name for tag in translated.tags.all()] == ["paper"]
