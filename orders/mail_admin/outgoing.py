"""What the shop owes by mail and otherwise, what became of it, and trying again."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    TitleColumn,
)
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from orders import outbox
from orders.desk.rights import NeedsMixin
from orders.mails.kinds import KINDS, OTHER_WORK, label_of
from orders.models import BackInStock, Outbox

PER_PAGE = 50
VIEW = "orders.view_outbox"
CHANGE = "orders.change_outbox"
# A row that waits longer than this says that no worker works.
TOO_LONG = timedelta(minutes=10)
# A search by address finds so many of those who wait for stock.
MOST_WISHES = 200
WAITING = (Outbox.State.QUEUED, Outbox.State.LEASED)

policy = ModelPermissionPolicy(Outbox)


def kind_choices() -> list[tuple[str, Any]]:
    return [(slug, label_of(slug)) for slug in (*KINDS, *OTHER_WORK)]


class OutgoingFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Outbox.State.choices
    )
    kind = django_filters.MultipleChoiceFilter(label=gettext_lazy("What for"), choices=kind_choices)

    class Meta:
        model = Outbox
        fields = ["state", "kind"]


def search(rows: QuerySet, query: str) -> QuerySet:
    """Rows about the order of this number, or to this address."""
    if not (words := query.strip()):
        return rows
    found = Q(order__number__icontains=words) | Q(order__email__icontains=words)
    wishes = BackInStock.objects.filter(email__icontains=words).order_by("-pk")
    asked = list(wishes.values_list("pk", flat=True)[:MOST_WISHES])
    return rows.filter(found | Q(kind=outbox.BACK_IN_STOCK, payload__wish__in=asked))


def oldest_waiting() -> Outbox | None:
    """What was written first of all that waits, for its first attempt or for another one."""
    return Outbox.objects.filter(state__in=WAITING).order_by("created").first()


class StateColumn(Column):
    """The state, and a button to send again what was given up or waits for a later attempt."""

    cell_template_name = "orders/admin/mail_state_cell.html"

    def get_cell_context_data(self, instance: Outbox, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        user = parent_context["request"].user
        return {**context, "may_send": outbox.is_held(instance) and user.has_perm(CHANGE)}


class OutgoingIndexView(NeedsMixin, IndexView):
    needed = (VIEW,)
    model = Outbox
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_outgoing:index"
    index_results_url_name = "shop_outgoing:results"
    template_name = "orders/admin/mail_outgoing.html"
    page_title = gettext_lazy("Outgoing mail")
    header_icon = "mail"
    paginate_by = PER_PAGE
    filterset_class = OutgoingFilterSet
    verbose_name_plural = gettext_lazy("outgoing mails")
    default_ordering = "-pk"
    # Says that there is a search; search_queryset does it.
    search_fields = ["key"]
    list_display = [
        TitleColumn(
            "kind",
            label=gettext_lazy("What for"),
            accessor=lambda row: label_of(row.kind),
            get_url=lambda row: order_url(row),
        ),
        Column("order", label=gettext_lazy("Order"), accessor=lambda row: row.order or "–"),
        StateColumn("state", label=gettext_lazy("State"), sort_key="state"),
        Column("attempts", label=gettext_lazy("Attempts"), sort_key="attempts"),
        DateColumn("created", label=gettext_lazy("Written"), sort_key="created"),
        DateColumn("sent_at", label=gettext_lazy("Sent"), sort_key="sent_at"),
        Column(
            "last_error",
            label=pgettext_lazy("of a mail", "Last error, or why it was dropped"),
            accessor=lambda row: row.last_error[:200] or "–",
        ),
    ]

    @cached_property
    def columns(self) -> list[Any]:
        shown = list(super().columns)
        if self.request.user.has_perm(CHANGE):
            return [BulkActionsCheckboxColumn("bulk_actions", obj_type="mail"), *shown]
        return shown

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("order")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search(queryset, self.search_query or "")

    def get_list_buttons(self, instance: Outbox) -> list[Button]:
        return []

    def get_list_more_buttons(self, instance: Outbox) -> list[Button]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        oldest = oldest_waiting()
        failed = Outbox.objects.given_up().count()
        return super().get_context_data(
            waiting=Outbox.objects.filter(state__in=WAITING).count(),
            oldest=timesince(oldest.created, now) if oldest else "",
            is_stuck=Outbox.objects.due(now - TOO_LONG).exists(),
            failed=failed,
            may_send=self.request.user.has_perm(CHANGE),
            **kwargs,
        )


def order_url(row: Outbox) -> str | None:
    if row.order_id is None:
        return None
    return reverse("shop_orders:inspect", args=[row.order_id])


class SendAgainView(NeedsMixin, View):
    """Send one row again, which was given up or waits, or all that were given up."""

    needed = (VIEW, CHANGE)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk is None:
            rows = Outbox.objects.given_up()
        else:
            rows = Outbox.objects.filter(pk=get_object_or_404(Outbox, pk=pk).pk)
        again(request, rows)
        back = get_valid_next_url_from_request(request)
        return redirect(back or "shop_outgoing:index")


def again(request: HttpRequest, rows: QuerySet) -> None:
    """Send again those of the rows that are held, ring for the worker, and say how many."""
    with transaction.atomic():
        count = outbox.send_again(rows)
        transaction.on_commit(outbox.ring, robust=True)
    if not count:
        messages.warning(request, _("All of it is being sent already, or has ended."))
        return
    text = ngettext("%(count)d is sent now.", "%(count)d are sent now.", count)
    messages.success(request, text % {"count": count})
