"""The newsletter's story: issues that editors write, and the page where one signs up for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock, URLBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from catalog.addresses import AddressMixin
from catalog.blocks import ProductsBlock
from catalog.permissions import WORDS, DeskMixin

WORDS_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"]


class ButtonBlock(StructBlock):
    text = CharBlock(label=_("Text"), max_length=60)
    url = URLBlock(label=_("Address"))

    class Meta:
        label = _("Button")
        icon = "link"
        template = "social/newsletter/blocks/button.html"


class IssueBlock(StreamBlock):
    text = RichTextBlock(
        features=WORDS_FEATURES, label=_("Text"), template="social/newsletter/blocks/text.html"
    )
    picture = ImageBlock(label=_("Picture"), template="social/newsletter/blocks/picture.html")
    products = ProductsBlock()
    button = ButtonBlock()


class NewsletterIndexPage(DeskMixin, AddressMixin, Page):
    """Where shoppers sign up, and find the issues that were published."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    desk_permission = WORDS
    parent_page_types = ["home.HomePage"]
    subpage_types = ["social.NewsletterPage"]
    max_count_per_parent = 1

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("newsletter")


class NewsletterPage(DeskMixin, AddressMixin, Page):
    """One issue. Its title is the mail's subject; publishing shows it, and sends nothing."""

    preview_text = models.CharField(
        _("line after the subject"),
        max_length=150,
        blank=True,
        help_text=_("Mail programs show it beside the subject."),
    )
    body = StreamField(IssueBlock(), verbose_name=_("text"), blank=True)

    desk_permission = WORDS
    parent_page_types = ["social.NewsletterIndexPage"]
    subpage_types: list[str] = []

    content_panels = [*Page.content_panels, FieldPanel("preview_text"), FieldPanel("body")]

    class Meta:
        verbose_name = _("issue of the newsletter")
        verbose_name_plural = _("issues of the newsletter")
