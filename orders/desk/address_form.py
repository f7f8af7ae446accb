"""The form for where an order goes and to whom it is invoiced."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import addresses
from orders.models import Invoice, InvoiceAddress, Order

from .forms import OrderForm

INVOICE = "invoice_"


class AddressForm(OrderForm):
    """Both addresses in one form; the second only where the invoice goes somewhere else."""

    has_invoice = forms.BooleanField(
        label=gettext_lazy("The invoice goes to another address"), required=False
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        # What is written is never changed: its address is not asked for any more.
        self.written = Invoice.objects.filter(order=order).first()
        has_invoice = self.fields.pop("has_invoice")
        self.fields["email"] = Order._meta.get_field("email").formfield(initial=order.email)
        for name in Order.FIELDS:
            initial = getattr(order, name)
            self.fields[name] = Order._meta.get_field(name).formfield(initial=initial)
        # Tax and shipping were worked out for it.
        self.fields["country"].disabled = True
        self.fields["country"].help_text = _(
            "Tax and shipping were worked out for this country: for another one, cancel the "
            "order and place it anew."
        )
        if not self.written:
            self._add_invoice_fields(has_invoice)

    def _add_invoice_fields(self, has_invoice: forms.Field) -> None:
        invoice = InvoiceAddress.objects.filter(order=self.order).first()
        has_invoice.initial = invoice is not None
        self.fields["has_invoice"] = has_invoice
        for name in InvoiceAddress.FIELDS:
            # Which of them are needed is known when it is known whether there is one.
            self.fields[INVOICE + name] = InvoiceAddress._meta.get_field(name).formfield(
                required=False, initial=getattr(invoice or self.order, name)
            )

    def delivery_fields(self) -> list[Any]:
        return [self["email"], *(self[name] for name in Order.FIELDS)]

    def invoice_fields(self) -> list[Any]:
        return [self[INVOICE + name] for name in InvoiceAddress.FIELDS]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check("")
        if self.written and any(name.startswith(INVOICE) for name in self.data):
            sentence = _(
                "Invoice %(number)s has been written meanwhile: its address stays as it is. "
                "Look at the rest and send it again."
            )
            self.add_error(None, sentence % {"number": self.written.number})
        if data.get("has_invoice"):
            for name in InvoiceAddress.FIELDS:
                is_needed = not InvoiceAddress._meta.get_field(name).blank
                if is_needed and not data.get(INVOICE + name) and INVOICE + name not in self.errors:
                    message = self.fields[INVOICE + name].error_messages["required"]
                    self.add_error(INVOICE + name, message)
            self._check(INVOICE)
        return data

    def _check(self, prefix: str) -> None:
        """What the country of the address has to say about it."""
        country = str(self.cleaned_data.get(f"{prefix}country") or "")
        names = ("postal_code", "city", "region")
        if not country or any(prefix + name in self.errors for name in names):
            return
        values = {name: self.cleaned_data.get(prefix + name, "") for name in names}
        for name, problem in addresses.check(country, **values).items():
            self.add_error(prefix + name, problem)
        if f"{prefix}postal_code" not in self.errors:
            code = addresses.clean_postal_code(country, values["postal_code"])
            self.cleaned_data[f"{prefix}postal_code"] = code

    def delivery(self) -> dict[str, Any]:
        """The new values of the order itself."""
        return {name: self.cleaned_data[name] for name in ("email", *Order.FIELDS)}

    def invoice(self) -> dict[str, Any]:
        """The new values of the invoice address; none where it is to have none."""
        if not self.cleaned_data["has_invoice"]:
            return {}
        return {name: self.cleaned_data[INVOICE + name] for name in InvoiceAddress.FIELDS}
