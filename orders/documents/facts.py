"""What a document states, before any wording. Pure: no database, no PDF."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Seller:
    """Who sells: the letterhead, the line above the address and the foot of each page."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""
    # How to reach them, and what else the law asks for: register, managing director.
    imprint: tuple[str, ...] = ()


@dataclass(frozen=True)
class InvoiceLine:
    """``amount`` and ``unit_price`` as shown to the shopper: with tax or without."""

    title: str
    sku_code: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    tax_rate: Decimal = Decimal(0)
    options: str = ""


@dataclass(frozen=True)
class TaxLine:
    """All that is taxed at one rate (percent): its net sum and the tax on it."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class RefundLine:
    day: date
    amount: Decimal


@dataclass(frozen=True)
class BankTransfer:
    """How to pay what is still owed. ``account`` as the merchant wrote it: holder, IBAN, BIC."""

    account: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class InvoiceFacts:
    """An invoice. ``taxes`` are all rates that occur; their sums are net and grand total."""

    number: str
    day: date
    order_number: str
    order_day: date
    language: str
    currency: str
    seller: Seller
    buyer: tuple[str, ...]
    lines: tuple[InvoiceLine, ...]
    goods: Decimal
    shipping: Decimal
    net: Decimal
    grand_total: Decimal
    taxes: tuple[TaxLine, ...] = ()
    includes_tax: bool = True
    discount: Decimal = Decimal(0)
    discount_name: str = ""
    shipping_name: str = ""
    # Empty where the goods go to the buyer's own address.
    delivery: tuple[str, ...] = ()
    delivery_day: date | None = None
    payment: str = ""
    paid: date | None = None
    bank_transfer: BankTransfer | None = None
    refunds: tuple[RefundLine, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SlipLine:
    """``back_ordered`` of the ``quantity`` are owed and not in this parcel."""

    title: str
    sku_code: str
    quantity: int
    options: str = ""
    back_ordered: int = 0


@dataclass(frozen=True)
class PackingSlip:
    """What lies in a parcel; never a price, for it may be a present."""

    order_number: str
    order_day: date
    day: date
    language: str
    seller: Seller
    recipient: tuple[str, ...]
    lines: tuple[SlipLine, ...]
    shipping_name: str = ""
    # In kilograms.
    weight: Decimal | None = None
    note: str = ""
