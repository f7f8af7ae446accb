"""Whoever leaves is gone: from every table, every file and everybody's counts; the books stay."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models

from catalog.tests.factories import make_page, make_sku
from orders import erasing, states
from orders.models import (
    BackInStock,
    Coupon,
    Order,
    Outbox,
    SavedAddress,
)
from orders.tests.desk_orders import carried_to
from orders.tests.factories import order_for
from social import likes
from social.account import closing
from social.models import (
    Action,
    Contact,
    Like,
    Profile,
    Subscriber,
    User,
)
from social.tests.marked_member import (
    MARKER,
    PLACE,
    books,
    files_with_marker,
    places_with_marker,
    seed_account,
    seed_order,
    seed_shop,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

DELETE = "/account/delete/"


def test_nothing_of_a_member_is_left_anywhere_and_the_books_are_the_same(
    marked, other, media, django_capture_on_commit_callbacks
):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(marked, other)
    product = seed_shop(marked, other)
    seed_order(product, Order.State.DELIVERED, user=marked)
    seed_order(product, Order.State.RETURNED)
    seed_order(product, Order.State.CANCELLED, user=marked)
    before, places = books(), places_with_marker()
    assert len(places) >= 45, sorted(places)
    assert files_with_marker(media) == 3

    with django_capture_on_commit_callbacks(execute=True):
        assert closing.close(User.objects.get(pk=marked.pk)) == 0

    assert places_with_marker() == set()
    assert files_with_marker(media) == 0
    assert books() == before
    assert Order.objects.filter(erased__isnull=False).count() == 3
    assert not User.objects.filter(pk=marked.pk).exists()
    product.refresh_from_db()
    assert (product.total_likes, product.total_reviews) == (0, 0)
    profile = Profile.objects.get(user=other)
    assert (profile.followers, profile.following) == (0, 0)
    assert not Action.objects.filter(target_id=marked.pk, verb=Action.Verb.FOLLOWS).exists()


def test_an_order_on_its_way_keeps_what_it_needs_and_is_erased_in_the_end(marked, other):
    Coupon.objects.create(code="ONCE", value=10)
    product = make_sku(make_page("Tee"), price="12.50", on_hand=100).product
    order = seed_order(product, Order.State.SHIPPED, user=marked)

    assert closing.close(marked) == 1

    order.refresh_from_db()
    assert (order.first_name, order.user, bool(order.erasure_asked)) == (MARKER, None, True)
    assert "orders_order.first_name" in places_with_marker()
    states.advance(order, Order.State.DELIVERED, by="test")
    from orders.tasks import erase_who_left

    assert erase_who_left() == 1
    assert places_with_marker() == set()


def test_everybody_elses_things_stay(marked, other, django_user_model):
    sku = make_sku(make_page("Tee"), on_hand=100)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    order = order_for({sku: 1}, user=other, email=other.email)
    SavedAddress.objects.create(user=other, **PLACE)
    likes.like(other, sku.product)
    BackInStock.objects.create(sku=sku, email=other.email, language="en")
    Subscriber.objects.create(email=other.email, language="en")
    carol = django_user_model.objects.create_user("carol", "carol@example.com", "secret")
    Contact.objects.create(user_from=other, user_to=carol)

    closing.close(marked)

    order.refresh_from_db()
    assert (order.user, order.erasure_asked, order.erased) == (other, None, None)
    left = [SavedAddress, Like, BackInStock, Subscriber, Contact]
    assert [model.objects.count() for model in left] == [1] * 5


def test_guests_with_an_address_that_was_never_proven_keep_their_orders(marked, other):
    EmailAddress.objects.create(user=marked, email="guest@example.com", verified=False)
    sku = make_sku(make_page("Tee"), on_hand=100)
    order = carried_to(order_for({sku: 1}, email="guest@example.com"), Order.State.DELIVERED)
    Subscriber.objects.create(email="guest@example.com", language="en")

    closing.close(marked)

    order.refresh_from_db()
    assert (order.email, order.erased) == ("guest@example.com", None)
    assert Subscriber.objects.count() == 1


def test_an_address_that_only_looks_alike_in_capitals_is_somebody_elses(marked):
    """PostgreSQL's capital of ``ı`` is ``I``."""
    EmailAddress.objects.create(user=marked, email="mia@thıng.example", verified=True)
    sku = make_sku(make_page("Tee"), on_hand=100)
    order = carried_to(order_for({sku: 1}, email="mia@thing.example"), Order.State.DELIVERED)
    Subscriber.objects.create(email="mia@thing.example", language="en")
    BackInStock.objects.create(sku=sku, email="mia@thing.example", language="en")
    Outbox.objects.create(key="k", kind="account_unknown", payload={"to": "mia@thing.example"})

    closing.close(marked)

    order.refresh_from_db()
    assert (order.email, order.erased) == ("mia@thing.example", None)
    assert [model.objects.count() for model in (Subscriber, BackInStock)] == [1, 1]
    assert Outbox.objects.filter(key="k").exists()


