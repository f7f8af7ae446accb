"""Buttons: words that lead to a page of the shop, or to an address."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, StructBlockValidationError

from home.blocks.choosers import PageChooser

MOST_WORDS = 60
# Nothing that a browser would run: "javascript:" and its kin are no addresses.
ADDRESS = re.compile(r"(https?://[^\s/]+\S*|/(?!/)\S*|#\S+|mailto:\S+|tel:\S+)\Z")


def is_address(text: str) -> None:
    if not ADDRESS.match(text):
        raise ValidationError(
            _("Write an address such as https://example.com, /search/ or #questions."),
            code="address",
        )


def complaint(**fields: str) -> StructBlockValidationError:
    """An error for a block, with a sentence beside each of the fields named."""
    return StructBlockValidationError(
        block_errors={name: ValidationError(text) for name, text in fields.items()}
    )


class ButtonBlock(StructBlock):
    """A button. One whose page is gone or not public is not shown."""

    text = CharBlock(label=_("Text"), max_length=MOST_WORDS, search_index=False)
    page = PageChooser(label=_("Page"), required=False)
    address = CharBlock(
        label=_("or address"),
        required=False,
        max_length=2000,
        search_index=False,
        validators=[is_address],
        help_text=_("Only where no page is chosen."),
    )

    class Meta:
        label = _("Button")
        icon = "link"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["page"] and not cleaned["address"]:
            raise complaint(page=gettext("Choose a page, or write an address below."))
        return cleaned


def button_list(most: int) -> ListBlock:
    return ListBlock(
        ButtonBlock(), label=_("Buttons"), min_num=0, max_num=most, default=[], collapsed=False
    )
