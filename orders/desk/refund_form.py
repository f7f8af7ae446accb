"""The form that says what goes back: pieces of lines, shipping, or an amount of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.money import format_money
from orders.models import Order, OrderItem

from .forms import LinesForm, amount_field, pieces_field, words_field
from .giving_back import Left, Reckoned, reckon, what_is_left


class RefundForm(LinesForm):
    of_line = ("pieces", "restock")
    reason = words_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The shopper may read it in the mail.")
    )
    field_order = ["shipping", "amount", "reason"]

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        self.left: Left = what_is_left(order)
        self.by_item = {line.item.pk: line for line in self.left.lines}
        super().__init__(*args, order=order, **kwargs)
        if self.left.shipping:
            self.fields["shipping"] = amount_field(
                order,
                _("For shipping, in %(currency)s") % {"currency": order.currency},
                required=False,
                min_value=0,
                help_text=_("At most %(most)s.") % {"most": self._money(self.left.shipping)},
            )
        self.fields["amount"] = amount_field(
            order,
            _("Another amount, in %(currency)s") % {"currency": order.currency},
            required=False,
            min_value=0,
            help_text=_(
                "Leave it empty to give back what the pieces and shipping above come to. "
                "At most %(most)s is left."
            )
            % {"most": self._money(self.left.money)},
        )
        # Fields of lines come first, as they were made; these follow.
        rest = {name: self.fields.pop(name) for name in self.field_order if name in self.fields}
        self.fields.update(rest)

    def add_fields(self, item: OrderItem) -> None:
        if most := self.by_item[item.pk].pieces:
            label = _("Pieces to give back: %(code)s") % {"code": item.sku_code}
            self.fields[f"pieces_{item.pk}"] = pieces_field(label, most, initial=0)
        super().add_fields(item)

    def lines(self) -> list[tuple[Any, list[Any]]]:
        return [(self.by_item[item.pk], fields) for item, fields in super().lines()]

    def clean_shipping(self) -> Any:
        shipping = self.cleaned_data["shipping"]
        if shipping and shipping > self.left.shipping:
            most = self._money(self.left.shipping)
            raise forms.ValidationError(_("At most %(most)s.") % {"most": most})
        return shipping

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        self.reckoned: Reckoned = reckon(
            self.order,
            self.left,
            self.per_line("pieces"),
            data.get("shipping") or self.left.shipping * 0,
            data.get("amount"),
        )
        if self.reckoned.amount <= 0:
            raise forms.ValidationError(_("Say what goes back: pieces, shipping or an amount."))
        if self.reckoned.amount > self.left.money:
            sentence = _("That comes to %(amount)s, and only %(most)s is left to give back.")
            values = {"amount": self.reckoned.amount, "most": self.left.money}
            values = {name: self._money(value) for name, value in values.items()}
            field = "amount" if data.get("amount") else None
            self.add_error(field, sentence % values)
        return data

    def _money(self, amount: Any) -> str:
        return format_money(amount, self.order.currency)
