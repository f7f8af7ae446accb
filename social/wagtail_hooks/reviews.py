"""Reviews in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from social import reviews


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(reviews.LOG_APPROVE, _("Approve review"), _("Review approved"))
    actions.register_action(reviews.LOG_HIDE, _("Hide review"), _("Review hidden"))
    actions.register_action(reviews.LOG_REPLY, _("Answer review"), _("Review answered"))
