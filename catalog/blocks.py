"""What a product's description is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock, StreamBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link"]


class StoryBlock(StreamBlock):
    text = RichTextBlock(features=RICH_TEXT_FEATURES, label=_("Text"))
    picture = ImageBlock(label=_("Picture"), template="catalog/blocks/picture.html")
