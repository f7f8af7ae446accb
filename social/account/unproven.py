"""Accounts whose address was never proven: nobody got in, and somebody else's address is kept."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from orders.models import Order
from social.models import User

KEPT_FOR = timedelta(days=30)
# So many at once: each is a transaction of its own.
AT_ONCE = 500


def unproven(moment: datetime | None = None) -> QuerySet[User]:
    """Who signed up long ago and never came in. Staff and whoever has an order are no strangers."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    strangers = User.objects.filter(
        date_joined__lt=(moment or timezone.now()) - KEPT_FOR,
        last_login=None,
        is_active=True,
        is_staff=False,
        is_superuser=False,
    )
    return strangers.filter(
        # Accounts that were made in an admin have none until their first login.
        Exists(addresses.filter(primary=True)),
        ~Exists(addresses.filter(verified=True)),
        ~Exists(Order.objects.filter(user=OuterRef("pk"))),
        ~Exists(User.groups.through.objects.filter(user=OuterRef("pk"))),
    )


def forget_unproven(moment: datetime | None = None) -> int:
    """Delete them; return how many."""
    found = unproven(moment).order_by("pk").values_list("pk", flat=True)
    return sum(_forget(pk, moment) for pk in list(found[:AT_ONCE]))


@transaction.atomic
def _forget(pk: int, moment: datetime | None) -> bool:
    """Unless the address is proven at this very moment."""
    list(EmailAddress.objects.filter(user=pk).select_for_update().values_list("pk"))
    user = unproven(moment).filter(pk=pk).first()
    if user is not None:
        user.delete()
    return user is not None
