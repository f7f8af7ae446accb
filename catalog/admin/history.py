"""What became of a product's facts: every movement of its stock, every change by hand."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import PageLogEntry

from catalog.models import ProductPage, Stock, StockMovement

from .grid import LOG_ACTION
from .rights import rights
from .variants import FORM

LABELS = {
    "code": gettext_lazy("SKU code"),
    "option1": gettext_lazy("first option"),
    "option2": gettext_lazy("second option"),
    "option3": gettext_lazy("third option"),
    "price": gettext_lazy("Price"),
    "compare_at": gettext_lazy("Earlier price"),
    "cost": gettext_lazy("Cost"),
    "on_hand": gettext_lazy("On hand"),
    "low_at": gettext_lazy("Low at"),
    "when_sold_out": gettext_lazy("When sold out"),
    "back_order_text": gettext_lazy("Text on back order"),
    "weight": gettext_lazy("Weight (g)"),
    "barcode": gettext_lazy("Barcode"),
    "tax_class": gettext_lazy("Tax class"),
    "picture": gettext_lazy("Picture"),
    "is_active": gettext_lazy("On sale"),
    "is_digital": gettext_lazy("Digital"),
    "new": gettext_lazy("new variant"),
}
# Their values would say nothing, or not to everybody.
UNSAID = {"picture", "cost"}


def told(data: Mapping[str, Any]) -> list[str]:
    """A line for each variant that an entry of the log is about: "TEE-S: Price 10.00 → 12.00"."""
    return [_line(code, fields) for code, fields in sorted(data.get("changes", {}).items())]


def _line(code: str, fields: Any) -> str:
    # The first entries of a shop named the fields only.
    values = fields if isinstance(fields, dict) else {name: [] for name in fields}
    is_new = values.get("code", [])[:1] == [""]
    # A database may keep the keys of an object in an order of its own.
    ordered = sorted(values, key=[*LABELS, *values].index)
    said = "; ".join(_said(name, values[name], is_new) for name in ordered)
    return ": ".join(filter(None, [code, said]))


def _said(name: str, change: list[str], is_new: bool) -> str:
    label = str(LABELS.get(name, name))
    if name in UNSAID or len(change) != 2:
        return label
    before, after = (_words(name, value) for value in change)
    return f"{label} {after}" if is_new or name == "new" else f"{label} {before} → {after}"


def _words(name: str, value: str) -> str:
    if value in ("True", "False"):
        return _("Yes") if value == "True" else _("No")
    if name == "when_sold_out" and value in Stock.WhenSoldOut:
        return str(Stock.WhenSoldOut(value).label)
    return value or "–"


class FactsHistoryView(BaseListingView):
    """A paginated list about one product, for those who may change some of its facts."""

    paginate_by = 50
    header_icon = "history"
    name = ""

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponse:
        self.page = get_object_or_404(ProductPage, pk=page_id)
        if not rights(request.user, self.page).some:
            raise PermissionDenied
        return super().dispatch(request, page_id)

    @cached_property
    def index_url(self) -> str:
        return reverse(self.name, args=[self.page.pk])

    @cached_property
    def index_results_url(self) -> str:
        return reverse(f"{self.name}_results", args=[self.page.pk])

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = get_breadcrumbs_items_for_page(self.page, self.request.user, include_self=False)
        variants = reverse("catalog_variants", args=[self.page.pk])
        return [
            *items,
            {"url": variants, "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        ways = {
            "catalog_variants": (_("Variants, prices & stock"), "tag"),
            "catalog_movements": (_("Stock movements"), "history"),
            "catalog_changes": (_("History of changes"), "history"),
        }
        return [
            HeaderButton(label, url=reverse(name, args=[self.page.pk]), icon_name=icon)
            for name, (label, icon) in ways.items()
            if name != self.name
        ]


class LinkColumn(Column):
    """Plain text, with a link where the row has an address for it."""

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def get_value(self, instance: Any) -> SafeString | str:
        text, address = super().get_value(instance), getattr(instance, self.address)
        return format_html('<a href="{}">{}</a>', address, text) if address and text else text


class MovementFilterSet(WagtailFilterSet):
    reason = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Reason"),
        choices=StockMovement.Reason.choices,
        widget=CheckboxSelectMultiple,
    )
    code = django_filters.CharFilter(
        label=gettext_lazy("SKU code"), field_name="sku__code", lookup_expr="icontains"
    )
    created = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("When"), widget=DateRangePickerWidget
    )

    class Meta:
        model = StockMovement
        fields = ["reason", "code", "created"]


class MovementsView(FactsHistoryView):
    """The ledger of a product's stock, the latest movement first."""

    name = "catalog_movements"
    page_title = gettext_lazy("Stock movements")
    model = StockMovement
    filterset_class = MovementFilterSet
    default_ordering = "-created"
    columns = [
        DateColumn("created", label=gettext_lazy("When"), sort_key="created"),
        Column("sku", label=gettext_lazy("SKU code"), accessor="sku.code"),
        Column("signed", label=gettext_lazy("Quantity")),
        Column("reason", label=gettext_lazy("Reason"), accessor="get_reason_display"),
        LinkColumn("shown_reference", label=gettext_lazy("Reference"), address="cause_url"),
        LinkColumn("by", label=gettext_lazy("By"), address="user_url"),
        Column("note", label=gettext_lazy("Note")),
    ]

    def get_base_queryset(self) -> QuerySet:
        moved = StockMovement.objects.filter(sku__product=self.page.product_id)
        return moved.select_related("sku", "user")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        # Movements of one moment stay in the order in which they were written.
        if self.ordering == "created":
            return queryset.order_by("created", "pk")
        return queryset.order_by("-created", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        self.decorate(context["object_list"])
        return context

    def decorate(self, movements: Any) -> None:
        """Write beside each movement who and what caused it, with the way there if it is open."""
        found = {row.reference for row in movements if not row.reference.startswith(FORM)} - {""}
        causes: dict[str, str] = {}
        for urls in hooks.get_hooks("catalog_reference_urls"):
            causes |= urls(found, self.request.user)
        finder = AdminURLFinder(self.request.user)
        users = {row.user for row in movements if row.user}
        addresses = {user.pk: finder.get_edit_url(user) for user in users}
        for row in movements:
            row.signed = f"{row.quantity:+d}"
            row.shown_reference = row.reference if row.reference in found else ""
            row.cause_url = causes.get(row.reference)
            row.by = str(row.user or "")
            row.user_url = addresses.get(row.user_id)


class ChangesColumn(Column):
    def get_value(self, instance: PageLogEntry) -> SafeString:
        lines = ((line,) for line in told(instance.data))
        return format_html_join("", "<div>{}</div>", lines)


class ChangesView(FactsHistoryView):
    """What was changed by hand in the grids and forms, the latest first."""

    name = "catalog_changes"
    page_title = gettext_lazy("History of changes")
    verbose_name = gettext_lazy("change")
    verbose_name_plural = gettext_lazy("changes")
    model = PageLogEntry
    default_ordering = "-timestamp"
    columns = [
        DateColumn("timestamp", label=gettext_lazy("When"), sort_key="timestamp"),
        Column("by", label=gettext_lazy("By"), accessor="user_display_name"),
        ChangesColumn("changes", label=gettext_lazy("What was changed")),
    ]

    def get_base_queryset(self) -> QuerySet:
        mine = PageLogEntry.objects.filter(page=self.page.pk, action=LOG_ACTION)
        return mine.select_related("user")
