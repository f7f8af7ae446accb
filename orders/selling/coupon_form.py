"""The form of a coupon: what is wrong is said where it is."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, Panel
from wagtail.models import Locale

from catalog.admin.collections import ChooseSeveral
from catalog.admin.price_columns import name_time_zone
from catalog.money import quantize
from orders import coupons
from orders.models import Coupon

HUNDRED = Decimal(100)


def refuse_finer(amount: Decimal | None) -> None:
    """No amount is finer than the shop's currency; ValidationError if one is."""
    if amount is not None and amount != quantize(amount, settings.SHOP_CURRENCY):
        raise ValidationError(
            _("%(currency)s has fewer digits after the point.")
            % {"currency": settings.SHOP_CURRENCY}
        )


class CouponTermsForm(WagtailAdminModelForm):
    """What a coupon takes off, when and for whom: for one coupon or for many at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"valid_from", "valid_until"} & set(self.fields):
            name_time_zone(self.fields[name])
        if field := self.fields.get("value"):
            # Free shipping has none.
            field.required = False
        if field := self.fields.get("categories"):
            field.queryset = field.queryset.select_related("locale").order_by("path")
            field.label_from_instance = _category_label()

    def clean_minimum(self) -> Decimal:
        refuse_finer(self.cleaned_data["minimum"])
        return self.cleaned_data["minimum"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._clean_value()
        start, end = (self.cleaned_data.get(name) for name in ("valid_from", "valid_until"))
        if start is not None and end is not None and end <= start:
            self.add_error("valid_until", _("It must end after it begins."))
        self._clean_categories()
        return self.cleaned_data

    def _clean_value(self) -> None:
        kind, value = self.cleaned_data.get("kind"), self.cleaned_data.get("value")
        if not kind or "value" in self.errors:
            return
        if kind == Coupon.Kind.FREE_SHIPPING:
            self.cleaned_data["value"] = Decimal(0)
        elif not value:
            self.add_error("value", _("Say how much it takes off."))
        elif kind == Coupon.Kind.PERCENT and value > HUNDRED:
            self.add_error("value", _("No more than 100 percent."))
        elif kind == Coupon.Kind.AMOUNT:
            try:
                refuse_finer(value)
            except ValidationError as error:
                self.add_error("value", error)

    def _clean_categories(self) -> None:
        if {"only_some", "categories"} & set(self.errors):
            return
        only_some, chosen = (self.cleaned_data.get(name) for name in ("only_some", "categories"))
        if only_some and not chosen:
            self.add_error("categories", _("Choose at least one category."))
        elif chosen and not only_some:
            self.add_error(
                "only_some", _("Tick this so that it counts only for the categories below.")
            )


class CouponForm(CouponTermsForm):
    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        other = coupons.find(code)
        if other is not None and other.pk != self.instance.pk:
            raise ValidationError(_("Another coupon has this code."))
        return code

    def clean_most_uses(self) -> int | None:
        most = self.cleaned_data["most_uses"]
        if most is not None and most < self.instance.used:
            raise ValidationError(too_few(self.instance.used))
        return most

    def save(self, commit: bool = True) -> Coupon:
        """Write what the form is about and nothing else: orders count ``used`` meanwhile."""
        coupon = super().save(commit=False)
        if commit:
            names = {field.name for field in Coupon._meta.local_concrete_fields}
            coupon.save(update_fields=names & set(self.fields) if coupon.pk else None)
            self._save_m2m()
        return coupon


def too_few(used: int) -> str:
    return _("It has been used %(used)d times already.") % {"used": used}


def _category_label() -> Any:
    """Titles, indented by their depth; with the language where the shop has several."""
    is_one = Locale.objects.count() < 2

    def label(page: Any) -> str:
        title = "– " * (page.depth - 3) + page.title
        return title if is_one else f"{title} ({page.locale.language_code})"

    return label


def terms(*, is_many: bool = False) -> list[Panel]:
    """The panels of what both forms ask; of many coupons each is used once."""
    uses = [] if is_many else [FieldPanel("most_uses")]
    return [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("kind"), FieldPanel("value")])],
            heading=gettext_lazy("What it takes off"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("is_active"),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                HelpPanel(gettext_lazy("Without a time it counts at any.")),
            ],
            heading=gettext_lazy("When"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("minimum"),
                FieldRowPanel([*uses, FieldPanel("most_uses_each")]),
                FieldPanel("first_order_only"),
            ],
            heading=gettext_lazy("For whom"),
        ),
        MultiFieldPanel(
            [FieldPanel("only_some"), FieldPanel("categories", widget=ChooseSeveral)],
            heading=gettext_lazy("For what"),
        ),
    ]
