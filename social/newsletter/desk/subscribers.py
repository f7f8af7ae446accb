"""Who gets the newsletter, who asked for it and who left; the confirmed ones as a file."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.permission_policies import ModelPermissionPolicy

from catalog.admin import xlsx
from catalog.admin.shop_report import MOST_IN_XLSX, Rows
from orders.desk.rights import NeedsMixin
from social.models import Subscriber
from social.newsletter.desk.rights import DELETE_SUBSCRIBERS, VIEW_SUBSCRIBERS

PER_PAGE = 50

policy = ModelPermissionPolicy(Subscriber)


def language_name(subscriber: Subscriber) -> Any:
    return dict(settings.LANGUAGES).get(subscriber.language, subscriber.language)


class SubscriberFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Subscriber.State.choices
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES
    )
    is_member = django_filters.BooleanFilter(
        label=gettext_lazy("Member"), field_name="user", lookup_expr="isnull", exclude=True
    )
    confirmed = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Confirmed"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Subscriber
        fields = ["state", "language", "is_member", "confirmed"]


class SubscriberIndexView(NeedsMixin, IndexView):
    needed = (VIEW_SUBSCRIBERS,)
    model = Subscriber
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_subscribers:index"
    index_results_url_name = "shop_subscribers:results"
    delete_url_name = "shop_subscribers:delete"
    page_title = gettext_lazy("Subscribers")
    header_icon = "mail"
    paginate_by = PER_PAGE
    filterset_class = SubscriberFilterSet
    verbose_name_plural = gettext_lazy("subscribers")
    default_ordering = "-created"
    # Says that there is a search; search_queryset does it.
    search_fields = ["email"]
    list_display = [
        "email",
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            sort_key="state",
            primary=lambda one: one.state == Subscriber.State.CONFIRMED,
        ),
        Column("language", label=gettext_lazy("Language"), accessor=language_name),
        Column("user", label=gettext_lazy("Member"), accessor=lambda one: one.user or "–"),
        DateColumn("created", label=gettext_lazy("Asked"), sort_key="created"),
        DateColumn("confirmed", label=gettext_lazy("Confirmed"), sort_key="confirmed"),
        DateColumn("left", label=gettext_lazy("Unsubscribed"), sort_key="left"),
    ]
    list_export = ["email", "language", "user", "created", "confirmed"]
    export_headings = {
        "email": gettext_lazy("Email"),
        "language": gettext_lazy("Language"),
        "user": gettext_lazy("Member"),
        "created": gettext_lazy("Asked"),
        "confirmed": gettext_lazy("Confirmed"),
    }
    export_filename = "subscribers"

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("user")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        ordered = super().order_queryset(queryset)
        # Rows that are alike would otherwise stand on two pages, or on none.
        return ordered.order_by(*ordered.query.order_by, "-pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        words = (self.search_query or "").strip().replace("\x00", "")
        if not words:
            return queryset
        return queryset.filter(Q(email__icontains=words) | Q(user__username__icontains=words))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The export has those who confirmed only: nobody else may be written to."""
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        confirmed = self.get_queryset().filter(state=Subscriber.State.CONFIRMED)
        rows = Rows(confirmed, lambda _piece: None)
        kind = request.GET["export"]
        if kind == self.FORMAT_XLSX and rows.count() > MOST_IN_XLSX:
            sentence = _(
                "An XLSX holds up to %(most)s subscribers, and these are more. "
                "Narrow the listing down, or take the CSV, which has no limit."
            )
            return xlsx.refuse(request, self.index_url, sentence, MOST_IN_XLSX)
        return self.as_spreadsheet(rows, kind)


class SubscriberDeleteView(NeedsMixin, DeleteView):
    """All that is known of an address, for who asks that nothing is kept."""

    needed = (VIEW_SUBSCRIBERS, DELETE_SUBSCRIBERS)
    model = Subscriber
    permission_policy = policy
    index_url_name = "shop_subscribers:index"
    delete_url_name = "shop_subscribers:delete"
    header_icon = "mail"
