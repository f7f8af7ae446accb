"""What a merchant sees first in the admin: today's orders, a month's revenue, what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.models import WorkflowState

from catalog.models import PriceBatch, ProductPage, Sku
from catalog.models.stock import StockState
from orders.mails.kinds import label_of
from orders.models import CAME_TO_NOTHING, Order, Outbox
from social.models import Review
from social.moderation.index import with_products

DAYS = 30
# Rows of a panel; the report behind it has them all.
MOST_ROWS = 5
# The drawing's units; it is scaled to the width there is.
WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Day:
    day: date
    orders: int
    revenue: Decimal


@dataclass(frozen=True)
class Bar:
    """One day in the chart, measured from the top left in the drawing's units."""

    day: Day
    x: float
    y: float
    width: float
    height: float


def revenue_by_day(today: date, days: int = DAYS) -> list[Day]:
    """Orders and their total for each of the last days, today the last one; one query.

    Days are those of the active time zone; orders in a currency that the shop no longer
    has are left out, for amounts of two currencies have no sum. So are orders that came to
    nothing; what was given back is no revenue.
    """
    first = today - timedelta(days=days - 1)
    begin = timezone.make_aware(datetime.combine(first, time.min))
    rows = (
        Order.objects.filter(created__gte=begin, currency=settings.SHOP_CURRENCY)
        .exclude(state__in=CAME_TO_NOTHING)
        .annotate(day=TruncDate("created"))
        .values("day")
        .annotate(orders=Count("pk"), revenue=Sum(F("total") - F("amount_refunded")))
        .order_by("day")
    )
    found = {row["day"]: Day(row["day"], row["orders"], row["revenue"]) for row in rows}
    every = (first + timedelta(days=number) for number in range(days))
    return [found.get(day, Day(day, 0, Decimal(0))) for day in every]


def bars(days: Sequence[Day]) -> list[Bar]:
    """The chart's bars; a day without revenue has a bar without height."""
    highest = max((day.revenue for day in days), default=Decimal(0))
    step = WIDTH / len(days)
    drawn = []
    for number, day in enumerate(days):
        height = float(day.revenue / highest) * HEIGHT if highest else 0.0
        x = round(number * step + step * 0.1, 2)
        drawn.append(Bar(day, x, round(HEIGHT - height, 2), round(step * 0.8, 2), round(height, 2)))
    return drawn


class SalesPanel(Component):
    """Today's orders, and the revenue of 30 days as a chart and as a table."""

    order = 20
    template_name = "home/admin/sales_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        days = revenue_by_day(timezone.localdate())
        revenue = sum((day.revenue for day in days), Decimal(0))
        return {
            "today": days[-1],
            "latest": Order.objects.all()[:MOST_ROWS],
            "days": days,
            "bars": bars(days),
            "revenue": revenue,
            "orders": sum(day.orders for day in days),
            "best": max(days, key=lambda day: day.revenue) if revenue else None,
            "currency": settings.SHOP_CURRENCY,
            "width": WIDTH,
            "height": HEIGHT,
        }


class LowStockPanel(Component):
    """What will soon be sold out, or is: the first few, and how many there are."""

    order = 30
    template_name = "home/admin/low_stock_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        skus = Sku.objects.with_stock_state().filter(
            is_active=True,
            product__pages__live=True,
            product__pages__alias_of__isnull=True,
            stock_state__in=[StockState.LOW, StockState.SOLD_OUT],
        )
        rows = skus.order_by("stock__on_hand", "code").distinct()
        first = list(rows[:MOST_ROWS])
        pages = {
            page.product_id: page
            for page in ProductPage.objects.filter(
                product__in=[sku.product_id for sku in first], alias_of__isnull=True
            ).order_by("-pk")
        }
        return {
            "rows": [(sku, pages.get(sku.product_id)) for sku in first],
            "count": rows.count(),
        }


class WaitingPanel(Component):
    """Drafts of products that are not public yet, and prices that wait for approval."""

    order = 40
    template_name = "home/admin/waiting_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        finder = AdminURLFinder(user)
        drafts = ProductPage.objects.filter(has_unpublished_changes=True)
        batches = PriceBatch.objects.filter(
            workflow_states__status=WorkflowState.STATUS_IN_PROGRESS
        ).distinct()
        sees_prices = user.has_perm("catalog.view_pricebatch")
        sees_products = user.has_perm("catalog.change_productpage")
        return {
            "drafts": drafts.order_by("-latest_revision_created_at")[:MOST_ROWS]
            if sees_products
            else [],
            "draft_count": drafts.count() if sees_products else 0,
            "batches": [(batch, finder.get_edit_url(batch)) for batch in batches[:MOST_ROWS]]
            if sees_prices
            else [],
            "batch_count": batches.count() if sees_prices else 0,
        }


class ReviewsPanel(Component):
    """Reviews that nobody but their authors can read until somebody has looked at them."""

    order = 10
    template_name = "home/admin/reviews_panel.html"

    def __init__(self, count: int) -> None:
        self.count = count

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        waiting = Review.objects.filter(state=Review.State.WAITING).order_by("created", "pk")
        return {"rows": with_products(list(waiting[:MOST_ROWS])), "count": self.count}


class GivenUpPanel(Component):
    """Mails that nobody tries any more: a warning, and the way to send them again."""

    order = 5
    template_name = "home/admin/given_up_panel.html"

    def __init__(self, count: int) -> None:
        self.count = count

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        rows = Outbox.objects.given_up().select_related("order").order_by("-pk")[:MOST_ROWS]
        return {"rows": [(row, label_of(row.kind)) for row in rows], "count": self.count}


def panels_for(user: Any) -> list[Component]:
    """The panels of those whose work they are about."""
    panels: list[Component] = []
    if user.has_perm("orders.view_outbox") and (count := Outbox.objects.given_up().count()):
        panels.append(GivenUpPanel(count))
    if user.has_perm("social.change_review"):
        waiting = Review.objects.filter(state=Review.State.WAITING).count()
        panels += [ReviewsPanel(waiting)] if waiting else []
    if user.has_perm("orders.view_order"):
        panels.append(SalesPanel())
    if user.has_perm("catalog.change_stock"):
        panels.append(LowStockPanel())
    if user.has_perm("catalog.change_productpage") or user.has_perm("catalog.view_pricebatch"):
        panels.append(WaitingPanel())
    return panels
