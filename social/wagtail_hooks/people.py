"""Accounts in the Wagtail admin."""

from collections.abc import Iterable
from typing import Any

from wagtail import hooks
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction

from social import contacts
from social.models import User


# After Wagtail's own, whose place it takes.
@hooks.register("register_bulk_action", order=1)
class SetActiveState(SetActiveStateBulkAction):
    """Whoever is closed is hidden first, as by any other way: Wagtail's update sends no signal."""

    @classmethod
    def execute_action(
        cls, objects: Iterable[User], mark_as_active: bool = False, **kwargs: Any
    ) -> tuple[int, int]:
        objects = list(objects)
        if not mark_as_active:
            for user in objects:
                contacts.set_public(user, False)
        return super().execute_action(objects, mark_as_active=mark_as_active, **kwargs)
