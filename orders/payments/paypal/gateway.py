"""PayPal as a way to pay: the shopper approves at PayPal, then the shop takes the money.

PayPal alone knows how a payment stands; ``settle`` reads it there and writes it down.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Payment, Refund
from orders.payments import ledger, log, paying
from orders.payments.base import (
    ForgedMessageError,
    Gateway,
    Message,
    RefusedError,
    Step,
    UndecidedError,
)
from orders.payments.paypal import books
from orders.payments.paypal.amounts import CURRENCIES, AmountError, locale_of
from orders.payments.paypal.client import PayPalClient, approval_url
from orders.payments.paypal.errors import PayPalRefusedError
from orders.payments.paypal.transport import Exchange

# What a capture may be refused with while the payment can still come to something.
NOT_YET = frozenset({"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
IN_PROGRESS = "ORDER_COMPLETION_IN_PROGRESS"
# The money of this order came by another of its payments.
PAID_BEFORE = "DUPLICATE_INVOICE_ID"
# A payment that PayPal was not told of by now never gets to it: whoever began it is gone.
NEVER_BEGUN = timedelta(hours=1)


class PayPal(Gateway):
    slug = "paypal"
    label = "PayPal"
    hint = gettext_lazy("You confirm the payment on PayPal's own page.")

    def is_offered(self, currency: str) -> bool:
        is_set_up = settings.PAYPAL_CLIENT_ID and settings.PAYPAL_CLIENT_SECRET
        return bool(is_set_up) and currency in CURRENCIES

    def begin(self, payment: Payment) -> Step:
        at_paypal = self._begun(payment)
        if at_paypal["status"] in {"APPROVED", "COMPLETED"}:
            self.settle(payment)
            return Step()
        if at_paypal["status"] != "VOIDED" and (address := approval_url(at_paypal)):
            return Step(address)
        raise RefusedError(
            at_paypal["status"], _("The time for this payment is over. Please try again.")
        )

    def _begun(self, payment: Payment) -> dict[str, Any]:
        """PayPal's order for this payment: the one it has already, or a new one."""
        client = self._client(payment)
        if payment.reference:
            return client.get_order(payment.reference)
        with translation.override(payment.order.language):
            path = reverse("orders:paid", args=[payment.order.secret, payment.key])
        # Back from PayPal, whether the shopper approved or not: there it is looked up.
        came_back = settings.BASE_URL + path
        try:
            at_paypal = client.create_order(
                amount=payment.amount,
                currency=payment.currency,
                key=str(payment.key),
                invoice=payment.order.number,
                return_url=came_back,
                cancel_url=came_back,
                idempotency_key=str(payment.key),
                locale=locale_of(payment.order.language),
            )
        except AmountError as error:
            raise RefusedError(str(error), _("PayPal cannot take this amount.")) from error
        payment.reference = at_paypal["id"]
        payment.save(update_fields=["reference"])
        return at_paypal

    def settle(self, payment: Payment) -> None:
        payment = Payment.objects.select_related("order").get(pk=payment.pk)
        if not payment.reference:
            if timezone.now() - payment.created > NEVER_BEGUN:
                ledger.record_failure(
                    payment, gettext_lazy("It was never begun."), is_cancelled=True
                )
            return
        client = self._client(payment)
        try:
            at_paypal = client.get_order(payment.reference)
        except PayPalRefusedError as error:
            is_old = timezone.now() - payment.created > NEVER_BEGUN
            if (
                error.status != HTTPStatus.NOT_FOUND
                or payment.state != payment.State.NEW
                or not is_old
            ):
                # Such as a key of another account: nothing can be known until somebody mends it.
                raise UndecidedError(str(error)) from error
            # PayPal forgets what nobody approved in time.
            _give_up(payment, gettext_lazy("The time for it was over."))
            return
        if at_paypal["status"] == "APPROVED":
            at_paypal = self._captured(client, payment, at_paypal)
        if at_paypal:
            books.record(payment, at_paypal)
        if _is_open_at(at_paypal) and not paying.is_payable(payment.order):
            _give_up(payment, gettext_lazy("The order no longer waits for money."))

    def _captured(
        self, client: PayPalClient, payment: Payment, at_paypal: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Take the money that the shopper approved; the order then, None if it was not taken.

        Not for an order that is paid or dead: what was approved for it stays the shopper's.
        """
        if payment.state not in ledger.OPEN or not paying.is_payable(payment.order):
            _give_up(payment, gettext_lazy("The order no longer waits for money."))
            return None
        if difference := books.difference(payment, at_paypal):
            ledger.record_failure(payment, difference)
            return None
        # One for each approval: what was refused before it is refused for ever under its own id.
        approval = at_paypal.get("update_time", "")
        try:
            return client.capture_order(
                payment.reference, idempotency_key=f"{payment.key}-{approval}"
            )
        except PayPalRefusedError as error:
            if error.issue == IN_PROGRESS:
                raise UndecidedError(error.issue) from error
            if error.issue not in NOT_YET:
                is_paid = error.issue == PAID_BEFORE
                ledger.record_failure(payment, error.issue, is_cancelled=is_paid)
            return None

    def refund(self, refund: Refund) -> str:
        payment = refund.payment
        try:
            made = self._client(payment).refund_capture(
                payment.capture_reference,
                amount=refund.amount,
                currency=payment.currency,
                key=str(refund.key),
                idempotency_key=str(refund.key),
            )
        except AmountError as error:
            raise RefusedError(str(error)) from error
        if made["status"] in books.CAME_BACK:
            raise RefusedError(f"{made['id']}: {made['status']}")
        return made["id"]

    def read_message(self, body: bytes, headers: Mapping[str, str]) -> Message:
        client = self._client(None)
        if not settings.PAYPAL_WEBHOOK_ID or not client.is_genuine(body, headers):
            raise ForgedMessageError("not signed by PayPal for our webhook")
        event = json.loads(body)
        if not event.get("id"):
            raise ForgedMessageError("without an id")
        reference, key = books.subject_of(event, client)
        return Message(
            event_id=str(event["id"]),
            kind=str(event.get("event_type", "")),
            reference=reference,
            payment_key=key,
            body=event,
        )

    def _client(self, payment: Payment | None) -> PayPalClient:
        write = log.for_payment(self.slug, payment)

        def note(exchange: Exchange) -> None:
            body = dict(exchange.request)
            if exchange.idempotency_key:
                body["PayPal-Request-Id"] = exchange.idempotency_key
            write(
                f"{exchange.method} {exchange.path}",
                body=body,
                status=exchange.status or None,
                answer=exchange.answer,
                error="" if exchange.status else str(exchange.answer.get("error", "")),
                seconds=exchange.seconds,
            )

        return PayPalClient.from_settings(note)


def _is_open_at(at_paypal: Mapping[str, Any] | None) -> bool:
    """Whether the shopper could still approve it at PayPal."""
    return bool(at_paypal) and at_paypal["status"] in {"CREATED", "SAVED", "PAYER_ACTION_REQUIRED"}


def _give_up(payment: Payment, reason: Promise) -> None:
    ledger.record_failure(payment, reason, is_cancelled=True)
