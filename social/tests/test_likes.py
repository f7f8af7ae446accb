"""Likes over HTTP, the number that each product has, and the page of what a member likes."""

from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from wagtail.models import PageViewRestriction

from cart.tests.shopping import BY_SCRIPT, SAME_ORIGIN, said, words
from catalog.models import Product
from catalog.tests.factories import make_category, make_page, make_sku
from social import after_login, likes
from social.models import Action, Like
from social.tests.people import make_member

pytestmark = pytest.mark.django_db

NONSENSE = ["", "0", "-1", "1.5", "x", "9" * 30, "9223372036854775808", "\x00", "１", "x" * 10_000]


@pytest.fixture
def dune():
    return make_page("Dune")


@pytest.fixture
def ada():
    return make_member("ada")


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def post(client, name, product, headers=SAME_ORIGIN):
    key = getattr(product, "product_id", product)
    return client.post(f"/account/likes/{name}/", {"product": key}, headers=headers)


def total(page):
    return Product.objects.get(pk=page.product_id).total_likes


def titles(response):
    return [card.page.title for card in response.context["cards"]]


class TestLiking:
    def test_a_like_counts_once_and_is_told_in_the_stream(self, client, ada, dune):
        for _twice in range(2):
            response = post(client, "add", dune)

        assert response.url == "/account/likes/"
        assert said(response) == ["You like “Dune” now.", "You like “Dune” already."]
        assert total(dune) == 1
        assert [(one.user, one.verb, one.target) for one in Action.objects.all()] == [
            (ada, Action.Verb.LIKES, dune.product)
        ]

    def test_unliking_takes_it_back_once(self, client, dune):
        post(client, "add", dune)

        for _twice in range(2):
            response = post(client, "remove", dune)

        assert response.url == f"/account/likes/?removed={dune.product_id}"
        assert total(dune) == 0
        assert not Like.objects.exists()

    @pytest.mark.parametrize("change", ["draft", "unpublished", "for some"])
    def test_what_is_on_no_public_page_cannot_be_liked(self, client, dune, change):
        if change == "draft":
            dune = make_page("Draft", live=False)
        elif change == "unpublished":
            dune.unpublish()
        else:
            PageViewRestriction.objects.create(page=dune, restriction_type="login")

        assert post(client, "add", dune).status_code == 404
        assert not Like.objects.exists()

    @pytest.mark.parametrize("headers", [SAME_ORIGIN, BY_SCRIPT], ids=["page", "in place"])
    @pytest.mark.parametrize("key", NONSENSE)
    def test_nonsense_is_not_found_and_changes_nothing(self, client, key, headers):
        assert post(client, "add", key, headers).status_code == 404
        assert post(client, "remove", key, headers).status_code == 302
        assert not Like.objects.exists()

    def test_what_is_gone_can_still_be_unliked(self, client, ada, dune):
        likes.like(ada, dune.product)
        dune.unpublish()

        post(client, "remove", dune)

        assert total(dune) == 0

    @pytest.mark.parametrize("name", ["add", "remove"])
    def test_a_form_from_elsewhere_changes_nothing(self, client, ada, dune, name):
        likes.like(ada, dune.product)

        for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
            assert post(client, name, dune, headers).status_code == 403
        assert client.get(f"/account/likes/{name}/?product={dune.product_id}").status_code == 405
        assert total(dune) == 1

    def test_in_place_the_answer_is_the_heart_as_it_is_now(self, client, dune):
        liked = post(client, "add", dune, BY_SCRIPT)
        unliked = post(client, "remove", dune, BY_SCRIPT)

        assert "<html" not in liked.content.decode()
        assert "Like 1 (1 member likes it)" in words(liked)
        assert 'aria-pressed="true"' in liked.content.decode()
        assert 'action="/account/likes/remove/"' in liked.content.decode()
        assert "member" not in words(unliked)
        assert 'aria-pressed="false"' in unliked.content.decode()
        assert not said(liked)


class TestBeforeLogin:
    def test_a_visitor_is_led_to_the_login_and_back_to_the_product(self, dune):
        there = "/account/login/?next=%2Fprints%2Fdune%2F"

        page, in_place = post(Client(), "add", dune), post(Client(), "add", dune, BY_SCRIPT)

        assert page.url == there
        assert in_place.headers["HX-Redirect"] == there
        assert not Like.objects.exists()

    def test_after_the_login_it_is_liked(self, ada, dune):
        client = Client()
        post(client, "add", dune)

        client.force_login(ada)

        assert Like.objects.get().user == ada
        assert after_login.SESSION_KEY not in client.session

    @pytest.mark.parametrize("change", ["late", "unpublished"])
    def test_not_after_a_quarter_of_an_hour_and_not_what_is_gone(
        self, ada, dune, change, monkeypatch
    ):
        client = Client()
        post(client, "add", dune)
        if change == "late":
            monkeypatch.setattr(after_login, "SECONDS", -1)
        else:
            dune.unpublish()

        client.force_login(ada)

        assert not Like.objects.exists()

    def test_an_address_alone_likes_nothing(self, ada, dune):
        client = Client()
        client.get(f"/account/likes/add/?product={dune.product_id}")
        client.force_login(ada)

        assert not Like.objects.exists()

    def test_nonsense_leaves_no_session(self):
        assert post(Client(), "add", "9" * 30).status_code == 404
        assert not Session.objects.exists()

    def test_unliking_leads_to_the_login_too(self, dune):
        assert post(Client(), "remove", dune).url == ("/account/login/?next=%2Faccount%2Flikes%2F")


