"""Links in navigation and footer: to a page, whose title and address they follow, or anywhere."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ListBlock,
    PageChooserBlock,
    StructBlock,
    StructBlockValidationError,
)

# A path on this site (not "//host", which is another's), or one of these kinds of addresses.
ADDRESS = re.compile(r"(?:/(?!/)|#|https?://[^\s/]|mailto:|tel:)[^\s\\]*", re.IGNORECASE)


class LinkBlock(StructBlock):
    page = PageChooserBlock(required=False, label=_("Page"))
    address = CharBlock(
        required=False,
        max_length=500,
        label=_("or an address"),
        help_text=_("Such as /search/ or https://example.com"),
    )
    title = CharBlock(
        required=False,
        max_length=80,
        label=_("Words"),
        help_text=_("Leave empty to show the title of the page, also when it changes."),
    )

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if errors := self.errors_of(value):
            raise StructBlockValidationError(errors)
        return value

    def errors_of(self, value: Any) -> dict[str, ValidationError]:
        page, address, title = (value.get(name) for name in ("page", "address", "title"))
        errors = {}
        if page and address:
            errors["address"] = gettext("Choose a page or write an address, not both.")
        elif address and not ADDRESS.fullmatch(address):
            errors["address"] = gettext("Begin with / for this shop, or with https://")
        elif address and not title:
            errors["title"] = gettext("An address needs words that lead there.")
        elif not page and not address and self.needs_a_target(value):
            errors["page"] = gettext("Choose a page, or write an address.")
        return {name: ValidationError(text) for name, text in errors.items()}

    def needs_a_target(self, value: Any) -> bool:
        return True

    class Meta:
        label = _("Link")
        icon = "link"


class EntryBlock(LinkBlock):
    """A link with others below it: an entry of the navigation, a column of the footer."""

    links = ListBlock(LinkBlock(), default=[], required=False, max_num=24, label=_("Below it"))
    with_children = BooleanBlock(
        required=False,
        label=_("Also list the pages below the page"),
        help_text=_("Its categories, and other pages below it that are shown in menus."),
    )

    def errors_of(self, value: Any) -> dict[str, ValidationError]:
        errors = super().errors_of(value)
        if value.get("links") and not (value.get("page") or value.get("title")):
            errors.setdefault("title", ValidationError(gettext("What stands above these links?")))
        return errors

    def needs_a_target(self, value: Any) -> bool:
        # A heading alone leads nowhere.
        return not value.get("links")

    class Meta:
        label = _("Entry")
        icon = "list-ul"
        label_format = "{title} {page}"
