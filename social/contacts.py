"""Who follows whom, who wants to be seen, and how many that makes: the only writer of all three.

``Profile.followers`` and ``Profile.following`` count people whose profile is public, so that a
number never tells of somebody who hides. Whatever changes them holds ``Contact`` first, then a
member's row, then profiles in the order of their keys: nobody can wait for each other in a circle.
A caller with a transaction of its own does this before it writes a profile in it.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from social import portraits
from social.models import Action, Contact, Profile, User
from social.stream import create_action, forget_former


class NobodyToFollowError(Exception):
    """They are hidden, gone, or oneself."""


@transaction.atomic
def follow(user_from: User, user_to: User) -> bool:
    """Begin to follow somebody who is shown; whether that is new.

    Raises NobodyToFollowError.
    """
    if user_from.pk == user_to.pk:
        raise NobodyToFollowError
    # First of all, so that nobody shows or hides themselves until this is done (_hold_contacts).
    is_new = _insert(user_from, user_to)
    follower = Profile.objects.filter(user=user_from).first()
    followed = Profile.objects.shown().filter(user=user_to).first()
    if follower is None or followed is None:
        raise NobodyToFollowError
    if is_new:
        create_action(user_from, Action.Verb.FOLLOWS, user_to)
        forget_former(user_from, Action.Verb.FOLLOWS, user_to)
        _count(follower, followed, 1)
    return is_new


def _insert(user_from: User, user_to: User) -> bool:
    """Whether there was none before.

    ``get_or_create`` fails where somebody ceases to follow between its two looks, and
    ``bulk_create(ignore_conflicts=True)`` does not tell.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO social_contact (user_from_id, user_to_id, created) VALUES (%s, %s, %s) "
            "ON CONFLICT (user_from_id, user_to_id) DO NOTHING",
            [user_from.pk, user_to.pk, now],
        )
        return cursor.rowcount == 1


@transaction.atomic
def unfollow(user_from: User, user_to: User) -> bool:
    """Follow somebody no longer, hidden or not; whether that is new."""
    deleted, _of_models = Contact.objects.filter(user_from=user_from, user_to=user_to).delete()
    if deleted:
        profiles = {
            one.user_id: one for one in Profile.objects.filter(user__in=[user_from, user_to])
        }
        _count(profiles[user_from.pk], profiles[user_to.pk], -1)
    return bool(deleted)


def _count(follower: Profile, followed: Profile, step: int) -> None:
    changes = [
        (followed.pk, "followers", follower.is_public),
        (follower.pk, "following", followed.is_public),
    ]
    for pk, field, counts in sorted(changes):
        if counts:
            Profile.objects.filter(pk=pk).update(**{field: F(field) + step})


def set_public(user: User, is_public: bool) -> bool:
    """Show or hide somebody; whether that changed anything.

    Those whom they follow and who follow them count one person more, or one less.
    """
    if not Profile.objects.filter(user=user, is_public=not is_public).exists():
        return False
    with transaction.atomic():
        _hold_contacts()
        profile = Profile.objects.filter(user=user, is_public=not is_public)
        if not profile.update(is_public=is_public):
            return False
        step = 1 if is_public else -1
        followed = Contact.objects.filter(user_from=user).values("user_to")
        Profile.objects.filter(user__in=followed).update(followers=F("followers") + step)
        followers = Contact.objects.filter(user_to=user).values("user_from")
        Profile.objects.filter(user__in=followers).update(following=F("following") + step)
        if not is_public:
            transaction.on_commit(partial(portraits.move, user.pk), robust=True)
    return True


def hide_the_closed(sender: type[User], instance: User, raw: bool, **_kwargs: Any) -> None:
    """Before a user is saved: who may not log in is not shown either.

    They stay hidden when the account is opened again, until they show themselves. So the counts
    follow one flag, which nobody writes but this module, whatever happens to accounts.
    """
    if not instance.is_active and instance.pk and not raw:
        set_public(instance, False)


def forget(sender: type[User], instance: User, **_kwargs: Any) -> None:
    """Before a user is deleted: they leave the counts of all others."""
    with transaction.atomic():
        # Hidden or not: who follows them at this moment waits, and then finds nobody.
        _hold_contacts()
        set_public(instance, False)
        Contact.objects.filter(Q(user_from=instance) | Q(user_to=instance)).delete()


def followed_among(user: Any, others: Iterable[int]) -> set[int]:
    """Which of these members, by their keys, somebody follows."""
    if not user.is_authenticated:
        return set()
    contacts = Contact.objects.filter(user_from=user, user_to__in=list(others))
    return set(contacts.values_list("user_to", flat=True))


@transaction.atomic
def recount() -> int:
    """Count everybody's followers and followed anew; return how many counts were wrong."""
    _hold_contacts()
    return _recount("followers", of="user_to", other="user_from") + _recount(
        "following", of="user_from", other="user_to"
    )


def _recount(field: str, of: str, other: str) -> int:
    shown = Contact.objects.filter(
        **{of: OuterRef("user"), f"{other}__profile__is_public": True}
    ).order_by()
    counted = Subquery(
        shown.values(of).annotate(count=Count("pk")).values("count"),
        output_field=models.IntegerField(),
    )
    profiles = Profile.objects.annotate(counted=Coalesce(counted, 0))
    return profiles.exclude(**{field: F("counted")}).update(**{field: F("counted")})


def _hold_contacts() -> None:
    """Let nobody begin or cease to follow until the end of the transaction; rare, and short.

    On SQLite a transaction has the whole database to itself anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE social_contact IN SHARE ROW EXCLUSIVE MODE")
