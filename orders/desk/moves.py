"""Carry an order on: paid, packed, shipped, delivered, returned, cancelled; notes and alerts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import back_orders, events, states
from orders.models import Order, OrderEvent, Payment
from orders.payments import ledger, paying

from . import parcels, shipping
from .actions import OrderFormView
from .forms import CancelForm, NoteForm, PackForm, PayForm, ReasonForm, ReturnForm, ShipForm
from .giving_back import give_all_back, is_by_hand
from .rights import REFUND

BANK_TRANSFER = "bank_transfer"
# The same words within so short a time are one note.
SECOND_CLICK = timedelta(seconds=30)


class PayView(OrderFormView):
    name = "pay"
    label = gettext_lazy("Mark as paid")
    form_class = PayForm
    explanation = gettext_lazy(
        "The money has come to your bank account. If the order can still be sent it becomes "
        "paid and the shopper is told; if not, the money is marked to go back."
    )
    done = gettext_lazy("The payment is in the books.")

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return not order.paid_at and order.total > 0

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        waiting = order.payments.filter(gateway=BANK_TRANSFER, state__in=ledger.OPEN)
        payment = waiting.order_by("-pk").first() or self._new_payment(order)
        user = self.request.user
        ledger.record_capture(payment, data["amount"], order.currency, by=user.get_username()[:40])
        received = date_format(data["received"], "Y-m-d")
        text = _("Received on %(day)s.") % {"day": received}
        events.note(order, OrderEvent.Kind.NOTE, f"{text} {data['note']}".strip(), user=user)

    def _new_payment(self, order: Order) -> Payment:
        """A shopper who chose another way and sent money to the bank all the same."""
        return paying.new_payment(order, BANK_TRANSFER)


class _AdvanceView(OrderFormView):
    """Let the order enter a state; all else is in ``orders.states``."""

    to: Order.State
    form_class: type[forms.Form] = ReasonForm

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return cls.to in states.may_follow(order)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        states.advance(order, self.to, user=self.request.user, reason=data["reason"])


class PackView(_AdvanceView):
    name = "pack"
    label = gettext_lazy("Mark as packed")
    icon = "folder-inverse"
    to = Order.State.PACKED
    form_class = PackForm
    template_name = "orders/admin/order_pack.html"
    explanation = gettext_lazy(
        "The parcel is closed. The shopper is told by mail, and the address can no longer be "
        "changed."
    )
    done = gettext_lazy("The order is packed.")
    headings = (gettext_lazy("Owed pieces that go now"),)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        with parcels.said_at_its_field():
            back_orders.take(order, self.form.per_line("now"), user=self.request.user)
        super().perform(order, data)


class ShipView(_AdvanceView):
    name = "ship"
    label = gettext_lazy("Mark as shipped")
    icon = "arrow-right"
    to = Order.State.SHIPPED
    form_class = ShipForm
    explanation = gettext_lazy("The parcel is on its way. The shopper is told by mail.")
    done = gettext_lazy("The order is shipped.")

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        shipping.ship(
            order,
            user=self.request.user,
            carrier=data["carrier"],
            number=data["tracking_number"],
            url=data["tracking_url"],
        )


class DeliverView(_AdvanceView):
    name = "deliver"
    label = gettext_lazy("Mark as delivered")
    to = Order.State.DELIVERED
    explanation = gettext_lazy("The parcel has arrived.")
    done = gettext_lazy("The order is delivered.")


class ReturnView(_AdvanceView):
    name = "return"
    label = gettext_lazy("Mark as returned")
    icon = "rotate"
    to = Order.State.RETURNED
    form_class = ReturnForm
    template_name = "orders/admin/order_lines_action.html"
    explanation = gettext_lazy(
        "The parcel came back. Say how many of each line can be sold again; money is given "
        "back as a step of its own."
    )
    done = gettext_lazy("The order is returned.")
    headings = (gettext_lazy("Back on the shelf"),)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        user = self.request.user
        states.advance(order, self.to, user=user, reason=data["reason"], restock=False)
        states.put_back(order, self.form.per_line("restock"), user=user)


class CancelView(_AdvanceView):
    name = "cancel"
    label = gettext_lazy("Cancel the order")
    icon = "cross"
    to = Order.State.CANCELLED
    form_class = CancelForm
    template_name = "orders/admin/order_cancel.html"
    is_serious = True
    explanation = gettext_lazy(
        "The order is over: it cannot be opened again. The shopper is told by mail."
    )
    done = gettext_lazy("The order is cancelled.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "may_refund": self.request.user.has_perm(REFUND)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asks = "refund" in context["form"].fields
        return {**context, "is_by_hand": asks and is_by_hand(self.order)}

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        user = self.request.user
        order = states.advance(
            order, self.to, user=user, reason=data["reason"], restock=data["restock"]
        )
        # The form has the field only where it may be asked for.
        if data.get("refund"):
            give_all_back(order, user=user, reason=data["reason"] or gettext_lazy("Cancelled"))


class ClearAlertView(OrderFormView):
    name = "clear_alert"
    label = gettext_lazy("It is settled")
    form_class = NoteForm
    explanation = gettext_lazy("Say what you found and did; the warning goes away.")
    done = gettext_lazy("The warning is settled.")

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return bool(order.alert)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        text = f"{order.alert} → {data['note']}"
        order.alert = ""
        order.save(update_fields=["alert"])
        events.note(order, OrderEvent.Kind.NOTE, text, user=self.request.user)


class NoteView(OrderFormView):
    name = "note"
    label = gettext_lazy("Add a note")
    icon = "edit"
    form_class = NoteForm
    explanation = gettext_lazy("Only the desk reads it; it can be neither changed nor deleted.")
    done = gettext_lazy("The note is added.")
    # What somebody has typed is not lost because somebody else was faster.
    needs_fresh_look = False

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return True

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        user, kind = self.request.user, OrderEvent.Kind.NOTE
        moment = timezone.now() - SECOND_CLICK
        same = order.events.filter(kind=kind, user=user, text=data["note"], created__gte=moment)
        if not same.exists():
            events.note(order, kind, data["note"], user=user)
