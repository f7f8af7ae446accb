"""Why a page cannot be edited, beside what Wagtail says."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.locks import BaseLock


class RetiredLock(BaseLock):
    """A retired product is not edited where it lies: it is brought back first."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return format_html(
            "{} <a href='{}'>{}</a>",
            _("This product is retired: it is not sold, and its page is kept as it was."),
            reverse("catalog_bring_back", args=[self.object.pk]),
            _("Bring it back"),
        )

    def get_icon(self, user: Any) -> str:
        return "folder-inverse"

    def get_locked_by(self, user: Any) -> str:
        return _("Retired")

    def get_description(self, user: Any) -> str:
        return _("Nobody can edit a retired product. Bring it back first.")
