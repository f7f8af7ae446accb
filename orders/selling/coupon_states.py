"""How a coupon stands at a moment, for the list: one state each, and the query that finds it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from orders.models import Coupon


class State(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("state of a coupon", "active")
    LATER = "later", pgettext_lazy("state of a coupon", "begins later")
    OVER = "over", pgettext_lazy("state of a coupon", "over")
    USED_UP = "used_up", pgettext_lazy("state of a coupon", "used up")
    OFF = "off", pgettext_lazy("state of a coupon", "switched off")


def state_of(coupon: Coupon, moment: datetime) -> State:
    """The first thing that keeps it from counting, or that nothing does."""
    if not coupon.is_active:
        return State.OFF
    if coupon.valid_until is not None and coupon.valid_until <= moment:
        return State.OVER
    if coupon.most_uses is not None and coupon.used >= coupon.most_uses:
        return State.USED_UP
    if coupon.valid_from is not None and coupon.valid_from > moment:
        return State.LATER
    return State.ACTIVE


def in_state(state: str, moment: datetime) -> Q:
    """The same as a condition."""
    is_over = Q(valid_until__isnull=False, valid_until__lte=moment)
    is_used_up = Q(most_uses__isnull=False, used__gte=F("most_uses"))
    is_later = Q(valid_from__isnull=False, valid_from__gt=moment)
    return {
        State.OFF: Q(is_active=False),
        State.OVER: Q(is_active=True) & is_over,
        State.USED_UP: Q(is_active=True) & ~is_over & is_used_up,
        State.LATER: Q(is_active=True) & ~is_over & ~is_used_up & is_later,
        State.ACTIVE: Q(is_active=True) & ~is_over & ~is_used_up & ~is_later,
    }[State(state)]
