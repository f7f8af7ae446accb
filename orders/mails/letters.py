"""One mail before any wording: to whom, about what, and what stands in it beside the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.mails.facts import OrderFacts, ShipmentFacts
from orders.mails.kinds import MailKind
from orders.models import Order


@dataclass(frozen=True)
class BankDetails:
    """What to do where the money is to be sent: a sentence, where to, and for what."""

    sentence: str
    account: Sequence[str]
    reference: str


@dataclass(frozen=True)
class Goods:
    """A variant that a mail tells of: what it is, how it stands, and where it is to be seen."""

    title: str
    variant: str = ""
    code: str = ""
    price: str = ""
    stock: str = ""
    url: str = ""


@dataclass(frozen=True)
class Letter:
    """What one mail is about. ``notes`` are sentences that nobody can edit away."""

    kind: MailKind
    language: str
    to: str
    words: Mapping[str, str]
    url: str
    order: OrderFacts | None = None
    notes: Sequence[str] = ()
    bank: BankDetails | None = None
    shipments: Sequence[ShipmentFacts] = ()
    goods: Sequence[Goods] = ()
    # What somebody wrote, each with what it answers.
    facts: Sequence[tuple[str, str]] = ()
    # Who gets the answers, if not the shop.
    reply_to: str = ""
    # Attached when it is sent, and not before: writing an invoice draws its number.
    invoice_of: Order | None = None
    # Where one changes one's mind about being written to.
    unsubscribe_url: str = ""
