"""Send an order off, and what it still owes after it: parcel, goods and books together."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from orders import back_orders, outbox, states
from orders.models import Order, Shipment, ShipmentItem


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
    # What was taken for it and has not come back; what is owed follows in a parcel of its own.
    _put_in(shipment, {one.pk: one.to_restock for one in current.items.all() if not one.is_digital})
    states.advance(current, Order.State.SHIPPED, user=user)
    return shipment


@transaction.atomic
def send_rest(
    order: Order,
    quantities: Mapping[int, int],
    *,
    user: Any,
    carrier: str = "",
    number: str = "",
    url: str = "",
) -> Shipment:
    """Write one more parcel with so many of what each line owes, and tell the shopper of it.

    Raises NotOnHandError, and changes nothing, where they are not all there.
    """
    current = states.locked(order)
    back_orders.take(current, quantities, user=user)
    shipment = Shipment.objects.create(
        order=current, carrier=carrier, tracking_number=number, tracking_url=url, user=user
    )
    _put_in(shipment, quantities)
    # A mail of its own, for this parcel: the one about the first has been sent.
    outbox.enqueue(current, outbox.ORDER_SHIPPED, shipment.pk, shipment=shipment.pk)
    transaction.on_commit(outbox.ring, robust=True)
    return shipment


def _put_in(shipment: Shipment, quantities: Mapping[int, int]) -> None:
    ShipmentItem.objects.bulk_create(
        ShipmentItem(shipment=shipment, item_id=key, quantity=count)
        for key, count in sorted(quantities.items())
        if count
    )
