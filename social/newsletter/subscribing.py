"""Who gets the newsletter: nobody before their address has confirmed, and nobody who left.

The row is the proof of consent. It has one key, by which whoever reads the mails of an address
confirms, leaves and comes back.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from orders import outbox
from orders.limits import Limit
from social.models import Subscriber

# The kind of the mail that asks an address to confirm.
CONFIRM = "newsletter_confirm"
# An address may be somebody else's: so many mails an hour at most.
MAILS_TO_ONE = Limit("newsletter-address", most=3)
# Whoever has not confirmed by then is forgotten.
KEPT_UNCONFIRMED = timedelta(days=30)

State = Subscriber.State


def ask(email: str, language: str, user: Any = None) -> None:
    """Ask the address to confirm by mail, unless it gets the newsletter or has had its share.

    Nothing tells the one from the other, so that nobody learns who gets the newsletter.
    """
    if MAILS_TO_ONE.is_reached(email.lower()):
        return
    with transaction.atomic():
        subscriber = _row_of(email, language)
        if subscriber.state == State.CONFIRMED:
            return
        subscriber.state = State.ASKED
        subscriber.language = language
        subscriber.created = timezone.now()
        subscriber.user = user or subscriber.user
        subscriber.save(update_fields=["state", "language", "created", "user"])
        key = f"newsletter:{subscriber.pk}:{uuid.uuid4().hex}"
        outbox.owe(key, CONFIRM, subscriber=subscriber.pk)
        transaction.on_commit(outbox.ring, robust=True)


def confirm(key: str) -> Subscriber | None:
    """Whose key it is, confirmed from now on; confirmed already, nothing changes.

    None where nobody has the key, or asked so long ago that it counts no more.
    """
    with transaction.atomic():
        subscriber = Subscriber.objects.select_for_update().filter(key=key).first()
        if subscriber is None or _is_over(subscriber):
            return None
        if subscriber.state != State.CONFIRMED:
            _confirmed(subscriber, subscriber.user or _member_with(subscriber.email))
        return subscriber


def leave(subscriber: Subscriber) -> None:
    """Nothing is sent to them from this moment on, not even of what is being sent."""
    here = Subscriber.objects.filter(pk=subscriber.pk).exclude(state=State.LEFT)
    here.update(state=State.LEFT, left=timezone.now())
    subscriber.refresh_from_db()


def of(user: Any) -> Subscriber | None:
    """A member's subscription: of their own address, once it is known to be theirs, or linked."""
    if is_verified(user) and (own := Subscriber.objects.with_address(user.email).first()):
        return own
    return Subscriber.objects.filter(user=user).order_by("-pk").first()


def subscribe_member(user: Any, language: str) -> Subscriber:
    """A member wants it. An address that is known to be theirs needs no second mail."""
    if not is_verified(user):
        ask(user.email, language, user)
        with transaction.atomic():
            return _row_of(user.email, language)
    with transaction.atomic():
        subscriber = _row_of(user.email, language)
        if subscriber.state != State.CONFIRMED or subscriber.user_id != user.pk:
            subscriber.language = language
            _confirmed(subscriber, user)
        return subscriber


def is_verified(user: Any) -> bool:
    """Whether a member has shown that their address is theirs."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return addresses.filter(email__iexact=user.email).exists()


def forget_unconfirmed(moment: datetime | None = None) -> int:
    """Keep no address that never confirmed; return how many are gone.

    One that had left before it asked again is one that has left, as before.
    """
    before = (moment or timezone.now()) - KEPT_UNCONFIRMED
    old = Subscriber.objects.filter(state=State.ASKED, created__lt=before)
    old.filter(left__isnull=False).update(state=State.LEFT)
    return old.filter(left__isnull=True).delete()[0]


def _row_of(email: str, language: str) -> Subscriber:
    """The locked row of an address, made where there is none; part of a transaction."""
    rows = Subscriber.objects.select_for_update().with_address(email)
    if found := rows.first():
        return found
    try:
        with transaction.atomic():
            return Subscriber.objects.create(email=email, language=language)
    except IntegrityError:
        if found := rows.first():
            return found
        raise


def _is_over(subscriber: Subscriber) -> bool:
    return (
        subscriber.state == State.ASKED and subscriber.created < timezone.now() - KEPT_UNCONFIRMED
    )


def _confirmed(subscriber: Subscriber, user: Any) -> None:
    subscriber.state, subscriber.confirmed = State.CONFIRMED, timezone.now()
    subscriber.left, subscriber.user = None, user
    subscriber.save(update_fields=["state", "confirmed", "left", "user", "language"])


def _member_with(email: str) -> Any:
    """Whose address it is; whoever confirms has just shown that they read its mails."""
    members = get_user_model().objects.filter(is_active=True).alias(lowered=Lower("email"))
    return members.filter(lowered=Lower(Value(email))).first()
