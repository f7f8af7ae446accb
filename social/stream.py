"""What people did, written down once. ``social.stream_reading`` shows it to who may see it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from catalog.models import Product
from orders.models import Order
from social.models import Action, Profile, User

# The same again within so long is the same: somebody clicked twice.
SAME_WITHIN = timedelta(seconds=60)
# A large order fills nobody's stream, and writes no more than this while money is booked.
MOST_BOUGHT = 3


def create_action(user: Any, verb: str, target: models.Model | None = None) -> Action | None:
    """Write down that somebody did something; None if they did the very same within a minute.

    Part of the caller's transaction.
    """
    return next(iter(create_actions(user, verb, [target])), None)


@transaction.atomic
def create_actions(user: Any, verb: str, targets: Sequence[models.Model | None]) -> list[Action]:
    """The same for several targets of one kind at once; nothing of a user who is gone.

    The member's row is held, so that of two requests at once the second sees what the first
    wrote.
    """
    # Rows that point to the member are written by others meanwhile: no need to hold them up.
    held = User.objects.select_for_update(no_key=True).filter(pk=user.pk)
    if not held.values_list("pk", flat=True):
        return []
    now = timezone.now()
    first = targets[0] if targets else None
    target_type = ContentType.objects.get_for_model(first) if first else None
    recent = Action.objects.filter(
        user=user, verb=verb, target_type=target_type, created__gt=now - SAME_WITHIN
    )
    done = set(recent.values_list("target_id", flat=True))
    keys = dict.fromkeys(target.pk if target else None for target in targets)
    return Action.objects.bulk_create(
        Action(user=user, verb=verb, target_type=target_type, target_id=key, created=now)
        for key in keys
        if key not in done
    )


def forget_former(user: Any, verb: str, target: models.Model) -> None:
    """After what was undone is done anew: the stream tells of it once, as of now.

    Part of the transaction that wrote the action, which holds the member's row.
    """
    done = Action.objects.filter(
        user=user,
        verb=verb,
        target_type=ContentType.objects.get_for_model(target),
        target_id=target.pk,
    )
    done.filter(created__lt=timezone.now() - SAME_WITHIN).delete()


def forget_purchases(user: Any) -> None:
    """So that nothing is shown again when whoever hides it changes their mind."""
    Action.objects.filter(user=user, verb=Action.Verb.BOUGHT).delete()


def note_purchase(sender: type[Order], order: Order, **_kwargs: Any) -> None:
    """All of an order is paid: tell what was bought, of members who want others to see it.

    In the transaction that books the money, which nothing here can fail: it reads, and writes
    rows that break no rule.
    """
    shows = Profile.objects.shown().filter(user=order.user_id, shows_purchases=True)
    if order.user is None or not shows.exists():
        return
    items = order.items.filter(sku__isnull=False).order_by("pk")
    products = dict.fromkeys(items.values_list("sku__product", flat=True))
    bought = [Product(pk=key) for key in list(products)[:MOST_BOUGHT]]
    create_actions(order.user, Action.Verb.BOUGHT, bought)
