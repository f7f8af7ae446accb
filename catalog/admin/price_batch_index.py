"""The list of price batches, and how a launch chooses among those that can be approved."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn, StatusTagColumn
from wagtail.admin.views.generic import chooser
from wagtail.snippets.views import snippets as generic
from wagtail.snippets.views.chooser import BaseSnippetChooseView, SnippetChooserViewSet

from catalog.models import PriceBatch
from catalog.price_batches.states import State, with_state

from .price_batch_views import end_url, may_end, prices_url
from .price_columns import MomentColumn


class PriceBatchFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, field_name="state"
    )

    class Meta:
        model = PriceBatch
        fields = ["state"]


class IndexView(generic.IndexView):
    default_ordering = "-pk"
    search_fields = ["name"]
    filterset_class = PriceBatchFilterSet

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        return [
            "name",
            state_column(),
            Column("kind", label=_("Kind"), accessor=_kind),
            MomentColumn("from", label=_("From"), accessor="begins"),
            MomentColumn("until", label=_("Until"), accessor="is_over"),
            NumberColumn("prices", label=_("Prices"), accessor="prices_planned"),
            Column("author", label=_("Edited by")),
            Column("approved_by", label=_("Approved by"), accessor=_approver),
        ]

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> BaseColumn:
        # A batch is a draft until it is approved, and stays as it is from then on: its row
        # is always the latest there is, so no revision need be read for its name.
        kwargs["accessor"] = lambda batch: batch.name
        return super()._get_title_column(field_name, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[PriceBatch]:
        batches = with_state(super().get_base_queryset())
        batches = batches.annotate(author=F("latest_revision__user__username"))
        return batches.select_related("run__approved_by").defer("lines", "price_list", "products")

    def get_list_more_buttons(self, instance: PriceBatch) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        prices = MenuItem(_("Prices"), url=prices_url(instance), icon_name="view", priority=15)
        buttons.append(prices)
        run = getattr(instance, "run", None)
        if may_end(self.request.user, run):
            early = MenuItem(_("End early"), url=end_url(instance), icon_name="cross", priority=40)
            buttons.append(early)
        if run is not None:
            buttons = [button for button in buttons if button.icon_name != "bin"]
        return buttons


def _kind(batch: PriceBatch) -> str:
    return capfirst(batch.get_kind_display())


def _approver(batch: PriceBatch) -> str:
    run = getattr(batch, "run", None)
    return run.approved_by.get_username() if run and run.approved_by else ""


def state_column() -> BaseColumn:
    return StatusTagColumn(
        "state",
        label=_("State"),
        accessor=lambda batch: capfirst(State(batch.state).label),
        primary=lambda batch: batch.state in (State.RUNNING, State.IN_APPROVAL),
    )


class NameFilterForm(BaseFilterForm):
    q = forms.CharField(
        label=gettext_lazy("Search term"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name")}),
        required=False,
    )

    def filter(self, objects: QuerySet[PriceBatch]) -> QuerySet[PriceBatch]:
        objects = super().filter(objects)
        if words := self.cleaned_data.get("q", "").strip():
            objects = objects.filter(name__icontains=words)
            self.is_searching, self.search_query = True, words
        return objects


class _Choose(BaseSnippetChooseView):
    """Those that were approved are written already, and no launch can have them."""

    filter_form_class = NameFilterForm
    ordering = ["-pk"]

    def get_object_list(self) -> QuerySet[PriceBatch]:
        batches = with_state(PriceBatch.objects.filter(run__isnull=True))
        return batches.defer("lines", "price_list", "products")

    @property
    def columns(self) -> list[Column]:
        prices = NumberColumn("prices", label=_("Prices"), accessor="prices_planned")
        # Without Wagtail's own, which only knows drafts and what is live.
        return [*super().columns[:-1], state_column(), prices]


class ChooseView(chooser.ChooseViewMixin, chooser.CreationFormMixin, _Choose):
    pass


class ChooseResultsView(chooser.ChooseResultsViewMixin, chooser.CreationFormMixin, _Choose):
    pass


class PriceBatchChooserViewSet(SnippetChooserViewSet):
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
