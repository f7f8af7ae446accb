"""The private fragment: small, nobody else's, and free of charge for whoever has no cookie."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from cart.tests.shopping import add, words
from catalog.tests.factories import make_page, make_sku
from social import likes, private, wish_lists
from social.tests.people import logged_in, make_member

pytestmark = pytest.mark.django_db

BY_HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def views(monkeypatch):
    """What is counted, and what number is shown; test_views_counter.py has more."""
    counted = []

    def count(product_id, request):
        counted.append(product_id)
        return 1234

    monkeypatch.setattr(private.views_counter, "count", count)
    return counted


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00")


@pytest.fixture
def ada():
    return make_member("ada")


def ask(client, headers=BY_HTMX, **values):
    return client.get("/me/", values, headers=headers)


class TestVisitor:
    def test_it_costs_no_query_no_session_and_no_cookie(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = ask(Client())

        assert not response.cookies
        assert not Session.objects.exists()
        assert "no-store" in response.headers["Cache-Control"]
        assert "empty" in words(response)

    def test_on_a_product_it_costs_no_more_and_the_heart_stays_as_it_is(
        self, dune, views, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            response = ask(Client(), viewed=dune.product_id)

        assert set(response.cookies) == {"recently_viewed"}
        assert views == [dune.product_id]
        assert "#heart" not in response.content.decode()
        assert "Viewed 1,234 times" in words(response)

    def test_the_way_to_log_in_leads_back_to_the_page(self):
        headers = {**BY_HTMX, "HX-Current-URL": "https://shop.example/prints/?sort=price&page=2"}

        text = ask(Client(), headers).content.decode()

        assert 'href="/account/login/?next=%2Fprints%2F%3Fsort%3Dprice%26page%3D2"' in text
        assert "Log in" in text

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "https://evil.example//evil.example/",
            "http://[",
            'javascript:alert("1")',
            "/\\evil.example",
            '"><script>',
        ],
    )
    def test_a_hostile_address_leads_nowhere_else(self, url):
        text = ask(Client(), {**BY_HTMX, "HX-Current-URL": url}).content.decode()

        assert "<script>" not in text
        assert 'href="/account/login/' in text

    def test_the_badge_says_what_is_in_the_cart(self, dune, django_assert_num_queries):
        client = Client()
        add(client, dune, "2")

        # The session, what is in the cart, and for how long prices are held: the last is kept
        # where there is a Redis.
        with django_assert_num_queries(3):
            response = ask(client)

        assert "2 items, €50.00" in words(response)


class TestMember:
    def test_the_header_says_who_they_are_and_leads_to_the_account(self, ada):
        response = ask(logged_in(ada))

        assert 'data-hx-swap-oob="outerHTML:.header__member"' in response.content.decode()
        assert 'href="/account/"' in response.content.decode()
        assert "Your account: ada" in words(response)
        assert "Log in" not in words(response)

    def test_what_they_like_and_wish_for_comes_with_it(self, ada, dune):
        likes.like(ada, dune.product)
        likes.like(make_member("grace"), dune.product)
        wish_lists.wish(ada, dune.product)

        response = ask(logged_in(ada), viewed=dune.product_id)

        text = response.content.decode()
        assert 'data-hx-swap-oob="innerHTML:#heart"' in text
        assert "Like 2 (2 members like it)" in words(response)
        assert 'action="/account/likes/remove/"' in text
        assert 'action="/account/lists/remove/"' in text
        assert text.count('aria-pressed="true"') == 2

    def test_with_several_lists_each_can_be_chosen(self, ada, dune):
        wish_lists.wish(ada, dune.product)
        wish_lists.make(ada, "<b>Walls</b>")

        text = ask(logged_in(ada), viewed=dune.product_id).content.decode()

        assert "On your wish lists" in text
        assert "&lt;b&gt;Walls&lt;/b&gt;" in text
        assert text.count('action="/account/lists/') == 2

    def test_it_says_nothing_of_what_another_member_likes(self, ada, dune):
        likes.like(ada, dune.product)
        wish_lists.wish(ada, dune.product)

        text = ask(logged_in(make_member("grace")), viewed=dune.product_id).content.decode()

        assert 'action="/account/likes/add/"' in text
        assert 'aria-pressed="true"' not in text

    def test_it_takes_few_queries_however_much_there_is(self, ada, dune, django_assert_num_queries):
        client = logged_in(ada)
        add(client, dune)
        for number in range(5):
            wish_lists.make(ada, f"List {number}")
        ask(client)

        with django_assert_num_queries(MEMBERS):
            ask(client)
        # The product, whether they like it, and their lists.
        with django_assert_num_queries(MEMBERS + 3):
            ask(client, viewed=dune.product_id)

    @pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "9223372036854775807", "\x00"])
    def test_a_hostile_number_brings_no_heart(self, ada, key):
        response = ask(logged_in(ada), viewed=key)

        assert response.status_code == 200
        assert "#heart" not in response.content.decode()

    def test_a_link_from_elsewhere_counts_and_tells_nothing(self, ada, dune, views):
        response = ask(logged_in(ada), {}, viewed=dune.product_id)

        assert views == []
        assert "recently_viewed" not in response.cookies
        assert "#heart" not in response.content.decode()


class TestPages:
    def test_a_public_page_asks_for_it_and_has_a_way_to_the_account_without_it(self, dune):
        response = Client().get("/prints/dune/")

        text = " ".join(response.content.decode().split())
        assert f'data-hx-get="/me/?viewed={dune.product_id}"' in text
        assert '<a class="header__member" href="/account/">' in text
        assert 'action="/account/likes/add/"' in text
        assert 'action="/account/lists/add/"' in text
        assert "aria-pressed" not in text
        assert "csrfmiddlewaretoken" not in text

    def test_it_is_the_same_for_a_member_who_likes_it(self, ada, dune):
        likes.like(ada, dune.product)
        wish_lists.wish(ada, dune.product)

        assert logged_in(ada).get("/prints/dune/").content == Client().get("/prints/dune/").content

    def test_a_private_page_says_it_at_once(self, ada):
        member, visitor = logged_in(ada).get("/cart/"), Client().get("/cart/")

        assert "Your account: ada" in words(member)
        assert "data-badge" not in member.content.decode()
        assert '<a class="header__member" href="/account/login/">' in " ".join(
            visitor.content.decode().split()
        )

    @pytest.mark.parametrize("path", ["/prints/", "/cart/"])
    def test_every_page_leads_to_people_stream_and_rankings(self, dune, path):
        text = Client().get(path).content.decode()

        for there in ("/people/", "/stream/", "/rankings/"):
            assert text.count(f'href="{there}"') == 2


# The session with the member and their cart, what is in it, and for how long prices are held.
MEMBERS = 3
