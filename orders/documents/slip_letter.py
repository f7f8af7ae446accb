"""What a packing slip says, in the language of whoever opens the parcel. Pure."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.documents import wording
from orders.documents.facts import PackingSlip, SlipLine
from orders.documents.invoice_letter import foot, paging
from orders.documents.letter import Cell, Column, Letter, Note


def slip_letter(slip: PackingSlip) -> Letter:
    is_partial = any(line.back_ordered for line in slip.lines)
    with translation.override(slip.language):
        return Letter(
            title=_("Packing slip %(number)s") % {"number": slip.order_number},
            day=slip.day,
            paging=paging(),
            seller=slip.seller.name,
            sender=" · ".join((slip.seller.name, *slip.seller.address)),
            address=slip.recipient,
            info=_info(slip),
            columns=_columns(is_partial),
            rows=tuple(_row(slip, line, is_partial) for line in slip.lines),
            notes=_notes(slip, is_partial),
            foot=foot(slip.seller),
        )


def _info(slip: PackingSlip) -> tuple[tuple[str, str], ...]:
    entries = [
        (_("Order number"), slip.order_number),
        (_("Order date"), wording.day(slip.order_day, slip.language)),
        (pgettext("of a packing slip", "Date"), wording.day(slip.day, slip.language)),
    ]
    if slip.shipping_name:
        entries.append((_("Shipping"), slip.shipping_name))
    if slip.weight:
        weight = wording.number(slip.weight, slip.language)
        entries.append((_("Weight"), _("%(weight)s kg") % {"weight": weight}))
    return tuple(entries)


def _columns(is_partial: bool) -> tuple[Column, ...]:
    columns = [
        Column(""),
        Column(_("Item"), share=3),
        Column(_("SKU code"), share=1.3),
        Column(pgettext("number of pieces", "Quantity"), is_strong=True),
    ]
    return (*columns, Column(_("To follow"))) if is_partial else tuple(columns)


def _row(slip: PackingSlip, line: SlipLine, is_partial: bool) -> tuple[Cell, ...]:
    here = line.quantity - line.back_ordered
    cells = [
        # Nothing is there to be ticked when all of it follows.
        Cell("", is_box=here > 0),
        Cell(line.title, small=(line.options,) if line.options else ()),
        Cell(line.sku_code),
        Cell(wording.number(here, slip.language)),
    ]
    if is_partial:
        owed = wording.number(line.back_ordered, slip.language) if line.back_ordered else "–"
        cells.append(Cell(owed))
    return tuple(cells)


def _notes(slip: PackingSlip, is_partial: bool) -> tuple[Note, ...]:
    notes = []
    if is_partial:
        notes.append(Note(text=_("What is to follow will be sent as soon as it is there.")))
    if slip.note:
        notes.append(Note(_("Note"), slip.note))
    return tuple(notes)
