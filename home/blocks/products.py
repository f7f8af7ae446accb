"""Blocks that show products: a row, and a picture of which parts lead to products."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BlockGroup,
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
)

from home.blocks.buttons import complaint
from home.blocks.choosers import PageChooser, PictureBlock
from home.blocks.scenes import some_picture
from home.blocks.words import LINE_FEATURES

FEWEST, MOST = 4, 12
MOST_SPOTS = 12


class Source(models.TextChoices):
    """Where the products of a row come from; other than the first three: ``social.rankings``."""

    HAND = "hand", _("the products picked below")
    COLLECTION = "collection", _("the collection chosen below")
    NEWEST = "newest", _("the newest")
    WEEK = "week", _("most viewed this week")
    EVER = "ever", _("most viewed ever")
    SELLING = "selling", _("best sellers")
    LIKED = "liked", _("most liked")
    RATED = "rated", _("best rated")


class ProductRowBlock(StructBlock):
    """A row of products, as they are on sale now. What is gone or not public is left out."""

    title = CharBlock(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty to use the name of the collection or of the ranking."),
    )
    source = ChoiceBlock(
        label=_("It shows"), choices=Source.choices, default=Source.NEWEST, search_index=False
    )
    products = ListBlock(
        PageChooser("catalog.ProductPage", label=_("Product")),
        label=_("Products"),
        min_num=0,
        max_num=MOST,
        default=[],
    )
    collection = PageChooser("catalog.CollectionPage", label=_("Collection"), required=False)
    number = IntegerBlock(
        label=_("At most"), min_value=FEWEST, max_value=MOST, default=FEWEST, required=True
    )

    class Meta:
        label = _("Row of products")
        icon = "tag"
        template = "home/blocks/product_row.html"
        description = _("Products by hand, of a collection, or the first of a ranking.")
        form_layout = BlockGroup(
            children=["title", "source", "products", "collection"], settings=["number"]
        )
        preview_value = {"title": "", "source": "newest", "products": [], "number": 4}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["source"] == Source.HAND and not cleaned["products"]:
            raise complaint(
                source=gettext("Pick products below, or choose something else to show.")
            )
        if cleaned["source"] == Source.COLLECTION and not cleaned["collection"]:
            raise complaint(collection=gettext("Choose a collection, or something else to show."))
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from home.blocks.loading import shown_in

        context = super().get_context(value, parent_context=parent_context)
        context["row"] = shown_in(context, self, value).row(value)
        return context


class SpotBlock(StructBlock):
    product = PageChooser("catalog.ProductPage", label=_("Product"))
    x = IntegerBlock(label=_("From the left, %"), min_value=1, max_value=99, default=50)
    y = IntegerBlock(label=_("From the top, %"), min_value=1, max_value=99, default=50)

    class Meta:
        label = _("Spot")
        icon = "crosshairs"
        form_layout = BlockGroup(
            children=["product", BlockGroup(["x", "y"], heading=_("Place on the picture"))]
        )


class ShoppablePictureBlock(StructBlock):
    """A picture with spots, each of which shows a product. Nothing is shown of gone products."""

    title = CharBlock(label=_("Title"), max_length=120, required=False)
    words = RichTextBlock(label=_("Words"), required=False, features=LINE_FEATURES)
    picture = PictureBlock(label=_("Picture"))
    spots = ListBlock(
        SpotBlock(),
        label=_("Spots"),
        min_num=1,
        max_num=MOST_SPOTS,
        help_text=_("Click on the picture above to place the spot that you edit."),
    )

    class Meta:
        label = _("Shoppable picture")
        icon = "crosshairs"
        template = "home/blocks/shoppable_picture.html"
        description = _("A picture on which products can be clicked.")

    def get_preview_value(self) -> Any:
        from catalog.models import ProductPage

        pages = ProductPage.objects.live().public().order_by("pk")[:2]
        spots = [
            {"product": page, "x": 30 + 40 * place, "y": 50} for place, page in enumerate(pages)
        ]
        return self.normalize(
            {"title": "In this picture", "words": "", "picture": some_picture(), "spots": spots}
        )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from home.blocks.loading import shown_in

        context = super().get_context(value, parent_context=parent_context)
        context["spots"] = shown_in(context, self, value).spots(value)
        return context
