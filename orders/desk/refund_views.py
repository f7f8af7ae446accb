"""Give money back: asked once, shown as a sum, and only then asked for in the books."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.money import format_money
from orders import events, outbox
from orders.models import Order, OrderEvent, Outbox, Refund

from . import giving_back
from .actions import OrderActionView, OrderFormView
from .refund_form import RefundForm
from .rights import REFUND, VIEW


class RefundView(OrderFormView):
    """Two steps: what goes back, then the sum and a button that says it."""

    needed = (VIEW, REFUND)
    name = "refund"
    label = gettext_lazy("Give money back")
    icon = "rotate"
    form_class = RefundForm
    template_name = "orders/admin/order_refund.html"
    headings = (gettext_lazy("Give back"), gettext_lazy("Back on the shelf"))
    is_agreed = False

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return order.refundable > 0

    def form_valid(self, form: RefundForm) -> HttpResponse:
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "agreed" not in self.request.POST:
            reckoned = self._words(form)
            return self.render_to_response(self.get_context_data(form=form, reckoned=reckoned))
        return super().form_valid(form)

    def _words(self, form: RefundForm) -> dict[str, Any]:
        """What the second step says, before anything is asked for."""
        pieces, restock = form.per_line("pieces"), form.per_line("restock")
        lines = [
            (line.item, pieces.get(line.item.pk), form.reckoned.lines.get(line.item.pk), put)
            for line in form.left.lines
            if (put := restock.get(line.item.pk)) or line.item.pk in pieces
        ]
        return {"amount": form.reckoned.amount, "shipping": form.reckoned.shipping, "lines": lines}

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        form = self.form
        giving_back.ask(
            order,
            form.reckoned,
            form.per_line("pieces"),
            user=self.request.user,
            reason=data["reason"],
            restock=form.per_line("restock"),
        )

    def done_message(self, form: RefundForm) -> str:
        amount = format_money(form.reckoned.amount, self.order.currency)
        return _("%(amount)s goes back; the shopper is told when it is done.") % {"amount": amount}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_hand = giving_back.is_by_hand(self.order)
        return super().get_context_data(is_by_hand=by_hand, **kwargs)


class OneRefundView(OrderActionView):
    """One thing to do with one refund of an order, which the address names."""

    needed = (VIEW, REFUND)

    def among(self) -> QuerySet[Refund]:
        """The refunds that the address may name."""
        return self.order.refunds.all()

    @cached_property
    def refund(self) -> Refund:
        return get_object_or_404(self.among(), pk=self.kwargs["refund"])

    def must_belong(self) -> None:
        self.refund  # noqa: B018 - it is looked for once, here


class RetryRefundView(OneRefundView):
    """Send a refund again that its gateway could not be reached for."""

    name = "retry_refund"
    label = gettext_lazy("Try the refund again")
    explanation = gettext_lazy(
        "The gateway is asked once more, under the same key: what it did already it does not "
        "do twice."
    )
    done = gettext_lazy("The refund is tried again.")

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return stuck_refunds(order).exists()

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        rows = stuck_refunds(order).filter(payload__refund=self.kwargs["refund"])
        if not outbox.send_again(rows):
            raise forms.ValidationError(_("This refund does not wait for another try."))
        transaction.on_commit(outbox.ring, robust=True)
        text = f"{self.done} {format_money(self.refund.amount, order.currency)}"
        events.note(order, OrderEvent.Kind.REFUND, text, user=self.request.user)


def stuck_refunds(order: Order) -> Any:
    """Rows of the outbox whose refund nobody tries any more, and which waits still."""
    waiting = order.refunds.filter(state=Refund.State.WAITING).values_list("pk", flat=True)
    return Outbox.objects.filter(
        order=order,
        kind=outbox.REFUND,
        state=Outbox.State.FAILED,
        payload__refund__in=list(waiting),
    )
