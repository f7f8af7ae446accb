"""The list of reviews, those that wait first."""

from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
)
from wagtail.admin.views.generic import IndexView

from catalog.admin.shop_report import pages_of
from orders.desk.rights import NeedsMixin
from social.models import Review
from social.models.reviews import MOST_STARS

from .filters import ReviewFilterSet, search
from .rights import VIEW, policy

REVIEWS_PER_PAGE = 30
WAITING_FIRST = Case(When(state=Review.State.WAITING, then=Value(0)), default=Value(1))


def drawn(stars: int) -> str:
    return "★" * stars + "☆" * (MOST_STARS - stars)


def with_products(found: list[Review]) -> list[Review]:
    """The reviews, each with the page of its product (None without) and its stars drawn."""
    pages = pages_of({review.product_id for review in found})
    for review in found:
        review.product_page = pages.get(review.product_id)
        review.drawn = drawn(review.stars)
    return found


class ReviewColumn(Column):
    cell_template_name = "social/admin/review_cell.html"


class ReviewIndexView(NeedsMixin, IndexView):
    needed = (VIEW,)
    model = Review
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_reviews:index"
    index_results_url_name = "shop_reviews:results"
    template_name = "social/admin/review_index.html"
    results_template_name = "social/admin/review_index_results.html"
    header_icon = "comment"
    paginate_by = REVIEWS_PER_PAGE
    filterset_class = ReviewFilterSet
    verbose_name_plural = _("reviews")
    # Says that there is a search; search_queryset does it.
    search_fields = ["text"]

    list_display = [
        ReviewColumn("text", label=_("Review")),
        Column("stars", label=_("Stars"), accessor="drawn", sort_key="stars", width="7rem"),
        Column(
            "product",
            label=_("Product"),
            accessor=lambda review: review.product_page.title if review.product_page else "–",
        ),
        Column("user", label=_("Member"), accessor="user.username", sort_key="user__username"),
        StatusTagColumn(
            "bought",
            label=_("Bought here"),
            accessor=lambda review: _("Yes") if review.is_bought_here else "",
            primary=True,
        ),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            sort_key="state",
            primary=lambda review: review.state == Review.State.APPROVED,
        ),
        DateColumn("created", label=_("Written"), sort_key="created", width="9rem"),
    ]

    @cached_property
    def columns(self) -> list[Any]:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="review"), *super().columns]

    def get_base_queryset(self) -> QuerySet:
        found = super().get_base_queryset().select_related("user")
        return found.prefetch_related("pictures")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.ordering:
            return queryset.order_by(WAITING_FIRST, "-created", "-pk")
        return queryset.order_by(self.ordering, "-pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search(queryset, self.search_query)

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple:
        paginator, page, found, has_others = super().paginate_queryset(queryset, page_size)
        found = page.object_list = with_products(list(found))
        return paginator, page, found, has_others

    def get_list_buttons(self, instance: Review) -> list:
        # Its words lead to the review, and there everything is done with it.
        return []
