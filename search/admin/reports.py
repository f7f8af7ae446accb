"""Reports of what shoppers search for, and of what they search for in vain. Each exports."""

import django_filters
from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from catalog.admin.shop_report import ShopReport
from search.models import TermDay

SEE = "search.view_termday"


def promote_url(query: Query) -> str:
    """Where editors say what a search for it shows first."""
    return reverse("wagtailsearchpromotions:edit", args=[query.pk])


def counted(queries: QuerySet, days: Q) -> QuerySet:
    """How often each was asked on these days, and what it found on the last of them."""
    rows = TermDay.objects.filter(days, query=OuterRef("pk")).order_by()
    by_query = rows.values("query")
    promoted = SearchPromotion.objects.filter(query=OuterRef("pk"))
    return queries.annotate(
        asked=Subquery(by_query.annotate(asked=Sum("asked")).values("asked")),
        last=Subquery(by_query.annotate(last=Max("day")).values("last")),
        found=Subquery(rows.order_by("-day", "found").values("found")[:1]),
        is_promoted=Exists(promoted),
    ).filter(asked__isnull=False)


class TermsFilterSet(WagtailFilterSet):
    day = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Searched"), widget=DateRangePickerWidget
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES
    )

    class Meta:
        model = Query
        fields = ["day", "language"]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Both say which days count: what is asked of one must be asked of the same ones."""
        days = Q()
        if period := self.form.cleaned_data.get("day"):
            if period.start:
                days &= Q(day__gte=period.start.date())
            if period.stop:
                days &= Q(day__lte=period.stop.date())
        if language := self.form.cleaned_data.get("language"):
            days &= Q(language=language)
        return counted(queryset, days)


class SearchTermsReport(ShopReport):
    """What was searched for, the most frequent first."""

    page_title = gettext_lazy("Search terms")
    header_icon = "search"
    needed = (SEE,)
    index_name = "search_terms"
    filterset_class = TermsFilterSet
    is_searchable = True
    search_fields = ["query_string"]
    default_ordering = ("-asked", "query_string")
    export_filename = "search-terms"
    list_export = ["query_string", "asked", "found", "last", "is_promoted"]
    export_headings = {
        "query_string": gettext_lazy("Search term"),
        "asked": gettext_lazy("Searched"),
        "found": gettext_lazy("Found last"),
        "last": gettext_lazy("Searched last"),
        "is_promoted": gettext_lazy("Promoted results"),
    }
    columns = [
        TitleColumn(
            "query_string",
            label=gettext_lazy("Search term"),
            get_url=promote_url,
            sort_key="query_string",
        ),
        NumberColumn("asked", label=gettext_lazy("Searched"), sort_key="asked"),
        NumberColumn("found", label=gettext_lazy("Found last"), sort_key="found"),
        DateColumn("last", label=gettext_lazy("Searched last"), sort_key="last"),
        Column(
            "promoted",
            label=gettext_lazy("Promoted results"),
            accessor=lambda query: gettext_lazy("Yes") if query.is_promoted else "",
        ),
    ]

    def get_base_queryset(self) -> QuerySet:
        return counted(Query.objects.all(), Q())


class InVainReport(SearchTermsReport):
    """What was searched for and is not in the shop, or is called something else there."""

    page_title = gettext_lazy("Searched without result")
    header_icon = "warning"
    index_name = "search_in_vain"
    export_filename = "searched-without-result"

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(queryset).filter(found=0)


REPORTS: list[type[ShopReport]] = [SearchTermsReport, InVainReport]
