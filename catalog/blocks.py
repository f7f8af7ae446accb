"""What descriptions of products are made of, and blocks that show products elsewhere."""

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

RICH_TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link"]


class StoryBlock(StreamBlock):
    text = RichTextBlock(features=RICH_TEXT_FEATURES, label=_("Text"))
    picture = ImageBlock(label=_("Picture"), template="catalog/blocks/picture.html")


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
