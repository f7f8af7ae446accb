"""What can be done to many orders at once: pack, ship, print slips, export.

Each order is carried on in a transaction of its own, so that one that has moved on meanwhile
stops none of the others; which ones they were is said.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from catalog.keys import read_keys
from orders import states
from orders.documents.views import MOST_SLIPS
from orders.models import Order

from . import exports
from .index import OrderIndexView
from .rights import CHANGE, VIEW, NeedsMixin
from .shipping import ship

# More numbers than this help nobody decide.
MOST_NAMED = 20


class ChosenForm(forms.Form):
    """Carries from the page to the click which orders the page was about."""

    chosen = forms.CharField(required=False, widget=forms.HiddenInput)


class OrderAction(NeedsMixin, BulkAction):
    """A bulk action on the orders that were ticked, or on all that the list has found."""

    models: ClassVar[list[type[Order]]] = [Order]
    template_name = "orders/admin/order_bulk.html"
    icon_name = "form"
    form_class: type[forms.Form] = ChosenForm
    most_at_once = 500
    explanation = ""
    agree = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_perms(self.needed) and (problem := self.problem()):
            messages.error(request, problem)
            return redirect("shop_orders:index")
        return super().dispatch(request, *args, **kwargs)

    def problem(self) -> str:
        """Why nothing can be done with what was chosen; empty where something can."""
        if not self.selected:
            return _("No order was chosen. Nothing was changed.")
        if len(self.selected) <= self.most_at_once:
            return ""
        return _(
            "These are more than %(most)s orders, and at most that many can be dealt with at "
            "once. Nothing was changed. Narrow the list down by its filters first."
        ) % {"most": intcomma(self.most_at_once)}

    @cached_property
    def selected(self) -> list[int]:
        """Keys of the chosen orders: of all that were found, those that the page was about."""
        asked = self.request.GET.getlist("id")
        if "all" not in asked:
            return sorted(set(read_keys(asked)))
        if self.request.method == "POST":
            # The list may find others by now, which nobody was shown.
            return read_keys(dict.fromkeys(self.request.POST.get("chosen", "").split(",")))
        # The list itself is asked again, by the filters and words that it was shown with.
        view = OrderIndexView()
        view.setup(self.request)
        found: QuerySet = view.get_queryset()
        return list(found.values_list("pk", flat=True)[: self.most_at_once + 1])

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "chosen": ",".join(map(str, self.selected))}

    def get_actionable_objects(self) -> tuple[list[Order], dict[str, list]]:
        found = Order.objects.in_bulk(self.selected[:MOST_NAMED])
        named = [found[key] for key in self.selected if key in found]
        return named, {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = len(self.selected)
        return {**context, "action": self, "count": count, "more": max(count - MOST_NAMED, 0)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        return self.perform(form.cleaned_data)

    def perform(self, data: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError


class AdvanceMany(OrderAction):
    """Let each order enter a state, and say which of them could not and why."""

    needed = (VIEW, CHANGE)

    def perform(self, data: dict[str, Any]) -> HttpResponse:
        done, left = 0, []
        for order in self._orders():
            try:
                with transaction.atomic():
                    self.advance(order, data)
            except states.IllegalTransitionError as error:
                left.append(error.order)
            else:
                done += 1
        if done:
            messages.success(self.request, self.done(done))
        if left:
            messages.warning(self.request, _left_sentence(left))
        return redirect(self.next_url)

    def _orders(self) -> Iterable[Order]:
        # Two desks that work on the same orders take them in the same turn.
        return Order.objects.filter(pk__in=self.selected).order_by("pk")

    def advance(self, order: Order, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def done(self, count: int) -> str:
        raise NotImplementedError


def _left_sentence(left: list[Order]) -> str:
    names = ", ".join(
        f"{order.number} ({order.get_state_display()})" for order in left[:MOST_NAMED]
    )
    if len(left) > MOST_NAMED:
        names += ", …"
    sentence = ngettext(
        "%(count)s order stays as it is, for its state does not allow it: %(names)s",
        "%(count)s orders stay as they are, for their state does not allow it: %(names)s",
        len(left),
    )
    return sentence % {"count": intcomma(len(left)), "names": names}


class PackMany(AdvanceMany):
    display_name = gettext_lazy("Mark packed")
    aria_label = gettext_lazy("Mark the selected orders as packed")
    action_type = "pack"
    action_priority = 10
    explanation = gettext_lazy(
        "Those that are paid, or are sent on invoice, become packed, and the shoppers are told "
        "by mail. What is on back order stays owed. All others stay as they are, and you are "
        "told which."
    )
    agree = gettext_lazy("Mark as packed")

    def advance(self, order: Order, data: dict[str, Any]) -> None:
        states.advance(order, Order.State.PACKED, user=self.request.user)

    def done(self, count: int) -> str:
        sentence = ngettext("%(count)s order is packed.", "%(count)s orders are packed.", count)
        return sentence % {"count": intcomma(count)}


class CarrierForm(ChosenForm):
    carrier = forms.CharField(
        label=gettext_lazy("Carrier"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The shoppers read it. Tracking numbers are given order by order."),
    )


class ShipMany(AdvanceMany):
    display_name = gettext_lazy("Mark shipped")
    aria_label = gettext_lazy("Mark the selected orders as shipped")
    action_type = "ship"
    action_priority = 20
    form_class = CarrierForm
    explanation = gettext_lazy(
        "Those that are packed become shipped, and the shoppers are told by mail. "
        "All others stay as they are, and you are told which."
    )
    agree = gettext_lazy("Mark as shipped")

    def advance(self, order: Order, data: dict[str, Any]) -> None:
        ship(order, user=self.request.user, carrier=data["carrier"])

    def done(self, count: int) -> str:
        sentence = ngettext("%(count)s order is shipped.", "%(count)s orders are shipped.", count)
        return sentence % {"count": intcomma(count)}


class ExportForm(ChosenForm):
    rows = forms.ChoiceField(
        label=gettext_lazy("Rows"),
        choices=[
            ("orders", gettext_lazy("One for each order")),
            ("lines", gettext_lazy("One for each line")),
        ],
        widget=forms.RadioSelect,
        initial="orders",
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("xlsx", "XLSX"), ("csv", "CSV")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


class ExportMany(OrderAction):
    display_name = gettext_lazy("Export")
    aria_label = gettext_lazy("Export the selected orders")
    action_type = "export"
    action_priority = 40
    form_class = ExportForm
    most_at_once = exports.MOST_IN_XLSX
    explanation = gettext_lazy("The file holds names and addresses: keep it safe.")
    agree = gettext_lazy("Download")

    def perform(self, data: dict[str, Any]) -> HttpResponse:
        lines = data["rows"] == "lines"
        rows = exports.Rows(self.selected, lines=lines)
        return exports.Sheet(lines=lines).as_spreadsheet(rows, data["kind"])


class PrintSlips(OrderAction):
    """Changes nothing: it leads to the slips at once."""

    display_name = gettext_lazy("Packing slips")
    aria_label = gettext_lazy("Print packing slips of the selected orders")
    action_type = "slips"
    action_priority = 30
    most_at_once = MOST_SLIPS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ids = ",".join(map(str, self.selected))
        return redirect(f"{reverse('shop_orders:slips')}?ids={ids}")

    # Whoever sends a form here wants the slips as well.
    post = get


ACTIONS = [PackMany, ShipMany, PrintSlips, ExportMany]
