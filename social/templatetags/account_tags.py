"""Where a member's account leads: one list, shown beside each of its pages."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True)
class Place:
    label: Any
    # The view's name, and how those of the pages that belong to it begin.
    view: str
    begins: str | tuple[str, ...] = ()

    def holds(self, view: str) -> bool:
        return view == self.view or view.startswith(self.begins)


GROUPS = (
    ("", (Place(_("Overview"), "account:home"),)),
    (
        _("Shopping"),
        (
            Place(_("Orders"), "orders:mine"),
            Place(_("Addresses"), "account:addresses", "account:address"),
            Place(_("Liked products"), "likes:list", "likes:"),
            Place(_("Wish lists"), "wishes:mine", "wishes:"),
            Place(_("What you wait for"), "account:stock_wishes"),
            Place(_("Reviews"), "reviews:mine", "reviews:"),
            Place(_("Newsletter"), "account:newsletter"),
        ),
    ),
    (
        _("You"),
        (
            Place(_("Profile"), "account:profile"),
            Place(_("Email address"), "account_email"),
            Place(_("Password"), "account_change_password", "account_set_password"),
            Place(_("Second factor"), "mfa_index", "mfa_"),
            Place(_("Devices"), "usersessions_list"),
            Place(_("Privacy"), "account:privacy", ("account:data", "account:delete")),
        ),
    ),
)


@register.simple_tag(takes_context=True)
def account_places(context: Context) -> list[dict[str, Any]]:
    """The groups of places, each place with its address and whether one is there."""
    match = context["request"].resolver_match
    view = match.view_name if match else ""
    return [
        {"title": title, "places": [_shown(place, view) for place in places]}
        for title, places in GROUPS
    ]


def _shown(place: Place, view: str) -> dict[str, Any]:
    return {"label": place.label, "url": reverse(place.view), "is_here": place.holds(view)}
