"""Wish lists: kept by members, private until they are shared, and seen by whoever has the link."""

import pytest
from django.test import Client

from cart.tests.shopping import BY_SCRIPT, SAME_ORIGIN, said, saved, words
from catalog.models import Stock
from catalog.tests.factories import make_category, make_page, make_sku
from social import wish_lists
from social.contacts import set_public
from social.models import Action, WishList, WishListItem
from social.tests.people import make_member
from social.wish_forms import ListNameForm

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
NONSENSE = ["", "0", "-1", "1.5", "x", HUGE, "9223372036854775808", "\x00", "１"]


@pytest.fixture
def dune():
    return make_page("Dune")


@pytest.fixture
def ada():
    return make_member("ada", name="Ada L.")


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def post(client, what, headers=SAME_ORIGIN, **values):
    return client.post(f"/account/lists/{what}/", values, headers=headers)


def add(client, page, headers=SAME_ORIGIN, **values):
    return post(client, "add", headers, product=page.product_id, **values)


def make_list(user, name="Birthday", *pages, is_shared=False):
    wish_list = wish_lists.make(user, name)
    for page in pages:
        wish_lists.wish(user, page.product, wish_list.pk)
    if is_shared:
        wish_lists.share(wish_list)
    return WishList.objects.get(pk=wish_list.pk)


def titles(response):
    return [wish["card"].page.title for wish in response.context["wishes"]]


class TestWishing:
    def test_the_first_wish_makes_a_list(self, client, ada, dune):
        response = add(client, dune)

        wish_list = WishList.objects.get()
        assert (wish_list.name, wish_list.user, wish_list.is_shared) == ("My wish list", ada, False)
        assert response.url == f"/account/lists/{wish_list.pk}/"
        assert said(response) == ["“Dune” is on your list “My wish list” now."]
        assert titles(client.get(response.url)) == ["Dune"]

    def test_the_same_again_is_said_and_changes_nothing(self, client, dune):
        add(client, dune)

        assert said(add(client, dune))[-1] == "“Dune” is on your list “My wish list” already."
        assert WishListItem.objects.count() == 1

    def test_the_only_list_takes_it_whatever_its_name(self, client, ada, dune):
        make_list(ada, "Birthday")

        add(client, dune)

        assert WishListItem.objects.get().wish_list.name == "Birthday"

    def test_with_several_lists_one_is_chosen(self, client, ada, dune):
        make_list(ada, "Birthday")
        walls = make_list(ada, "Walls")

        choice = add(client, dune)
        assert choice.url == f"/account/lists/choose/?product={dune.product_id}"
        page = client.get(choice.url)
        assert "Birthday" in words(page)
        assert f'value="{walls.pk}"' in page.content.decode()
        add(client, dune, list=walls.pk)

        assert WishListItem.objects.get().wish_list == walls
        assert "It is on this list." in words(client.get(choice.url))

    def test_or_a_new_one_is_made_for_it(self, client, dune):
        for name, status in (("", 422), ("x" * 81, 422), ("a\x00b", 422), ("Walls", 302)):
            response = post(client, "choose", product=dune.product_id, name=name)
            assert response.status_code == status

        assert [one.name for one in WishList.objects.all()] == ["Walls"]
        assert WishListItem.objects.get().product == dune.product

    def test_a_visitor_is_led_to_the_login_and_then_one_click_away(self, ada, dune):
        there = f"/account/login/?next=%2Faccount%2Flists%2Fchoose%2F%3Fproduct%3D{dune.product_id}"

        assert add(Client(), dune).url == there
        assert add(Client(), dune, BY_SCRIPT).headers["HX-Redirect"] == there
        client = Client()
        client.force_login(ada)
        page = client.get(f"/account/lists/choose/?product={dune.product_id}")
        assert "Add to my wish list" in words(page)
        assert not WishListItem.objects.exists()

    @pytest.mark.parametrize("key", NONSENSE)
    def test_nonsense_is_not_found_and_makes_no_list(self, client, dune, key):
        assert post(client, "add", product=key).status_code == 404
        assert client.get("/account/lists/choose/", {"product": key}).status_code == 404
        assert post(client, "remove", product=key, list="1").status_code == 404
        assert post(client, "remove", product="1", list=key).status_code == 404
        assert not WishList.objects.exists()

    @pytest.mark.parametrize("key", NONSENSE[1:])
    def test_a_list_of_nobody_leads_to_the_choice(self, client, dune, key):
        assert "/choose/" in add(client, dune, list=key).url
        assert not WishListItem.objects.exists()

    def test_what_is_on_no_public_page_cannot_be_wished_for(self, client):
        assert add(client, make_page(live=False)).status_code == 404

    @pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
    def test_a_form_from_elsewhere_changes_nothing(self, client, ada, dune, headers):
        wish_list = make_list(ada, "Birthday", dune)

        assert add(client, make_page(), headers).status_code == 403
        values = {"product": dune.product_id, "list": wish_list.pk}
        assert post(client, "remove", headers, **values).status_code == 403
        assert [item.product for item in wish_list.items.all()] == [dune.product]

    def test_in_place_the_answer_is_the_heart_with_the_wish(self, client, dune):
        response = add(client, dune, BY_SCRIPT)

        text = response.content.decode()
        assert "<html" not in text
        assert "“Dune” is on your list “My wish list” now." in words(response)
        assert 'action="/account/lists/remove/"' in text
        wish_list = WishList.objects.get()
        gone = post(client, "remove", BY_SCRIPT, product=dune.product_id, list=wish_list.pk)
        assert 'action="/account/lists/add/"' in gone.content.decode()
        assert not WishListItem.objects.exists()

    def test_no_more_than_two_hundred_fit_on_a_list(self, client, ada, dune, monkeypatch):
        monkeypatch.setattr(wish_lists, "MOST_WISHES", 2)
        wish_list = make_list(ada, "Birthday", make_page(), make_page())

        page, in_place = add(client, dune), add(client, dune, BY_SCRIPT)

        assert said(page) == ["That list is full: it holds 2 wishes."]
        assert "That list is full: it holds 2 wishes." in words(in_place)
        assert wish_list.items.count() == 2


