"""Wagtail's page editor with a panel of live facts beside it; ``site/urls.py`` puts it in place."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView

from catalog import listing
from catalog.affected import promoted_on
from catalog.models import ProductPage, Sku
from catalog.models.prices import PricePoint
from catalog.signals import (
    OPEN_CARTS,
    REVIEWS,
    SOLD_IN_7_DAYS,
    SOLD_IN_30_DAYS,
    product_figures,
)

# Those are shown that somebody counts.
FIGURES = [
    (SOLD_IN_7_DAYS, _("Sold in 7 days")),
    (SOLD_IN_30_DAYS, _("Sold in 30 days")),
    (OPEN_CARTS, _("Open carts with it")),
    (REVIEWS, _("Reviews")),
]


def lowest(skus: list[Sku]) -> PricePoint | None:
    """The price that listings show of these SKUs, read with prices and stock."""
    points = [sku.price for sku in listing.for_sale(skus)]
    return min(points, key=lambda point: point.amount, default=None)


class FactsSidePanel(BaseSidePanel):
    """Stock, sales, carts and prices of a product as they are now, whatever the draft says."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle live figures")
        icon_name = "tag"

    name = "shop-facts"
    title = _("Live figures")
    template_name = "catalog/admin/facts_side_panel.html"
    order = 150

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return super().get_context_data(parent_context) | live_figures(self.object)


def live_figures(page: ProductPage) -> dict[str, Any]:
    """What the panel shows of the product that a page, or a draft of it, tells of."""
    product = page.product
    skus = list(Sku.objects.filter(product=product).on_show())
    figures = [
        (label, product_figures.of(name, [product.pk]).get(product.pk, 0))
        for name, label in FIGURES
        if product_figures.is_known(name)
    ]
    context = {
        "page": page,
        "product": product,
        "skus": skus,
        "on_hand": sum(sku.stock.on_hand for sku in skus),
        "price": lowest(skus),
        "figures": figures,
        "promoted_on": promoted_on([page]),
    }
    if product.price_changes_at:
        later = Sku.objects.filter(product=product).with_prices(product.price_changes_at)
        later = later.filter(is_active=True, regular_price__isnull=False)
        context["next_price"] = lowest(list(later.select_related("stock").exclude(stock=None)))
    return context


@require_GET
def facts_panel(request: HttpRequest, page_id: int) -> HttpResponse:
    """The panel as it is now, for an editor that has been open for a while."""
    page = get_object_or_404(ProductPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, FactsSidePanel.template_name, live_figures(page))


class ShopEditView(EditView):
    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        # What an autosave sends is put into the editor that is open; that of a page which it
        # only just made has no place for this.
        is_sent_later = self.hydrate_create_view or self.expects_json_response
        if isinstance(self.page, ProductPage) and not is_sent_later:
            panels.append(FactsSidePanel(self.page, self.request))
        return panels


def edit_url() -> URLPattern:
    """The address of Wagtail's own editor, to stand before Wagtail's addresses."""
    view = method_decorator([never_cache, require_admin_access], name="dispatch")(ShopEditView)
    return path("pages/<int:page_id>/edit/", view.as_view())
