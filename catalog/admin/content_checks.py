"""Our own rules for Wagtail's content checker, beside those it brings."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

from catalog import checks

# What is wrong, and what to do about it.
MESSAGES = {
    checks.NO_PRICE: (
        _("The product has no price"),
        _("Nobody can buy it. Give it a SKU with a price in the tab “Variants, prices & stock”."),
    ),
    checks.NO_PICTURE: (
        _("The product has no picture"),
        _("Add one in the tab “Pictures”; listings show an empty place without it."),
    ),
    checks.NO_ALT_TEXT: (
        _("A picture has no alternative text"),
        _("Say in the tab “Pictures” what it shows, for those who cannot see it."),
    ),
    checks.OTHER_PRICE: (
        _("The text names a price that is not the real one"),
        _("Take the price out of the text, or write the one the shop charges."),
    ),
    checks.GONE_LINK: (
        _("The text links to a page that is gone"),
        _("Link to another page, or take the link out."),
    ),
    checks.SOLD_OUT_LINK: (
        _("The text links to a product that is sold out"),
        _("Shoppers who follow the link cannot buy it."),
    ),
}
RULES = [
    {
        "id": f"shop-{name}",
        "impact": "serious",
        # Where a preview has it; a heading is always on the screen, and so each is reported.
        "selector": f"h1[data-shop-findings~='{name}']",
        "tags": ["best-practice"],
        "any": [],
        "all": [],
        "none": ["is-on-screen"],
        "enabled": True,
    }
    for name in MESSAGES
]


class ShopContentChecker(ContentCheckerItem):
    # What stands around the page is not its editor's to mend.
    axe_include = ["main"]
    axe_run_only = [*ContentCheckerItem.axe_run_only, *(rule["id"] for rule in RULES)]
    axe_custom_rules = [*ContentCheckerItem.axe_custom_rules, *RULES]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        **{
            f"shop-{name}": {"error_name": error, "help_text": advice}
            for name, (error, advice) in MESSAGES.items()
        },
    }


def with_our_rules(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Replace Wagtail's checker by ours, in the editor and in previews alike."""
    items[:] = [
        ShopContentChecker(in_editor=item.in_editor)
        if isinstance(item, ContentCheckerItem)
        else item
        for item in items
    ]
