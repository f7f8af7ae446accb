"""Blocks in which a picture leads: the hero, a picture beside words, a picture, a gallery."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BlockGroup, CharBlock, ChoiceBlock, ListBlock, RichTextBlock, StructBlock

from home.blocks.buttons import button_list
from home.blocks.choosers import PictureBlock
from home.blocks.words import LINE_FEATURES, SHORT_FEATURES


class HeroLayout(models.TextChoices):
    END = "end", _("words, then the picture")
    START = "start", _("the picture, then words")
    PANEL = "panel", _("a wide picture, words on a panel")


class Side(models.TextChoices):
    START = "start", _("before the words")
    END = "end", _("after the words")


def some_picture() -> Any:
    """One of the shop's own, for the examples that editors choose blocks by."""
    from catalog.models import Picture

    return Picture.objects.order_by("pk").first()


class HeroBlock(StructBlock):
    """The first thing that is seen. Where it leads a page, its headline is the page's."""

    headline = CharBlock(label=_("Headline"), max_length=200)
    words = RichTextBlock(label=_("Words"), required=False, features=LINE_FEATURES)
    picture = PictureBlock(label=_("Picture"), required=False)
    buttons = button_list(most=2)
    layout = ChoiceBlock(
        label=_("Layout"),
        choices=HeroLayout.choices,
        default=HeroLayout.END,
        search_index=False,
        help_text=_("An upright picture hangs on a wall. For the panel, take a wide one."),
    )

    class Meta:
        label = _("Hero")
        icon = "home"
        template = "home/blocks/hero.html"
        description = _("A large headline with a picture. It is best as the first block.")
        form_layout = BlockGroup(
            children=["headline", "words", "picture", "buttons"], settings=["layout"]
        )

    def get_preview_value(self) -> Any:
        return self.normalize(
            {
                "headline": "Pictures for the wall you look at most",
                "words": "<p>Printed on paper that lasts, in small numbers.</p>",
                "picture": some_picture(),
                "buttons": [],
                "layout": HeroLayout.END,
            }
        )


class SplitBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=120)
    words = RichTextBlock(label=_("Words"), features=SHORT_FEATURES)
    picture = PictureBlock(label=_("Picture"))
    buttons = button_list(most=1)
    side = ChoiceBlock(
        label=_("The picture stands"),
        choices=Side.choices,
        default=Side.START,
        search_index=False,
    )

    class Meta:
        label = _("Picture and text")
        icon = "image"
        template = "home/blocks/split.html"
        description = _("A picture beside a title and some words.")
        form_layout = BlockGroup(
            children=["title", "words", "picture", "buttons"], settings=["side"]
        )

    def get_preview_value(self) -> Any:
        return self.normalize(
            {
                "title": "Made when you order it",
                "words": "<p>Nothing lies in a warehouse. We print in the morning.</p>",
                "picture": some_picture(),
                "buttons": [],
                "side": Side.START,
            }
        )


class GalleryPictureBlock(StructBlock):
    picture = PictureBlock(label=_("Picture"))
    caption = CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"


class GalleryBlock(StructBlock):
    title = CharBlock(label=_("Title"), max_length=120, required=False)
    pictures = ListBlock(
        GalleryPictureBlock(label=_("Picture")), label=_("Pictures"), min_num=2, max_num=24
    )

    class Meta:
        label = _("Gallery")
        icon = "image"
        template = "home/blocks/gallery.html"
        description = _("Several pictures in columns, uncropped.")

    def get_preview_value(self) -> Any:
        from catalog.models import Picture

        pictures = [{"picture": each, "caption": ""} for each in Picture.objects.order_by("pk")[:6]]
        return self.normalize({"title": "From the workshop", "pictures": pictures})


def picture_block(group: Any) -> PictureBlock:
    return PictureBlock(
        label=_("Picture"),
        group=group,
        template="home/blocks/picture.html",
        description=_("One picture, as wide as the text."),
        preview_value=some_picture,
    )
