"""Orders of guests become a member's own, once the member has shown that the address is theirs."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from orders.models import CouponUse, Order


def confirmed_addresses(user: Any) -> list[str]:
    """The addresses that a member has proven: nobody else reads mails to them."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return list(proven.values_list("email", flat=True))


@transaction.atomic
def claim(user: Any) -> int:
    """Give a member the guests' orders with an address of theirs; return how many are new.

    Whatever the capitals. Never for an address that was not confirmed, nor of another member's.
    """
    addresses = [address.lower() for address in confirmed_addresses(user)]
    if not addresses:
        return 0
    same = Q()
    for address in addresses:
        same |= Q(email__iexact=address)
    # The index knows capitals, of which some belong to several letters: "ı" and "i" have one.
    found = Order.objects.alias(lowered=Lower("email")).filter(same, lowered__in=addresses)
    claimed = found.filter(user__isnull=True, erased__isnull=True).update(user=user)
    if claimed:
        # A coupon for one use each counts for the member too, whatever address comes next.
        CouponUse.objects.filter(user__isnull=True, order__user=user).update(user=user)
    return claimed
