"""Products in the admin: the explorer below a category, and all products in one flat listing.

Both are Wagtail's own listings with columns, filters and a search that know of facts. They
stay usable with 100,000 products in one category: whatever is asked for, the rows of one
page are read and no more (``explorer_paging``).
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.images.models import SourceImageIOError
from wagtail.models import Locale, Page
from wagtail.permissions import page_permission_policy

from catalog import listing
from catalog.models import CategoryPage, Picture, ProductPage
from catalog.models.retired import ArchivePage
from catalog.permissions import PRODUCTS

from . import explorer_export, explorer_facts, explorer_filters, xlsx
from .explorer_columns import COLUMNS
from .explorer_filters import ProductFilterSet
from .explorer_paging import KeyPaginator

PAGES_AT_ONCE = 50
# Wagtail shows all pages at once to be put in order by hand: 400 take five seconds, and
# each move may write the rows of all that follow.
MOST_TO_ORDER = 200
# Ten seconds of work while somebody waits, and some 150 MiB.
MOST_IN_XLSX = 10_000
SORT_FIELDS = {"price": "product__lowest_price", "sold": "product__sold_30_days"}
ANY_RIGHT = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}


class ProductListingMixin:
    """Before one of Wagtail's page listings: facts beside the story, read for one page only."""

    filterset_class = ProductFilterSet
    paginate_by = PAGES_AT_ONCE
    list_export = list(explorer_export.HEADINGS)
    export_headings = explorer_export.HEADINGS
    export_filename = "products"

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        # What the columns need is read once it is known which rows are shown.
        return pages

    def load(self, keys: Sequence[int]) -> list[Page]:
        """The pages with these keys, in this order, with all that the columns show."""
        pages = super().annotate_queryset(Page.objects.filter(pk__in=keys))
        found = {page.pk: page for page in pages}
        shown = [found[key] for key in keys if key in found]
        explorer_facts.attach(shown)
        return shown

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.ordering:
            query = self.search_query
            return explorer_filters.best_first(queryset, query) if query else queryset
        if self.ordering == "ord":
            return queryset.order_by("path")
        key = self.ordering.removeprefix("-")
        if key == "price":
            # A price that changed since its row was written would sort in the wrong place.
            listing.refresh_due()
        column = F(self._sort_field(key))
        if self.ordering.startswith("-"):
            return queryset.order_by(column.desc(nulls_last=True), "-pk")
        # Never edited comes before edited; no price comes after all prices.
        first = key == "latest_revision_created_at"
        nulls = {"nulls_first": True} if first else {"nulls_last": True}
        return queryset.order_by(column.asc(**nulls), "pk")

    def _sort_field(self, key: str) -> str:
        if key not in SORT_FIELDS:
            return key
        prefix = "" if issubclass(self.model, ProductPage) else "productpage__"
        return prefix + SORT_FIELDS[key]

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        return explorer_filters.search(queryset, self.search_query)

    def get_paginate_by(self, queryset: QuerySet) -> int | None:
        if self.is_export:
            return None
        return MOST_TO_ORDER if self.show_ordering_column else self.paginate_by

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple:
        is_searched = bool(self.is_searching or self.request.GET.get("stock"))
        paginator = KeyPaginator(queryset, page_size, load=self.load, is_searched=is_searched)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.is_export:
            return {"object_list": explorer_export.Rows(self.object_list)}
        return super().get_context_data(**kwargs)

    def as_spreadsheet(self, rows: explorer_export.Rows, spreadsheet_format: str) -> HttpResponse:
        # A CSV goes out line by line; an XLSX is made as a whole while somebody waits.
        if spreadsheet_format != self.FORMAT_XLSX or rows.pages.count() <= MOST_IN_XLSX:
            return super().as_spreadsheet(rows, spreadsheet_format)
        sentence = _(
            "An XLSX holds up to %(most)s products, and these are more. "
            "Narrow the listing down, or take the CSV, which has no limit."
        )
        return xlsx.refuse(self.request, self.index_url, sentence, MOST_IN_XLSX)

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return {name: item[name] for name in self.list_export}


