"""The few calls to Stripe that a shop needs. Amounts are Decimals here, minor units there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

import stripe
from django.conf import settings

from orders.payments.base import GatewayUnavailableError, RefusedError
from orders.payments.log import Log
from orders.payments.stripe_checkout.amounts import AmountError, locale_of, minor_units
from orders.payments.stripe_checkout.transport import LoggedRequests

RETRIES = 2
REFUNDS_PER_PAGE = 100

# All else may pass: no answer, an unreadable one, too many requests, a key still to be set right.
FINAL = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)

Thing = dict[str, Any]


@dataclass(frozen=True)
class Purchase:
    """What a Checkout Session is made from; all of it has to be the same at each attempt."""

    reference: str
    order_number: str
    title: str
    amount: Decimal
    currency: str
    email: str
    language: str
    expires: datetime
    success_url: str
    cancel_url: str

    @property
    def metadata(self) -> dict[str, str]:
        return {"payment": self.reference, "order": self.order_number}


class StripeApi:
    """Stripe, asked with the shop's key. A context manager, so that no connection stays open."""

    def __init__(self, log: Log) -> None:
        self._requests = LoggedRequests(log)
        self._client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses={"api": settings.STRIPE_BASE_URL.rstrip("/")},
            max_network_retries=RETRIES,
            http_client=self._requests,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._requests.close()

    def create_session(self, purchase: Purchase, key: str) -> Thing:
        with translated_errors():
            price = {
                "currency": purchase.currency.lower(),
                "unit_amount": minor_units(purchase.amount, purchase.currency),
                "product_data": {"name": purchase.title},
            }
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "line_items": [{"price_data": price, "quantity": 1}],
                    "client_reference_id": purchase.reference,
                    "metadata": purchase.metadata,
                    # Copied to the charge, so that messages about it can be told apart too.
                    "payment_intent_data": {
                        "metadata": purchase.metadata,
                        "description": purchase.title,
                    },
                    "customer_email": purchase.email,
                    "locale": locale_of(purchase.language),
                    "expires_at": int(purchase.expires.timestamp()),
                    "success_url": purchase.success_url,
                    "cancel_url": purchase.cancel_url,
                },
                {"idempotency_key": key},
            )
        return session.to_dict()

    def session(self, name: str) -> Thing:
        """The session as it stands, its payment intent written out."""
        with translated_errors():
            found = self._client.v1.checkout.sessions.retrieve(name, {"expand": ["payment_intent"]})
        return found.to_dict()

    def expire_session(self, name: str) -> Thing:
        """Nobody can pay it any more. Refused if it is paid or expired already."""
        with translated_errors():
            return self._client.v1.checkout.sessions.expire(name).to_dict()

    def refund(
        self,
        intent: str,
        amount: Decimal,
        currency: str,
        key: str,
        metadata: Mapping[str, str],
    ) -> Thing:
        with translated_errors():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": intent,
                    "amount": minor_units(amount, currency),
                    "metadata": dict(metadata),
                },
                {"idempotency_key": key},
            )
        return refund.to_dict()

    def refunds(self, intent: str) -> list[Thing]:
        """All refunds of a payment, also those that somebody made at Stripe; newest first."""
        with translated_errors():
            page = self._client.v1.refunds.list(
                {"payment_intent": intent, "limit": REFUNDS_PER_PAGE}
            )
            return [refund.to_dict() for refund in page.auto_paging_iter()]


@contextmanager
def translated_errors() -> Iterator[None]:
    """Tell what may be tried again from what is refused for good."""
    try:
        yield
    except AmountError as error:
        raise RefusedError(str(error)) from error
    except stripe.StripeError as error:
        if isinstance(error, FINAL):
            raise RefusedError(str(error)) from error
        raise GatewayUnavailableError(str(error)) from error