class TestList:
    def test_the_last_wish_stands_first_and_what_is_gone_is_counted_apart(self, client, ada):
        pages = [make_page(title) for title in ("Dune", "Gone", "Moon")]
        wish_list = make_list(ada, "Birthday", *pages)
        pages[1].unpublish()

        page = client.get(f"/account/lists/{wish_list.pk}/")
        assert titles(page) == ["Moon", "Dune"]
        assert "1 wish is for something that the shop does not show at the moment." in words(page)
        client.post(f"/account/lists/{wish_list.pk}/tidy/")

        assert wish_list.items.count() == 2
        assert "does not show" not in words(client.get(f"/account/lists/{wish_list.pk}/"))

    def test_a_wish_is_taken_off_and_put_back(self, client, ada, dune):
        wish_list = make_list(ada, "Birthday", dune)
        values = {"product": dune.product_id, "list": wish_list.pk}

        response = post(client, "remove", **values)

        assert response.url == f"/account/lists/{wish_list.pk}/?removed={dune.product_id}"
        page = client.get(response.url)
        assert "Taken off the list: Dune." in words(page)
        assert titles(page) == []
        add(client, dune, list=wish_list.pk)
        assert titles(client.get(f"/account/lists/{wish_list.pk}/")) == ["Dune"]

    def test_it_is_renamed_and_a_mistake_is_said_with_what_was_typed(self, client, ada):
        wish_list = make_list(ada, "Birthday")
        there = f"/account/lists/{wish_list.pk}/"

        for wrong in ("", "x" * 81, "a\x00b"):
            response = client.post(there, {"name": wrong})
            assert response.status_code == 422
            assert "<h1>Birthday</h1>" in response.content.decode()
        response = client.post(there, {"name": "x" * 81})
        assert "x" * 81 in response.content.decode()
        client.post(there, {"name": "<b>Walls</b>"})

        assert WishList.objects.get().name == "<b>Walls</b>"
        assert "<h1>&lt;b&gt;Walls&lt;/b&gt;</h1>" in client.get(there).content.decode()

    def test_it_is_deleted_after_one_was_asked(self, client, ada, dune):
        wish_list = make_list(ada, "Birthday", dune)
        there = f"/account/lists/{wish_list.pk}/delete/"

        assert "The 1 wish on it goes as well." in words(client.get(there))
        assert WishList.objects.exists()
        response = client.post(there)

        assert response.url == "/account/lists/"
        assert said(response) == ["Deleted: Birthday."]
        assert not WishListItem.objects.exists()

    def test_lists_are_made_up_to_twenty(self, client, ada, monkeypatch):
        monkeypatch.setattr(wish_lists, "MOST_LISTS", 2)
        assert "No wish list yet" in words(client.get("/account/lists/"))
        for name in ("One", "Two"):
            assert client.post("/account/lists/", {"name": name}).status_code == 302

        response = client.post("/account/lists/", {"name": "Three"})

        assert response.status_code == 422
        assert "You have 2 lists already; delete one to make another." in words(response)
        assert 'value="Three"' in response.content.decode()
        assert WishList.objects.count() == 2

    def test_the_overview_counts_what_is_shown(self, client, ada, dune):
        make_list(ada, "Birthday", dune, make_page("Moon"), is_shared=True)
        dune.unpublish()
        dune.create_alias(parent=make_category("Gifts"))

        assert "Birthday 1 wish · shared by link" in words(client.get("/account/lists/"))

    @pytest.mark.parametrize("name", ["", "share/", "delete/", "tidy/", "cart/"])
    def test_anothers_list_is_not_found(self, client, dune, name):
        wish_list = make_list(make_member("grace"), "Hers", dune, is_shared=True)

        for key in (wish_list.pk, HUGE):
            response = client.post(
                f"/account/lists/{key}/{name}", {"product": dune.product_id, "name": "Mine"}
            )
            assert response.status_code == 404
        values = {"product": dune.product_id, "list": wish_list.pk}
        assert post(client, "remove", **values).status_code == 404
        assert "/choose/" in add(client, make_page(), list=wish_list.pk).url
        kept = WishList.objects.get()
        assert (kept.name, kept.key, kept.items.count()) == ("Hers", wish_list.key, 1)

    @pytest.mark.parametrize("path", ["", "1/", "1/delete/", "choose/?product=1"])
    def test_it_is_private(self, path):
        response = Client().get(f"/account/lists/{path}")

        assert response.url.startswith("/account/login/?next=/account/lists/")
        assert "no-store" in response.headers["Cache-Control"]

    def test_its_queries_do_not_grow(self, client, ada, django_assert_max_num_queries):
        pages = [make_page() for _each in range(30)]
        for page in pages:
            make_sku(page)
        wish_list = make_list(ada, "Birthday", *pages)
        client.get(f"/account/lists/{wish_list.pk}/")

        with django_assert_max_num_queries(20):
            page = client.get(f"/account/lists/{wish_list.pk}/")

        assert len(titles(page)) == 24
        with django_assert_max_num_queries(10):
            client.get("/account/lists/")