def log_in(client, user):
    client.post("/account/login/", {"login": user.username, "password": "secret"})


def test_who_types_the_password_is_logged_out_and_gone(client, marked):
    log_in(client, marked)
    assert client.get("/account/").status_code == 200
    elsewhere = SessionStore()
    elsewhere["_auth_user_id"] = str(marked.pk)
    elsewhere.create()
    UserSession.objects.create(user=marked, session_key=elsewhere.session_key, ip="127.0.0.1")

    page = client.post(DELETE, {"password": "secret"}, follow=True)

    assert page.redirect_chain == [("/account/closed/", 302)]
    assert "Your account is deleted" in page.content.decode()
    assert not User.objects.exists()
    assert not Session.objects.filter(session_key=elsewhere.session_key).exists()
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("password", ["", "wrong", "x" * 100_000, "a\x00b", "SECRET"])
def test_without_the_password_nothing_happens(client, member, password):
    answer = client.post(DELETE, {"password": password})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"password"}
    assert 'value="wrong"' not in answer.content.decode()
    assert User.objects.get() == member


@pytest.mark.usefixtures("member")
def test_a_password_cannot_be_guessed_here(client):
    for _ in range(10):
        client.post(DELETE, {"password": "wrong"})

    answer = client.post(DELETE, {"password": "secret"})

    assert "Too many attempts" in answer.content.decode()
    assert User.objects.exists()


def test_the_page_says_what_stays_for_a_while(client, member):
    sku = make_sku(make_page("Tee"), on_hand=100)
    assert "not ended yet" not in client.get(DELETE).content.decode()
    carried_to(order_for({sku: 1}, user=member), Order.State.DELIVERED)
    assert "not ended yet" not in client.get(DELETE).content.decode()

    order_for({sku: 1}, user=member)

    assert "1 of your orders has not ended yet" in client.get(DELETE).content.decode()


def test_the_last_who_may_do_everything_cannot_leave(client, django_user_model):
    root = django_user_model.objects.create_superuser("root", "root@example.com", "secret")
    django_user_model.objects.create_superuser("gone", "gone@example.com", "x", is_active=False)
    client.force_login(root)

    page = client.post(DELETE, {"password": "secret"})

    assert "You are the last" in page.content.decode()
    with pytest.raises(closing.LastOwnerError):
        closing.close(root)
    assert User.objects.filter(pk=root.pk).exists()

    django_user_model.objects.create_superuser("next", "next@example.com", "x")
    client.post(DELETE, {"password": "secret"})
    assert not User.objects.filter(pk=root.pk).exists()


def test_nobody_can_be_deleted_by_a_link(client, member):
    client.get(DELETE, {"password": "secret"})

    assert User.objects.filter(pk=member.pk).exists()


ADMINS = {
    "wagtail": ("/admin/users/delete/{}/", {}),
    "wagtail, several": ("/admin/bulk/social/user/delete/?id={}", {}),
    "django": ("/django-admin/social/user/{}/delete/", {"post": "yes"}),
}


@pytest.mark.parametrize("admin", ADMINS)
def test_whoever_is_deleted_in_an_admin_is_forgotten_as_well(
    admin, client, marked, other, media, django_user_model, django_capture_on_commit_callbacks
):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(marked, other)
    product = seed_shop(marked, other)
    seed_order(product, Order.State.DELIVERED, user=marked)
    open_order = order_for({product.skus.first(): 1}, email=f"{MARKER}@example.com")
    before = books()
    client.force_login(django_user_model.objects.create_superuser("root", "r@example.com", "x"))
    address, typed = ADMINS[admin]

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address.format(marked.pk), typed)

    assert answer.status_code == 302
    assert not User.objects.filter(pk=marked.pk).exists()
    open_order.refresh_from_db()
    assert (open_order.user, open_order.erased) == (None, None)
    assert open_order.erasure_asked
    erasing.erase(open_order.pk)
    assert places_with_marker() == set()
    assert files_with_marker(media) == 0
    assert books() == before
    profile = Profile.objects.get(user=other)
    product.refresh_from_db()
    assert (profile.followers, profile.following, product.total_likes) == (0, 0, 0)


def test_what_may_point_to_a_member_is_known(marked):
    """A new relation that protects a member from deletion has to be thought of here."""
    protecting = {
        relation.related_model._meta.label
        for relation in User._meta.related_objects
        if relation.on_delete in {models.PROTECT, models.RESTRICT}
    }

    assert protecting == set()
