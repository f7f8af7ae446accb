"""The timeline of an order in words: what happened, when, who did it and why."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order, OrderEvent

from .filters import gateway_labels

ICONS = {
    OrderEvent.Kind.STATE: "arrow-right",
    OrderEvent.Kind.PAYMENT: "check",
    OrderEvent.Kind.REFUND: "rotate",
    OrderEvent.Kind.ADDRESS: "edit",
    OrderEvent.Kind.MAIL: "mail",
    OrderEvent.Kind.NOTE: "comment",
    OrderEvent.Kind.ALERT: "warning",
}
BY = {"shopper": gettext_lazy("the shopper"), "clock": gettext_lazy("by itself")}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    icon: str
    kind: str
    what: str
    text: str
    who: str
    when: datetime


def timeline(order: Order) -> list[Entry]:
    """The newest first; at the end, that it was placed."""
    labels = gateway_labels()
    events = list(order.events.select_related("user").order_by("-created", "-pk"))
    entries = [_entry(event, labels) for event in events]
    if not any(_is_placing(event) for event in events):
        # Orders of before there was a timeline.
        entries.append(Entry("form", "state", _("Placed"), "", str(BY["shopper"]), order.created))
    return entries


def _is_placing(event: OrderEvent) -> bool:
    return event.kind == OrderEvent.Kind.STATE and not event.from_state


def _entry(event: OrderEvent, labels: dict[str, str]) -> Entry:
    what = str(event.get_kind_display()).capitalize()
    if event.kind == OrderEvent.Kind.STATE:
        before, after = event.get_from_state_display(), event.get_to_state_display()
        what = f"{before} → {after}" if before else _("Placed")
    if event.user:
        who = event.user.get_full_name() or event.user.get_username()
    else:
        who = str(BY.get(event.by) or labels.get(event.by) or event.by)
    icon = ICONS.get(OrderEvent.Kind(event.kind), "info-circle")
    return Entry(icon, event.kind, what, event.text, who, event.created)