class TestToCart:
    def move(self, client, wish_list, page):
        return client.post(f"/account/lists/{wish_list.pk}/cart/", {"product": page.product_id})

    def test_a_product_with_one_variant_moves(self, client, ada, dune):
        make_sku(dune, "DUNE")
        wish_list = make_list(ada, "Birthday", dune)
        assert "Move to cart" in words(client.get(f"/account/lists/{wish_list.pk}/"))

        response = self.move(client, wish_list, dune)

        assert response.url == "/cart/"
        assert said(response) == ["“Dune” has moved from your list to your cart."]
        assert saved(ada) == {"DUNE": 1}
        assert not wish_list.items.exists()

    @pytest.mark.parametrize("case", ["two variants", "sold out", "no variant"])
    def test_where_there_is_something_to_choose_it_leads_to_the_product(
        self, client, ada, dune, case
    ):
        if case != "no variant":
            sku = make_sku(dune, "A3", option1="A3")
        if case == "two variants":
            make_sku(dune, "A4", option1="A4", on_hand=0)
        if case == "sold out":
            Stock.objects.filter(sku=sku).update(on_hand=0)
        wish_list = make_list(ada, "Birthday", dune)
        assert "Move to cart" not in words(client.get(f"/account/lists/{wish_list.pk}/"))

        response = self.move(client, wish_list, dune)

        assert response.url == "/prints/dune/"
        assert saved(ada) == {}
        assert wish_list.items.count() == 1

    def test_what_the_cart_cannot_take_stays_on_the_list(self, client, ada, dune):
        make_sku(dune, "DUNE", on_hand=1)
        wish_list = make_list(ada, "Birthday", dune)
        client.post("/cart/add/", {"code": "DUNE", "quantity": "1"}, headers=SAME_ORIGIN)

        response = self.move(client, wish_list, dune)

        assert said(response)[-1] == "No more of it can be put in your cart."
        assert (saved(ada), wish_list.items.count()) == ({"DUNE": 1}, 1)


