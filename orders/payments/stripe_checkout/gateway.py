"""Stripe as one of the shop's gateways: one Checkout Session for each attempt to pay."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.models import Order, Payment, Refund
from orders.payments import ledger, log, paying, refunds
from orders.payments.base import (
    Gateway,
    Message,
    RefusedError,
    Step,
    UndecidedError,
)
from orders.payments.stripe_checkout.amounts import from_minor_units
from orders.payments.stripe_checkout.client import Purchase, StripeApi, Thing
from orders.payments.stripe_checkout.transport import without_secrets
from orders.payments.stripe_checkout.webhooks import verified

# Stripe keeps a session open for half an hour at least and a day at most. The five minutes
# are for the way there, and for a call that has to be repeated.
SHORTEST = timedelta(minutes=35)
LONGEST = timedelta(hours=23)
# A payment that has no session by now never gets one: whoever began it is gone.
NEVER_BEGUN = timedelta(hours=1)
ON_ITS_WAY = {"processing", "requires_action", "requires_capture"}
NOT_REFUNDED = {"failed", "canceled"}


class Stripe(Gateway):
    slug = "stripe"
    label = pgettext_lazy("way to pay", "Card")
    hint = gettext_lazy("Credit and debit cards, Apple Pay, Google Pay, on Stripe's secure page.")

    def is_offered(self, currency: str) -> bool:
        """Stripe takes nearly every currency; one that the account cannot take is refused there."""
        return bool(settings.STRIPE_SECRET_KEY)

    def begin(self, payment: Payment) -> Step:
        session = self._begun(payment)
        if session["status"] == "open":
            return Step(session["url"])
        if session["status"] == "complete":
            self.settle(payment)
            return Step()
        raise RefusedError("expired", _("The time for this payment is over. Please try again."))

    def _begun(self, payment: Payment) -> Thing:
        """The session of this payment: the one it has already, or a new one."""
        with self._api(payment) as api:
            if payment.reference:
                return api.session(payment.reference)
            session = api.create_session(purchase_of(payment), str(payment.key))
            payment.reference = session["id"]
            payment.save(update_fields=["reference"])
        return session

    def settle(self, payment: Payment) -> None:
        payment = Payment.objects.select_related("order").get(pk=payment.pk)
        if not payment.reference:
            if timezone.now() - payment.created > NEVER_BEGUN:
                ledger.record_failure(
                    payment, gettext_lazy("It was never begun."), is_cancelled=True
                )
            return
        try:
            with self._api(payment) as api:
                self._record(api, payment)
        except RefusedError as error:
            # Such as a key of another account: nothing can be known until somebody mends it.
            raise UndecidedError(str(error)) from error

    def _record(self, api: StripeApi, payment: Payment) -> None:
        session = api.session(payment.reference)
        if session["status"] == "open" and _is_over(payment.order):
            session = _expired(api, session)
        intent = session["payment_intent"] or {}
        if session["status"] == "complete" and intent.get("status") == "succeeded":
            self._record_money(api, payment, intent)
        elif session["status"] == "complete":
            _record_bank(payment, intent)
        elif session["status"] == "expired":
            reason = gettext_lazy("The time for it was over.")
            ledger.record_failure(payment, reason, by=self.slug, is_cancelled=True)

    def refund(self, refund: Refund) -> str:
        """Ask for it unless it is there already: Stripe forgets the key of a call after a day."""
        payment = refund.payment
        metadata = {"refund": str(refund.key), "payment": str(payment.key)}
        with self._api(payment) as api:
            intent = payment.capture_reference
            found = next((one for one in api.refunds(intent) if _key_of(one) == refund.key), None)
            if found is None:
                found = api.refund(
                    intent, refund.amount, payment.currency, str(refund.key), metadata
                )
        if found["status"] in NOT_REFUNDED:
            raise RefusedError(f"{found['id']}: {found['status']}")
        return found["id"]

    def read_message(self, body: bytes, headers: Mapping[str, str]) -> Message:
        signature = headers.get("Stripe-Signature", "")
        event = verified(body, signature, settings.STRIPE_WEBHOOK_SECRETS)
        about = event["data"]["object"]
        key = _uuid((about.get("metadata") or {}).get("payment")) or self._key_by_intent(about)
        return Message(
            event_id=event["id"],
            kind=event["type"],
            reference=about["id"] if about["object"] == "checkout.session" else "",
            payment_key=str(key or ""),
            body=without_secrets(event),
        )

    def _key_by_intent(self, about: Thing) -> UUID | None:
        """Of a refund that somebody made at Stripe, only the payment's name there is known."""
        intent = about.get("payment_intent")
        known = Payment.objects.filter(gateway=self.slug, capture_reference=intent or "-")
        return known.values_list("key", flat=True).first()

    def _api(self, payment: Payment) -> StripeApi:
        return StripeApi(log.for_payment(self.slug, payment))

    def _record_money(self, api: StripeApi, payment: Payment, intent: Thing) -> None:
        currency = intent["currency"].upper()
        received = from_minor_units(intent["amount_received"], currency)
        payment = ledger.record_capture(
            payment, received, currency, reference=intent["id"], by=self.slug
        )
        if payment.state != Payment.State.CAPTURED:
            return
        for found in reversed(api.refunds(intent["id"])):
            _record_refund(payment, found)


