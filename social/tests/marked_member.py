"""A member of whom there is something everywhere, marked, and where the mark is found."""

import json
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import ModelLogEntry, Page
from wagtail.users.models import UserProfile

from cart.models import SavedCart
from catalog.models import Product
from catalog.tests.factories import make_page, make_sku
from orders import events, outbox
from orders.documents import invoice
from orders.models import (
    BackInStock,
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
from social.models import (
    Action,
    Delivery,
    Profile,
    Review,
    ReviewPicture,
    Subscriber,
    User,
    WishList,
    WishListItem,
)

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


def seed_account(user: User, other: User) -> None:
    profile = user.profile
    Profile.objects.filter(pk=profile.pk).update(name=MARKER, about=MARKER)
    profile.refresh_from_db()
    profile.picture.save("me.webp", ContentFile(MARKER.encode()))
    avatar = UserProfile.objects.create(user=user)
    avatar.avatar.save("me.png", ContentFile(MARKER.encode()))
    EmailAddress.objects.create(user=user, email=f"second-{EMAIL}", verified=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": MARKER})
    session = SessionStore()
    session["draft"] = {"first_name": MARKER}
    session.create()
    UserSession.objects.create(
        user=user, session_key=session.session_key, ip="127.0.0.1", user_agent=MARKER
    )
    about = {"content_type": ContentType.objects.get_for_model(User), "object_id": str(user.pk)}
    ModelLogEntry.objects.create(
        **about, label=MARKER, action="wagtail.edit", timestamp=user.date_joined, data={"a": MARKER}
    )
    LogEntry.objects.create(user=other, **about, object_repr=MARKER, action_flag=CHANGE)


def seed_shop(user: User, other: User) -> Product:
    page = make_page("Tee")
    sku = make_sku(page, price="12.50", on_hand=100)
    product = sku.product
    SavedAddress.objects.create(user=user, **PLACE)
    SavedCart.objects.create(user=user, entries={MARKER: {"quantity": 1}}, removed={MARKER: {}})
    likes.like(user, product)
    review = Review.objects.create(
        user=user, product=product, stars=4, title=MARKER, text=MARKER, language="en", reply=MARKER
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
        timestamp=user.date_joined,
    )
    wishes = WishList.objects.create(user=user, name=MARKER)
    item = WishListItem.objects.create(wish_list=wishes, product=product)
    stream.create_action(user, Action.Verb.WISHED, item)
    for person in (user, other):
        contacts.set_public(person, True)
    contacts.follow(user, other)
    contacts.follow(other, user)
    subscriber = Subscriber.objects.create(email=EMAIL.upper(), language="en", state="confirmed")
    root = Page.objects.get(depth=1)
    issue = apps.get_model("social.NewsletterPage")(title="Issue", slug="issue")
    root.add_child(instance=issue)
    sending = apps.get_model("social.Sending").objects.create(page=issue)
    Delivery.objects.create(sending=sending, page=issue, subscriber=subscriber, error=EMAIL)
    BackInStock.objects.create(sku=sku, email=EMAIL, language="en")
    FormSubmission.objects.create(page=issue, form_data={"email": EMAIL, "text": MARKER})
    outbox.owe("account:1", "account_confirm", user=user.pk, to=f"second-{EMAIL}")
    outbox.owe("account:2", "account_unknown", to=EMAIL)
    row = outbox.owe("stock:1", outbox.BACK_IN_STOCK, wish=1)
    Outbox.objects.filter(pk=row.pk).update(last_error=f"SMTPRecipientsRefused: {EMAIL}")
    return product


def seed_order(product: Product, state: str, **owner) -> Order:
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
