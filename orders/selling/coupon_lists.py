"""The list of coupons: how each stands, what it takes off, how often it was used."""

from collections.abc import Iterable

import django_filters
from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button

from catalog.admin.price_columns import MomentColumn
from catalog.money import format_money
from orders.models import Coupon

from .coupon_states import State, in_state, state_of

# A choice of more notes helps nobody.
MOST_NOTES = 200


def takes_off(coupon: Coupon) -> str:
    if coupon.kind == Coupon.Kind.PERCENT:
        return f"{coupon.value.normalize():f} %"
    if coupon.kind == Coupon.Kind.AMOUNT:
        return format_money(coupon.value, settings.SHOP_CURRENCY)
    return coupon.get_kind_display()


def uses(coupon: Coupon) -> str:
    most = "∞" if coupon.most_uses is None else coupon.most_uses
    return f"{coupon.used} / {most}"


def shared_notes() -> Iterable[tuple[str, str]]:
    """The notes that several coupons have, such as those that were made at once; latest first."""
    notes = Coupon.objects.exclude(note="").order_by().values("note")
    several = notes.annotate(count=Count("pk"), last=Max("created")).filter(count__gt=1)
    return [(row["note"], row["note"]) for row in several.order_by("-last")[:MOST_NOTES]]


class CouponFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, method="in_state"
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Coupon.Kind.choices)
    note = django_filters.ChoiceFilter(label=gettext_lazy("Note"), choices=shared_notes)

    class Meta:
        model = Coupon
        fields = ["state", "kind", "note"]

    def in_state(self, coupons: QuerySet, name: str, value: str) -> QuerySet:
        return coupons.filter(in_state(value, timezone.now()))


class CouponIndexView(IndexView):
    default_ordering = "-created"
    filterset_class = CouponFilterSet
    generate_url_name = ""

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        now = timezone.now()
        return [
            title(
                "code",
                label=gettext_lazy("Code"),
                sort_key="code",
                get_url=lambda coupon: self.get_edit_url(coupon),
            ),
            StatusTagColumn(
                "state",
                label=gettext_lazy("State"),
                accessor=lambda coupon: state_of(coupon, now).label,
                primary=lambda coupon: state_of(coupon, now) == State.ACTIVE,
            ),
            Column("takes_off", label=gettext_lazy("Takes off"), accessor=takes_off),
            Column("uses", label=gettext_lazy("Used"), accessor=uses, sort_key="used"),
            MomentColumn("valid_from", label=gettext_lazy("From"), sort_key="valid_from"),
            MomentColumn("valid_until", label=gettext_lazy("Until"), sort_key="valid_until"),
            Column("note", label=gettext_lazy("Note"), sort_key="note"),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if self.user_has_permission("add"):
            buttons.append(
                Button(
                    gettext_lazy("Make many at once"),
                    url=reverse(self.generate_url_name),
                    icon_name="copy",
                    priority=5,
                )
            )
        return buttons
