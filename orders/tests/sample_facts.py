"""Documents as the shop writes them, to be changed by a test."""

from datetime import date
from decimal import Decimal

from orders.documents.facts import InvoiceFacts, InvoiceLine, PackingSlip, Seller, SlipLine, TaxLine

SELLER = Seller(
    "Lamps & Mugs",
    ("Lindenallee 7", "10115 Berlin"),
    tax_number="DE123456789",
    imprint=("hello@lamps.example",),
)
BUYER = ("Ada Weber", "Hauptstr. 12", "80331 München")


def line(number: int = 1, **fields) -> InvoiceLine:
    return InvoiceLine(
        **{
            "title": f"Lamp {number}",
            "sku_code": f"LAMP-{number:03}",
            "quantity": 2,
            "unit_price": Decimal("59.50"),
            "amount": Decimal("119.00"),
            "tax_rate": Decimal(19),
            **fields,
        }
    )


def invoice(lines: int | tuple[InvoiceLine, ...] = 1, **fields) -> InvoiceFacts:
    if isinstance(lines, int):
        lines = tuple(line(number) for number in range(1, lines + 1))
    gross = sum((each.amount for each in lines), Decimal(0))
    net = (gross / Decimal("1.19")).quantize(Decimal("0.01"))
    return InvoiceFacts(
        **{
            "number": "R-00012",
            "day": date(2026, 11, 25),
            "order_number": "K7QF-2M9D",
            "order_day": date(2026, 11, 24),
            "language": "en",
            "currency": "EUR",
            "seller": SELLER,
            "buyer": BUYER,
            "lines": lines,
            "goods": gross,
            "shipping": Decimal(0),
            "net": net,
            "grand_total": gross,
            "taxes": (TaxLine(Decimal(19), net, gross - net),),
            **fields,
        }
    )


def slip(*lines: SlipLine, **fields) -> PackingSlip:
    return PackingSlip(
        **{
            "order_number": "K7QF-2M9D",
            "order_day": date(2026, 11, 24),
            "day": date(2026, 11, 25),
            "language": "en",
            "seller": SELLER,
            "recipient": BUYER,
            "lines": lines or (SlipLine("Lamp", "LAMP-001", 2),),
            **fields,
        }
    )
