"""Say that money was sent back by hand, as to a bank account; only then is the refund done."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from orders.models import Order, Refund
from orders.payments import refunds

from .actions import MovedOnError
from .refund_views import OneRefundView


class SentByHandView(OneRefundView):
    name = "sent_by_hand"
    label = gettext_lazy("The money is sent")
    explanation = gettext_lazy(
        "You have sent this money to the shopper's bank account yourself. They are told by mail."
    )
    done = gettext_lazy("The refund is done.")

    def among(self) -> QuerySet[Refund]:
        return refunds.by_hand(self.order)

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return refunds.waiting_for_a_hand(order).exists()

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        if not refunds.waiting_for_a_hand(order).filter(pk=self.refund.pk).exists():
            # Somebody was faster with this one, while another waits.
            raise MovedOnError
        refunds.sent_by_hand(self.refund, user=self.request.user)
