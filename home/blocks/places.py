"""Blocks that lead further: to the shop's categories as tiles, and to the shop itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StaticBlock, StructBlock

from home.blocks.choosers import PageChooser


class CategoriesBlock(StructBlock):
    title = CharBlock(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty for “Browse”."),
    )
    categories = ListBlock(
        PageChooser(["catalog.CategoryPage", "catalog.CollectionPage"], label=_("Category")),
        label=_("Categories"),
        min_num=0,
        max_num=12,
        default=[],
        help_text=_("Leave it empty for all of the first level, in the order of the tree."),
    )

    class Meta:
        label = _("Categories")
        icon = "folder-open-inverse"
        template = "home/blocks/categories.html"
        description = _("Categories or collections as tiles with their pictures.")
        preview_value = {"title": "", "categories": []}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from home.blocks.loading import shown_in

        context = super().get_context(value, parent_context=parent_context)
        context["tiles"] = shown_in(context, self, value).tiles(value)
        return context


class ContactBlock(StaticBlock):
    """Contact and opening hours of the shop settings, which the page's context has anyway."""

    class Meta:
        label = _("Contact and opening hours")
        icon = "mail"
        template = "home/blocks/contact.html"
        admin_text = _("Shows the contact and the opening hours of the shop settings.")
        description = _("Where the shop is, how to reach it, and when it is open.")
        preview_value = None
