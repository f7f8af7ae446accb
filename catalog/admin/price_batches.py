"""Price batches in the admin: where their views are, and what their menus offer."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.action_menu import PublishMenuItem
from wagtail.snippets.views.snippets import SnippetViewSet

from catalog.models import PriceBatch

from . import price_batch_views as views
from .price_batch_form import price_batch_panels
from .price_batch_index import IndexView, PriceBatchChooserViewSet
from .price_differences import DifferenceView


class ApproveMenuItem(PublishMenuItem):
    label = _("Approve")
    icon_name = "success"
    template_name = "catalog/admin/price_batch_approve.html"


class PriceBatchViewSet(SnippetViewSet):
    model = PriceBatch
    icon = "clipboard-list"
    add_to_admin_menu = True
    menu_label = _("Price batches")
    menu_name = "price-batches"
    menu_order = 160
    base_url_path = "price-batches"
    list_per_page = 30
    index_view_class = IndexView
    chooser_viewset_class = PriceBatchChooserViewSet
    add_view_class = views.CreateView
    copy_view_class = views.CopyView
    edit_view_class = views.EditView
    unpublish_view_class = views.UnpublishView
    workflow_action_view_class = views.WorkflowActionView
    edit_handler = price_batch_panels()

    def get_urlpatterns(self) -> list[URLPattern]:
        prices, results = (
            DifferenceView.as_view(results_only=results_only) for results_only in (False, True)
        )
        return [
            *super().get_urlpatterns(),
            path("prices/<int:pk>/", prices, name="prices"),
            path("prices/<int:pk>/results/", results, name="prices_results"),
            path("end/<int:pk>/", views.EndView.as_view(), name="end"),
        ]


def arrange_actions(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Publishing a price batch is approving it, and what was approved is never taken back."""
    if context["model"] is not PriceBatch:
        return
    left_out = {"action-unpublish"}
    if any(item.name == "approve" for item in items):
        # Whoever approves does so within the workflow, not beside it.
        left_out.add("action-publish")
    items[:] = [item for item in items if item.name not in left_out]
    for place, item in enumerate(items):
        if item.name == "action-publish":
            items[place] = ApproveMenuItem(item.order)
        elif item.name == "approve" and item.launch_modal:
            item.label = _("Approve with comment")
        elif item.name == "approve":
            item.label = _("Approve")
