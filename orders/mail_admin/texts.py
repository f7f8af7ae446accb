"""The words of the shop's mails: whose they are, a form with a preview, and a test to oneself."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders.inbox_views import MAIL_POLICY
from orders.mails import example, sending
from orders.mails.kinds import KINDS, MailKind
from orders.mails.letters import Letter
from orders.mails.rendering import render
from orders.mails.texts import PARTS, shops_own
from orders.models import MailText

from .text_form import MailTextForm

VIEW = "orders.view_mailtext"
CHANGE = "orders.change_mailtext"
VIEW_ORDERS = "orders.view_order"
# As strict for a preview as for a mail in the inbox; what it shows is nobody else's to keep.
PREVIEW_HEADERS = {
    "Content-Security-Policy": MAIL_POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


def may_see(user: Any) -> bool:
    return user.has_perm(VIEW) or user.has_perm(CHANGE)


class _TextsView(WagtailAdminTemplateMixin, View):
    page_title = gettext_lazy("Texts of mails")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see(request.user) or (request.method == "POST" and not self.may_post()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may_post(self) -> bool:
        return self.request.user.has_perm(CHANGE)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class TextIndexView(_TextsView):
    """All kinds, and for each language whether the words are the shop's or the merchant's."""

    template_name = "orders/admin/mail_texts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        own = set(MailText.objects.values_list("kind", "language"))
        names: Mapping[str, Any] = dict(settings.LANGUAGES)
        rows = [
            (kind, [(code, names.get(code, code), (slug, code) in own) for code in kind.languages])
            for slug, kind in KINDS.items()
        ]
        return self.render_to_response(self.get_context_data(rows=rows))


class _OneTextView(_TextsView):
    @cached_property
    def kind(self) -> MailKind:
        kind = KINDS.get(self.kwargs["kind"])
        if kind is None or self.kwargs["language"] not in kind.languages:
            raise Http404
        return kind

    @property
    def language(self) -> str:
        return self.kwargs["language"]

    @cached_property
    def text(self) -> MailText | None:
        return MailText.objects.filter(kind=self.kind.slug, language=self.language).first()

    @cached_property
    def form(self) -> MailTextForm:
        instance = self.text or MailText(kind=self.kind.slug, language=self.language)
        if self.text is None:
            words = shops_own(self.kind, self.language)
            for part in PARTS:
                setattr(instance, part, getattr(words, part))
        return MailTextForm(
            self.request.POST or None,
            instance=instance,
            kind=self.kind,
            may_change=self.request.user.has_perm(CHANGE),
        )

    def letter(self) -> Letter:
        """About the latest order for those who may see orders, else about an invented one."""
        order = example.latest_order() if self.request.user.has_perm(VIEW_ORDERS) else None
        return example.letter(self.kind, self.language, self.request.user.email, order)

    def url(self, name: str) -> str:
        return reverse(f"shop_mail_texts:{name}", args=[self.kind.slug, self.language])

    def get_page_subtitle(self) -> str:
        return f"{self.kind.label} ({dict(settings.LANGUAGES).get(self.language, self.language)})"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("shop_mail_texts:index"), "label": self.page_title},
            {"url": "", "label": self.get_page_subtitle()},
        ]


class TextEditView(_OneTextView):
    template_name = "orders/admin/mail_text.html"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not self.form.is_valid():
            messages.error(request, _("This cannot be sent as it is; see below."))
            return self._show()
        if "test" in request.POST:
            self._send_test()
            return self._show()
        text = self.form.save(commit=False)
        MailText.objects.update_or_create(
            kind=text.kind,
            language=text.language,
            defaults={part: getattr(text, part) for part in PARTS},
        )
        messages.success(request, _("The next mail of this kind is written in these words."))
        return redirect(self.url("edit"))

    def _show(self) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                form=self.form,
                kind=self.kind,
                text=self.text,
                may_change=self.request.user.has_perm(CHANGE),
                edit_url=self.url("edit"),
                reset_url=self.url("reset"),
                html_url=self.url("html"),
                plain_url=self.url("plain"),
            )
        )

    def _send_test(self) -> None:
        """Send what stands in the form to whoever asks, now, and say how it went."""
        to = self.request.user.email
        if not to:
            messages.error(self.request, _("Your account has no email address."))
            return
        message = sending.message(self.letter(), f"test:{uuid.uuid4()}", self.form.words)
        try:
            message.send()
        except OSError as error:
            # Whatever SMTP answers is one as well.
            text = _("It could not be sent: %(error)s")
            messages.error(self.request, text % {"error": f"{type(error).__name__}: {error}"})
            return
        text = _("A test went to %(address)s. Nothing is saved yet.")
        messages.success(self.request, text % {"address": to})


class TextResetView(_OneTextView):
    """Ask, and go back to the shop's own words."""

    template_name = "orders/admin/mail_text_reset.html"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        if self.text is None:
            return redirect(self.url("edit"))
        own = shops_own(self.kind, self.language)
        return self.render_to_response(
            self.get_context_data(kind=self.kind, own=own, edit_url=self.url("edit"))
        )

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        MailText.objects.filter(kind=self.kind.slug, language=self.language).delete()
        messages.success(request, _("This mail is written in the shop's own words again."))
        return redirect(self.url("edit"))


class _PreviewView(_OneTextView):
    """The mail as it would be with what stands in the form; nothing is written or sent."""

    def may_post(self) -> bool:
        return True

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return self.answer(render(self.letter()))

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not self.form.is_valid():
            return self.plain(self.form.problems)
        return self.answer(render(self.letter(), self.form.words))

    def answer(self, rendered: Any) -> HttpResponse:
        raise NotImplementedError

    def plain(self, text: str) -> HttpResponse:
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=PREVIEW_HEADERS)


class HtmlPreviewView(_PreviewView):
    def answer(self, rendered: Any) -> HttpResponse:
        return HttpResponse(rendered.html, headers=PREVIEW_HEADERS)


class PlainPreviewView(_PreviewView):
    def answer(self, rendered: Any) -> HttpResponse:
        return self.plain(f"{rendered.subject}\n\n{rendered.text}")
