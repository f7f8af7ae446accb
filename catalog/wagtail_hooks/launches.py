"""Launches in the admin: the list, the way there from a page, what the history says."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from catalog.admin import launches_home
from catalog.admin.launches import LaunchViewSet, can_be_launched
from catalog.admin.launches_desk import policy
from catalog.launches import states, way_back


@hooks.register("register_admin_viewset")
def launches() -> ViewSet:
    return LaunchViewSet("launches")


@hooks.register("register_page_header_buttons")
def add_to_launch(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if can_be_launched(page) and policy.user_has_any_permission(user, ["add", "change"]):
        yield Button(
            _("Add to launch"),
            url=reverse("launches:add_page", args=[page.pk]),
            icon_name="calendar-check",
            priority=55,
        )


@hooks.register("construct_homepage_panels")
def launches_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels += launches_home.panels_for(request.user)


@hooks.register("before_edit_page")
def say_that_it_is_scheduled(request: HttpRequest, page: Page) -> None:
    launches_home.say_that_it_is_scheduled(request, page)


class LateFormatter(LogFormatter):
    label = _("Launch went live")

    def format_message(self, log_entry: Any) -> str:
        minutes = (log_entry.data.get("late") or 0) // 60
        if not minutes:
            return _("Everything in the launch went live")
        return ngettext(
            "Everything in the launch went live, %(count)d minute late",
            "Everything in the launch went live, %(count)d minutes late",
            minutes,
        ) % {"count": minutes}


class FailedFormatter(LogFormatter):
    label = _("Launch did not go live")

    def format_message(self, log_entry: Any) -> str:
        return _("Nothing went live. %(problem)s") % {"problem": log_entry.data.get("problem", "")}


@hooks.register("register_log_actions")
def launch_log_actions(actions: Any) -> None:
    actions.register_action(states.LOG_SCHEDULE, _("Schedule launch"), _("Launch scheduled"))
    actions.register_action(
        states.LOG_UNSCHEDULE, _("Unschedule launch"), _("Launch taken off the schedule")
    )
    actions.register_action(
        way_back.LOG_ROLL_BACK, _("Roll back launch"), _("Everything in the launch rolled back")
    )
    actions.register_action(states.LOG_LIVE)(LateFormatter)
    actions.register_action(states.LOG_FAIL)(FailedFormatter)
