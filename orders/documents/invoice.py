"""The invoice of an order: its number is drawn once, and what it states is kept as it was.

Only whether it has been paid or cancelled, and what was refunded since, is read anew each time.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cart.totals import LineTotals
from orders import addresses, payments
from orders.documents.facts import (
    BankTransfer,
    InvoiceFacts,
    InvoiceLine,
    RefundLine,
    TaxLine,
)
from orders.documents.frozen import freeze, thaw
from orders.documents.invoice_letter import invoice_letter
from orders.documents.seller import seller
from orders.models import (
    CAME_TO_NOTHING,
    Invoice,
    InvoiceCounter,
    Order,
    OrderItem,
    OrderSettings,
    Refund,
)

# So that numbers sort as they follow each other.
DIGITS = 5
NOTHING = Decimal(0)


class NotInvoicedError(Exception):
    """The order has no invoice, and this is not the time to write one."""


def is_due(order: Order) -> bool:
    """Whether an invoice may be written: the money is there, or the goods go out before it.

    An order that only waits for its money may expire, and a number once drawn is never free again.
    Nor is one drawn for what came to nothing, though money may have come too late for it.
    """
    if order.state in CAME_TO_NOTHING:
        return _found(order) is not None
    return order.is_sent_unpaid or order.paid_at is not None


def invoice_of(order: Order) -> Invoice:
    """The invoice of an order, written now if there is none; NotInvoicedError if none is due.

    However many ask at once, an order gets one number, and numbers follow without a gap: the
    counter is held until the invoice is committed, and falls back with it.
    """
    if found := _found(order):
        return found
    if not is_due(order):
        raise NotInvoicedError(order.number)
    with transaction.atomic():
        counter = _held_counter()
        # Somebody else may have written it while we waited for the counter.
        return _found(order) or _write(order, counter)


def _found(order: Order) -> Invoice | None:
    return Invoice.objects.filter(order=order).first()


def _held_counter() -> InvoiceCounter:
    """Nobody else draws a number until this transaction ends."""
    counters = InvoiceCounter.objects.select_for_update()
    if held := counters.filter(pk=1).first():
        return held
    # The very first one.
    InvoiceCounter.objects.get_or_create(pk=1)
    return counters.get(pk=1)


def _write(order: Order, counter: InvoiceCounter) -> Invoice:
    counter.last += 1
    counter.save(update_fields=["last"])
    rules = OrderSettings.load()
    number = f"{rules.invoice_prefix}{counter.last:0{DIGITS}d}"
    now = timezone.now()
    return Invoice.objects.create(
        order=order,
        sequence=counter.last,
        number=number,
        created=now,
        facts=freeze(_stated(order, number, _day(now), rules)),
    )


def facts(order: Order) -> InvoiceFacts:
    """What the invoice states, and how the money stands today."""
    return _facts(order, invoice_of(order))


def _facts(order: Order, written: Invoice) -> InvoiceFacts:
    stated = thaw(InvoiceFacts, written.facts)
    asks_for_money = order.state not in CAME_TO_NOTHING
    done = order.refunds.filter(state=Refund.State.DONE).order_by("done_at", "pk")
    return replace(
        stated,
        paid=_day(order.paid_at) if order.paid_at else None,
        bank_transfer=stated.bank_transfer if asks_for_money else None,
        refunds=tuple(
            RefundLine(_day(refund.done_at or refund.created), refund.amount) for refund in done
        ),
    )


def erase(order: Order) -> None:
    """Let the invoice of an erased order name nobody; all else stays as it was stated."""
    found = _found(order)
    if found is None:
        return
    buyer = _nobody(order, str(OrderSettings.load().home_country))
    found.facts |= {"buyer": list(buyer), "delivery": []}
    found.save(update_fields=["facts"])


def pdf(order: Order) -> bytes:
    """The invoice as PDF: the same bytes as long as nothing is paid or refunded in between."""
    return document(order)[1]


def document(order: Order) -> tuple[str, bytes]:
    """The name of the invoice's file, in letters that every system can write, and its PDF."""
    # Fonts and typesetting: 13 MiB, and a third of a second, of each process that prints nothing.
    from orders.documents.paper import print_letters

    written = invoice_of(order)
    stated = _facts(order, written)
    letter = invoice_letter(stated)
    return _file_name(written.number), print_letters([letter], stated.language, letter.title)


def _file_name(number: str) -> str:
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in number)
    return f"invoice-{safe.strip('-')}.pdf"


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _stated(order: Order, number: str, day: date, rules: OrderSettings) -> InvoiceFacts:
    totals = order.totals
    lines = zip(order.items.all(), totals.lines, strict=True)
    buyer, delivery = _parties(order, str(rules.home_country))
    return InvoiceFacts(
        number=number,
        day=day,
        order_number=order.number,
        order_day=_day(order.created),
        language=order.language,
        currency=order.currency,
        seller=seller(rules),
        buyer=buyer,
        delivery=delivery,
        delivery_day=_delivery_day(order),
        lines=tuple(_line(item, amounts) for item, amounts in lines),
        goods=totals.goods,
        discount=totals.discount,
        discount_name=order.coupon_code,
        shipping=totals.shipping.amount - totals.shipping.discount,
        shipping_name=order.shipping_name,
        net=totals.net,
        grand_total=totals.grand_total,
        taxes=tuple(TaxLine(share.rate, share.net, share.tax) for share in totals.taxes),
        includes_tax=order.includes_tax,
        payment=_payment(order),
        bank_transfer=_bank_transfer(order, rules),
        note=rules.invoice_footer,
    )


def _line(item: OrderItem, amounts: LineTotals) -> InvoiceLine:
    return InvoiceLine(
        title=item.title,
        sku_code=item.sku_code,
        quantity=item.quantity,
        unit_price=item.unit_price,
        amount=amounts.amount,
        tax_rate=amounts.tax_rate,
        options=item.options,
    )


def _parties(order: Order, home: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who pays, and where the goods go if that is somewhere else."""
    if order.erased:
        return _nobody(order, home), ()
    goods = tuple(addresses.lines(order, order.language, home))
    if not hasattr(order, "invoice_address"):
        return goods, ()
    buyer = tuple(addresses.lines(order.invoice_address, order.language, home))
    return buyer, goods if goods != buyer else ()


def _nobody(order: Order, home: str) -> tuple[str, ...]:
    """In place of who was erased: that they were, and the country, which decides the tax."""
    party = getattr(order, "invoice_address", order)
    with translation.override(order.language):
        words = _("The customer was erased at their own request.")
    return words, *addresses.lines(party, order.language, home)


def _delivery_day(order: Order) -> date | None:
    first = order.shipments.order_by("created").first()
    return _day(first.created) if first else None


def _payment(order: Order) -> str:
    with translation.override(order.language):
        known = payments.gateways().get(order.payment_method)
        return str(known.label) if known else ""


def _bank_transfer(order: Order, rules: OrderSettings) -> BankTransfer | None:
    """Where to send the money; said for as long as it has not come."""
    if order.paid_at:
        return None
    return BankTransfer(tuple(rules.bank_details.splitlines()), reference=order.number)
