"""The blocks that home page, content pages and articles are made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock

from home.blocks import adapters  # noqa: F401 - telepath finds them
from home.blocks.asking import FormBlock, NewsletterBlock
from home.blocks.countdown import CountdownBlock
from home.blocks.places import CategoriesBlock, ContactBlock
from home.blocks.products import ProductRowBlock, ShoppablePictureBlock
from home.blocks.scenes import GalleryBlock, HeroBlock, SplitBlock, picture_block
from home.blocks.video import VideoBlock
from home.blocks.words import FaqBlock, QuoteBlock, text_block

WORDS, PICTURES = _("Words"), _("Pictures")
PRODUCTS, SHOPPERS = _("Products"), _("With shoppers")


class BodyBlock(StreamBlock):
    """Everything that a page can be made of."""

    text = text_block(WORDS)
    quote = QuoteBlock(group=WORDS)
    faq = FaqBlock(group=WORDS)
    hero = HeroBlock(group=PICTURES)
    picture = picture_block(PICTURES)
    split = SplitBlock(group=PICTURES)
    gallery = GalleryBlock(group=PICTURES)
    video = VideoBlock(group=PICTURES)
    product_row = ProductRowBlock(group=PRODUCTS)
    shoppable_picture = ShoppablePictureBlock(group=PRODUCTS)
    categories = CategoriesBlock(group=PRODUCTS)
    countdown = CountdownBlock(group=SHOPPERS)
    contact = ContactBlock(group=SHOPPERS)
    form = FormBlock(group=SHOPPERS)
    newsletter = NewsletterBlock(group=SHOPPERS)

    class Meta:
        # The sign-up's answer is put in its place, by its name: there can be one.
        block_counts = {"newsletter": {"max_num": 1}}


__all__ = ["BodyBlock"]
