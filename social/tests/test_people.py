"""The list of people, their pages, and the button beside each."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog.tests.factories import make_page
from social import people_views
from social.contacts import follow, set_public
from social.models import Action, Contact, Like, Profile, Review, User, WishList, WishListItem
from social.stream import create_action
from social.tests.people import counts_of, make_member

pytestmark = pytest.mark.django_db

LIST = "/people/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(client: Client) -> User:
    """Logged in with ``client``."""
    user = make_member("ada", name="Ada Lovelace")
    client.force_login(user)
    return user


def names_in(response) -> list[str]:
    return [card.person.name for card in response.context["cards"]]


def test_the_list_has_only_those_who_are_shown_the_newest_first(client):
    make_member("ada", name="Ada Lovelace")
    make_member("bob")
    make_member("hidden", is_public=False)
    closed = make_member("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    response = client.get(LIST)

    assert names_in(response) == ["bob", "Ada Lovelace"]
    assert (
        response.headers["Cache-Control"]
        == "max-age=0, no-cache, no-store, must-revalidate, private"
    )
    assert not response.cookies


def test_the_most_followed_come_first_where_asked(client, ada):
    bob, cyd = make_member("bob"), make_member("cyd")
    follow(cyd, bob)

    assert names_in(client.get(LIST, {"sort": "followed"})) == ["bob", "cyd", "Ada Lovelace"]
    assert names_in(client.get(LIST, {"sort": "nonsense"})) == ["cyd", "bob", "Ada Lovelace"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("LOVELACE", ["Ada Lovelace"]),
        ("bo", ["bob"]),
        ("  ADA ", ["Ada Lovelace"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("a\x00da", ["Ada Lovelace"]),
        ("x" * 100_000, []),
        ("'; DROP TABLE social_user; --", []),
    ],
)
def test_people_are_found_by_name_and_username(client, query, found):
    make_member("ada", name="Ada Lovelace")
    make_member("bob")
    make_member("hidden", is_public=False, name="Bob Lovelace")

    assert names_in(client.get(LIST, {"q": query})) == found


def test_nonsense_in_the_address_is_the_first_or_the_last_page(client):
    for number in range(25):
        make_member(f"member{number}")

    assert len(names_in(client.get(LIST))) == 24
    assert len(names_in(client.get(LIST, {"page": "2"}))) == 1
    assert len(names_in(client.get(LIST, {"page": "9" * 30}))) == 1
    assert len(names_in(client.get(LIST, {"page": "\x00"}))) == 24


def test_an_empty_list_says_so(client):
    assert "Nobody shows themselves yet" in client.get(LIST).content.decode()
    assert "Nobody found" in client.get(LIST, {"q": "zoe"}).content.decode()


def test_the_list_asks_the_same_number_of_queries_however_many_there_are(
    client, ada, django_assert_num_queries
):
    client.get(LIST)
    with django_assert_num_queries(11) as few:
        client.get(LIST)
    for number in range(30):
        follow(ada, make_member(f"member{number}"))

    with django_assert_num_queries(len(few)):
        response = client.get(LIST)

    assert len(names_in(response)) == 24


def test_a_profile_shows_who_they_are_and_what_they_did(client):
    bob = make_member("bob", name="Bob", about="Prints, mostly.\n<b>Large</b> ones.")
    ada = make_member("ada")
    liked, reviewed, wished = (make_page(title) for title in ("Waves", "Hills", "Clouds"))
    follow(ada, bob)
    Like.objects.create(user=bob, product=liked.product)
    create_action(bob, Action.Verb.LIKES, liked.product)
    Review.objects.create(
        user=bob, product=reviewed.product, stars=4, text="Steep.", state="approved", language="en"
    )
    shared = WishList.objects.create(user=bob, name="For my wall", is_shared=True)
    WishListItem.objects.create(wish_list=shared, product=wished.product)
    WishList.objects.create(user=bob, name="For nobody's eyes")

    html = client.get("/people/bob/").content.decode()

    for told in ("Prints, mostly.", "&lt;b&gt;Large", "1 follower", "follows 0", "Waves"):
        assert told in html
    for told in ("Hills", "Steep.", "4 of 5 stars", "For my wall (1)", "likes <a href"):
        assert told in html
    assert "nobody" not in html
    assert "noindex" not in html
    assert 'rel="canonical"' in html


def test_what_cannot_be_seen_is_not_on_a_profile(client):
    bob = make_member("bob")
    gone = make_page("Gone")
    Like.objects.create(user=bob, product=gone.product)
    waiting = make_page("Waiting")
    Review.objects.create(user=bob, product=waiting.product, stars=1, text="Bad.", language="en")
    Review.objects.create(
        user=bob, product=gone.product, stars=1, text="Worse.", state="approved", language="en"
    )
    gone.unpublish()

    html = client.get("/people/bob/").content.decode()

    assert not [word for word in ("Gone", "Waiting", "Bad.", "Worse.") if word in html]
    assert "Nothing to see here yet" in html


@pytest.mark.parametrize("page", ["", "followers/", "following/"])
@pytest.mark.parametrize("username", ["hidden", "closed", "nobody", "no\x00body", "x" * 5_000])
def test_who_is_hidden_closed_or_unknown_has_no_page(client, ada, username, page):
    make_member("hidden", is_public=False)
    closed = make_member("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    assert client.get(f"/people/{username}/{page}").status_code == 404


def test_ones_own_hidden_page_says_that_nobody_else_sees_it(client, ada):
    set_public(ada, False)

    html = client.get("/people/ada/").content.decode()

    assert "Only you see this page" in html
    assert 'content="noindex"' in html
    assert client.get("/people/ada/followers/").status_code == 200
    assert Client().get("/people/ada/").status_code == 404


def test_followers_and_followed_are_listed_without_the_hidden(client):
    ada, bob = make_member("ada", name="Ada"), make_member("bob", name="Bob")
    hidden = make_member("hidden", is_public=False)
    follow(ada, bob)
    follow(hidden, bob)

    assert names_in(client.get("/people/bob/followers/")) == ["Ada"]
    assert names_in(client.get("/people/bob/following/")) == []
    assert names_in(client.get("/people/ada/following/")) == ["Bob"]


def test_a_profile_asks_the_same_number_of_queries_however_much_there_is(
    client, ada, django_assert_max_num_queries, django_assert_num_queries
):
    bob = make_member("bob")

    def more(number: int) -> None:
        product = make_page().product
        Like.objects.create(user=bob, product=product)
        create_action(bob, Action.Verb.LIKES, product)
        Review.objects.create(
            user=bob, product=product, stars=5, text="Good.", state="approved", language="en"
        )
        WishList.objects.create(user=bob, name=f"List {number}", is_shared=True)

    more(0)
    client.get("/people/bob/")
    with django_assert_max_num_queries(30) as few:
        client.get("/people/bob/")
    for number in range(1, 15):
        more(number)

    with django_assert_num_queries(len(few)):
        client.get("/people/bob/")


def test_the_button_follows_and_leads_back_without_a_script(client, ada):
    bob = make_member("bob")

    response = client.post("/people/bob/follow/", {"next": "/people/?q=bo"}, follow=True)

    assert response.redirect_chain == [("/people/?q=bo", 302)]
    assert "You follow bob now." in response.content.decode()
    assert "/people/bob/unfollow/" in response.content.decode()
    assert counts_of(bob) == (1, 0)

    response = client.post("/people/bob/unfollow/", {"next": "https://evil.example/"})

    assert response.headers["Location"] == "/people/bob/"
    assert counts_of(bob) == (0, 0)


def test_with_a_script_only_the_button_and_the_count_change(client, ada):
    make_member("bob")

    html = client.post("/people/bob/follow/", headers=HTMX).content.decode()

    assert "<html" not in html
    assert "/people/bob/unfollow/" in html
    assert "1 follower" in html
    assert 'data-hx-swap-oob="true"' in html
    assert "You follow bob now." in html


@pytest.mark.parametrize("username", ["ada", "hidden", "nobody", "no\x00body"])
@pytest.mark.parametrize("action", ["follow", "unfollow"])
def test_nobody_follows_themselves_or_the_hidden(client, ada, username, action):
    make_member("hidden", is_public=False)

    response = client.post(f"/people/{username}/{action}/")

    assert response.status_code == (302 if (username, action) == ("ada", "unfollow") else 404)
    assert not Contact.objects.exists()


def test_who_has_hidden_since_can_be_left(client, ada):
    bob = make_member("bob")
    follow(ada, bob)
    set_public(bob, False)

    response = client.post("/people/bob/unfollow/", headers=HTMX)

    assert response.headers["HX-Redirect"] == LIST
    assert not Contact.objects.exists()


def test_who_is_not_logged_in_is_led_there_and_to_the_page_again(client):
    make_member("bob")

    response = client.post("/people/bob/follow/")
    part = client.post("/people/bob/follow/", headers=HTMX)

    there = f"{reverse('account_login')}?next=%2Fpeople%2Fbob%2F"
    assert (response.status_code, response.headers["Location"]) == (302, there)
    assert part.headers["HX-Redirect"] == there
    assert "Log in to follow" in client.get(LIST).content.decode()


def test_a_form_without_a_token_is_refused(ada):
    make_member("bob")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)

    assert strict.post("/people/bob/follow/").status_code == 403
    assert strict.get("/people/bob/follow/").status_code == 405
    assert not Contact.objects.exists()


def test_too_many_at_once_are_refused_with_a_word(client, ada, monkeypatch):
    cache.clear()
    monkeypatch.setattr(people_views, "FOLLOWS", people_views.Limit("follows", most=1))
    make_member("bob")
    make_member("cyd")
    client.post("/people/bob/follow/")

    page = client.post("/people/cyd/follow/", follow=True).content.decode()
    part = client.post("/people/cyd/follow/", headers=HTMX).content.decode()

    assert "That is a lot of people at once" in page
    assert 'role="alert">That is a lot of people at once' in part
    assert "/people/cyd/follow/" in part
    assert Contact.objects.count() == 1


def test_a_picture_is_shown_and_without_one_a_letter(client):
    make_member("ada", picture="members/ada.webp")
    make_member("bob")

    html = client.get(LIST).content.decode()

    assert 'src="/media/members/ada.webp"' in html
    assert ">B<" in html.replace("\n", "").replace(" ", "")


def test_a_profile_of_ones_own_says_how_others_see_it(client, ada):
    html = client.get("/people/ada/").content.decode()

    assert "This is how others see you" in html
    assert "/people/ada/follow" not in html.replace("/people/ada/followers/", "").replace(
        "/people/ada/following/", ""
    )
    assert Profile.objects.get(user=ada).get_absolute_url() == "/people/ada/"
