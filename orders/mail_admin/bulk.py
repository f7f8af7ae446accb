"""Send many again: those that were ticked, or all that the list has found."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.views.bulk_action import BulkAction

from catalog.keys import read_keys
from orders import outbox
from orders.desk.rights import NeedsMixin
from orders.models import Outbox

from .outgoing import CHANGE, VIEW, OutgoingIndexView, again

# Wagtail would name each of them.
MOST_NAMED = 20


class SendManyAgain(NeedsMixin, BulkAction):
    needed = (VIEW, CHANGE)
    models: ClassVar[list[type[Outbox]]] = [Outbox]
    display_name = gettext_lazy("Send again")
    aria_label = gettext_lazy("Send again what was given up or waits")
    action_type = "send_again"
    action_priority = 10
    template_name = "orders/admin/mail_bulk.html"

    @cached_property
    def selected(self) -> list[int]:
        """Keys of those chosen that were given up or wait for a later attempt."""
        asked = self.request.GET.getlist("id")
        if "all" in asked:
            # The list itself is asked again, by the filters and words it was shown with.
            view = OutgoingIndexView()
            view.setup(self.request)
            rows = view.get_queryset()
        else:
            rows = Outbox.objects.filter(pk__in=read_keys(asked))
        return list(outbox.held(rows).order_by("pk").values_list("pk", flat=True))

    def get_actionable_objects(self) -> tuple[list[Outbox], dict[str, list]]:
        named = Outbox.objects.filter(pk__in=self.selected[:MOST_NAMED]).select_related("order")
        return list(named), {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "action": self, "count": len(self.selected)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        again(self.request, Outbox.objects.filter(pk__in=self.selected))
        return redirect(self.next_url)
