"""What descriptions of products are made of, and blocks that show products elsewhere."""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import get_text_for_indexing

RICH_TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link"]


class StoryBlock(StreamBlock):
    text = RichTextBlock(features=RICH_TEXT_FEATURES, label=_("Text"))
    picture = ImageBlock(label=_("Picture"), template="catalog/blocks/picture.html")

    def get_searchable_content(self, value: Any) -> list[str]:
        """What every stream of blocks says; an index asks for it up to three times in a row."""
        found: list[str] = []
        for child in value:
            if child.block_type == "text":
                found.append(_without_tags(child.value.source))
            else:
                found += child.block.get_searchable_content(child.value)
        return found


# More than an import writes at once; its pages are read for two indexes.
@lru_cache(maxsize=128)
def _without_tags(html: str) -> str:
    return get_text_for_indexing(html)


class ProductsBlock(StructBlock):
    """A row of products, chosen by hand. One that is gone or not public is left out."""

    title = CharBlock(label=_("Title"), max_length=120, required=False)
    products = ListBlock(
        PageChooserBlock("catalog.ProductPage", label=_("Product")),
        label=_("Products"),
        min_num=1,
        max_num=12,
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        # Models are made of blocks, so that these cannot be read before all models are.
        from catalog.cards import public_cards

        context = super().get_context(value, parent_context=parent_context)
        context["cards"] = public_cards(value["products"])
        return context

    class Meta:
        label = _("Products")
        icon = "tag"
        template = "catalog/blocks/products.html"
