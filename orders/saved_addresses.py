"""The addresses that a member has kept for the next order. Nobody else has any."""

import logging
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from orders.models import AddressFields, Order, SavedAddress

# The ones used last; more would be a list to search in.
MOST_SHOWN = 12

logger = logging.getLogger(__name__)


def of(user: Any) -> list[SavedAddress]:
    """The addresses to choose from, the one used last first."""
    if not user.is_authenticated:
        return []
    return list(SavedAddress.objects.filter(user=user)[:MOST_SHOWN])


def fields(user: Any, number: str | None = None) -> dict[str, str]:
    """What to fill into a form: the address with this key, or else the one used last.

    Nothing where the user has no such address, above all for the key of somebody else's.
    """
    if not user.is_authenticated:
        return {}
    own = SavedAddress.objects.filter(user=user)
    if number is not None:
        own = own.filter(pk=number[:18]) if number.isascii() and number.isdigit() else own.none()
    address = own.first()
    return _values(address) if address else {}


def keep(user: Any, order: Order) -> None:
    """Save where the order goes, once; it stands first then.

    Never an error: the order stands, and the address can be typed again.
    """
    values = _values(order)
    try:
        with transaction.atomic():
            # Two requests at once may make two rows: both are found from then on.
            if not SavedAddress.objects.filter(user=user, **values).update(used=timezone.now()):
                SavedAddress.objects.create(user=user, **values)
    except DatabaseError:
        logger.exception("The address of an order could not be kept.")


def _values(address: AddressFields) -> dict[str, str]:
    return {name: str(getattr(address, name)) for name in AddressFields.FIELDS}
