"""The difference that a price batch makes, before it is approved and after; it exports."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from catalog.models import Price, PriceBatch, PriceBatchRun
from catalog.price_batches.difference import Difference, Differences, describe, differences
from catalog.price_batches.states import state_of

from .price_batch_views import ANY, batch_breadcrumbs, edit_url, end_url, may_end, prices_url
from .price_columns import PercentColumn, percent_text

COST = "catalog.view_cost"


class DifferenceColumn(BaseColumn):
    """A cell with a template of its own, which finds the line as ``line``."""

    def __init__(self, name: str, template: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"catalog/admin/price_cells/{template}.html"

    def get_cell_context_data(self, instance: Difference, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["line"] = instance
        return context


class DifferenceView(ReportView):
    template_name = "catalog/admin/price_batch_prices.html"
    page_title = gettext_lazy("Prices")
    header_icon = "view"
    is_searchable = True
    export_headings = {
        "code": gettext_lazy("SKU code"),
        "title": gettext_lazy("Product"),
        "label": gettext_lazy("Variant"),
        "old_amount": gettext_lazy("Old price"),
        "new": gettext_lazy("New price"),
        "percent": gettext_lazy("Difference in %"),
        "cost": gettext_lazy("Cost"),
        "margin": gettext_lazy("Margin in %"),
        "lowest": gettext_lazy("Lowest price of the 30 days before"),
        "doubts_text": gettext_lazy("To look at"),
    }

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Until it is approved the row says what the latest draft says, and then what was approved.
        self.batch = get_object_or_404(PriceBatch, pk=kwargs["pk"])
        self.run = PriceBatchRun.objects.filter(batch=self.batch).first()
        self.with_cost = request.user.has_perm(COST)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task = self.batch.current_workflow_task
        if not any(request.user.has_perm(f"catalog.{action}_pricebatch") for action in ANY) and (
            not task or not task.user_can_access_editor(self.batch, request.user)
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def list_export(self) -> list[str]:
        of_costs = {"cost", "margin"}
        return [name for name in self.export_headings if self.with_cost or name not in of_costs]

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = [
            DifferenceColumn("picture", "picture", label=_("Picture"), width="4.5rem"),
            DifferenceColumn("title", "title", label=_("Product"), classname="title"),
            Column("code", label=_("SKU code")),
            DifferenceColumn("old", "old", label=_("Old price"), classname="price-number"),
            DifferenceColumn("new", "new", label=_("New price"), classname="price-number"),
            PercentColumn("percent", label=_("Difference"), classname="price-number"),
        ]
        if self.with_cost:
            margin = PercentColumn("margin", label=_("Margin"), classname="price-number")
            columns.append(margin)
        return [
            *columns,
            DifferenceColumn(
                "lowest",
                "lowest",
                label=_("Lowest in 30 days before"),
                classname="price-number",
            ),
            DifferenceColumn("doubts", "doubts", label=_("To look at")),
        ]

    @cached_property
    def found(self) -> Differences:
        return differences(self.batch, with_cost=self.with_cost, run=self.run)

    @cached_property
    def doubt(self) -> str:
        asked = self.request.GET.get("doubt", "")
        return asked if asked == "any" or asked in self.found.doubts else ""

    def get_queryset(self) -> list[Difference]:
        rows = self.found.with_doubt(self.doubt) if self.doubt else list(self.found.rows)
        if self.is_searching:
            words = self.search_query.casefold()
            rows = [row for row in rows if words in f"{row.code} {row.label}".casefold()]
        return rows

    def decorate_paginated_queryset(self, rows: list[Difference]) -> list[Difference]:
        describe(self.found, rows, pictures=not self.is_export)
        return rows

    @property
    def index_url(self) -> str:
        return prices_url(self.batch)

    @property
    def index_results_url(self) -> str:
        return f"{prices_url(self.batch)}results/"

    def get_page_subtitle(self) -> str:
        return self.batch.name

    def get_filename(self) -> str:
        return f"price-batch-{self.batch.pk}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.batch.name}
        return [*batch_breadcrumbs(self.batch), here]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        label = _("Edit") if self.run is None else _("The batch")
        buttons = [HeaderButton(label, url=edit_url(self.batch), icon_name="edit")]
        if may_end(self.request.user, self.run):
            early = HeaderButton(_("End early"), url=end_url(self.batch), icon_name="cross")
            buttons.append(early)
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            batch=self.batch,
            run=self.run,
            state=state_of(self.batch),
            found=self.found,
            average=percent_text(self.found.average),
            doubt=self.doubt,
            is_sale=self.batch.kind == Price.Kind.SALE,
            with_cost=self.with_cost,
            **kwargs,
        )
