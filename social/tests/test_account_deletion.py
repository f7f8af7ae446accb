"""Whoever leaves is gone: from every table, every file and everybody's counts; the books stay."""

import json
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection, models
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import ModelLogEntry, Page
from wagtail.users.models import UserProfile

from cart.models import SavedCart
from catalog.models import Product
from catalog.tests.factories import make_page, make_sku
from orders import events, outbox, states
from orders.documents import invoice
from orders.models import (
    BackInStock,
    Coupon,
    InvoiceAddress,
    Order,
    OrderEvent,
    Outbox,
    PaymentEvent,
    Refund,
    SavedAddress,
    Shipment,
)
from orders.tests.desk_orders import carried_to
from orders.tests.factories import order_for
from social import contacts, likes, stream
from social.account import closing
from social.models import (
    Action,
    Contact,
    Delivery,
    Like,
    Profile,
    Review,
    ReviewPicture,
    Subscriber,
    User,
    WishList,
    WishListItem,
)

pytestmark = pytest.mark.django_db

DELETE = "/account/delete/"
MARKER = "zqxmarker"
EMAIL = f"{MARKER}@example.com"
PLACE = {
    "first_name": MARKER,
    "last_name": MARKER,
    "company": MARKER,
    "address": f"{MARKER} street",
    "address_2": MARKER,
    "postal_code": "SW1Y 4JH",
    "city": MARKER,
    "region": MARKER,
    "country": "GB",
    "phone": MARKER,
}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ada(django_user_model):
    user = django_user_model.objects.create_user(
        MARKER, EMAIL, "secret", first_name=MARKER, last_name=MARKER
    )
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def seed_account(ada: User, other: User) -> None:
    profile = ada.profile
    Profile.objects.filter(pk=profile.pk).update(name=MARKER, about=MARKER)
    profile.refresh_from_db()
    profile.picture.save("me.webp", ContentFile(MARKER.encode()))
    avatar = UserProfile.objects.create(user=ada)
    avatar.avatar.save("me.png", ContentFile(MARKER.encode()))
    EmailAddress.objects.create(user=ada, email=f"second-{EMAIL}", verified=False)
    Authenticator.objects.create(user=ada, type="totp", data={"secret": MARKER})
    session = SessionStore()
    session["draft"] = {"first_name": MARKER}
    session.create()
    UserSession.objects.create(
        user=ada, session_key=session.session_key, ip="127.0.0.1", user_agent=MARKER
    )
    about = {"content_type": ContentType.objects.get_for_model(User), "object_id": str(ada.pk)}
    ModelLogEntry.objects.create(
        **about, label=MARKER, action="wagtail.edit", timestamp=ada.date_joined, data={"a": MARKER}
    )
    LogEntry.objects.create(user=other, **about, object_repr=MARKER, action_flag=CHANGE)


def seed_shop(ada: User, other: User) -> Product:
    page = make_page("Tee")
    sku = make_sku(page, price="12.50", on_hand=100)
    product = sku.product
    SavedAddress.objects.create(user=ada, **PLACE)
    SavedCart.objects.create(user=ada, entries={MARKER: {"quantity": 1}}, removed={MARKER: {}})
    likes.like(ada, product)
    review = Review.objects.create(
        user=ada, product=product, stars=4, title=MARKER, text=MARKER, language="en", reply=MARKER
    )
    name = ReviewPicture._meta.get_field("file").storage.save(
        "reviews/a.webp", ContentFile(MARKER.encode())
    )
    ReviewPicture.objects.bulk_create([ReviewPicture(review=review, file=name, width=1, height=1)])
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Review),
        object_id=str(review.pk),
        label=MARKER,
        action="wagtail.edit",
        timestamp=ada.date_joined,
    )
    wishes = WishList.objects.create(user=ada, name=MARKER)
    item = WishListItem.objects.create(wish_list=wishes, product=product)
    stream.create_action(ada, Action.Verb.WISHED, item)
    for user in (ada, other):
        contacts.set_public(user, True)
    contacts.follow(ada, other)
    contacts.follow(other, ada)
    subscriber = Subscriber.objects.create(email=EMAIL.upper(), language="en", state="confirmed")
    root = Page.objects.get(depth=1)
    issue = apps.get_model("social.NewsletterPage")(title="Issue", slug="issue")
    root.add_child(instance=issue)
    sending = apps.get_model("social.Sending").objects.create(page=issue)
    Delivery.objects.create(sending=sending, page=issue, subscriber=subscriber, error=EMAIL)
    BackInStock.objects.create(sku=sku, email=EMAIL, language="en")
    FormSubmission.objects.create(page=issue, form_data={"email": EMAIL, "text": MARKER})
    outbox.owe("account:1", "account_confirm", user=ada.pk, to=f"second-{EMAIL}")
    outbox.owe("account:2", "account_unknown", to=EMAIL)
    row = outbox.owe("stock:1", outbox.BACK_IN_STOCK, wish=1)
    Outbox.objects.filter(pk=row.pk).update(last_error=f"SMTPRecipientsRefused: {EMAIL}")
    return product


