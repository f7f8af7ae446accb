"""From an issue to its sending: try it, say to whom and when, see how many, and only then send."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders.desk.rights import NeedsMixin
from social.models import NewsletterPage, Sending
from social.models.newsletter import Segment
from social.newsletter import segments, sending
from social.newsletter.desk.forms import NOW, PlanForm, TestForm
from social.newsletter.desk.rights import ADD
from social.newsletter.trying import send_test


def sending_of(page: NewsletterPage) -> Sending | None:
    """The one that is planned, under way or done; cancelled ones leave room for another."""
    return Sending.objects.filter(page=page).exclude(state=Sending.State.CANCELLED).first()


class SendIssueView(NeedsMixin, WagtailAdminTemplateMixin, View):
    """Two forms: a test, and the sending itself, which is asked once more with its number."""

    needed = (ADD,)
    template_name = "social/newsletter/admin/send.html"
    page_title = gettext_lazy("Send the issue")
    header_icon = "mail"

    @cached_property
    def page(self) -> NewsletterPage:
        # Not by the key, which SQLite cannot look for where it is beyond all numbers.
        return get_object_or_404(NewsletterPage, id=self.kwargs["page_id"])

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.page.get_admin_display_title()},
            {"url": "", "label": _("Send")},
        ]

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if "test" in request.POST:
            return self._test(TestForm(request.POST))
        if not self.page.live or self.page.alias_of_id or sending_of(self.page):
            return self.show()
        form = PlanForm(request.POST, page=self.page)
        if not form.is_valid() or "change" in request.POST:
            return self.show(plan_form=form)
        if "agreed" not in request.POST:
            return self._ask(form)
        return self._plan(form)

    def _test(self, form: TestForm) -> HttpResponse:
        if not form.is_valid():
            return self.show(test_form=form)
        addresses = form.cleaned_data["addresses"]
        send_test(self.page, addresses)
        text = ngettext(
            "A test is on its way to %(count)d address.",
            "A test is on its way to %(count)d addresses.",
            len(addresses),
        )
        messages.success(self.request, text % {"count": len(addresses)})
        return redirect("newsletter_desk:send", self.page.pk)

    def _ask(self, form: PlanForm) -> HttpResponse:
        said = form.cleaned_data
        count = segments.recipients(self.page, said["segment"], said["category"]).count()
        if not count:
            form.add_error("segment", _("Nobody would get it: choose others."))
            return self.show(plan_form=form)
        names = ("segment", "category", "when", "begins")
        hidden = {name: self.request.POST.get(name, "") for name in names}
        return self.show(
            plan_form=form,
            count=count,
            hidden=hidden,
            segment=Segment(said["segment"]).label,
            category=said["category"],
            begins=said["begins"],
        )

    def _plan(self, form: PlanForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            planned = sending.plan(
                self.page,
                said["segment"],
                user=self.request.user,
                category=said["category"],
                begins=said["begins"],
            )
        except sending.SentAlreadyError:
            messages.warning(self.request, _("Somebody has sent or planned this issue already."))
            return redirect("newsletter_desk:send", self.page.pk)
        is_now = said["when"] == NOW
        done = _("The issue is being sent.") if is_now else _("The sending is planned.")
        messages.success(self.request, done)
        return redirect("newsletter_desk:sending", planned.pk)

    def show(self, **context: Any) -> HttpResponse:
        email = self.request.user.email
        context = {
            "page": self.page,
            "sending": sending_of(self.page),
            "test_form": TestForm(initial={"addresses": email}),
            "plan_form": PlanForm(initial={"when": NOW, "segment": "all"}, page=self.page),
            "counts": self._counts(),
            "languages": segments.other_languages(self.page),
            **context,
        }
        return self.render_to_response(self.get_context_data(**context))

    def _counts(self) -> list[tuple[str, int]]:
        """How many each segment has that needs no category."""
        return [
            (segment.label, segments.recipients(self.page, segment).count())
            for segment in (Segment.ALL, Segment.MEMBERS)
        ]
