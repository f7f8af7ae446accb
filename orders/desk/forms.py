"""The forms of the desk's actions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from catalog.admin.fields import CountField, MoneyField
from catalog.money import format_money, quantize, smallest_unit
from orders import back_orders
from orders.models import Order, OrderItem

MOST_WORDS = 1_000


def words_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_WORDS,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": 3}),
    )


def amount_field(order: Order, label: Any, **options: Any) -> MoneyField:
    """An amount in the currency of an order."""
    places = max(-int(smallest_unit(order.currency).as_tuple().exponent), 0)
    example = format(quantize(order.total, order.currency), "f")
    return MoneyField(
        label=label,
        max_digits=17,
        decimal_places=places,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write a number with a point, such as %(example)s.")
            % {"example": example},
            "max_digits": _("This is too large."),
            "max_whole_digits": _("This is too large."),
            "min_value": _("This is below nought."),
        },
        **options,
    )


def pieces_field(label: Any, most: int, **options: Any) -> CountField:
    """How many of a line, no more than there are."""
    return CountField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 4}),
        error_messages={
            "invalid": _("Write a whole number."),
            "min_value": _("This is below nought."),
            "max_value": _("No more than %(most)s.") % {"most": most},
        },
        **options,
    )


class OrderForm(forms.Form):
    """A form about an order."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order


class ReasonForm(OrderForm):
    reason = words_field(gettext_lazy("Note"), help_text=gettext_lazy("Only the desk reads it."))


class NoteForm(OrderForm):
    note = words_field(gettext_lazy("Note"), required=True)


class PayForm(OrderForm):
    """What came to the bank account; only all of it makes an order paid."""

    received = forms.DateField(label=gettext_lazy("Received on"), widget=AdminDateInput)
    note = words_field(
        gettext_lazy("Note"), help_text=gettext_lazy("Such as the reference of the transfer.")
    )
    field_order = ["amount", "received", "note"]

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.fields["amount"] = amount_field(
            order,
            _("Amount in %(currency)s") % {"currency": order.currency},
            initial=quantize(order.total, order.currency),
        )
        self.fields["received"].initial = timezone.localdate()
        self.order_fields(self.field_order)

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount != self.order.total:
            total = format_money(self.order.total, self.order.currency)
            sentence = _(
                "The order costs %(total)s. Write a note about what came, and mark it as paid "
                "when all of it is there."
            )
            raise forms.ValidationError(sentence % {"total": total})
        return amount

    def clean_received(self) -> Any:
        received = self.cleaned_data["received"]
        if received > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return received


class ShipForm(OrderForm):
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"), max_length=100, required=False
    )
    tracking_url = forms.URLField(
        label=gettext_lazy("Address to follow it"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("The shopper finds it in the mail: https://…"),
    )

    def clean_tracking_url(self) -> str:
        url = self.cleaned_data["tracking_url"]
        if url and not url.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(_("Only addresses that begin with http:// or https://."))
        return url


class LinesForm(OrderForm):
    """A form with fields for each line of the order, named after its key."""

    # Names of its fields for a line.
    of_line: tuple[str, ...] = ()

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.items = list(order.items.order_by("pk"))
        for item in self.items:
            item.order = order
            self.add_fields(item)

    def add_fields(self, item: OrderItem) -> None:
        if "restock" in self.of_line and item.to_restock and not item.is_digital:
            label = _("Back on the shelf: %(code)s") % {"code": item.sku_code}
            self.fields[f"restock_{item.pk}"] = pieces_field(label, item.to_restock, initial=0)

    def per_line(self, name: str) -> dict[int, int]:
        """What was typed for each line, by its key; lines with nought are left out."""
        typed = {item.pk: self.cleaned_data.get(f"{name}_{item.pk}") for item in self.items}
        return {pk: count for pk, count in typed.items() if count}

    def lines(self) -> list[tuple[OrderItem, list[Any]]]:
        """Each line with its fields, for a table."""
        return [
            (
                item,
                [
                    self[f"{name}_{item.pk}"] if f"{name}_{item.pk}" in self.fields else None
                    for name in self.of_line
                ],
            )
            for item in self.items
        ]

    def plain_fields(self) -> list[Any]:
        """The fields that belong to no line."""
        names = {f"{name}_{item.pk}" for item in self.items for name in self.of_line}
        return [field for field in self if field.name not in names]


class ReturnForm(LinesForm):
    of_line = ("restock",)
    reason = words_field(gettext_lazy("Note"), help_text=gettext_lazy("Only the desk reads it."))


class OwedForm(LinesForm):
    """How many of what each line owes go now: as many as are there, unless told otherwise."""

    of_line = ("now",)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        self.there = back_orders.on_hand(order)
        super().__init__(*args, order=order, **kwargs)

    def add_fields(self, item: OrderItem) -> None:
        if item.pk in self.there:
            label = _("Owed pieces that go now: %(code)s") % {"code": item.sku_code}
            initial = self.there[item.pk]
            self.fields[f"now_{item.pk}"] = pieces_field(label, item.back_ordered, initial=initial)


class PackForm(OwedForm):
    reason = words_field(gettext_lazy("Note"), help_text=gettext_lazy("Only the desk reads it."))


class SendRestForm(OwedForm, ShipForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not self.per_line("now"):
            raise forms.ValidationError(_("Say how many pieces go now."))
        return data


class CancelForm(OrderForm):
    restock = forms.BooleanField(
        label=gettext_lazy("Put the goods back on the shelf"), required=False, initial=True
    )
    refund = forms.BooleanField(required=False, initial=True)
    reason = words_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The shopper may read it in the mail.")
    )

    def __init__(self, *args: Any, order: Order, may_refund: bool, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        if may_refund and order.refundable > 0:
            amount = format_money(order.refundable, order.currency)
            self.fields["refund"].label = _("Give back what was paid: %(amount)s") % {
                "amount": amount
            }
        else:
            del self.fields["refund"]
