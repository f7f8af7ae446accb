"""Change where an order goes, as long as it is not packed; old and new stay in its timeline."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import events
from orders.models import InvoiceAddress, Order, OrderEvent

from .actions import OrderActionView
from .address_form import AddressForm

BEFORE_PACKING = frozenset({Order.State.PENDING, Order.State.PAID})


class AddressView(OrderActionView):
    name = "address"
    label = gettext_lazy("Change the address")
    icon = "edit"
    form_class = AddressForm
    template_name = "orders/admin/order_address.html"

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return order.state in BEFORE_PACKING

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "order": self.order}

    def form_valid(self, form: AddressForm) -> HttpResponse:
        self.form = form
        return super().form_valid(form)

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        changes = list(_differences(order, self.form.delivery()))
        changes += _change_invoice(order, self.form.invoice())
        self.has_changed = bool(changes)
        if not changes:
            return
        for name, value in self.form.delivery().items():
            setattr(order, name, value)
        order.save(update_fields=list(self.form.delivery()))
        text = "\n".join(changes)
        events.note(order, OrderEvent.Kind.ADDRESS, text, user=self.request.user)

    def done_message(self, form: forms.Form) -> str:
        return _("The address is changed.") if self.has_changed else _("Nothing was changed.")


def _change_invoice(order: Order, new: Mapping[str, Any] | None) -> list[str]:
    """Write the invoice address, or take it away; return what has changed."""
    old = InvoiceAddress.objects.filter(order=order).first()
    heading = _("Invoice")
    if new is None:
        if old is None:
            return []
        old.delete()
        return [f"{heading}: {old} → {_('the delivery address')}"]
    if old is None:
        made = InvoiceAddress.objects.create(order=order, **new)
        return [f"{heading}: {_('the delivery address')} → {made}"]
    changes = [f"{heading}, {change}" for change in _differences(old, new)]
    for name, value in new.items():
        setattr(old, name, value)
    old.save()
    return changes


def _differences(old: Any, new: Mapping[str, Any]) -> Iterator[str]:
    for name, value in new.items():
        before, after = str(getattr(old, name)), str(value)
        if before != after:
            label = capfirst(old._meta.get_field(name).verbose_name)
            yield f"{label}: {before or '–'} → {after or '–'}"
