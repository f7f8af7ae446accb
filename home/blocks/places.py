"""Blocks that lead further into the shop: its categories as tiles."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock

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
