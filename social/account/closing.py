"""A member leaves: what was theirs goes, what the books need stays without them.

Everything in one transaction but the first step: they are hidden at once. Locks are taken as
everybody else takes them: orders, then contacts, then products, then the member's own row.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Lower
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cart import open_carts
from cart.models import SavedCart
from orders import claiming, erasing
from orders.models import BackInStock, Outbox
from social import contacts
from social.account.export_shop import submissions_of
from social.holding import hold_products
from social.models import Action, Like, Profile, Review, Subscriber, User, WishList


class LastOwnerError(Exception):
    """Nobody would be left who may do everything in the shop."""


def is_last_owner(user: User) -> bool:
    """Whether nobody else who can log in may do everything."""
    owners = User.objects.filter(is_superuser=True, is_active=True)
    return user.is_superuser and not owners.exclude(pk=user.pk).exists()


def close(user: User) -> int:
    """Delete an account and whatever was theirs; return how many orders keep them for a while.

    Raises LastOwnerError, and changes nothing, for the last who may do everything.
    """
    if is_last_owner(user):
        raise LastOwnerError
    contacts.set_public(user, False)
    with transaction.atomic():
        _erase_orders(user)
        contacts.forget(User, user)
        _hold_products(user)
        _hold(user)
        # Of an order that was placed while the locks were waited for.
        waiting = _erase_orders(user)
        user.delete()
    return waiting


def forget(sender: type[User], instance: User, **_kwargs: Any) -> None:
    """Before a member is deleted, here or in an admin: what no relation would take along."""
    with transaction.atomic():
        _erase_orders(instance)
        _forget_mails(instance, _addresses(instance))
        _forget_logs(instance)
        _forget_sessions(instance)
        _forget_files(instance)


def _erase_orders(user: User) -> int:
    """How many keep the person for a while."""
    claiming.claim(user)
    return erasing.ask(user)


def _hold_products(user: User) -> None:
    """Those that count them, before the member's own row: a review is written in that order."""
    liked = Like.objects.filter(user=user).values_list("product", flat=True)
    reviewed = Review.objects.filter(user=user).values_list("product", flat=True)
    hold_products([*liked, *reviewed])


def _addresses(user: User) -> list[str]:
    """Those that are known to be theirs: what strangers did with any other is not."""
    return sorted({one.lower() for one in claiming.confirmed_addresses(user)})


def _hold(user: User) -> None:
    """Nothing new can be theirs from now on; nor can two last owners leave at once."""
    rows = Q(pk=user.pk)
    if user.is_superuser:
        rows |= Q(is_superuser=True)
    list(User.objects.filter(rows).order_by("pk").select_for_update().values_list("pk"))
    if is_last_owner(user):
        raise LastOwnerError


def _forget_mails(user: User, addresses: Iterable[str]) -> None:
    """Whatever was to be written to them, and what they wrote with their address."""
    submissions_of(user).delete()
    Subscriber.objects.filter(user=user).delete()
    BackInStock.objects.filter(user=user).delete()
    Outbox.objects.filter(order=None, payload__user=user.pk).delete()
    # In small letters, as several letters have the same capital: "ı" and "i".
    for model in (Subscriber, BackInStock):
        model.objects.alias(lowered=Lower("email")).filter(lowered__in=addresses).delete()
    mails = Outbox.objects.alias(lowered=Lower(KT("payload__to")))
    mails.filter(order=None, lowered__in=addresses).delete()
    for address in addresses:
        # A mail server repeats the address that it refuses.
        Outbox.objects.filter(last_error__icontains=address).update(last_error="")


def _forget_logs(user: User) -> None:
    """What the admin wrote down about them and their things, in their own words."""
    things: dict[type[Model], list[int]] = {
        User: [user.pk],
        Profile: _keys(Profile, user),
        Review: _keys(Review, user),
        WishList: _keys(WishList, user),
    }
    for model, keys in things.items():
        of_model = {
            "content_type": ContentType.objects.get_for_model(model),
            "object_id__in": [str(key) for key in keys],
        }
        # Who deleted them stays known, without their name.
        ModelLogEntry.objects.filter(**of_model).exclude(action="wagtail.delete").delete()
        ModelLogEntry.objects.filter(**of_model).update(label="–")
        LogEntry.objects.filter(**of_model).exclude(action_flag=DELETION).delete()
        LogEntry.objects.filter(**of_model).update(object_repr="–")
    Action.objects.filter(
        target_type=ContentType.objects.get_for_model(User), target_id=user.pk
    ).delete()


def _keys(model: Any, user: User) -> list[int]:
    return list(model.objects.filter(user=user).values_list("pk", flat=True))


def _forget_sessions(user: User) -> None:
    """Every device is logged out, and what its checkout had typed in is gone."""
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()


def _forget_files(user: User) -> None:
    """Their pictures go, and what their cart holds."""
    for picture in _pictures(user):
        forget = partial(picture.storage.delete, picture.name)
        transaction.on_commit(forget, robust=True)
    for cart in SavedCart.objects.filter(user=user):
        transaction.on_commit(
            partial(open_carts.let_go, cart.name, list(cart.entries)), robust=True
        )


def _pictures(user: User) -> list[Any]:
    own = [profile.picture for profile in Profile.objects.filter(user=user)]
    of_editor = [profile.avatar for profile in UserProfile.objects.filter(user=user)]
    return [picture for picture in (*own, *of_editor) if picture]