def purchase_of(payment: Payment) -> Purchase:
    """What Stripe is told; the same whenever it is told again."""
    order = payment.order
    with translation.override(order.language):
        title = _("Order %(number)s") % {"number": order.number}
        came_back = reverse("orders:paid", args=[order.secret, payment.key])
    return Purchase(
        reference=str(payment.key),
        order_number=order.number,
        title=title,
        amount=payment.amount,
        currency=payment.currency,
        email=order.email,
        language=order.language,
        expires=_expiry_of(payment),
        success_url=settings.BASE_URL + came_back,
        cancel_url=settings.BASE_URL + came_back,
    )


def _expiry_of(payment: Payment) -> datetime:
    """With the order, as far as Stripe lets it."""
    latest = payment.created + LONGEST
    wanted = payment.order.expires_at or latest
    return min(max(wanted, payment.created + SHORTEST), latest)


def _is_over(order: Order) -> bool:
    """Whether the order is not to be paid any more, or will not be in a moment."""
    is_late = order.expires_at is not None and order.expires_at <= timezone.now()
    return is_late or not paying.is_payable(order)


def _expired(api: StripeApi, session: Thing) -> Thing:
    """Close the session, so that nobody pays for what is not to be had any more."""
    # Refused if it was paid a moment ago.
    with suppress(RefusedError):
        api.expire_session(session["id"])
    return api.session(session["id"])


def _record_bank(payment: Payment, intent: Thing) -> None:
    """The shopper has done their part; the bank may not have, or will not do its own."""
    if intent.get("status") in ON_ITS_WAY:
        ledger.record_pending(payment, by=Stripe.slug)
        return
    error = intent.get("last_payment_error") or {}
    ledger.record_failure(payment, error.get("message") or gettext_lazy("The bank did not pay."))


def _record_refund(payment: Payment, found: Thing) -> None:
    """What went back, whoever asked for it; or what came back again, days later."""
    if found["status"] in NOT_REFUNDED:
        for refund in payment.refunds.filter(reference=found["id"]):
            refunds.fail(refund, f"{found['id']}: {found['status']}", came_back=True)
        return
    amount = from_minor_units(found["amount"], found["currency"])
    refunds.record_outside(payment, amount, found["id"], key=str(_key_of(found) or ""))


def _key_of(found: Thing) -> UUID | None:
    return _uuid((found.get("metadata") or {}).get("refund"))


def _uuid(text: object) -> UUID | None:
    """A key of ours; metadata may be written by anybody who has a login at Stripe."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
