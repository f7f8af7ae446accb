"""What is done about parcels that have left: say how to follow them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from orders import events
from orders.models import Order, OrderEvent, Shipment

from .actions import OrderActionView
from .changes import differences, values_of
from .forms import ShipForm

HAS_LEFT = frozenset({Order.State.SHIPPED, Order.State.DELIVERED})
TRACKED = ("carrier", "tracking_number", "tracking_url")


class TrackingView(OrderActionView):
    """Of one parcel; a number that came late, or was wrong, is no reason for a second parcel."""

    name = "tracking"
    label = gettext_lazy("Add or correct tracking")
    icon = "edit"
    form_class = ShipForm
    explanation = gettext_lazy(
        "The shopper finds it on the page of the order; no mail is sent. Old and new stand in "
        "the timeline."
    )
    done = gettext_lazy("The tracking is as you wrote it.")

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return order.state in HAS_LEFT

    @cached_property
    def shipment(self) -> Shipment:
        return get_object_or_404(self.order.shipments, pk=self.kwargs["shipment"])

    def must_belong(self) -> None:
        self.shipment  # noqa: B018 - it is looked for once, here

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "order": self.order}

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **values_of(self.shipment, TRACKED)}

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        changes = list(differences(Shipment, values_of(self.shipment, TRACKED), data))
        if not changes:
            return
        order.shipments.filter(pk=self.shipment.pk).update(**data)
        text = "\n".join(changes)
        events.note(order, OrderEvent.Kind.NOTE, text, user=self.request.user)
