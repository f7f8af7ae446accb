"""Launches where people look anyway: on the first page of the admin, and above a page's form."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from catalog.models import Launch, LaunchPage

from .launches_desk import policy

MOST_ROWS = 5


class LaunchesPanel(Component):
    """What did not go live and waits to be mended, and what goes live next."""

    order = 25
    template_name = "catalog/admin/launch_home.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        states = Q(state=Launch.State.FAILED) | Q(state=Launch.State.SCHEDULED)
        return {"launches": Launch.objects.filter(states).order_by("state", "moment")[:MOST_ROWS]}


def panels_for(user: Any) -> list[Component]:
    if not policy.user_has_any_permission(user, ["add", "change", "delete", "view"]):
        return []
    return [LaunchesPanel()]


def say_that_it_is_scheduled(request: HttpRequest, page: Page) -> None:
    """Above the form of a page: that what is written now is not what the launch has."""
    if request.method != "GET":
        return
    parts = LaunchPage.objects.filter(launch__state=Launch.State.SCHEDULED, page=page.pk)
    for part in parts.select_related("launch"):
        message = _(
            "A draft of this page goes live with “%(launch)s” (%(moment)s). "
            "What you save from now on is not part of it, unless somebody takes the newest draft."
        )
        messages.info(
            request,
            message
            % {
                "launch": part.launch,
                "moment": localize(timezone.localtime(part.launch.moment)),
            },
            buttons=[
                messages.button(reverse("launches:inspect", args=[part.launch_id]), _("Launch"))
            ],
        )
