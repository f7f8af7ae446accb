"""Reports of the catalogue: what is low, what is missing, what was forgotten. Each exports."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.models import Page, ReferenceIndex, get_page_models

from catalog.models import ProductPage, ProductPicture, Sku
from catalog.models.stock import StockState
from catalog.permissions import PRODUCTS

from .shop_report import ShopReport, edit_url, pages_of

# A draft that nobody has touched for so long is forgotten rather than in work.
STALE_AFTER = timedelta(days=30)
STOCK = "catalog.change_stock"


def with_status(pages: QuerySet) -> QuerySet:
    """Read with the pages what their status says: whether it is scheduled, or in a workflow."""
    return pages.annotate_approved_schedule().prefetch_workflow_states()


class LowStockFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Stock"), choices=StockState.choices, field_name="stock_state"
    )

    class Meta:
        model = Sku
        fields = ["state"]


class LowStockReport(ShopReport):
    """SKUs on sale of which little or nothing is left."""

    page_title = gettext_lazy("Low stock")
    header_icon = "warning"
    needed = (STOCK, PRODUCTS)
    index_name = "catalog_low_stock"
    filterset_class = LowStockFilterSet
    is_searchable = True
    search_fields = ["code", "product__pages__title"]
    default_ordering = ("stock__on_hand", "code")
    export_filename = "low-stock"
    list_export = ["product_title", "code", "label", "on_hand", "low_from", "state", "sold"]
    export_headings = {
        "product_title": gettext_lazy("Product"),
        "code": gettext_lazy("SKU code"),
        "label": gettext_lazy("Variant"),
        "on_hand": gettext_lazy("On hand"),
        "low_from": gettext_lazy("Low at"),
        "state": gettext_lazy("Stock"),
        "sold": gettext_lazy("Sold in 30 days (product)"),
    }
    columns = [
        TitleColumn(
            "product_title",
            label=gettext_lazy("Product"),
            get_url=lambda sku: (
                reverse("catalog_variants", args=[sku.page.pk]) if sku.page else None
            ),
        ),
        Column("code", label=gettext_lazy("SKU code"), sort_key="code"),
        Column("label", label=gettext_lazy("Variant")),
        NumberColumn("on_hand", label=gettext_lazy("On hand"), sort_key="stock__on_hand"),
        NumberColumn("low_from", label=gettext_lazy("Low at")),
        Column("state", label=gettext_lazy("Stock")),
        NumberColumn("sold", label=gettext_lazy("Sold in 30 days (product)")),
    ]

    def get_base_queryset(self) -> QuerySet:
        shown = ProductPage.objects.filter(product=OuterRef("product"), live=True)
        skus = Sku.objects.with_stock_state().filter(Exists(shown), is_active=True)
        return skus.exclude(stock_state=StockState.IN_STOCK).select_related("product")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        titled = ProductPage.objects.filter(
            product=OuterRef("product"), title__icontains=self.search_query
        )
        return queryset.filter(Q(code__icontains=self.search_query) | Exists(titled))

    def decorate_paginated_queryset(self, skus: Any) -> Any:
        pages = pages_of({sku.product_id for sku in skus})
        for sku in skus:
            sku.page = pages.get(sku.product_id)
            sku.product_title = sku.page.draft_title if sku.page else sku.code
            sku.on_hand = sku.stock.on_hand if hasattr(sku, "stock") else 0
            sku.state = StockState(sku.stock_state).label
            sku.sold = sku.product.sold_30_days
        return skus


class PromotedReport(ShopReport):
    """Products that cannot be had, and the pages that send shoppers there all the same."""

    page_title = gettext_lazy("Sold out but promoted")
    header_icon = "warning"
    index_name = "catalog_promoted_sold_out"
    default_ordering = "title"
    export_filename = "sold-out-but-promoted"
    list_export = ["title", "promoted_by"]
    export_headings = {
        "title": gettext_lazy("Product"),
        "promoted_by": gettext_lazy("Promoted by"),
    }
    columns = [
        TitleColumn("title", label=gettext_lazy("Product"), get_url=edit_url, sort_key="title"),
        Column("promoted_by", label=gettext_lazy("Promoted by")),
    ]

    def get_base_queryset(self) -> QuerySet:
        promoted = _references().filter(to_object_id=Cast(OuterRef("pk"), CharField()))
        return ProductPage.objects.filter(
            Exists(promoted), product__in_stock=False, alias_of__isnull=True
        )

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        rows = _references().filter(to_object_id__in=[str(page.pk) for page in pages])
        by_product: dict[str, set[str]] = defaultdict(set)
        for promoted, source in rows.values_list("to_object_id", "object_id"):
            by_product[promoted].add(source)
        sources = {source for found in by_product.values() for source in found}
        titles = dict(Page.objects.filter(pk__in=sources).values_list("pk", "title"))
        for page in pages:
            named = (titles.get(int(pk)) for pk in by_product[str(page.pk)])
            page.promoted_by = ", ".join(sorted(filter(None, named)))
        return pages


def _references() -> QuerySet:
    """What live pages say of other pages, except of themselves."""
    page_type = ContentType.objects.get_for_model(Page)
    live = Page.objects.live().annotate(key=Cast("pk", CharField()))
    return ReferenceIndex.objects.filter(
        base_content_type=page_type,
        to_content_type=page_type,
        object_id__in=live.values("key"),
    )


MISSING = [
    ("picture", gettext_lazy("Picture")),
    ("price", gettext_lazy("Price")),
    ("description", gettext_lazy("Description")),
    ("alt_text", gettext_lazy("Alternative text")),
    ("meta_description", gettext_lazy("Meta description")),
]


def missing(pages: QuerySet) -> QuerySet:
    """Annotate ``no_picture``, ``no_price`` … for each part a product page may lack."""
    pictures = ProductPicture.objects.filter(page=OuterRef("pk"))
    priced = Sku.objects.on_show().filter(product=OuterRef("product"))
    return pages.annotate(
        no_picture=~Exists(pictures),
        no_price=~Exists(priced),
        no_description=Q(description__exact=[]) & Q(summary=""),
        no_alt_text=Exists(pictures.filter(alt_text="", image__description="")),
        no_meta_description=Q(search_description=""),
    )


class MissingFilterSet(WagtailFilterSet):
    missing = django_filters.ChoiceFilter(
        label=gettext_lazy("Without"), choices=MISSING, method="filter_by_missing"
    )
    live = django_filters.BooleanFilter(label=gettext_lazy("Live"))

    class Meta:
        model = ProductPage
        fields = ["missing", "live"]

    def filter_by_missing(self, pages: QuerySet, name: str, part: str) -> QuerySet:
        return pages.filter(**{f"no_{part}": True})


class MissingReport(ShopReport):
    """Products without a picture, a price, a description or an alternative text."""

    page_title = gettext_lazy("Incomplete products")
    header_icon = "doc-empty"
    index_name = "catalog_incomplete"
    filterset_class = MissingFilterSet
    default_ordering = "title"
    export_filename = "incomplete-products"
    list_export = ["title", "lacks", "status_string"]
    export_headings = {
        "title": gettext_lazy("Product"),
        "lacks": gettext_lazy("Without"),
        "status_string": gettext_lazy("Status"),
    }
    columns = [
        TitleColumn("title", label=gettext_lazy("Product"), get_url=edit_url, sort_key="title"),
        Column("lacks", label=gettext_lazy("Without")),
        Column("status_string", label=gettext_lazy("Status")),
    ]

    def get_base_queryset(self) -> QuerySet:
        any_missing = Q()
        for part, _label in MISSING:
            any_missing |= Q(**{f"no_{part}": True})
        pages = ProductPage.objects.filter(alias_of__isnull=True, product__retired__isnull=True)
        return with_status(missing(pages).filter(any_missing))

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        for page in pages:
            lacks = (label for part, label in MISSING if getattr(page, f"no_{part}"))
            page.lacks = ", ".join(str(label) for label in lacks)
        return pages


class StaleDraftsReport(ShopReport):
    """Changes that somebody began a month ago or earlier and never published."""

    page_title = gettext_lazy("Stale drafts")
    header_icon = "edit"
    index_name = "catalog_stale_drafts"
    default_ordering = "latest_revision_created_at"
    export_filename = "stale-drafts"
    list_export = ["title", "kind", "latest_revision_created_at", "author", "status_string"]
    export_headings = {
        "title": gettext_lazy("Page"),
        "kind": gettext_lazy("Kind"),
        "latest_revision_created_at": gettext_lazy("Last edited"),
        "author": gettext_lazy("By"),
        "status_string": gettext_lazy("Status"),
    }
    columns = [
        TitleColumn("title", label=gettext_lazy("Page"), get_url=edit_url, sort_key="title"),
        Column("kind", label=gettext_lazy("Kind")),
        DateColumn(
            "latest_revision_created_at",
            label=gettext_lazy("Last edited"),
            sort_key="latest_revision_created_at",
        ),
        Column("author", label=gettext_lazy("By")),
        Column("status_string", label=gettext_lazy("Status")),
    ]
    needed = (PRODUCTS, "catalog.change_collectionpage", "home.change_contentpage")

    def get_base_queryset(self) -> QuerySet:
        old = timezone.now() - STALE_AFTER
        pages = Page.objects.filter(
            has_unpublished_changes=True,
            latest_revision_created_at__lte=old,
            content_type__in=_kinds_of(self.request.user),
        )
        return with_status(pages).select_related("latest_revision__user", "content_type")

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        for page in pages:
            page.kind = page.page_type_display_name
            user = page.latest_revision.user if page.latest_revision else None
            page.author = user.get_username() if user else _("nobody")
        return pages


def _kinds_of(user: Any) -> list[ContentType]:
    """The kinds of pages that are this user's to edit."""
    models = (
        model
        for model in get_page_models()
        if not (needed := getattr(model, "desk_permission", "")) or user.has_perm(needed)
    )
    return list(ContentType.objects.get_for_models(*models).values())


REPORTS: list[type[ShopReport]] = [
    LowStockReport,
    PromotedReport,
    MissingReport,
    StaleDraftsReport,
]
