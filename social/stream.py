"""The stream: what people did, written down once and shown to those who follow them."""

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from social.models import Action, User

# The same again within so long is the same: somebody clicked twice.
SAME_WITHIN = timedelta(seconds=60)


@transaction.atomic
def create_action(user: Any, verb: str, target: models.Model | None = None) -> Action | None:
    """Write down that somebody did something; None if they did the very same within a minute.

    The member's row is held, so that of two requests at once the second sees what the first
    wrote. Part of the caller's transaction.
    """
    # Rows that point to the member are written by others meanwhile: no need to hold them up.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    target_type = ContentType.objects.get_for_model(target) if target else None
    same = {
        "user": user,
        "verb": verb,
        "target_type": target_type,
        "target_id": target.pk if target else None,
    }
    now = timezone.now()
    if Action.objects.filter(**same, created__gt=now - SAME_WITHIN).exists():
        return None
    return Action.objects.create(**same, created=now)
