"""What a fake Stripe account holds: sessions, intents, charges, refunds and the events of each.

Shapes, names and rules are those of Stripe's API version 2026-10-28; only the ones that a shop
with Checkout Sessions meets. Not thread-safe: the server in ``stripe.py`` holds a lock.
"""

import copy
import itertools
import re
import time
from collections.abc import Callable

from orders.tests.fakes.stripe_parameters import (
    Fields,
    StripeRefusal,
    amount_of,
    check_names,
    metadata_of,
    positive,
    short,
)

API_VERSION = "2026-10-28.endive"
HALF_AN_HOUR, A_DAY = 30 * 60, 24 * 60 * 60


class Account:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.sessions: dict[str, Fields] = {}
        self.intents: dict[str, Fields] = {}
        self.charges: dict[str, Fields] = {}
        self.refunds: dict[str, Fields] = {}
        self.events: list[Fields] = []
        self._numbers = itertools.count(1)
        self._intent_fields: dict[str, Fields] = {}

    # --- what the shop asks for ------------------------------------------------

    def create_session(self, params: Fields, base_url: str) -> Fields:
        check_names(params, "session")
        if params.get("mode") != "payment":
            raise StripeRefusal("Only `payment` is faked.", param="mode")
        amount, currency = amount_of(params)
        for field in ("success_url", "cancel_url"):
            if not re.match(r"https?://[^/\s]+", params.get(field, "")):
                raise StripeRefusal("Not a valid URL", code="url_invalid", param=field)
        email = params.get("customer_email")
        if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            raise StripeRefusal(
                f"Invalid email address: {email}", code="email_invalid", param="customer_email"
            )
        now = int(self.clock())
        expires_at = int(params.get("expires_at", now + A_DAY))
        if not now + HALF_AN_HOUR <= expires_at <= now + A_DAY:
            raise StripeRefusal(
                "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
                param="expires_at",
            )
        session = self._new("cs_test", "checkout.session") | {
            "amount_subtotal": amount,
            "amount_total": amount,
            "cancel_url": params["cancel_url"],
            "client_reference_id": short(params, "client_reference_id", 200),
            "currency": currency,
            "customer_email": email,
            "expires_at": expires_at,
            "locale": params.get("locale"),
            "metadata": metadata_of(params),
            "mode": "payment",
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": params["success_url"],
        }
        session["url"] = f"{base_url}/c/pay/{session['id']}"
        self._intent_fields[session["id"]] = params.get("payment_intent_data", {})
        self.sessions[session["id"]] = session
        return session

    def session(self, name: str) -> Fields:
        session = _find(self.sessions, name, "checkout.session")
        if session["status"] == "open" and self.clock() >= session["expires_at"]:
            self._close(session)
        return session

    def intent(self, name: str) -> Fields:
        return _find(self.intents, name, "payment_intent")

    def expanded(self, session: Fields, names: list[str]) -> Fields:
        """The session with what was asked to be written out instead of named."""
        session = copy.deepcopy(session)
        for name in names:
            if name != "payment_intent":
                raise StripeRefusal(f"This property cannot be expanded ({name}).", param="expand")
            if session["payment_intent"]:
                session["payment_intent"] = copy.deepcopy(self.intents[session["payment_intent"]])
        return session

    def expire_session(self, name: str) -> Fields:
        session = self.session(name)
        if session["status"] != "open":
            raise StripeRefusal(
                f"Only Checkout Sessions with a status in [open] can be expired. "
                f"This Checkout Session has a status of `{session['status']}`."
            )
        self._close(session)
        return session

    def create_refund(self, params: Fields) -> Fields:
        check_names(params, "refund")
        intent = self.intent(params.get("payment_intent", ""))
        if intent["status"] != "succeeded":
            raise StripeRefusal("This PaymentIntent does not have a successful charge to refund.")
        charge = self.charges[intent["latest_charge"]]
        left = charge["amount"] - charge["amount_refunded"]
        amount = positive(params["amount"], "amount") if "amount" in params else left
        if left == 0:
            raise StripeRefusal(
                f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
            )
        if amount > left:
            raise StripeRefusal(
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                param="amount",
            )
        refund = self._new("re", "refund") | {
            "amount": amount,
            "charge": charge["id"],
            "currency": charge["currency"],
            "metadata": metadata_of(params),
            "payment_intent": intent["id"],
            "reason": params.get("reason"),
            "status": "succeeded",
        }
        self.refunds[refund["id"]] = refund
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._tell("refund.created", refund)
        self._tell("charge.refunded", charge)
        return refund

    def refunds_of(self, intent: str) -> list[Fields]:
        """Newest first, as Stripe lists."""
        found = [refund for refund in self.refunds.values() if refund["payment_intent"] == intent]
        return found[::-1]

    # --- what the shopper and the banks do --------------------------------------

    def pay(self, name: str, *, amount: int | None = None, currency: str = "") -> Fields:
        session = self._payable(name)
        intent = self._intent(session)
        intent["amount"] = intent["amount"] if amount is None else amount
        intent["currency"] = currency or intent["currency"]
        session["status"] = "complete"
        self._succeed(session, intent)
        self._tell("checkout.session.completed", session)
        return session

    def decline(self, name: str, code: str = "card_declined") -> Fields:
        """The card was refused; the session stays open for another one."""
        session = self._payable(name)
        self._fail(self._intent(session), code)
        return session

    def pay_later(self, name: str) -> Fields:
        """With a bank debit, say: the shopper is done, the money is on its way."""
        session = self._payable(name)
        intent = self._intent(session)
        session["status"], intent["status"] = "complete", "processing"
        self._tell("payment_intent.processing", intent)
        self._tell("checkout.session.completed", session)
        return session

    def clear(self, name: str, *, succeeded: bool) -> Fields:
        """The bank answers for what was to be paid later."""
        session = self.session(name)
        intent = self.intent(session["payment_intent"] or "")
        if intent["status"] != "processing":
            raise StripeRefusal("Nothing is on its way.")
        if succeeded:
            self._succeed(session, intent)
            self._tell("checkout.session.async_payment_succeeded", session)
        else:
            self._fail(intent, "payment_method_provider_decline")
            self._tell("checkout.session.async_payment_failed", session)
        return session

    def finish_refund(self, name: str, status: str) -> Fields:
        """A bank's late word: a refund may fail days after it was said to have succeeded."""
        refund = self.refunds[name]
        refund["status"] = status
        if status == "failed":
            charge = self.charges[refund["charge"]]
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
            self._tell("refund.failed", refund)
        self._tell("refund.updated", refund)
        return refund

    # --- inside -----------------------------------------------------------------

    def _new(self, prefix: str, kind: str) -> Fields:
        name = f"{prefix}_{next(self._numbers):06d}"
        return {"id": name, "object": kind, "created": int(self.clock()), "livemode": False}

    def _tell(self, kind: str, thing: Fields) -> None:
        event = self._new("evt", "event") | {
            "api_version": API_VERSION,
            "data": {"object": copy.deepcopy(thing)},
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.events.append(event)

    def _payable(self, name: str) -> Fields:
        session = self.session(name)
        if session["status"] != "open":
            raise StripeRefusal("This Checkout Session is no longer open.")
        return session

    def _close(self, session: Fields) -> None:
        session["status"], session["url"] = "expired", None
        self._tell("checkout.session.expired", session)

    def _intent(self, session: Fields) -> Fields:
        """The session's intent, which begins with the first attempt to pay."""
        if session["payment_intent"] is None:
            fields = self._intent_fields[session["id"]]
            intent = self._new("pi", "payment_intent") | {
                "amount": session["amount_total"],
                "amount_received": 0,
                "client_secret": "pi_secret_never_to_be_logged",
                "currency": session["currency"],
                "description": fields.get("description"),
                "last_payment_error": None,
                "latest_charge": None,
                "metadata": metadata_of(fields),
                "status": "requires_payment_method",
            }
            self.intents[intent["id"]] = intent
            session["payment_intent"] = intent["id"]
            self._tell("payment_intent.created", intent)
        return self.intents[session["payment_intent"]]

    def _succeed(self, session: Fields, intent: Fields) -> None:
        charge = self._new("ch", "charge") | {
            "amount": intent["amount"],
            "amount_refunded": 0,
            "currency": intent["currency"],
            "metadata": dict(intent["metadata"]),
            "paid": True,
            "payment_intent": intent["id"],
            "refunded": False,
            "status": "succeeded",
        }
        self.charges[charge["id"]] = charge
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        intent |= {"latest_charge": charge["id"], "last_payment_error": None}
        session |= {"payment_status": "paid", "url": None}
        self._tell("charge.succeeded", charge)
        self._tell("payment_intent.succeeded", intent)

    def _fail(self, intent: Fields, code: str) -> None:
        error = {"type": "card_error", "code": code, "message": "Your card was declined."}
        intent |= {"status": "requires_payment_method", "last_payment_error": error}
        self._tell("payment_intent.payment_failed", intent)


def _find(things: dict[str, Fields], name: str, kind: str) -> Fields:
    if name not in things:
        raise StripeRefusal(f"No such {kind}: '{name}'", code="resource_missing", status=404)
    return things[name]