class TestSharing:
    def share(self, client, wish_list, shared):
        client.post(f"/account/lists/{wish_list.pk}/share/", {"shared": shared})
        return WishList.objects.get(pk=wish_list.pk)

    def test_whoever_has_the_link_sees_it(self, client, ada, dune):
        wish_list = self.share(client, make_list(ada, "Birthday", dune), "yes")
        assert wish_list.get_absolute_url() == f"/lists/{wish_list.key}/"
        own = client.get(f"/account/lists/{wish_list.pk}/").content.decode()
        assert f'{wish_list.get_absolute_url()}" readonly' in " ".join(own.split())

        response = Client().get(wish_list.get_absolute_url())

        assert "Birthday A wish list of Ada L. " in words(response)
        assert "Dune" in words(response)
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response.headers["Cache-Control"]
        assert not response.cookies
        assert client.get(wish_list.get_absolute_url()).content == response.content

    @pytest.mark.parametrize("is_public", [True, False])
    def test_it_says_who_else_finds_it(self, client, ada, dune, is_public):
        set_public(ada, is_public)
        wish_list = make_list(ada, "Birthday", dune)

        said = "also stands on your page" in words(client.get(f"/account/lists/{wish_list.pk}/"))

        assert said is is_public

    def test_a_private_list_and_an_old_link_lead_nowhere(self, client, ada, dune):
        wish_list = make_list(ada, "Birthday", dune)
        assert Client().get(wish_list.get_absolute_url()).status_code == 404
        shared = self.share(client, wish_list, "yes")
        private = self.share(client, wish_list, "no")
        again = self.share(client, wish_list, "yes")

        assert len({shared.key, private.key, again.key}) == 2
        assert Client().get(f"/lists/{shared.key}/").status_code == 404
        assert Client().get(f"/lists/{again.key}/").status_code == 200

    def test_sharing_twice_keeps_the_link(self, client, ada):
        wish_list = make_list(ada)

        assert self.share(client, wish_list, "yes").key == self.share(client, wish_list, "yes").key

    def test_whoever_hides_is_not_named(self, ada, dune):
        wish_list = make_list(ada, "Birthday", dune, is_shared=True)
        set_public(ada, False)

        text = words(Client().get(wish_list.get_absolute_url()))

        assert "Birthday A wish list " in text
        assert "Ada" not in text
        assert "ada" not in text

    def test_the_list_of_a_closed_account_leads_nowhere(self, ada, dune):
        wish_list = make_list(ada, "Birthday", dune, is_shared=True)
        ada.is_active = False
        ada.save()

        assert Client().get(wish_list.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("key", ["x" * 22, "x" * 21, "x" * 23, "%00" * 22, "é" * 22])
    def test_a_guessed_link_leads_nowhere(self, key):
        assert Client().get(f"/lists/{key}/").status_code == 404

    def test_what_is_gone_is_left_out_and_an_empty_list_says_so(self, ada, dune):
        wish_list = make_list(ada, "Birthday", dune, is_shared=True)
        dune.unpublish()

        text = words(Client().get(wish_list.get_absolute_url()))

        assert "Nothing on this list at the moment" in text
        assert "Dune" not in text

    def test_only_a_shared_list_is_told_of_in_the_stream(self, ada, dune):
        make_list(ada, "Private", dune)
        wish_list = make_list(ada, "Shared", is_shared=True)
        assert not Action.objects.exists()

        wish_lists.wish(ada, dune.product, wish_list.pk)

        action = Action.objects.get()
        assert (action.verb, action.target) == (Action.Verb.WISHED, wish_list.items.get())

    def test_its_queries_do_not_grow(self, ada, django_assert_max_num_queries):
        pages = [make_page() for _each in range(30)]
        for page in pages:
            make_sku(page)
        wish_list = make_list(ada, "Birthday", *pages, is_shared=True)
        Client().get(wish_list.get_absolute_url())

        with django_assert_max_num_queries(17):
            page = Client().get(wish_list.get_absolute_url())

        assert len(page.context["cards"]) == 24


def test_a_list_made_private_while_it_is_renamed_stays_private(client, ada, monkeypatch):
    wish_list = wish_lists.make(ada, "Walls")
    wish_lists.share(wish_list)
    old_key = wish_list.key
    is_valid = ListNameForm.is_valid

    def in_another_tab(form):
        wish_lists.make_private(wish_list)
        return is_valid(form)

    monkeypatch.setattr(ListNameForm, "is_valid", in_another_tab)
    client.post(f"/account/lists/{wish_list.pk}/", {"name": "Rooms"})

    wish_list.refresh_from_db()
    assert (wish_list.name, wish_list.is_shared) == ("Rooms", False)
    assert wish_list.key != old_key


def test_a_member_s_page_counts_the_wishes_that_it_shows(client, ada, dune):
    wish_list = wish_lists.make(ada, "Walls")
    wish_lists.share(wish_list)
    wish_lists.wish(ada, dune.product)
    dune.unpublish()

    assert "Walls (0)" in words(client.get("/people/ada/"))