def seed_order(ada: User, product: Product, state: str, **owner) -> Order:
    order = order_for(
        {product.skus.get(): 2}, **PLACE, email=EMAIL, message=MARKER, coupon_code="ONCE", **owner
    )
    InvoiceAddress.objects.create(order=order, **PLACE)
    carried_to(order, state)
    order.refresh_from_db()
    Order.objects.filter(pk=order.pk).update(alert=MARKER)
    if order.paid_at:
        assert MARKER in json.dumps(invoice.invoice_of(order).facts)
    payment = order.payments.get()
    type(payment).objects.filter(pk=payment.pk).update(failure=MARKER, reference=f"ref{order.pk}")
    said = {"payer": {"name": MARKER}, "id": "1", "shipping": [{"to": MARKER}]}
    for owner_of_word in (payment, None):
        PaymentEvent.objects.create(
            gateway="x", payment=owner_of_word, direction="call", action="POST /", error=MARKER,
            body=said | {"event": f"ref{order.pk}"}, answer=said,
        )  # fmt: skip
    Refund.objects.create(
        order=order, payment=payment, amount=1, state="failed", reason=MARKER, failure=MARKER
    )
    Shipment.objects.create(
        order=order, tracking_number=MARKER, tracking_url=f"https://x.example/{MARKER}"
    )
    for kind in OrderEvent.Kind:
        events.note(order, kind, MARKER)
    Outbox.objects.filter(order=order).update(last_error=MARKER, payload={"refund": 1})
    return order


