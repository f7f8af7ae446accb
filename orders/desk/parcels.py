"""What is done after a parcel has left: say how to follow it, and send what is still owed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import back_orders, events
from orders.models import Order, OrderEvent, Shipment

from . import shipping
from .actions import OrderFormView
from .changes import differences, values_of
from .forms import SendRestForm, ShipForm

HAS_LEFT = frozenset({Order.State.SHIPPED, Order.State.DELIVERED})
TRACKED = ("carrier", "tracking_number", "tracking_url")


class TrackingView(OrderFormView):
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

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **values_of(self.shipment, TRACKED)}

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        changes = list(differences(Shipment, values_of(self.shipment, TRACKED), data))
        if not changes:
            return
        order.shipments.filter(pk=self.shipment.pk).update(**data)
        text = "\n".join(changes)
        events.note(order, OrderEvent.Kind.NOTE, text, user=self.request.user)


class SendRestView(OrderFormView):
    """One more parcel, with what was not there when the order was placed."""

    name = "send_rest"
    label = gettext_lazy("Send what was owed")
    icon = "arrow-right"
    form_class = SendRestForm
    template_name = "orders/admin/order_lines_action.html"
    explanation = gettext_lazy(
        "Another parcel is on its way. Its pieces are taken off the stock now, and the shopper "
        "is told by mail."
    )
    done = gettext_lazy("The parcel is in the books.")
    headings = (gettext_lazy("Owed pieces that go now"),)

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return order.state in HAS_LEFT and back_orders.owes(order)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        with said_at_its_field():
            shipping.send_rest(
                order,
                self.form.per_line("now"),
                user=self.request.user,
                carrier=data["carrier"],
                number=data["tracking_number"],
                url=data["tracking_url"],
            )


@contextmanager
def said_at_its_field() -> Iterator[None]:
    """Say beside its field which line has less on hand than is to go."""
    try:
        yield
    except back_orders.NotOnHandError as error:
        sentence = _("There are not so many on hand.")
        raise ValidationError({f"now_{error.item.pk}": sentence}) from error
