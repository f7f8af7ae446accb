"""What the stream tells no longer, or never: each thing, and that it was told before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Locale, PageViewRestriction

from catalog.models import Product
from catalog.tests.factories import make_page
from social import likes
from social.contacts import follow, set_public, unfollow
from social.models import Action, Like, Profile, Review, User, WishList, WishListItem
from social.stream import create_action
from social.tests.people import make_member

pytestmark = pytest.mark.django_db


class Shop:
    """Ada did one of everything; Bob, whom she follows, did nothing."""

    def __init__(self) -> None:
        self.ada = make_member("ada", shows_purchases=True)
        self.bob = make_member("bob")
        self.page = make_page("Waves")
        self.like = Like.objects.create(user=self.ada, product=self.page.product)
        self.review = Review.objects.create(
            user=self.ada,
            product=self.page.product,
            stars=4,
            text="Yes.",
            state=Review.State.APPROVED,
            language="en",
        )
        self.list = WishList.objects.create(user=self.ada, name="Wall", is_shared=True)
        self.item = WishListItem.objects.create(wish_list=self.list, product=self.page.product)
        create_action(self.ada, Action.Verb.JOINED)
        follow(self.ada, self.bob)
        create_action(self.ada, Action.Verb.LIKES, self.page.product)
        create_action(self.ada, Action.Verb.REVIEWED, self.review)
        create_action(self.ada, Action.Verb.WISHED, self.item)
        create_action(self.ada, Action.Verb.BOUGHT, self.page.product)

        self.reader = make_member("reader", is_public=False)
        follow(self.reader, self.ada)

    def told(self, *, followed: bool = False) -> set[str]:
        """The verbs that a visitor, or somebody who follows Ada, is told."""
        client = Client()
        if followed:
            client.force_login(self.reader)
        page = client.get("/stream/", {"of": "followed"}).context["page"]
        return {entry.verb for entry in page.entries}


ALL = {"joined", "follows", "likes", "reviewed", "wished", "bought"}
OF_PRODUCTS = {"likes", "reviewed", "wished", "bought"}


def unpublish(shop: Shop) -> None:
    shop.page.unpublish()


def restrict(shop: Shop) -> None:
    PageViewRestriction.objects.create(
        page=shop.page.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )


def delete_page(shop: Shop) -> None:
    shop.page.delete()


def hide_review(shop: Shop) -> None:
    Review.objects.update(state=Review.State.HIDDEN)


def make_list_private(shop: Shop) -> None:
    WishList.objects.update(is_shared=False)


def turn_off_purchases(shop: Shop) -> None:
    Profile.objects.filter(user=shop.ada).update(shows_purchases=False)


def close_bob(shop: Shop) -> None:
    User.objects.filter(pk=shop.bob.pk).update(is_active=False)


def close_ada(shop: Shop) -> None:
    User.objects.filter(pk=shop.ada.pk).update(is_active=False)


CASES: dict[str, tuple[Callable[[Shop], object], set[str]]] = {
    "the product is unpublished": (unpublish, OF_PRODUCTS),
    "the product may be seen by some only": (restrict, OF_PRODUCTS),
    "the page is deleted": (delete_page, OF_PRODUCTS),
    "the review is hidden": (hide_review, {"reviewed"}),
    "the review is deleted": (lambda shop: shop.review.delete(), {"reviewed"}),
    "the list is private again": (make_list_private, {"wished"}),
    "the wish is taken off the list": (lambda shop: shop.item.delete(), {"wished"}),
    "the list is deleted": (lambda shop: shop.list.delete(), {"wished"}),
    "purchases are not shown any more": (turn_off_purchases, {"bought"}),
    "it is liked no longer": (lambda shop: likes.unlike(shop.ada, shop.page.product), {"likes"}),
    "they are followed no longer": (lambda shop: unfollow(shop.ada, shop.bob), {"follows"}),
    "who is followed hides": (lambda shop: set_public(shop.bob, False), {"follows"}),
    "who is followed is closed": (close_bob, {"follows"}),
    "who is followed is deleted": (lambda shop: shop.bob.delete(), {"follows"}),
    "who did it hides": (lambda shop: set_public(shop.ada, False), ALL),
    "who did it is closed": (close_ada, ALL),
    "who did it is deleted": (lambda shop: User.objects.get(pk=shop.ada.pk).delete(), ALL),
}


@pytest.mark.parametrize("followed", [False, True], ids=["everybody", "followed"])
@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_seen_any_more_is_not_told(case, followed):
    shop = Shop()
    change, gone = CASES[case]
    assert shop.told(followed=followed) == ALL

    change(shop)

    assert shop.told(followed=followed) == ALL - gone


def test_a_review_that_waits_is_not_told_until_it_is_approved():
    shop = Shop()
    Review.objects.update(state=Review.State.WAITING)
    assert shop.told() == ALL - {"reviewed"}

    Review.objects.update(state=Review.State.APPROVED)

    assert shop.told() == ALL


def test_what_is_shown_again_is_told_again():
    shop = Shop()
    set_public(shop.ada, False)
    assert shop.told() == set()

    set_public(shop.ada, True)

    assert shop.told() == ALL


def test_an_open_stream_is_not_told_what_cannot_be_seen(client):
    address = f"/stream/news/?{client.get('/stream/').context['poll']}"
    shop = Shop()
    shop.page.unpublish()

    news = client.get(address).context["news"]

    assert {entry.verb for entry in news.entries} == {"joined", "follows"}


def test_products_are_named_in_the_visitor_s_language_where_there_is_a_page():
    korean, _is_new = Locale.objects.get_or_create(language_code="ko")
    shop = Shop()
    translated = shop.page.copy_for_translation(korean, copy_parents=True)
    translated.title = "파도"
    translated.save_revision().publish()
    only_english = make_page("Hills")
    assert Product.objects.count() == 2
    Like.objects.create(user=shop.ada, product=only_english.product)
    create_action(shop.ada, Action.Verb.LIKES, only_english.product)

    response = Client().get("/ko/stream/")
    translation.deactivate()

    titles = [
        entry.product.page.title for entry in response.context["page"].entries if entry.product
    ]
    assert titles == ["Hills", "파도", "파도", "파도", "파도"]


def test_what_is_liked_again_is_told_once():
    shop = Shop()
    shop_like = Action.objects.get(verb=Action.Verb.LIKES)
    Action.objects.filter(pk=shop_like.pk).update(created=timezone.now() - timedelta(minutes=2))

    likes.unlike(shop.ada, shop.page.product)
    likes.like(shop.ada, shop.page.product)

    again = Action.objects.get(verb=Action.Verb.LIKES)
    assert again.pk > shop_like.pk
