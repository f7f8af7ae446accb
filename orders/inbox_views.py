"""The default inbox in the Wagtail admin: the shop's mails, where no mail server is set up."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin

from orders import inbox

MAILS_PER_PAGE = 25
INBOX_BACKEND = "orders.inbox.InboxBackend"
# A mail is somebody else's HTML as far as the admin is concerned: nothing in it runs or loads.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def is_in_use() -> bool:
    return settings.EMAIL_BACKEND == INBOX_BACKEND


def may_read(user: Any) -> bool:
    """Who reads all mails reads links that reset passwords, so only those who may do anything."""
    return user.is_active and user.is_superuser


class _InboxView:
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class _OneMailView(_InboxView, View):
    @cached_property
    def mail(self) -> inbox.Mail:
        mail = inbox.read(self.kwargs["name"]) if is_in_use() else None
        if mail is None:
            raise Http404
        return mail


class MailPaginator(WagtailPaginator):
    """Names are listed cheaply; only the mails of the page that is shown are opened."""

    def page(self, number: int) -> Any:
        page = super().page(number)
        page.object_list = [mail for name in page.object_list if (mail := inbox.read(name))]
        return page


class MailIndexView(_InboxView, BaseListingView):
    page_title = gettext_lazy("Mail")
    index_url_name = "shop_mail:index"
    paginator_class = MailPaginator
    paginate_by = MAILS_PER_PAGE
    verbose_name = gettext_lazy("mail")
    verbose_name_plural = gettext_lazy("mails")
    columns = [
        TitleColumn(
            "subject",
            label=gettext_lazy("Subject"),
            get_url=lambda mail: reverse("shop_mail:detail", args=[mail.name]),
        ),
        Column("to", label=pgettext_lazy("of a mail", "To")),
        DateColumn("date", label=gettext_lazy("Date")),
    ]

    def get_queryset(self) -> list[str]:
        return list(inbox.mails()) if is_in_use() else []

    @cached_property
    def no_results_message(self) -> str:
        if is_in_use():
            return _("No mail yet. What the shop sends appears here.")
        if host := getattr(settings, "EMAIL_HOST", ""):
            place = f"{host}:{settings.EMAIL_PORT} ({settings.EMAIL_BACKEND})"
        else:
            place = settings.EMAIL_BACKEND
        return _("Mail is not kept here; it is handed to %(place)s.") % {"place": place}


class MailView(WagtailAdminTemplateMixin, _OneMailView):
    template_name = "orders/admin/mail.html"
    page_title = gettext_lazy("Mail")

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(mail=self.mail))

    def get_page_subtitle(self) -> str:
        return self.mail.subject

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("shop_mail:index"), "label": self.page_title},
            {"url": "", "label": self.mail.subject},
        ]


class MailHtmlView(_OneMailView):
    """The mail's HTML alone, for the frame in which it is read."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return HttpResponse(
            self.mail.html,
            headers={
                "Content-Security-Policy": MAIL_POLICY,
                "X-Frame-Options": "SAMEORIGIN",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "private, no-store",
            },
        )