def text_columns() -> list[tuple[str, str]]:
    """Every column of every table that can hold words."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            description = connection.introspection.get_table_description(cursor, table)
            found += [(table, column.name) for column in description]
    return found


def places_with_marker() -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for table, column in text_columns():
            name = connection.ops.quote_name
            cursor.execute(
                f"SELECT COUNT(*) FROM {name(table)} "  # noqa: S608
                f"WHERE LOWER(CAST({name(column)} AS TEXT)) LIKE '%{MARKER}%'"
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    if any(MARKER in json.dumps(one.get_decoded()) for one in Session.objects.all()):
        found.add("django_session.session_data")
    return found


def files_with_marker(folder: Path) -> int:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return sum(MARKER.encode() in file.read_bytes() for file in files)


def books() -> list:
    money = ("total", "amount_paid", "amount_refunded", "shipping_amount", "number", "state")
    orders = list(Order.objects.order_by("pk").values(*money, "country", "coupon_code"))
    lines = [row for order in Order.objects.order_by("pk") for row in order.items.values()]
    payments = [row for order in Order.objects.order_by("pk") for row in order.payments.values(
        "state", "amount", "reference", "capture_reference", "key")]  # fmt: skip
    return [orders, lines, payments]


def test_nothing_of_a_member_is_left_anywhere_and_the_books_are_the_same(
    ada, other, media, django_capture_on_commit_callbacks
):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(ada, other)
    product = seed_shop(ada, other)
    seed_order(ada, product, Order.State.DELIVERED, user=ada)
    seed_order(ada, product, Order.State.RETURNED)
    seed_order(ada, product, Order.State.CANCELLED, user=ada)
    before, places = books(), places_with_marker()
    assert len(places) >= 45, sorted(places)
    assert files_with_marker(media) == 3

    with django_capture_on_commit_callbacks(execute=True):
        assert closing.close(User.objects.get(pk=ada.pk)) == 0

    assert places_with_marker() == set()
    assert files_with_marker(media) == 0
    assert books() == before
    assert Order.objects.filter(erased__isnull=False).count() == 3
    assert not User.objects.filter(pk=ada.pk).exists()
    product.refresh_from_db()
    assert (product.total_likes, product.total_reviews) == (0, 0)
    profile = Profile.objects.get(user=other)
    assert (profile.followers, profile.following) == (0, 0)
    assert not Action.objects.filter(target_id=ada.pk, verb=Action.Verb.FOLLOWS).exists()


def test_an_order_on_its_way_keeps_what_it_needs_and_is_erased_in_the_end(ada, other):
    Coupon.objects.create(code="ONCE", value=10)
    product = make_sku(make_page("Tee"), price="12.50", on_hand=100).product
    order = seed_order(ada, product, Order.State.SHIPPED, user=ada)

    assert closing.close(ada) == 1

    order.refresh_from_db()
    assert (order.first_name, order.user, bool(order.erasure_asked)) == (MARKER, None, True)
    assert "orders_order.first_name" in places_with_marker()
    states.advance(order, Order.State.DELIVERED, by="test")
    from orders.tasks import erase_who_left

    assert erase_who_left() == 1
    assert places_with_marker() == set()


def test_everybody_elses_things_stay(ada, other, django_user_model):
    sku = make_sku(make_page("Tee"), on_hand=100)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    order = order_for({sku: 1}, user=other, email=other.email)
    SavedAddress.objects.create(user=other, **PLACE)
    likes.like(other, sku.product)
    BackInStock.objects.create(sku=sku, email=other.email, language="en")
    Subscriber.objects.create(email=other.email, language="en")
    carol = django_user_model.objects.create_user("carol", "carol@example.com", "secret")
    Contact.objects.create(user_from=other, user_to=carol)

    closing.close(ada)

    order.refresh_from_db()
    assert (order.user, order.erasure_asked, order.erased) == (other, None, None)
    left = [SavedAddress, Like, BackInStock, Subscriber, Contact]
    assert [model.objects.count() for model in left] == [1] * 5


def test_guests_with_an_address_that_was_never_proven_keep_their_orders(ada, other):
    EmailAddress.objects.create(user=ada, email="guest@example.com", verified=False)
    sku = make_sku(make_page("Tee"), on_hand=100)
    order = carried_to(order_for({sku: 1}, email="guest@example.com"), Order.State.DELIVERED)
    Subscriber.objects.create(email="guest@example.com", language="en")

    closing.close(ada)

    order.refresh_from_db()
    assert (order.email, order.erased) == ("guest@example.com", None)
    assert Subscriber.objects.count() == 1


def log_in(client, user):
    client.post("/account/login/", {"login": user.username, "password": "secret"})


def test_who_types_the_password_is_logged_out_and_gone(client, ada):
    log_in(client, ada)
    assert client.get("/account/").status_code == 200
    elsewhere = SessionStore()
    elsewhere["_auth_user_id"] = str(ada.pk)
    elsewhere.create()
    UserSession.objects.create(user=ada, session_key=elsewhere.session_key, ip="127.0.0.1")

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


def test_a_member_deleted_in_the_admin_leaves_right_counts_and_no_pictures(
    client, ada, other, media, django_user_model, django_capture_on_commit_callbacks
):
    seed_account(ada, other)
    product = seed_shop(ada, other)
    client.force_login(django_user_model.objects.create_superuser("root", "r@example.com", "x"))

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/admin/users/delete/{ada.pk}/", follow=True)

    assert answer.status_code == 200
    assert not User.objects.filter(pk=ada.pk).exists()
    profile = Profile.objects.get(user=other)
    product.refresh_from_db()
    assert (profile.followers, profile.following, product.total_likes) == (0, 0, 0)
    assert files_with_marker(media) == 0


def test_what_may_point_to_a_member_is_known(ada):
    """A new relation that protects a member from deletion has to be thought of here."""
    protecting = {
        relation.related_model._meta.label
        for relation in User._meta.related_objects
        if relation.on_delete in {models.PROTECT, models.RESTRICT}
    }

    assert protecting == set()
