"""From a page's form to the launch that its draft shall be part of."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.log_actions import log
from wagtail.models import Page

from catalog.launches import LaunchError
from catalog.launches.states import locked
from catalog.models import Launch, LaunchPage

from .launches_desk import policy
from .price_columns import name_time_zone


class AddPageForm(forms.Form):
    launch = forms.ModelChoiceField(
        Launch.objects.none(),
        label=gettext_lazy("Launch"),
        required=False,
        empty_label=gettext_lazy("A new one, named below"),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a launch", "Name"), max_length=200, required=False
    )
    moment = forms.DateTimeField(
        label=gettext_lazy("Goes live at"), required=False, widget=AdminDateTimeInput
    )

    def __init__(self, *args: Any, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["launch"].queryset = Launch.objects.filter(state__in=Launch.OPEN)
        name_time_zone(self.fields["moment"])
        if not may_add:
            self.fields["launch"].required = True
            self.fields["launch"].empty_label = None
            del self.fields["name"], self.fields["moment"]

    def clean(self) -> None:
        if self.cleaned_data.get("launch") or "name" not in self.fields:
            return
        for name in ("name", "moment"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Give this to a new launch, or choose one above."))


class AddPageView(WagtailAdminTemplateMixin, View):
    """From a page to the launch that its draft shall be part of."""

    template_name = "catalog/admin/launch_add_page.html"
    page_title = gettext_lazy("Add to launch")
    header_icon = "calendar-check"

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponse:
        self.page = get_object_or_404(Page, pk=page_id).specific
        may_see = self.page.permissions_for_user(request.user).can_edit()
        if not may_see or not policy.user_has_any_permission(request.user, ["add", "change"]):
            raise PermissionDenied
        return super().dispatch(request, page_id)

    def form(self, data: Any = None) -> AddPageForm:
        may_add = policy.user_has_permission(self.request.user, "add")
        tomorrow = timezone.localtime() + timedelta(days=1)
        initial = {"moment": tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)}
        return AddPageForm(data, may_add=may_add, initial=initial)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            launch = self._add(form.cleaned_data)
        except LaunchError as error:
            form.add_error("launch", str(error))
            return self.render_to_response(self.get_context_data(form=form))
        message = _("“%(page)s” is part of “%(launch)s” now.")
        messages.success(request, message % {"page": self.page.draft_title, "launch": launch})
        return redirect("launches:inspect", launch.pk)

    @transaction.atomic
    def _add(self, given: dict[str, Any]) -> Launch:
        if given["launch"]:
            launch = locked(given["launch"], *Launch.OPEN)
        else:
            launch = Launch.objects.create(name=given["name"], moment=given["moment"])
            log(launch, "wagtail.create", user=self.request.user)
        if not launch.pages.filter(page=self.page.pk).exists():
            LaunchPage.objects.create(
                launch=launch, page=self.page, sort_order=launch.pages.count()
            )
        return launch

    def get_page_subtitle(self) -> str:
        return self.page.draft_title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("launches:index"), "label": _("Launches")},
            {"url": edit, "label": self.page.draft_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, *, form: AddPageForm, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=form,
            media=form.media,
            submit_button_label=_("Add to launch"),
            submit_button_active_label=_("Adding…"),
            **kwargs,
        )
