"""The form for a new price of one SKU, or of all SKUs of a product."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from catalog import price_history
from catalog.models import Price, Product, Sku
from catalog.money import format_money
from catalog.timeline import Entry, amounts, times_of

from .fields import money_field
from .price_columns import moment_text, name_time_zone

# Between opening the form and sending it: a start so little in the past is "now".
GRACE = timedelta(minutes=5)
# More SKUs than this named in one error help nobody.
MOST_NAMED = 5


class NewPriceForm(forms.Form):
    """A price from a moment on; ``skus`` are those of the product."""

    sku = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Price.Kind.choices, widget=forms.RadioSelect
    )
    starts_at = forms.DateTimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=AdminDateTimeInput(),
        help_text=gettext_lazy("Leave empty: from now on."),
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=AdminDateTimeInput(),
        help_text=gettext_lazy(
            "Leave empty: until further notice. Otherwise the price before counts again then."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=Price._meta.get_field("reason").max_length,
        help_text=gettext_lazy("For the ledger. Shoppers never see it."),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            name_time_zone(self.fields[name])
        self.skus = {str(sku.pk): sku for sku in product.skus.order_by("position", "pk")}
        named = [
            (key, f"{sku.code} – {sku.label}" if sku.label else sku.code)
            for key, sku in self.skus.items()
        ]
        every = [("", _("all variants of this product"))] if len(named) > 1 else []
        self.fields["sku"].choices = [*every, *named]
        self.fields["kind"].initial = Price.Kind.SALE
        amount = money_field(
            _("Price (%(currency)s)") % {"currency": settings.SHOP_CURRENCY},
            _("A price cannot be below zero."),
        )
        amount.required = True
        self.fields["amount"] = amount
        self.order_fields(["sku", "kind", "amount", "starts_at", "ends_at", "reason"])

    @property
    def chosen(self) -> list[Sku]:
        """The SKUs that it is for."""
        asked = self.cleaned_data.get("sku")
        return [self.skus[asked]] if asked else list(self.skus.values())

    def clean_starts_at(self) -> Any:
        start, now = self.cleaned_data["starts_at"], timezone.now()
        if start is not None and start < now - GRACE:
            raise forms.ValidationError(
                _("This is past. The ledger only takes prices from now on: leave it empty.")
            )
        return max(start, now) if start else now

    def clean(self) -> None:
        start, end = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if start and end and end <= start:
            self.add_error("ends_at", _("Must be after “From”."))
        amount = self.cleaned_data.get("amount")
        if (
            start
            and amount is not None
            and self.cleaned_data.get("kind") == Price.Kind.SALE
            and "sku" not in self.errors
        ):
            self._check_sale(amount, start)

    def _check_sale(self, amount: Any, start: Any) -> None:
        regular = self._regular_prices(start)
        unpriced = [sku.code for sku in self.chosen if regular.get(sku.pk) is None]
        if unpriced:
            message = _("A sale needs a regular price. At its start there is none for: %(codes)s")
            self.add_error("amount", message % {"codes": _named(unpriced)})
        above = [
            f"{sku.code} ({format_money(regular[sku.pk], settings.SHOP_CURRENCY)})"
            for sku in self.chosen
            if regular.get(sku.pk) is not None and amount >= regular[sku.pk]
        ]
        if above:
            message = _("Must be below the regular price at its start: %(codes)s")
            self.add_error("amount", message % {"codes": _named(above)})

    def _regular_prices(self, moment: Any) -> dict[int, Any]:
        ledgers = price_history.entries_of([sku.pk for sku in self.chosen], begun_by=moment)
        found = {}
        for sku, entries in ledgers.items():
            changes = amounts(entry for entry in entries if entry.kind == Price.Kind.REGULAR)
            found[sku] = next((amount for at, amount in reversed(changes) if at <= moment), None)
        return found


def interruptions(written: list[Price]) -> list[str]:
    """For entries just written: which others count within their time, and why."""
    ledgers = price_history.entries_of([price.sku_id for price in written])
    sentences: dict[str, None] = {}
    for price in written:
        same_kind = [entry for entry in ledgers[price.sku_id] if entry.kind == price.kind]
        times = times_of(same_kind)
        for entry in same_kind:
            if entry.key != price.pk and _covers(entry, price, times):
                sentences[_interruption(entry)] = None
    return list(sentences)


def _covers(entry: Entry, price: Price, times: dict[int, list[Any]]) -> bool:
    return any(
        start >= price.valid_from and (price.valid_until is None or start < price.valid_until)
        for start, _end in times.get(entry.key, ())
    )


def _interruption(entry: Entry) -> str:
    values = {
        "moment": moment_text(entry.start),
        "amount": _("no sale")
        if entry.amount is None
        else format_money(entry.amount, settings.SHOP_CURRENCY),
    }
    return _("From %(moment)s on “%(amount)s” wins, because it begins later.") % values


def _named(things: list[str]) -> str:
    shown = ", ".join(things[:MOST_NAMED])
    return f"{shown} …" if len(things) > MOST_NAMED else shown
