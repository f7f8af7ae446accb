"""What an invoice says: its facts in the words of the shopper's language. Pure."""

from collections.abc import Callable
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.documents import wording
from orders.documents.facts import BankTransfer, InvoiceFacts, InvoiceLine, Seller
from orders.documents.letter import Cell, Column, Letter, Note, Sum


def invoice_letter(facts: InvoiceFacts) -> Letter:
    with translation.override(facts.language):
        return Letter(
            title=invoice_title(facts),
            day=facts.day,
            paging=paging(),
            seller=facts.seller.name,
            sender=" · ".join((facts.seller.name, *facts.seller.address)),
            address=facts.buyer,
            info=_info(facts),
            columns=_columns(facts),
            rows=tuple(_row(facts, line) for line in facts.lines),
            sums=_sums(facts),
            notes=_notes(facts),
            foot=foot(facts.seller),
        )


def invoice_title(facts: InvoiceFacts) -> str:
    with translation.override(facts.language):
        return _("Invoice %(number)s") % {"number": facts.number}


def paging() -> str:
    return _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"}


def foot(seller: Seller) -> tuple[tuple[str, ...], ...]:
    tax = (_("Tax number: %(number)s") % {"number": seller.tax_number},)
    own = (seller.name, *seller.address)
    return own, seller.imprint, tax if seller.tax_number else ()


def _info(facts: InvoiceFacts) -> tuple[tuple[str, str], ...]:
    entries = [
        (_("Invoice number"), facts.number),
        (_("Invoice date"), wording.day(facts.day, facts.language)),
        (_("Order number"), facts.order_number),
        (_("Order date"), wording.day(facts.order_day, facts.language)),
    ]
    if facts.delivery_day:
        entries.append((_("Delivery date"), wording.day(facts.delivery_day, facts.language)))
    if facts.payment:
        entries.append((_("Payment"), facts.payment))
    if facts.delivery:
        entries.append((_("Delivered to"), "\n".join(facts.delivery)))
    return tuple(entries)


def _is_taxed(facts: InvoiceFacts) -> bool:
    return any(share.rate or share.tax for share in facts.taxes)


def _columns(facts: InvoiceFacts) -> tuple[Column, ...]:
    columns = [
        Column(_("Item"), share=1),
        Column(pgettext("number of pieces", "Quantity")),
        Column(_("Unit price")),
    ]
    if _is_taxed(facts):
        columns.append(Column(_("Tax rate")))
    return (*columns, Column(_("Amount")))


def _row(facts: InvoiceFacts, line: InvoiceLine) -> tuple[Cell, ...]:
    cells = [
        Cell(line.title, small=tuple(filter(None, (line.options, line.sku_code)))),
        Cell(wording.number(line.quantity, facts.language)),
        Cell(wording.amount(line.unit_price, facts.currency, facts.language)),
    ]
    if _is_taxed(facts):
        cells.append(Cell(wording.rate(line.tax_rate, facts.language)))
    return (*cells, Cell(wording.amount(line.amount, facts.currency, facts.language)))


def _sums(facts: InvoiceFacts) -> tuple[Sum, ...]:
    """Where prices include tax it is explained below the total, else it is added above it."""
    money = _money_of(facts)
    entries = [Sum(_("Goods"), money(facts.goods))]
    if facts.discount:
        label = _("Discount")
        if facts.discount_name:
            label = _("Discount (%(name)s)") % {"name": facts.discount_name}
        entries.append(Sum(label, money(-facts.discount)))
    if facts.shipping or facts.shipping_name:
        label = _("Shipping")
        if facts.shipping_name:
            label = _("Shipping (%(name)s)") % {"name": facts.shipping_name}
        entries.append(Sum(label, money(facts.shipping)))
    total = Sum(_("Total"), money(facts.grand_total), level=2)
    if not _is_taxed(facts):
        return (*entries, total)
    if facts.includes_tax:
        return (*entries, total, *_taxes(facts, level=0))
    return (*entries, *_taxes(facts, level=1), total)


def _taxes(facts: InvoiceFacts, level: int) -> tuple[Sum, ...]:
    money = _money_of(facts)
    net = Sum(_("Net amount"), money(facts.net), level=level)
    wanted = _("Includes %(rate)s tax on %(net)s") if level == 0 else _("%(rate)s tax on %(net)s")
    return (
        *([net] if len(facts.taxes) > 1 else []),
        *(
            Sum(
                wanted
                % {"rate": wording.rate(share.rate, facts.language), "net": money(share.net)},
                money(share.tax),
                level=level,
            )
            for share in facts.taxes
        ),
    )


def _money_of(facts: InvoiceFacts) -> Callable[[Decimal], str]:
    return lambda amount: wording.amount(amount, facts.currency, facts.language)


def _notes(facts: InvoiceFacts) -> tuple[Note, ...]:
    money = _money_of(facts)
    notes = []
    if facts.paid:
        day = wording.day(facts.paid, facts.language)
        notes.append(Note(text=_("Paid on %(day)s. Thank you.") % {"day": day}))
    elif facts.bank_transfer:
        notes.append(_bank_note(facts, facts.bank_transfer))
    notes += [
        Note(
            text=_("Refunded on %(day)s: %(amount)s")
            % {"day": wording.day(refund.day, facts.language), "amount": money(refund.amount)}
        )
        for refund in facts.refunds
    ]
    if facts.note:
        notes.append(Note(text=facts.note))
    return tuple(notes)


def _bank_note(facts: InvoiceFacts, transfer: BankTransfer) -> Note:
    amount = wording.amount(facts.grand_total, facts.currency, facts.language)
    pairs = [
        (_("Amount"), amount),
        (pgettext("of a bank transfer", "Reference"), transfer.reference),
    ]
    if transfer.account:
        pairs.append((pgettext("at a bank", "Account"), "\n".join(transfer.account)))
    return Note(_("Please pay"), pairs=tuple(pairs), is_framed=True)
