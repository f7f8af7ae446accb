"""What the shop's reports have in common: who may read them, and how they export.

An export is read piece by piece, for a report may have a row for each of 200,000 SKUs.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from catalog.models import ProductPage
from catalog.permissions import PRODUCTS

from . import xlsx

# Enough that a query is worth it, few enough for any memory and any database.
ROWS_AT_ONCE = 500
# An XLSX is made as a whole while somebody waits.
MOST_IN_XLSX = 10_000


class Rows:
    """The rows of a queryset in its order; ``decorate`` completes each piece of them."""

    def __init__(self, found: QuerySet, decorate: Callable[[list[Model]], Any]) -> None:
        self.found = found
        self.decorate = decorate
        # What Wagtail's export asks of a queryset.
        self.model = found.model

    def count(self) -> int:
        return self.found.order_by().count()

    def __iter__(self) -> Iterator[Model]:
        keys = iter(list(self.found.values_list("pk", flat=True)))
        while some := list(islice(keys, ROWS_AT_ONCE)):
            read = {row.pk: row for row in self.found.order_by().filter(pk__in=some)}
            piece = [read[key] for key in some if key in read]
            self.decorate(piece)
            yield from piece


class ShopReport(ReportView):
    """A report for those who have one of the ``needed`` permissions, read for export in pieces."""

    needed: Sequence[str] = (PRODUCTS,)
    index_name = ""

    @property
    def index_url_name(self) -> str:
        return self.index_name

    @property
    def index_results_url_name(self) -> str:
        return f"{self.index_name}_results"

    @classmethod
    def is_for(cls, user: Any) -> bool:
        return any(user.has_perm(permission) for permission in cls.needed)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        ordered = super().order_queryset(queryset)
        # Rows that are alike would otherwise stand on two pages, or on none.
        return ordered.order_by(*ordered.query.order_by, "pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        rows = Rows(self.get_filtered_queryset(), self.decorate_paginated_queryset)
        asked_for = request.GET["export"]
        if asked_for == self.FORMAT_XLSX and rows.count() > MOST_IN_XLSX:
            return self._refuse_xlsx(request)
        return self.as_spreadsheet(rows, asked_for)

    def _refuse_xlsx(self, request: HttpRequest) -> HttpResponse:
        sentence = _(
            "An XLSX of this report holds up to %(most)s rows, and these are more. "
            "Narrow the report down, or take the CSV, which has no limit."
        )
        return xlsx.refuse(request, self.index_url, sentence, MOST_IN_XLSX)


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def pages_of(products: set[int]) -> dict[int, ProductPage]:
    """The page to edit for each product: its oldest, and never an alias."""
    pages = ProductPage.objects.filter(product__in=products, alias_of__isnull=True)
    return {page.product_id: page for page in pages.defer_streamfields().order_by("-pk")}
