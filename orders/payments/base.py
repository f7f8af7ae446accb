"""What every gateway can do. Calls out are made outside transactions, and may be repeated."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from orders.models import Payment, Refund


class GatewayUnavailableError(Exception):
    """The gateway does not answer, or not sensibly: the same call may succeed later."""


class UndecidedError(GatewayUnavailableError):
    """The gateway answers, but how this one payment stands cannot be known now."""


class RefusedError(Exception):
    """The gateway has understood and says no: repeating the call would change nothing.

    The text is for the books; shoppers read ``shown``, if there is any.
    """

    def __init__(self, reason: str, shown: str | Promise = "") -> None:
        super().__init__(reason)
        self.shown = shown


class ForgedMessageError(Exception):
    """A message claims to come from the gateway and does not."""


@dataclass(frozen=True)
class Step:
    """What the shopper does next: go to this address, or nothing but wait."""

    redirect_to: str = ""


@dataclass(frozen=True)
class Message:
    """A webhook whose sender is proven: only a reason to look, never the truth itself.

    ``reference`` is the gateway's name for the payment (``Payment.reference``), or
    ``payment_key`` our own (``Payment.key``); one of them may be empty.
    """

    event_id: str
    kind: str
    reference: str = ""
    payment_key: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


class Gateway(ABC):
    """One way to pay. Has no state of its own: what is known stands in the books."""

    slug: str
    label: str | Promise
    # A short line under the label, such as which cards are taken.
    hint: str | Promise = ""
    # Whether an order may wait for days, as for a bank transfer.
    is_slow = False
    # Whether refunds are carried out by a person, outside the shop.
    refunds_by_hand = False

    @abstractmethod
    def is_offered(self, currency: str) -> bool:
        """Whether it is set up and takes this currency."""

    @abstractmethod
    def begin(self, payment: Payment) -> Step:
        """Tell the gateway of a new payment; write its reference; say what the shopper does next.

        Raises GatewayUnavailableError or RefusedError; the order waits for another way then.
        """

    @abstractmethod
    def settle(self, payment: Payment) -> None:
        """Ask how the payment stands, take the money if it may be taken, and write it down.

        Called when the shopper comes back, after a message, and by the clock; safe to repeat.
        Raises GatewayUnavailableError where nothing can be known now.
        """

    @abstractmethod
    def refund(self, refund: Refund) -> str:
        """Send the money back; return the gateway's name for it. ``refund.key`` makes it once.

        Raises GatewayUnavailableError (again later) or RefusedError (never). Not called where
        ``refunds_by_hand``.
        """

    def read_message(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Prove who sent a webhook and read it; ForgedMessageError if it is not the gateway."""
        raise ForgedMessageError(f"{self.slug} sends no messages")
