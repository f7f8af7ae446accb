"""Where mails to the merchant go."""

from orders.models import OrderSettings
from orders.outbox import NoLongerNeededError


def address() -> str:
    """The merchant's address; NoLongerNeededError, and the row is dropped, if there is none."""
    if email := OrderSettings.load().merchant_email:
        return email
    raise NoLongerNeededError("no address for mails to the merchant (settings of orders)")
