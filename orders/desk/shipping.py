"""Send an order off: the parcel and the state of the order, together."""

from typing import Any

from django.db import transaction

from orders import states
from orders.models import Order, Shipment


@transaction.atomic
def ship(
    order: Order, *, user: Any, carrier: str = "", number: str = "", url: str = ""
) -> Shipment:
    """Write a parcel and let the order be shipped; IllegalTransitionError, and neither, if not."""
    # First the parcel, which the mail about it tells of; the lock that comes before any write.
    current = states.locked(order)
    shipment = Shipment.objects.create(
        order=current, carrier=carrier, tracking_number=number, tracking_url=url, user=user
    )
    states.advance(current, Order.State.SHIPPED, user=user)
    return shipment
