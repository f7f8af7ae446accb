"""Bank transfer, or on invoice: the shopper sends money by themselves, a person sees it come."""

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from orders import set_up
from orders.models import OrderSettings, Payment, Refund
from orders.payments.base import Gateway, GatewayUnavailableError, Step


class BankTransfer(Gateway):
    """Works with nothing set up; the desk says when money has come or been sent back."""

    slug = "bank_transfer"
    is_slow = True
    refunds_by_hand = True

    @cached_property
    def _rules(self) -> OrderSettings:
        return set_up.rules()

    @property
    def label(self) -> str | Promise:
        if self._rules.sends_unpaid:
            return _("On invoice")
        return _("Bank transfer")

    @property
    def hint(self) -> str | Promise:
        if self._rules.sends_unpaid:
            return _("You pay when you have the invoice.")
        return _("We send your order as soon as the money has arrived.")

    def is_offered(self, currency: str) -> bool:
        return self._rules.takes_bank_transfer

    def begin(self, payment: Payment) -> Step:
        return Step()

    def settle(self, payment: Payment) -> None:
        """Nobody can be asked: the desk records the money when it sees it."""

    def refund(self, refund: Refund) -> str:
        raise GatewayUnavailableError("a person sends it")
