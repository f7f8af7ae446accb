"""Say that money was sent back by hand, as to a bank account; only then is the refund done."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from orders.models import Order, Refund
from orders.payments import gateways, refunds

from .actions import OrderActionView
from .rights import REFUND, VIEW


class SentByHandView(OrderActionView):
    needed = (VIEW, REFUND)
    name = "sent_by_hand"
    label = gettext_lazy("The money is sent")
    explanation = gettext_lazy(
        "You have sent this money to the shopper's bank account yourself. They are told by mail."
    )
    done = gettext_lazy("The refund is done.")

    @cached_property
    def refund(self) -> Refund:
        return get_object_or_404(waiting_for_a_hand(self.order), pk=self.kwargs["refund"])

    def must_belong(self) -> None:
        self.refund  # noqa: B018 - it is looked for once, here

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return waiting_for_a_hand(order).exists()

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        refunds.sent_by_hand(self.refund, user=self.request.user)


def waiting_for_a_hand(order: Order) -> Any:
    """Refunds of the order that a person has to send and has not."""
    by_hand = [slug for slug, one in gateways().items() if one.refunds_by_hand]
    return order.refunds.filter(state=Refund.State.WAITING, payment__gateway__in=by_hand)
