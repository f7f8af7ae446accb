"""Change where an order goes, as long as it is not packed; old and new stay in its timeline."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import events
from orders.models import InvoiceAddress, Order, OrderEvent

from .actions import OrderFormView
from .address_form import AddressForm
from .changes import differences, values_of

BEFORE_PACKING = frozenset({Order.State.PENDING, Order.State.PAID})


class AddressView(OrderFormView):
    name = "address"
    label = gettext_lazy("Change the address")
    icon = "edit"
    form_class = AddressForm
    template_name = "orders/admin/order_address.html"

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return order.state in BEFORE_PACKING

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        new = self.form.delivery()
        changes = list(differences(Order, values_of(order, new), new))
        if not self.form.written:
            changes += _change_invoice(order, self.form.invoice())
        self.has_changed = bool(changes)
        if not changes:
            return
        for name, value in new.items():
            setattr(order, name, value)
        order.save(update_fields=list(new))
        text = "\n".join(changes)
        events.note(order, OrderEvent.Kind.ADDRESS, text, user=self.request.user)

    def done_message(self, form: forms.Form) -> str:
        return _("The address is changed.") if self.has_changed else _("Nothing was changed.")


def _change_invoice(order: Order, new: dict[str, Any]) -> list[str]:
    """Write the invoice address, or take it away; return what has changed."""
    row = InvoiceAddress.objects.filter(order=order).first()
    old = values_of(row, InvoiceAddress.FIELDS) if row else {}
    changes = list(differences(InvoiceAddress, old, new))
    if not changes:
        return []
    if new:
        InvoiceAddress.objects.update_or_create(order=order, defaults=new)
    elif row:
        row.delete()
    heading = _("Invoice")
    return [f"{heading}, {change}" for change in changes]