class TestNumber:
    """Product.total_likes follows the rows, however they come and go."""

    def test_rows_made_and_deleted_without_the_module_count(self, ada, dune):
        Like.objects.create(user=ada, product=dune.product)
        Like.objects.create(user=make_member("grace"), product=dune.product)
        assert total(dune) == 2

        Like.objects.filter(user=ada).delete()
        assert total(dune) == 1
        Like.objects.get().delete()
        assert total(dune) == 0

    def test_a_deleted_member_takes_their_likes_along(self, ada, dune):
        moon = make_page("Moon")
        for page in (dune, moon):
            likes.like(ada, page.product)
            likes.like(make_member(f"of-{page.slug}"), page.product)

        ada.delete()

        assert (total(dune), total(moon)) == (1, 1)

    def test_saving_a_like_again_counts_nothing(self, ada, dune):
        likes.like(ada, dune.product)

        Like.objects.get().save()

        assert total(dune) == 1

    def test_a_deleted_product_is_not_counted_down_like_by_like(
        self, ada, django_assert_max_num_queries
    ):
        product = Product.objects.create()
        for number in range(20):
            likes.like(make_member(f"m{number}"), product)

        with django_assert_max_num_queries(15):
            product.delete()

        assert not Like.objects.exists()

    def test_publishing_copying_and_unpublishing_change_no_number(self, ada, dune):
        likes.like(ada, dune.product)

        dune.save_revision().publish()
        copy = dune.copy(update_attrs={"slug": "copy", "title": "Copy"})
        alias = dune.create_alias(parent=make_category("Gifts"))
        dune.unpublish()

        assert (total(dune), total(copy), total(alias)) == (1, 0, 1)

    def test_the_command_makes_it_exact_and_says_how_many_were_wrong(self, ada, dune):
        moon, right = make_page("Moon"), make_page("Right")
        likes.like(ada, dune.product)
        likes.like(ada, right.product)
        Product.objects.filter(pk=dune.product_id).update(total_likes=0)
        Product.objects.filter(pk=moon.product_id).update(total_likes=7)

        assert recounted() == "Counted. 2 numbers were wrong and are right now.\n"
        assert (total(dune), total(moon), total(right)) == (1, 0, 1)
        assert recounted() == "Counted. 0 numbers were wrong and are right now.\n"

    def test_a_wrong_number_keeps_nobody_from_unliking(self, ada, dune):
        likes.like(ada, dune.product)
        Product.objects.filter(pk=dune.product_id).update(total_likes=0)

        assert likes.unlike(ada, dune.product)
        assert total(dune) == 0


def recounted():
    output = StringIO()
    call_command("recount_likes", stdout=output)
    return output.getvalue()


class TestPage:
    def test_what_was_liked_last_stands_first_and_what_is_gone_does_not(self, client, ada):
        for title in ("Dune", "Moon", "Gone", "Snow"):
            likes.like(ada, make_page(title).product)
        likes.like(make_member("grace"), make_page("Another's").product)
        Product.objects.get(pages__title="Gone").pages.get().unpublish()

        assert titles(client.get("/account/likes/")) == ["Snow", "Moon", "Dune"]

    def test_a_product_with_an_alias_stands_once_and_leads_to_the_page_itself(
        self, client, ada, dune
    ):
        dune.create_alias(parent=make_category("Gifts"))
        likes.like(ada, dune.product)

        text = client.get("/account/likes/").content.decode()

        assert text.count('class="card__link"') == 1
        assert 'href="/prints/dune/"' in text

    def test_without_a_like_it_says_where_they_come_from(self, client):
        text = words(client.get("/account/likes/"))

        assert "Press the heart beside a product" in text

    def test_unliking_there_can_be_undone(self, client, dune):
        post(client, "add", dune)
        shown = client.get(post(client, "remove", dune).url)
        assert "You no longer like: Dune." in words(shown)
        assert 'action="/account/likes/add/"' in shown.content.decode()

        post(client, "add", dune)

        assert titles(client.get("/account/likes/")) == ["Dune"]

    @pytest.mark.parametrize("key", NONSENSE)
    def test_nonsense_in_its_address_breaks_nothing(self, client, key):
        response = client.get("/account/likes/", {"removed": key, "page": key})

        assert response.status_code == 200
        assert "undo" not in response.content.decode()

    def test_it_is_private(self, client):
        stranger = Client().get("/account/likes/")

        assert stranger.url == "/account/login/?next=/account/likes/"
        assert "no-store" in client.get("/account/likes/").headers["Cache-Control"]

    def test_it_has_pages_and_takes_the_same_queries_whatever_is_on_them(
        self, client, ada, django_assert_num_queries
    ):
        def like_another():
            page = make_page()
            make_sku(page)
            likes.like(ada, page.product)

        for _each in range(3):
            like_another()
        client.get("/account/likes/")
        with django_assert_num_queries(FIXED):
            client.get("/account/likes/")
        for _each in range(27):
            like_another()

        with django_assert_num_queries(FIXED):
            first = client.get("/account/likes/")

        assert (len(titles(first)), len(titles(client.get("/account/likes/?page=2")))) == (24, 6)


# The session and its row, the member, the header and its menu, likes and their number, pages,
# and what cards need.
FIXED = 14
