"""The mails of an order: how each stands, what it says, and sending it again."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import events, outbox
from orders.inbox_views import MAIL_POLICY
from orders.mails.kinds import KINDS, label_of
from orders.mails.sending import message_for
from orders.models import Order, OrderEvent, Outbox

from .actions import OrderActionView
from .rights import NeedsMixin

AGAIN = ":again:"
# The preview is for reading: what opens the order for its shopper alone is not in it.
HIDDEN = "…"


def mails_of(order: Order) -> list[Outbox]:
    """All mails about the order, oldest first, each with what it is for."""
    rows = [row for row in order.outbox.order_by("pk") if row.kind in KINDS]
    for row in rows:
        row.what_for = str(label_of(row.kind))
        if AGAIN in row.key:
            row.what_for += f" ({pgettext('of a mail', 'once more')})"
        row.may_be_sent = row.state == Outbox.State.SENT or outbox.is_held(row)
    return rows


class SendAgainView(OrderActionView):
    """Send at once what was given up or waits; what was sent goes out once more, as a new mail."""

    name = "send_again"
    label = gettext_lazy("Send again")
    icon = "mail"
    done = gettext_lazy("The mail is on its way.")

    @cached_property
    def row(self) -> Outbox:
        return get_object_or_404(self.order.outbox, pk=self.kwargs["row"], kind__in=KINDS)

    def must_belong(self) -> None:
        self.row  # noqa: B018 - it is looked for once, here

    @property
    def explanation(self) -> str:
        to = _("the merchant") if KINDS[self.row.kind].is_for_merchant else self.order.email
        return _("“%(mail)s” goes to %(to)s.") % {"mail": label_of(self.row.kind), "to": to}

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        return any(row.may_be_sent for row in mails_of(order))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(hidden={"time": self._times(self.order)}, **kwargs)

    def _times(self, order: Order) -> str:
        """How often it was sent once more, so that a second click is the same mail."""
        asked = self.request.POST.get("time", "")
        again = f"{self._first_key}{AGAIN}"
        return asked if asked.isdigit() else str(order.outbox.filter(key__startswith=again).count())

    @property
    def _first_key(self) -> str:
        return self.row.key.split(AGAIN)[0]

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        row = Outbox.objects.get(pk=self.row.pk)
        if row.state == Outbox.State.SENT:
            key = f"{self._first_key}{AGAIN}{self._times(order)[:4]}"
            if Outbox.objects.filter(key=key).exists():
                return
            outbox.owe(key, row.kind, order=order, **row.payload)
        elif not outbox.send_again(Outbox.objects.filter(pk=row.pk)):
            raise forms.ValidationError(_("This mail is being sent now, or no longer needed."))
        text = _("Sent again: %(mail)s") % {"mail": label_of(row.kind)}
        events.note(order, OrderEvent.Kind.MAIL, text, user=self.request.user)
        transaction.on_commit(outbox.ring, robust=True)


@dataclass(frozen=True)
class Shown:
    """A mail as it would go out now."""

    subject: str
    to: str
    text: str
    html: str
    attachments: tuple[str, ...]


def written(row: Outbox) -> Shown | None:
    """The mail of a row as it would be written now; None where there is nothing to say."""
    with transaction.atomic():
        try:
            message = message_for(row)
        except outbox.NoLongerNeededError:
            return None
        finally:
            # Looking at a mail draws no invoice number.
            transaction.set_rollback(True)
    secret = row.order.secret
    html = "".join(str(part.content) for part in message.alternatives)
    return Shown(
        subject=str(message.subject),
        to=", ".join(message.to),
        text=message.body.replace(secret, HIDDEN),
        html=html.replace(secret, HIDDEN),
        attachments=tuple(str(one[0]) for one in message.attachments if isinstance(one, tuple)),
    )


class _MailView(NeedsMixin, View):
    @cached_property
    def order(self) -> Order:
        return get_object_or_404(Order, pk=self.kwargs["pk"])

    @cached_property
    def row(self) -> Outbox:
        rows = Outbox.objects.select_related("order").filter(order=self.order, kind__in=KINDS)
        return get_object_or_404(rows, pk=self.kwargs["row"])


class MailPreviewView(WagtailAdminTemplateMixin, _MailView):
    template_name = "orders/admin/order_mail.html"
    page_title = gettext_lazy("Mail")
    header_icon = "mail"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.row
        row.what_for = str(label_of(row.kind))
        return self.render_to_response(
            self.get_context_data(order=self.order, row=row, mail=written(row))
        )

    def get_page_subtitle(self) -> str:
        return str(label_of(self.row.kind))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        order_url = reverse("shop_orders:inspect", args=[self.order.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("shop_orders:index"), "label": _("Orders")},
            {"url": order_url, "label": self.order.number},
            {"url": "", "label": self.get_page_subtitle()},
        ]


class MailHtmlView(_MailView):
    """The mail's HTML alone, for the frame in which it is read: nothing in it runs or loads."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = written(self.row)
        if mail is None:
            raise Http404
        return HttpResponse(
            mail.html,
            headers={
                "Content-Security-Policy": MAIL_POLICY,
                "X-Frame-Options": "SAMEORIGIN",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "private, no-store",
            },
        )