class CategoryExplorerView(ProductListingMixin, ExplorableIndexView):
    """The explorer below a category, which holds products and further categories."""

    results_template_name = "catalog/admin/explorer_index_results.html"

    @cached_property
    def is_too_long_to_order(self) -> bool:
        return self.parent_page.numchild > MOST_TO_ORDER

    @property
    def was_refused_to_order(self) -> bool:
        asked = self.request.GET.get("ordering") == self.sort_order_field
        return asked and self.is_too_long_to_order

    def get_valid_orderings(self) -> list[str]:
        orderings = super().get_valid_orderings()
        if self.is_too_long_to_order and self.sort_order_field in orderings:
            orderings.remove(self.sort_order_field)
        return orderings

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        if not self.is_too_long_to_order:
            return buttons
        to_order = f"?ordering={self.sort_order_field}"
        return [button for button in buttons if not (button.url or "").endswith(to_order)]

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        for hook in hooks.get_hooks("construct_explorer_page_queryset"):
            queryset = hook(self.parent_page, queryset, self.request)
        return super().search_queryset(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            was_refused_to_order=self.was_refused_to_order, most_to_order=MOST_TO_ORDER, **kwargs
        )


class ProductIndexView(ProductListingMixin, IndexView):
    """All products, wherever in the tree they stand."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Who does not see it in the menu does not get there by its address either.
        if not request.user.has_perm(PRODUCTS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def show_locale_labels(self) -> bool:
        # Where there is one language, its name on every row says nothing.
        return self.i18n_enabled and Locale.objects.count() > 1

    def get_page_title(self) -> str:
        return _("Products")

    def get_base_queryset(self) -> QuerySet:
        if self.request.user.is_superuser:
            return self.model.objects.all()
        return super().get_base_queryset()


class ProductUseView(ProductListingMixin, ContentTypeUseView):
    pass


class CategoryExplorer(PageViewSet):
    """Wagtail's way to say which listing the explorer shows below which kind of page."""

    model = ProductPage
    columns = COLUMNS
    filterset_class = ProductFilterSet
    list_per_page = PAGES_AT_ONCE
    list_export = list(explorer_export.HEADINGS)
    export_headings = explorer_export.HEADINGS
    export_filename = "products"
    index_view_class = CategoryExplorerView
    content_type_use_view_class = ProductUseView
    # Said outright: Wagtail would take only parents that hold nothing but products.
    parent_models = [CategoryPage, ArchivePage]

    @cached_property
    def index_view(self) -> Any:
        return self.construct_view(self.index_view_class, **self.get_index_view_kwargs(model=Page))

    @cached_property
    def index_results_view(self) -> Any:
        return self.construct_view(
            self.index_view_class, **self.get_index_view_kwargs(model=Page), results_only=True
        )


class ProductsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        return user.has_perm(PRODUCTS) and page_permission_policy.user_has_any_permission(
            user, ANY_RIGHT
        )


class ProductListing(PageListingViewSet):
    """The menu item "Products": a flat listing, for those who do not think in trees."""

    name = "products"
    model = ProductPage
    icon = "tag"
    columns = COLUMNS
    filterset_class = ProductFilterSet
    list_per_page = PAGES_AT_ONCE
    list_export = list(explorer_export.HEADINGS)
    export_headings = explorer_export.HEADINGS
    export_filename = "products"
    index_view_class = ProductIndexView
    add_to_admin_menu = True
    menu_label = gettext_lazy("Products")
    menu_name = "products"
    menu_order = 110
    menu_item_class = ProductsMenuItem


def thumbnail(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Make a picture's thumbnail and lead to it; listings ask for those that are not made yet."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    picture = get_object_or_404(Picture, pk=picture_id)
    try:
        return redirect(picture.get_rendition(explorer_facts.THUMBNAIL).url)
    except SourceImageIOError as error:
        raise Http404(str(error)) from error
